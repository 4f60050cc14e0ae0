"""What everybody takes: over all time, of late, or within the shopper's own group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.personal_frequency import FORGOTTEN, popularity_share
from recsys.schema import Floats, Rows

UNDATED: Final = -1  # in place of a day
TINY: Final = 1e-6  # keeps the score of an item finite that a group without a prior never took


@dataclass(frozen=True, eq=False)
class MostPopular(ArrayRecommender):
    """The same list for everybody: score[j] = log(1 + how often j was taken)."""

    name = "most-popular"
    label = "Bestsellers (most popular)"
    parts: ClassVar[Mapping[str, Part]] = {"log_counts": Part((ITEMS,))}

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        counts = np.bincount(training.items, minlength=training.n_items)
        return {"log_counts": np.log1p(counts).astype(np.float32)}

    def _scores(self, visits: Visits) -> Floats:
        return np.broadcast_to(self.learned["log_counts"], (len(visits), self.n_items))


@dataclass(frozen=True, eq=False)
class RecentlyPopular(ArrayRecommender):
    """What everybody took in the days before the visit, older days fading.

    score[j] = log(1 + sum over earlier purchases of j of 0.5 ** (age / half_life_days)), age in days before the visit:
    what was taken on the day of the visit or after it is never counted. Undated data knows no days that shoppers
    share - a step of one history says nothing about a step of another - and gets the counts of all time instead.
    """

    name = "recently-popular"
    label = "Bestsellers of late (fading popularity)"
    parts: ClassVar[Mapping[str, Part]] = {
        "daily_counts": Part(("days", ITEMS), sparse=True),
        "day": Part(("days",), "int32"),
    }

    half_life_days: float = setting(14.0, 0.1, 10_000.0)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        if not training.dated:
            counts = np.bincount(training.items, minlength=training.n_items).astype(np.float32)
            return {"daily_counts": sparse.csr_array(counts[None, :]), "day": np.array([UNDATED], np.int32)}
        days, row = np.unique(training.days, return_inverse=True)
        ones = np.ones(len(row), np.float32)
        daily = sparse.csr_array((ones, (row, training.items)), shape=(len(days), training.n_items))
        return {"daily_counts": daily, "day": days.astype(np.int32)}

    def _scores(self, visits: Visits) -> Floats:
        asked, place = np.unique(visits.days, return_inverse=True)
        counts = self._weights(asked) @ self.learned["daily_counts"]  # (v, days) @ (days, n_items) -> (v, n_items)
        scores: Floats = np.log1p(counts.toarray())[place]
        return scores

    def _weights(self, asked: Rows) -> sparse.csr_array:
        """(v, days): what a purchase of each known day counts on each day of a visit; 0 if it is not before it."""
        known = self.learned["day"]
        if known[0] == UNDATED:
            return sparse.csr_array(np.ones((len(asked), 1), np.float32))
        age = asked[:, None] - known[None, :]  # (v, days)
        fading = np.float32(0.5) ** (np.maximum(age, 0) / np.float32(self.half_life_days)).astype(np.float32)
        return sparse.csr_array(np.where((age > 0) & (fading >= FORGOTTEN), fading, np.float32(0)))


@dataclass(frozen=True, eq=False)
class CohortPopular(ArrayRecommender):
    """What the shopper's own group takes more or less than others do.

    score[j] = log((count of j in the group + prior * share of j among all) / (entries of the group + prior)): a small
    group leans on everybody (Dirichlet smoothing; Zhai & Lafferty, SIGIR 2001), and a shopper of no known group gets
    what everybody takes. An item nobody took counts as half a purchase among all, so that its score is finite.
    """

    name = "cohort-popular"
    label = "Bestsellers among similar shoppers"
    parts: ClassVar[Mapping[str, Part]] = {
        "log_shares": Part(("groups and all", ITEMS)),  # the last row is everybody
        "cohorts": Part(("shoppers",), "int32"),
    }

    prior: float = setting(1000.0, 0.0, 1e9)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        cohorts = _cohorts(training, side)
        n_cohorts = int(cohorts.max(initial=-1)) + 1
        share = np.maximum(popularity_share(training), 0.5 / len(training.items))  # (n_items,)
        of_entry = cohorts[training.shopper_of_entry]  # (m,)
        known = of_entry >= 0
        cells = of_entry[known].astype(np.int64) * training.n_items + training.items[known]
        counts = np.bincount(cells, minlength=n_cohorts * training.n_items).reshape(n_cohorts, training.n_items)
        total = counts.sum(axis=1, keepdims=True)  # (cohorts, 1)
        shares = (counts + (self.prior + TINY) * share) / (total + self.prior + TINY)
        return {"log_shares": np.log(np.vstack([shares, share])).astype(np.float32), "cohorts": cohorts}

    def _scores(self, visits: Visits) -> Floats:
        cohorts = self.learned["cohorts"]
        there = (visits.shoppers >= 0) & (visits.shoppers < len(cohorts))
        row = np.where(there, cohorts[np.where(there, visits.shoppers, 0)], -1)  # -1: the last row, everybody
        scores: Floats = self.learned["log_shares"][row]
        return scores


def _cohorts(training: Interactions, side: SideInformation) -> Rows:
    """(n_shoppers,) the code of each training shopper's group, -1 for all where the data set knows of no groups."""
    if side.cohorts is None:
        return np.full(len(training), -1, np.int32)
    if len(side.cohorts) != len(training):
        raise DataError(
            f"{len(side.cohorts):,} cohorts were given for {len(training):,} shoppers",
            remedy="give one code per training shopper, -1 where it is unknown",
        )
    return side.cohorts.astype(np.int32)
