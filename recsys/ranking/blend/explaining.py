"""What the parts of the features add to a learned score, and the best candidates with theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Longs
from recsys.ranking.blend.choosing import Ranker
from recsys.ranking.blend.describing import beside_each_other
from recsys.ranking.blend.opinions import ranks
from recsys.ranking.blend.table import START, Choices
from recsys.ranking.weighted_parts import Parts, on_grain
from recsys.recommenders.contract import Visits
from recsys.schema import Floats, Rows

Chunk = Callable[[Visits], tuple[Choices, Floats, Floats]]  # candidates, their features (m, f), the fallback's scores


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The best candidates of b visits, best first within each: m entries in all."""

    indptr: Longs  # (b + 1,)
    items: Rows  # (m,)
    scores: npt.NDArray[np.float64]  # (m,) exactly the sum of the parts
    parts: Parts  # part -> (m,)


class Explained(Protocol):
    """What is asked of a blend that has learned."""

    ranker: Ranker | None

    @property
    def part_of_column(self) -> Sequence[str]:
        """The part to which each kept feature counts."""

    def candidates(self, visits: Visits) -> tuple[Choices, Floats, Floats]:
        """Candidates, their features (m, f), the fallback's scores (b, n_items)."""

    def chunks(self, visits: Visits) -> list[Rows]:
        """Rows of visits that fit into memory together."""


def named_parts(
    ranker: Ranker, values: Floats, scores: npt.NDArray[np.float64], part_of_column: Sequence[str]
) -> Parts:
    """The parts of candidates' scores, part -> (m,), from their features (m, f); they sum exactly to the scores."""
    shares, columns = ranker.contributions(values), np.array(part_of_column)  # (m, f + 1)
    parts: Parts = {}
    left = scores
    for name in dict.fromkeys(part_of_column):
        parts[name] = on_grain(shares[:, :-1][:, columns == name].sum(axis=1))
        left = left - parts[name]
    parts[START] = left  # with what the rounding of the others left over: under a millionth each
    return parts


def best_of_chunks(blend: Explained, visits: Visits, k: int) -> Iterator[tuple[Rows, Best]]:
    """(rows of visits, their k best candidates), chunk by chunk. The blend must have learned."""
    yield from beside_each_other(lambda rows: _best(blend, visits.take(rows), k), blend.chunks(visits))


def _best(blend: Explained, visits: Visits, k: int) -> Best:
    assert blend.ranker is not None
    choices, values, _ = blend.candidates(visits)
    scores = on_grain(blend.ranker.score(values).astype(np.float64))
    place = ranks(choices, scores.astype(np.float32))
    kept = np.flatnonzero(place < k)
    kept = kept[np.lexsort((place[kept], choices.visit[kept]))]
    sizes = np.bincount(choices.visit[kept], minlength=len(visits))
    parts = named_parts(blend.ranker, values[kept], scores[kept], blend.part_of_column)
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Best(indptr, choices.items[kept], scores[kept], parts)


def placed(choices: Choices, scores: npt.NDArray[np.float64], fallback: Floats) -> Floats:
    """(b, n_items) the candidates at their scores, all other items between 1 and 2 below the visit's last candidate."""
    low = fallback.min(axis=1, keepdims=True)
    reach = np.maximum(fallback.max(axis=1, keepdims=True) - low, np.float32(1e-9))
    last = np.zeros(len(fallback))
    filled = choices.sizes > 0
    if filled.any():
        last[filled] = np.minimum.reduceat(scores, choices.indptr[:-1][filled])
    below = on_grain(last)[:, None] + on_grain(((fallback - low) / reach).astype(np.float64)) - 2.0
    placed = below.astype(np.float32)
    placed[choices.visit, choices.items] = scores
    return placed
