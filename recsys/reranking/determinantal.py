"""A determinantal point process: the slate whose vectors span the largest volume, weighed by relevance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from recsys.reranking.contract import Ordered, Pool, unit_range
from recsys.reranking.filling import Filling
from recsys.reranking.spreading import nothing_to_weigh

SPANNED: Final = 1e-6  # of a squared volume of at most 1: below it nothing is new, and float64 says no more


@dataclass(frozen=True, slots=True)
class Determinantal:
    """Greedy maximum a posteriori of a DPP with fast Cholesky updates, O(k^2 n + k n d).

    Each place goes to argmax over i of (1 - strength) * relevance_i + strength * log d_i^2, where d_i^2 is by how much
    candidate i makes the determinant of the slate's similarities S_ij = (1 + cos(i, j)) / 2 larger (Chen, Zhang & Zhou,
    "Fast Greedy MAP Inference for Determinantal Point Process to Improve Recommendation Diversity", NeurIPS 2018,
    equations 12 and 13, algorithm 1; their theta is 1 - strength). Their algorithm stops once nothing new is left; this
    one fills the slate by relevance from there on, and says so.
    """

    strength: float  # 0: relevance alone, 1: volume alone
    name: ClassVar[str] = "dpp"
    label: ClassVar[str] = "Determinantal process (DPP)"

    def order(self, pool: Pool, k: int) -> Ordered:
        """The slate and the others behind it."""
        relevance = (1.0 - self.strength) * unit_range(pool.relevance)
        filling, n = Filling(pool, k), len(pool)
        rows = np.zeros((filling.places_left, n))  # the Cholesky factor of the slate, continued to every candidate
        volume = np.ones(n)  # d_i^2
        spanned = 0
        for step in range(len(rows)):
            place = filling.take_best(relevance + self.strength * np.log(np.maximum(volume, SPANNED)))
            if volume[place] <= SPANNED:
                continue  # a copy of what stands there: it adds no direction
            similar = (1.0 + (pool.vectors @ pool.vectors[place]).astype(np.float64)) / 2.0  # (n,)
            similar[place] = 1.0  # of a vector of length 0 too
            row = (similar - rows[:step, place] @ rows[:step]) / np.sqrt(volume[place])
            rows[step] = row
            volume = np.maximum(volume - row**2, 0.0)
            spanned += 1
        return filling.ordered((*nothing_to_weigh(pool, self.strength), *self._exhausted(spanned, len(rows), pool)))

    def _exhausted(self, spanned: int, places: int, pool: Pool) -> tuple[str, ...]:
        if spanned == places or self.strength <= 0.0 or pool.alike:
            return ()
        return (
            f"After {spanned} of {places} places every candidate left resembles what stands there already: the rest go "
            "by relevance.",
        )
