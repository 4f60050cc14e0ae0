"""Which products share a text: the index holds each distinct text once, the shelf shows products."""

from __future__ import annotations

import numpy as np

from recsys.schema import Floats, Mask, Rows


class TextGroups:
    """The two-way relation between products and distinct texts."""

    def __init__(self, text_of_item: Rows, n_texts: int) -> None:
        self.of_item = np.ascontiguousarray(text_of_item, np.int32)  # (n_items,)
        self.n_texts = n_texts
        self._items = np.argsort(self.of_item, kind="stable").astype(np.int32)  # products, by text and then by row
        self._start = np.zeros(n_texts + 1, np.int64)
        np.cumsum(np.bincount(self.of_item, minlength=n_texts), out=self._start[1:])

    @property
    def counts(self) -> Rows:
        """How many products each text stands for, (n_texts,)."""
        return np.diff(self._start).astype(np.int32)

    def expand(self, texts: Rows, scores: Floats) -> tuple[Rows, Floats]:
        """All products of these texts, each with its text's score."""
        start, end = self._start[texts], self._start[texts + 1]
        sizes = end - start
        offset = np.repeat(start - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) if len(texts) else start
        return self._items[np.arange(sizes.sum()) + offset], np.repeat(scores, sizes)

    def allowed(self, items: Mask | None) -> Mask | None:
        """The texts that stand for at least one allowed product."""
        if items is None:
            return None
        mask = np.zeros(self.n_texts, np.bool_)
        mask[self.of_item[items]] = True
        return mask
