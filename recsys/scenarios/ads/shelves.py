"""What everybody's shelf would be without advertising: the learned order of each, else what most people take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.ranking.shortlists import LOWEST, Shortlists
from recsys.reranking.folding import fold
from recsys.scenarios.ads.auction import Doubles
from recsys.schema import Rows

DEEP: Final = 150  # candidates of a shelf
OUTSIDE: Final = LOWEST / 2  # relevance of what is on nobody's list: below the last that is
OUTSIDERS: Final = 30  # advertised products from outside that may push in where there is no floor


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The candidates of one shopper, best first."""

    rows: Rows  # (m,)
    scores: Doubles  # (m,) 1 for the best


class Shelves:
    """Everybody's candidates, made when first asked for."""

    def __init__(self, items: pd.DataFrame, shortlists: Shortlists, activity: Doubles) -> None:
        """`activity` (p,): how much each shopper did; an empty one is a shop that nobody knows yet."""
        self._kinds = items[s.KIND].to_numpy(np.int32)
        self._shortlists = shortlists
        self.activity = activity
        taken = items[s.BUYERS].to_numpy(np.float64)
        order = np.lexsort((np.arange(len(taken)), -taken))
        first, _ = fold(self._kinds[order], DEEP)
        rows = order[first].astype(np.int32)
        place = np.arange(len(rows))
        falls = LOWEST + (1 - LOWEST) * (1 - place / max(len(rows) - 1, 1))  # by place: counts have no common scale
        self.popular = Pool(rows, np.asarray(falls, np.float64))
        self._made: dict[int, Pool] = {}

    def of(self, person: int | None) -> Pool:
        """The candidates of the shopper in that row; what most people take for anybody without a list."""
        if person is None:
            return self.popular
        if person not in self._made:
            self._made[person] = self._make(person)
        return self._made[person]

    def _make(self, person: int) -> Pool:
        found = self._shortlists.of(person)
        if found is None or not len(found.rows):
            return self.popular
        scores = np.maximum(sum(found.parts.values(), np.zeros(len(found.rows))), 0.0)
        order = np.lexsort((found.rows, -scores))
        first, _ = fold(self._kinds[found.rows[order]], DEEP)
        kept = order[first]
        return Pool(found.rows[kept], scores[kept])


def with_outsiders(pool: Pool, outside: Rows) -> Pool:
    """The pool with products from outside below its last, each at OUTSIDE or below the last score."""
    new = outside[~np.isin(outside, pool.rows)]
    least = float(pool.scores[-1]) if len(pool.scores) else OUTSIDE
    low = np.full(len(new), min(OUTSIDE, least))
    return Pool(np.concatenate([pool.rows, new]).astype(np.int32), np.concatenate([pool.scores, low]))


def outsiders(cents: npt.NDArray[np.int64], advertisers: Rows) -> Rows:
    """The best paid product of each advertiser, the best paid OUTSIDERS of these, ties by row."""
    order = np.lexsort((np.arange(len(cents)), -cents))
    order = order[(cents[order] > 0) & (advertisers[order] >= 0)]
    _, first = np.unique(advertisers[order], return_index=True)
    return order[np.sort(first)][:OUTSIDERS].astype(np.int32)
