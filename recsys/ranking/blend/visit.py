"""Features of the visit itself and of the price: they decide what the others are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np

from recsys.datasets.interactions import Interactions
from recsys.ranking.blend.family import Family
from recsys.ranking.blend.table import PRICE, THE_VISIT, Choices, Column
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, Part
from recsys.schema import Floats


class TheVisit(Family):
    """Who stands there: how long the history is, how large the baskets, how long ago the last one."""

    name = "the-visit"
    columns = (
        Column("length of the history", THE_VISIT),
        Column("baskets so far", THE_VISIT),
        Column("mean size of a basket", THE_VISIT),
        Column("size of the last basket", THE_VISIT),
        Column("days since the last basket", THE_VISIT),
        Column("mean days between baskets", THE_VISIT),
    )

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Nothing to learn."""
        return self

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 6)."""
        histories = visits.histories
        lengths, baskets = histories.lengths, histories.n_baskets
        filled = lengths > 0
        first, last = visits.days.astype(np.int64), visits.days.astype(np.int64)
        first[filled] = histories.days[histories.indptr[:-1][filled]]
        last[filled] = histories.days[histories.indptr[1:][filled] - 1]
        shopper = histories.shopper_of_entry
        in_last = np.bincount(shopper[histories.baskets == baskets[shopper] - 1], minlength=len(visits))
        per_visit = np.stack(
            [
                lengths,
                baskets,
                lengths / np.maximum(baskets, 1),
                in_last,
                visits.days - last,
                (last - first) / np.maximum(baskets - 1, 1),
            ],
            axis=1,
        )
        known: Floats = per_visit.astype(np.float32)[choices.visit]
        return known


class Prices(Family):
    """Whether the price is what this shopper pays."""

    name = "prices"
    stored: ClassVar[Mapping[str, Part]] = {"log_price": Part((ITEMS,))}
    columns = (
        Column("log price", PRICE),
        Column("log price against the shopper's usual", PRICE),
    )

    @staticmethod
    def fits(training: Interactions, side: SideInformation) -> bool:
        """Whether prices are known."""
        return side.prices is not None and bool(np.isfinite(side.prices).any())

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Keep the logarithms; an unknown price counts as the middle one."""
        assert side.prices is not None
        prices = np.where(np.isfinite(side.prices), side.prices, np.nanmedian(side.prices))
        self.learned = {"log_price": np.log(np.maximum(prices, 0.01)).astype(np.float32)}
        return self

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 2)."""
        price, histories = np.asarray(self.learned["log_price"]), visits.histories
        paid = np.bincount(histories.shopper_of_entry, weights=price[histories.items], minlength=len(visits))
        usual = np.where(histories.lengths > 0, paid / np.maximum(histories.lengths, 1), price.mean())
        own = price[choices.items]
        return np.stack([own, own - usual[choices.visit]], axis=1).astype(np.float32)
