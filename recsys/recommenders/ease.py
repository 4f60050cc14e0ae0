"""What goes together, by a linear model that explains each item by all others (EASE)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import ModelError
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.personal_frequency import fading_history
from recsys.schema import Floats

ROWS_AT_ONCE: Final = 1_000  # of the item by item matrix, while it is counted


@dataclass(frozen=True, eq=False)
class EASE(ArrayRecommender):
    """Embarrassingly shallow autoencoder: the best linear guess at a history from its own other items.

    With X (n, n_items) of ones and P = (X.T @ X + penalty * I) ** -1, B = I - P / diag(P) minimises
    |X - X @ B|^2 + penalty * |B|^2 with nothing explained by itself; score = history @ B, the entries of the history
    weighing history_fading ** (baskets ago). All zero without a history.

    Only the `max_items` items taken by most shoppers take part, the others score 0: while B is made it is dense, its
    memory grows with the square of the items (625 MB for 12,500) and the time of the inverse with the third power. Of
    each row of B the `successors` weights furthest from 0 are kept; that costs nothing: validation nDCG@10 on Beauty is
    .0617 with 2,000 and .0620 with 100 to 300.

    Source: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019.
    """

    name = "ease"
    label = "Linear autoencoder (EASE)"
    parts: ClassVar[Mapping[str, Part]] = {"weights": Part((ITEMS, ITEMS), sparse=True)}

    # nDCG@10 on the validation items of Beauty: penalty 200 .0620, 500 .0598; fading .5 .0619, .6 .0622, .8 .0594; the
    # 8,000 most taken items .0569, all 12,101 .0617
    penalty: float = setting(200.0, 1e-3, 1e9)
    history_fading: float = setting(0.6, 0.0, 1.0)
    max_items: int = setting(12_500, 1, 30_000)
    successors: int = setting(200, 1, 30_000)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        taken = training.matrix()  # (n, n_items)
        taken.data[:] = 1.0
        takers = np.bincount(taken.indices, minlength=training.n_items)
        kept = np.sort(np.argsort(-takers, kind="stable")[: self.max_items])
        progress(0, 1, "solving the linear model")
        weights = furthest_from_zero(item_weights(sparse.csr_array(taken[:, kept]), self.penalty), self.successors)
        progress(1, 1, "solving the linear model")
        rows = np.repeat(kept, np.diff(weights.indptr))
        shape = (training.n_items, training.n_items)
        return {"weights": sparse.csr_array((weights.data, (rows, kept[weights.indices])), shape=shape)}

    def _scores(self, visits: Visits) -> Floats:
        history = fading_history(visits.histories, self.history_fading)  # (b, n_items)
        scores: Floats = (history @ self.learned["weights"]).toarray()  # (b, n) @ (n, n) -> (b, n)
        return scores


def item_weights(taken: sparse.csr_array, penalty: float) -> Floats:
    """(k, k) the weights B of `EASE`, from `taken` (n, k) of ones.

    By Cholesky in float32 and in place: half the memory and time of float64, and the penalty keeps the matrix well
    away from singular. Raises ModelError when it does not.
    """
    from scipy.linalg import lapack

    together = _taken_together(taken)  # (k, k)
    together[np.diag_indices_from(together)] += np.float32(penalty)
    factor, trouble = lapack.spotrf(together, lower=1, overwrite_a=1, clean=0)
    if trouble == 0:
        inverse, trouble = lapack.spotri(factor, lower=1, overwrite_c=1)
    if trouble != 0:
        raise ModelError(f"EASE cannot invert with a penalty of {penalty}", remedy="choose a larger penalty")
    for row in range(len(inverse) - 1):  # the upper triangle, which LAPACK leaves out
        inverse[row, row + 1 :] = inverse[row + 1 :, row]
    inverse /= -np.diagonal(inverse).copy()
    inverse[np.diag_indices_from(inverse)] = 0
    weights: Floats = inverse
    return weights


def _taken_together(taken: sparse.csr_array) -> Floats:
    """(k, k) how many shoppers took both, in the column order that LAPACK works on in place."""
    k = taken.shape[1]
    by_item = sparse.csr_array(taken.T)
    together = np.empty((k, k), np.float32, order="F")
    for start in range(0, k, ROWS_AT_ONCE):  # columns are rows: the matrix is symmetric
        block = slice(start, start + ROWS_AT_ONCE)
        together[:, block] = (by_item[block] @ taken).toarray().T
    return together


def furthest_from_zero(matrix: Floats, kept: int) -> sparse.csr_array:
    """(k, k) the `kept` values of each row that are furthest from 0."""
    k = matrix.shape[1]
    if kept >= k:
        return sparse.csr_array(matrix)
    blocks = []
    for start in range(0, len(matrix), ROWS_AT_ONCE):
        rows = np.ascontiguousarray(matrix[start : start + ROWS_AT_ONCE])  # (r, k)
        columns = np.sort(np.argpartition(-np.abs(rows), kept, axis=1)[:, :kept], axis=1)  # (r, kept)
        values = np.take_along_axis(rows, columns, axis=1)
        entries = (values.ravel(), columns.ravel(), np.arange(len(rows) + 1) * kept)
        blocks.append(sparse.csr_array(entries, shape=(len(rows), k)))
    return sparse.csr_array(sparse.vstack(blocks, format="csr"))
