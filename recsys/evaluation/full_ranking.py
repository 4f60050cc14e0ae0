"""The best items of every visit out of all items there are: no sampled negatives."""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.progress import Progress, silent
from recsys.recommenders.contract import Recommender, Visits
from recsys.schema import Floats, Rows

CELLS_AT_ONCE: Final = 8_000_000  # scores in memory at a time: 32 MB


def top_items(
    recommender: Recommender, visits: Visits, k: int, *, keep_seen: bool, progress: Progress = silent
) -> Rows:
    """The rows of the k best items of each visit, (b, k), best first, ties by row.

    Without `keep_seen` what is in the history is left out; a row of -1 stands where fewer than k items are left.
    Raises ValueError when the recommender gives a score that is no finite number.
    """
    if k < 1:
        raise ValueError(f"k={k} must be at least 1")
    n_items = visits.histories.n_items
    chunk = max(1, CELLS_AT_ONCE // n_items)
    best = np.empty((len(visits), min(k, n_items)), np.int32)
    for start in range(0, len(visits), chunk):
        progress(start, len(visits), "ranking all items")
        rows = np.arange(start, min(start + chunk, len(visits)), dtype=np.int32)
        some = visits.take(rows)
        scores = recommender.score(some)  # (c, n_items)
        if scores.shape != (len(rows), n_items) or not np.isfinite(scores).all():
            raise ValueError(f"{recommender.name} gave scores of shape {scores.shape}, or such as are not finite")
        if not keep_seen:
            scores = scores.copy()
            scores[some.histories.shopper_of_entry, some.histories.items] = -np.inf
        best[rows] = best_of_each(scores, best.shape[1])
    progress(len(visits), len(visits), "ranking all items")
    return best


def best_of_each(scores: Floats, k: int) -> Rows:
    """The columns of the k largest scores of each row, (b, k): largest first, ties by column, -1 for -inf."""
    b, n = scores.shape
    if k < n:
        # of the negative scores: numpy takes nine times as long the other way round where most of them are equal
        columns = np.argpartition(-scores, k - 1, axis=1)[:, :k]  # (b, k)
        found = np.take_along_axis(scores, columns, 1)
        border = found.min(axis=1, keepdims=True)  # (b, 1)
        # a partition takes any of the equal scores at the border; where there are more than fit, the first ones win
        for row in np.flatnonzero(np.count_nonzero(scores >= border, axis=1) > k):
            above = columns[row][found[row] > border[row]]
            equal = np.flatnonzero(scores[row] == border[row])
            columns[row] = np.concatenate([above, equal[: k - len(above)]])
    else:
        columns = np.broadcast_to(np.arange(n), (b, n)).copy()
    columns.sort(axis=1)
    values = np.take_along_axis(scores, columns, 1)
    order = np.argsort(-values, axis=1, kind="stable")
    best: Rows = np.take_along_axis(columns, order, 1).astype(np.int32)
    best[np.isneginf(np.take_along_axis(values, order, 1))] = -1
    return best
