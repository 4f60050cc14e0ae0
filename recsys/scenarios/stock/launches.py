"""First weeks of new products: how many pieces comparable products had sold at the same age.

Comparable are those nearest by meaning (the shop's vectors), as Cold start looks ahead. Ages are days since the launch,
or since the first purchase where a shop has no launch dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from recsys.scenarios.stock.series import Doubles, Longs
from recsys.schema import Floats, Rows

MONTH: Final = 30  # days
COMPARED: Final = 30  # nearest products
FEWEST: Final = 10  # comparable products; of fewer nothing is expected
TAILS: Final = (0.1, 0.9)
FAR: Final = np.iinfo(np.int32).max
CELLS_AT_ONCE: Final = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Beginnings:
    """When each product began, and what it sold day by day since."""

    begun: Longs  # (n_items,) day of the launch or of the first purchase; FAR where there is neither
    launched: bool  # which of both
    last_day: int
    items: Longs
    days: Longs
    quantities: Longs

    @classmethod
    def of(cls, items: Longs, days: Longs, quantities: Longs, launched: Longs | None, n: int, last_day: int) -> Self:
        """From the lines of all sales; `launched` (n,) where launch dates are known."""
        if launched is not None:
            return cls(launched, True, last_day, items, days, quantities)
        first = np.full(n, FAR, np.int64)
        np.minimum.at(first, items, days)
        return cls(first, False, last_day, items, days, quantities)

    def known_by(self, day: int) -> Rows:
        """Products whose whole first month lies before a day, and that began after the data did.

        First purchases of the first month tell of no launch: what had been there before is bought then too.
        """
        least = 0 if self.launched else MONTH
        return np.flatnonzero((self.begun >= least) & (self.begun + MONTH <= day)).astype(np.int32)

    def begun_in(self, first: int, last: int) -> Rows:
        """Products that began on a day from `first` to `last`."""
        return np.flatnonzero((self.begun >= max(first, 0)) & (self.begun <= last)).astype(np.int32)

    def sold(self, rows: Rows) -> Doubles:
        """(len(rows), MONTH) pieces sold up to and with each day of age, age 0 the first day."""
        place = np.full(len(self.begun), -1, np.int64)
        place[rows] = np.arange(len(rows))
        age = self.days - self.begun[self.items]
        inside = (place[self.items] >= 0) & (age >= 0) & (age < MONTH)
        found = np.zeros((len(rows), MONTH))
        np.add.at(found, (place[self.items[inside]], age[inside]), self.quantities[inside])
        return found.cumsum(axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What was to be expected of some products by the same age of those most like them."""

    mean: Doubles  # (k, MONTH) pieces by day of age
    low: Doubles  # (k, MONTH)
    high: Doubles  # (k, MONTH)
    like: Rows  # (k, COMPARED or fewer) rows of the comparable products, nearest first


def expected(rows: Rows, known: Rows, sold: Doubles, vectors: Floats) -> Expected | None:
    """What the nearest of the `known` products, which sold (len(known), MONTH), let expect; None of too few."""
    if len(known) < FEWEST:
        return None
    take = min(COMPARED, len(known))
    like = np.empty((len(rows), take), np.int32)
    step = max(1, CELLS_AT_ONCE // len(known))
    theirs = vectors[known]
    for start in range(0, len(rows), step):
        cosines = vectors[rows[start : start + step]] @ theirs.T  # (c, known)
        like[start : start + step] = np.argsort(-cosines, axis=1, kind="stable")[:, :take]
    months = sold[like]  # (k, take, MONTH)
    low, high = np.quantile(months, TAILS, axis=1)
    return Expected(months.mean(axis=1), low, high, known[like])
