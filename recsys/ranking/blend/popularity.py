"""Features of what everybody takes: in all, and in the days before the visit only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Self

import numpy as np

from recsys.datasets.interactions import Interactions, Longs
from recsys.ranking.blend.family import Family
from recsys.ranking.blend.table import POPULAR_NOW, Choices, Column
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, Part
from recsys.schema import Floats, Rows

WINDOWS: Final = (3, 7, 14, 28, 90)  # days before the visit
DAYS: Final = 100_000  # more than any data set has: keys are item * DAYS + day


class Popularity(Family):
    """How many took the item, over all time."""

    name = "popularity"
    stored: ClassVar[Mapping[str, Part]] = {"counts": Part((ITEMS, "counts"))}
    columns = (
        Column("log times taken by all", POPULAR_NOW),
        Column("log buyers", POPULAR_NOW),
        Column("share of buyers who took it again", POPULAR_NOW),
        Column("times taken per buyer", POPULAR_NOW),
    )

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Count purchases, buyers and those who came back."""
        taken = training.matrix()  # (n, n_items)
        n = training.n_items
        times = np.bincount(training.items, minlength=n).astype(np.float32)
        buyers = np.bincount(taken.indices, minlength=n).astype(np.float32)
        again = np.bincount(taken.indices[taken.data > 1], minlength=n)
        counts = [np.log1p(times), np.log1p(buyers), again / np.maximum(buyers, 1), times / np.maximum(buyers, 1)]
        self.learned = {"counts": np.stack(counts, axis=1).astype(np.float32)}
        return self

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 4)."""
        counts: Floats = np.asarray(self.learned["counts"])[choices.items]
        return counts


class RecentPopularity(Family):
    """How many took the item in the days before the visit; the day of the visit and later ones are never counted."""

    name = "recent-popularity"
    stored: ClassVar[Mapping[str, Part]] = {
        "keys": Part(("entries",), "int64"),  # item * DAYS + day of every purchase, ascending
        "weekdays": Part((ITEMS, "days of the week")),
    }
    columns = (
        *(Column(f"log times taken in the last {w} days", POPULAR_NOW) for w in WINDOWS),
        Column("trend: 7 days against 28", POPULAR_NOW),
        Column("trend: 28 days against 90", POPULAR_NOW),
        Column("days since anybody took it", POPULAR_NOW),
        Column("share of its sales on this weekday", POPULAR_NOW),
    )

    @staticmethod
    def fits(training: Interactions, side: SideInformation) -> bool:
        """Whether there are dates: without them nobody's "now" is known."""
        return training.dated

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Sort the purchases of each item by day."""
        n = training.n_items
        keys = np.sort(training.items.astype(np.int64) * DAYS + training.days)
        weekdays = np.bincount(training.items.astype(np.int64) * 7 + training.days % 7, minlength=7 * n).reshape(n, 7)
        share = (weekdays + 1) / (weekdays.sum(axis=1, keepdims=True) + 7)
        self.learned = {"keys": keys, "weekdays": share.astype(np.float32)}
        return self

    def _before(self, items: Rows, days: Rows) -> Longs:
        """(m,) how many purchases of all items sort before the item on that day."""
        places: Longs = np.searchsorted(self.learned["keys"], items.astype(np.int64) * DAYS + np.maximum(days, 0))
        return places

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 9)."""
        items, days = choices.items, visits.days[choices.visit]
        until = self._before(items, days)
        counts = np.stack([until - self._before(items, days - window) for window in WINDOWS], axis=1)  # (m, windows)
        keys = self.learned["keys"]
        latest = keys[np.maximum(until - 1, 0)]
        known = (until > 0) & (latest // DAYS == items)
        since = np.where(known, days - latest % DAYS, 999)
        out = np.empty((len(items), len(self.columns)), np.float32)
        out[:, :5] = np.log1p(counts)
        out[:, 5] = 4 * counts[:, 1] / np.maximum(counts[:, 3], 1)
        out[:, 6] = counts[:, 3] / 28 * 90 / np.maximum(counts[:, 4], 1)
        out[:, 7] = since
        out[:, 8] = self.learned["weekdays"][items, days % 7]
        return out
