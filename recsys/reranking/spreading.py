"""Re-rankers that spread a slate out: marginal relevance and the largest mean distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from recsys.reranking.contract import Ordered, Pool, unit_range
from recsys.reranking.filling import Filling

ALIKE: Final = "All candidates are described alike, so that diversity has nothing to tell them apart by."
EQUAL: Final = "All candidates are equally relevant, so that diversity alone decides."


@dataclass(frozen=True, slots=True)
class MarginalRelevance:
    """Each place goes to what is relevant and unlike the one most like it that stands already.

    argmax over i of (1 - strength) * relevance_i - strength * max over j on the slate of cos(i, j), relevance scaled to
    0..1 over the pool (Carbonell & Goldstein, "The use of MMR, diversity-based reranking for reordering documents and
    producing summaries", SIGIR 1998; their lambda is 1 - strength). O(k n d).
    """

    strength: float  # 0: relevance alone, 1: unlikeness alone
    name: ClassVar[str] = "mmr"
    label: ClassVar[str] = "Marginal relevance (MMR)"

    def order(self, pool: Pool, k: int) -> Ordered:
        """The slate and the others behind it."""
        relevance = (1.0 - self.strength) * unit_range(pool.relevance)
        filling, nearest = Filling(pool, k), np.zeros(len(pool))
        first = True
        while filling.places_left:
            place = filling.take_best(relevance - self.strength * nearest)
            near = pool.vectors @ pool.vectors[place]  # (n, d) @ (d,) -> (n,)
            nearest, first = (near if first else np.maximum(nearest, near)), False
        return filling.ordered(nothing_to_weigh(pool, self.strength))


@dataclass(frozen=True, slots=True)
class MeanDistance:
    """Each place goes to what is relevant and, in the mean, far from all that stand already.

    argmax over i of (1 - strength) * relevance_i + strength * mean over j on the slate of (1 - cos(i, j)): the greedy
    way to the largest sum of distances (Gollapudi & Sharma, "An axiomatic approach for result diversification", WWW
    2009; Borodin, Lee & Ye, "Max-sum diversification, monotone submodular functions and dynamic updates", PODS 2012:
    at least half of the best sum). It heads for the very figure that intra-list diversity measures. O(k n d).
    """

    strength: float  # 0: relevance alone, 1: distance alone
    name: ClassVar[str] = "distance"
    label: ClassVar[str] = "Mean distance (max-sum)"

    def order(self, pool: Pool, k: int) -> Ordered:
        """The slate and the others behind it."""
        relevance = (1.0 - self.strength) * unit_range(pool.relevance)
        filling, total, there = Filling(pool, k), np.zeros(len(pool)), 0
        while filling.places_left:
            place = filling.take_best(relevance + self.strength * total / max(there, 1))
            total = total + 1.0 - pool.vectors @ pool.vectors[place]
            there += 1
        return filling.ordered(nothing_to_weigh(pool, self.strength))


def nothing_to_weigh(pool: Pool, strength: float) -> tuple[str, ...]:
    """What to say of a pool in which relevance or diversity tells nothing apart."""
    if strength <= 0.0 or len(pool) < 2:
        return ()
    said = (ALIKE,) if pool.alike else ()
    return said + ((EQUAL,) if not said and np.ptp(pool.relevance) == 0.0 else ())
