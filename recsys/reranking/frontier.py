"""The frontier of relevance against diversity: what each strength of diversity costs, and where the knee is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.reranking.composing import rerank
from recsys.reranking.contract import Pool, Reranker
from recsys.reranking.measures import intra_list_diversity, relevance_kept

STRENGTHS: Final = tuple(round(0.05 * step, 2) for step in range(21))
FLAT: Final = 0.01  # of diversity: less than this over the whole frontier is nothing to weigh


@dataclass(frozen=True, slots=True)
class Point:
    """What one strength makes of a slate."""

    strength: float
    diversity: float  # intra-list
    relevance: float  # kept, as a share


def frontier(
    pool: Pool, k: int, made: Callable[[float], Sequence[Reranker]], *, by_relevance: bool = True
) -> tuple[Point, ...]:
    """A point for each of STRENGTHS; none where a slate of k has no pairs to measure."""
    out = []
    for strength in STRENGTHS:
        slate = rerank(pool, k, made(strength), by_relevance=by_relevance).slate
        diversity = intra_list_diversity(pool, slate)
        if not np.isnan(diversity):
            out.append(Point(strength, diversity, relevance_kept(pool.relevance, slate)))
    return tuple(out)


def knee(points: Sequence[Point]) -> Point | None:
    """Where more diversity begins to cost more than it has cost so far; None where there is no such place.

    The point farthest above the straight line from the most relevant to the most diverse one, both axes scaled to 0..1
    (Satopää, Albrecht, Irwin & Raghavan, "Finding a Kneedle in a Haystack", ICDCS Workshops 2011).
    """
    if len(points) < 3:
        return None
    diversity = np.array([point.diversity for point in points])
    relevance = np.array([point.relevance for point in points])
    if np.ptp(diversity) < FLAT or np.ptp(relevance) == 0.0:
        return None
    x = (diversity - diversity.min()) / np.ptp(diversity)
    y = (relevance - relevance.min()) / np.ptp(relevance)
    above = x + y - 1.0
    best = int(np.argmax(above))
    return points[best] if above[best] > 0.0 else None
