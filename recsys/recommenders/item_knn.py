"""What is taken by the same shoppers: the nearest neighbours of each item in the history (ItemKNN)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.personal_frequency import fading_history
from recsys.schema import Floats, Mask, Rows

PAIRS_AT_ONCE: Final = 20_000_000  # products of the counting in memory at a time, about 300 MB


@dataclass(frozen=True, eq=False)
class ItemKNN(ArrayRecommender):
    """Item neighbours by the shoppers they share.

    similarity(i, j) = n_ij / (sqrt(n_i * n_j) + shrinkage) with n_ij shoppers who took both and n_i who took i: the
    cosine, held back where it rests on few shoppers. similarity(i, i) is `itself`: 0 where what is in the history is
    not wanted again, more where things are bought again and again.
    score[j] = sum over the history of history_fading ** (baskets ago) * similarity(i, j), over the `neighbours` nearest
    of each i. All zero without a history.

    Source: Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW 2001; shrinkage as in
    Bell & Koren, 2007.
    """

    name = "item-knn"
    label = "Item neighbours (ItemKNN)"
    parts: ClassVar[Mapping[str, Part]] = {"similarity": Part((ITEMS, ITEMS), sparse=True)}

    # nDCG@10 on the validation items of Beauty / Sports: 50 neighbours .0524 / .0320, 200 .0540 / .0332, 1,000 .0542 /
    # .0337; shrinkage 0 .0469 / .0221, 10 .0540 / .0332, 30 .0554 / .0368, 100 .0538 / .0366; fading .6 won on Beauty,
    # .8 on Sports. On a third of the validation baskets of basket data: itself 1 .08, 10 .16, 30 .181, 100 .179
    neighbours: int = setting(200, 1, 1_000_000)
    shrinkage: float = setting(30.0, 0.0, 1e6)
    history_fading: float = setting(0.7, 0.0, 1.0)
    itself: float = setting(0.0, 0.0, 100.0)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        taken = training.matrix()  # (n, n_items)
        taken.data[:] = 1.0
        return {"similarity": nearest_items(taken, self.neighbours, self.shrinkage, progress)}

    def _scores(self, visits: Visits) -> Floats:
        history = fading_history(visits.histories, self.history_fading)  # (b, n_items)
        scores: Floats = (history @ self.learned["similarity"]).toarray()  # (b, n) @ (n, n) -> (b, n)
        if self.itself:
            scores += np.float32(self.itself) * history
        return scores


def nearest_items(taken: sparse.csr_array, neighbours: int, shrinkage: float, progress: Progress) -> sparse.csr_array:
    """(n_items, n_items): in row i the shrunk cosine to its nearest items, from `taken` (n, n_items) of ones."""
    by_item = sparse.csr_array(taken.T)  # (n_items, n)
    takers = np.diff(by_item.indptr).astype(np.float32)  # (n_items,)
    cost = np.concatenate([[0], np.cumsum(by_item @ np.diff(taken.indptr).astype(np.float64))])  # products up to a row
    n_items, blocks, start = len(takers), [], 0
    while start < n_items:
        progress(start, n_items, "finding item neighbours")
        end = max(start + 1, int(np.searchsorted(cost, cost[start] + PAIRS_AT_ONCE, side="right")) - 1)
        shared = sparse.csr_array(by_item[start:end] @ taken)  # (block, n_items)
        row = np.repeat(np.arange(start, end), np.diff(shared.indptr))
        shared.data /= np.sqrt(takers[row] * takers[shared.indices]) + np.float32(shrinkage)
        shared.data[row == shared.indices] = 0  # itself
        blocks.append(strongest_per_row(shared, neighbours))
        start = end
    progress(n_items, n_items, "finding item neighbours")
    return sparse.csr_array(sparse.vstack(blocks, format="csr"))


def strongest_per_row(matrix: sparse.csr_array, kept: int) -> sparse.csr_array:
    """The same matrix with only the `kept` largest positive values of each row; ties go to the smaller column."""
    keep = matrix.data > 0  # (nnz,)
    for row in np.flatnonzero(np.diff(matrix.indptr) > kept):  # partitioning row by row: sorting takes 10 times as long
        entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
        keep[entries] &= _largest(matrix.data[entries], matrix.indices[entries], kept)
    lengths = np.add.reduceat(np.append(keep, False), matrix.indptr[:-1], dtype=np.int64)
    lengths[np.diff(matrix.indptr) == 0] = 0  # where reduceat gives the entry that follows
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    strongest = sparse.csr_array((matrix.data[keep], matrix.indices[keep], indptr), shape=matrix.shape)
    strongest.sort_indices()
    return strongest


def _largest(values: Floats, columns: Rows, kept: int) -> Mask:
    """(n,) true for the `kept` largest values, ties by column."""
    border = np.partition(values, len(values) - kept)[len(values) - kept]
    keep: Mask = values >= border
    if (too_many := int(keep.sum()) - kept) > 0:
        equal = np.flatnonzero(values == border)
        keep[equal[np.argsort(columns[equal])[len(equal) - too_many :]]] = False
    return keep
