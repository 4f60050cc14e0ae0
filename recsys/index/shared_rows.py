"""Items that share a vector: the index holds each distinct one once, and speaks of items.

Products often differ in what no encoder reads, size or maker, so that several share a text. Where four do, vectors held
once take a quarter of the memory, and a scan of all of them a quarter of the time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from recsys.artifacts import PREPARE, write_array
from recsys.errors import ArtifactError
from recsys.index.contract import checked_k, checked_mask
from recsys.index.exact import INT8_FROM, ExactIndex
from recsys.schema import Candidates, Floats, Mask, Rows

ROWS: Final = "row_of_item.npy"


class SharedRows:
    """The two-way relation between items and what several of them share: a vector, or a document of the words index."""

    def __init__(self, row_of_item: Rows, n_rows: int) -> None:
        """`row_of_item` (n_items,) in 0..n_rows-1. Raises ValueError for anything else."""
        rows = np.asarray(row_of_item)
        if rows.ndim != 1 or rows.dtype.kind not in "iu" or (len(rows) and not 0 <= rows.min() <= rows.max() < n_rows):
            raise ValueError(f"rows of items, {rows.shape} of {rows.dtype}, are not all among the {n_rows:,} there are")
        self.of_item = np.ascontiguousarray(rows, np.int32)  # (n_items,)
        self.n_rows = n_rows
        self._items = np.argsort(self.of_item, kind="stable").astype(np.int32)  # items, by row and then by item
        self._start = np.zeros(n_rows + 1, np.int64)
        np.cumsum(np.bincount(self.of_item, minlength=n_rows), out=self._start[1:])

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.of_item)

    @property
    def counts(self) -> Rows:
        """How many items each row stands for, (n_rows,)."""
        return np.diff(self._start).astype(np.int32)

    def expand(self, rows: Rows, scores: Floats) -> tuple[Rows, Floats]:
        """All items of these rows, each with its row's score."""
        start, end = self._start[rows], self._start[rows + 1]
        sizes = end - start
        offset = np.repeat(start - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) if len(rows) else start
        return self._items[np.arange(sizes.sum()) + offset], np.repeat(scores, sizes)

    def allowed(self, items: Mask | None) -> Mask | None:
        """The rows that stand for at least one allowed item."""
        if items is None:
            return None
        mask = np.zeros(self.n_rows, np.bool_)
        mask[self.of_item[items]] = True
        return mask

    def save(self, folder: Path) -> None:
        """Write row_of_item.npy into an existing folder."""
        write_array(folder / ROWS, self.of_item)

    @classmethod
    def load(cls, folder: Path, n_rows: int) -> SharedRows:
        """The relation saved in `folder`. Raises ArtifactError when it is missing, damaged or of other rows."""
        try:
            return cls(np.load(folder / ROWS, allow_pickle=False), n_rows)
        except (OSError, ValueError, EOFError) as error:
            raise ArtifactError(f"{ROWS} in {folder.name} is missing or damaged", remedy=PREPARE) from error


class SharedRowsIndex:
    """Nearest items, exact: an `ExactIndex` over the distinct vectors, and which item has which."""

    def __init__(self, exact: ExactIndex, shared: SharedRows) -> None:
        self._exact, self.shared = exact, shared

    @classmethod
    def build(cls, vectors: Floats, int8_from: int = INT8_FROM) -> SharedRowsIndex:
        """An index over one vector an item, (n_items, d); what is equal to the last bit is held once.

        Raises ModelError when they are no table of finite numbers.
        """
        table = np.ascontiguousarray(vectors, np.float32)
        if table.ndim != 2 or 0 in table.shape:
            return cls.of(table, np.arange(len(table), dtype=np.int32), int8_from)
        as_bytes = table.view(np.dtype((np.void, table.shape[1] * table.itemsize))).ravel()
        _, first, group = np.unique(as_bytes, return_index=True, return_inverse=True)
        place = np.empty(len(first), np.int32)
        place[np.argsort(first)] = np.arange(len(first), dtype=np.int32)  # in order of first appearance
        return cls.of(table[np.sort(first)], place[group], int8_from)

    @classmethod
    def of(cls, distinct: Floats, row_of_item: Rows, int8_from: int = INT8_FROM) -> SharedRowsIndex:
        """An index over vectors that are known to be shared: `distinct` (m, d), `row_of_item` (n_items,) among them.

        Distinct rows should stand in the order of the first item that has each.
        """
        return cls(ExactIndex.build(distinct, int8_from), SharedRows(row_of_item, len(distinct)))

    @property
    def size(self) -> int:
        """How many items there are."""
        return self.shared.n_items

    @property
    def dimension(self) -> int:
        """How long each vector is."""
        return self._exact.dimension

    @property
    def distinct(self) -> Floats:
        """The distinct vectors, (m, d), memory-mapped when loaded."""
        return self._exact.vectors

    def vectors_at(self, rows: Rows) -> Floats:
        """The vectors of these items, (len(rows), d)."""
        return np.asarray(self._exact.vectors[self.shared.of_item[rows]])

    def search(self, query: Floats, k: int, mask: Mask | None = None) -> Candidates:
        """The best k items, best first, ties by row; fewer when fewer are allowed."""
        k, mask = checked_k(k), checked_mask(mask, self.size)
        # Rows stand in the order of their first items, so that k of them hold the best k items. Among the items that a
        # mask allows the order may be another: there, a tie at the border is looked through to its end.
        wanted = k if mask is None else k + 1
        near = self._exact.search(query, wanted, self.shared.allowed(mask))
        while mask is not None and len(near) == wanted and near.scores[-1] == near.scores[k - 1]:
            wanted *= 2
            near = self._exact.search(query, wanted, self.shared.allowed(mask))
        rows, scores = self.shared.expand(near.rows, near.scores)
        if mask is not None:
            keep = mask[rows]
            rows, scores = rows[keep], scores[keep]
        return Candidates.best(rows, scores, k, "exact")

    def scores(self, query: Floats) -> Floats:
        """The score of every item, to float32 rounding: (n_items,)."""
        return self._exact.scores(query)[self.shared.of_item]

    def scores_at(self, query: Floats, rows: Rows) -> Floats:
        """The score of these items, to float32 rounding: (len(rows),)."""
        distinct, place = np.unique(self.shared.of_item[rows], return_inverse=True)
        return np.asarray((self._exact.vectors[distinct] @ query)[place], np.float32)  # (m, d) @ (d,) -> (m,)

    def weighted_mean(self, weights: Floats) -> Floats:
        """The mean of all items' vectors, (d,), each counting by its weight (n_items,); zeros where none counts."""
        per_row = np.bincount(self.shared.of_item, weights=weights, minlength=self.shared.n_rows).astype(np.float32)
        return np.asarray(per_row @ self._exact.vectors / max(float(per_row.sum()), 1e-9), np.float32)

    def of_items(self, per_row: Floats) -> Floats:
        """What was made of each distinct vector, (m, ...), for each item: (n_items, ...)."""
        return per_row[self.shared.of_item]

    def save(self, folder: Path) -> None:
        """Write the index of the distinct vectors and row_of_item.npy into an existing folder."""
        self._exact.save(folder)
        self.shared.save(folder)

    @classmethod
    def load(cls, folder: Path) -> SharedRowsIndex:
        """The index saved in `folder`, memory-mapped. Raises ArtifactError when it is missing or damaged."""
        exact = ExactIndex.load(folder)
        return cls(exact, SharedRows.load(folder, exact.size))
