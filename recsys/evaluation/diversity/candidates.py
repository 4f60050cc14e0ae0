"""The candidates of every visit: the best of a full ranking with their scores, as pools that re-rankers take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.evaluation.full_ranking import best_of_each
from recsys.progress import Progress, silent
from recsys.recommenders.contract import Recommender, SideInformation, Visits
from recsys.reranking.contract import Pool, unit_range
from recsys.schema import Floats, Rows

CELLS_AT_ONCE: Final = 8_000_000  # scores in memory at a time: 32 MB
SCORES, PLACES, BOTH = "scores", "places", "both"
SCALES: Final = (SCORES, PLACES, BOTH)
"""What relevance is: the recommender's own scores; 1 / place, which falls alike for every visit; or the geometric mean
of the scores, scaled to 0..1, and 1 / (place + 5)."""
DAMPED: Final = 5  # places: so that in the mean of both the first one does not count for several

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The best items of each visit, best first, with the recommender's scores; -1 and -inf where there are fewer."""

    items: Rows  # (b, n)
    scores: Floats  # (b, n)


def candidates(
    recommender: Recommender, visits: Visits, n: int, *, keep_seen: bool, progress: Progress = silent
) -> Candidates:
    """The n best items of each visit out of all items; without `keep_seen` none of its history."""
    total = visits.histories.n_items
    n, chunk = min(n, total), max(1, CELLS_AT_ONCE // total)
    items, best = np.empty((len(visits), n), np.int32), np.empty((len(visits), n), np.float32)
    for start in range(0, len(visits), chunk):
        progress(start, len(visits), "ranking all items")
        rows = np.arange(start, min(start + chunk, len(visits)), dtype=np.int32)
        some = visits.take(rows)
        scores = np.array(recommender.score(some), np.float32)  # (c, n_items)
        if not keep_seen:
            scores[some.histories.shopper_of_entry, some.histories.items] = -np.inf
        items[rows] = best_of_each(scores, n)
        best[rows] = np.take_along_axis(scores, np.maximum(items[rows], 0), 1)
    progress(len(visits), len(visits), "ranking all items")
    return Candidates(items, np.where(items >= 0, best, -np.inf).astype(np.float32))


class Described:
    """The items of a problem as unit vectors: their text, else their attributes."""

    def __init__(self, side: SideInformation) -> None:
        self._dense, self._sparse = side.vectors, side.attributes

    def vectors(self, items: Rows) -> Floats:
        """(m, d) of length 1; zeros where nothing is known of an item."""
        rows = self._dense[items] if self._dense is not None else self._sparse[items].toarray()  # type: ignore[index]
        rows = np.asarray(rows, np.float32)
        rows = rows[:, rows.any(axis=0)] if self._dense is None else rows  # attributes that none of them has
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(length > 0, length, 1.0), np.float32)


def pools(found: Candidates, described: Described, scale: str) -> Iterator[tuple[Rows, Pool]]:
    """(the items of the candidates, the pool) of each visit, relevance on one of SCALES."""
    for items, scores in zip(found.items, found.scores, strict=True):
        known = int((items >= 0).sum())
        relevance = _on_scale(scores[:known].astype(np.float64), scale)
        yield items[:known], Pool(described.vectors(items[:known]), relevance)


def _on_scale(scores: Doubles, scale: str) -> Doubles:
    """Scores (n,), best first, on one of SCALES."""
    place = np.arange(1, len(scores) + 1)
    if scale == BOTH:
        return np.sqrt(unit_range(scores) / (place + DAMPED))
    return 1.0 / place if scale == PLACES else scores
