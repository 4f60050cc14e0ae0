"""Features of what the shopper took before: how often, how lately, in which rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Self

import numpy as np

from recsys.datasets.interactions import Interactions, Longs
from recsys.ranking.blend.family import Family
from recsys.ranking.blend.table import BOUGHT_BEFORE, RHYTHM, Choices, Column
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, Part
from recsys.schema import Floats, Rows

HALF_LIVES: Final = (7.0, 20.0, 60.0, 180.0)  # days: a week's habit to a year's
NEVER: Final = 999.0  # days since something that never happened: longer than any year's data
PRIOR_GAPS: Final = 3.0  # a gap seen less often than this leans on the gap of all items


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """What each visitor took of each thing, one entry per visit and thing, sorted by key."""

    keys: Longs  # (p,) visit * n_things + thing
    count: Rows  # (p,)
    first_day: Rows  # (p,)
    last_day: Rows  # (p,)
    last_basket: Rows  # (p,)
    faded: Floats  # (p, len(HALF_LIVES))

    def find(self, keys: Longs) -> tuple[Longs, np.ndarray]:
        """(m,) the entry of each key, and whether there is one."""
        if len(self.keys) == 0:
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return place, self.keys[place] == keys


def purchases(histories: Interactions, things: Rows, n_things: int, days: Rows) -> Purchases:
    """The purchases of each visitor by thing; `things` (m,) is the item or the kind of each entry."""
    visit = histories.shopper_of_entry
    keys = visit.astype(np.int64) * n_things + things
    order = np.argsort(keys, kind="stable")  # stable: oldest first within a thing
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.empty(0, np.int64)
    ends = np.append(starts[1:], len(keys)) - 1 if len(keys) else starts
    when, baskets = histories.days[order], histories.baskets[order]
    age = np.maximum(days[visit[order]] - when, 0).astype(np.float32)
    fading = np.float32(0.5) ** (age[:, None] / np.array(HALF_LIVES, np.float32))  # (m, half-lives)
    faded = np.add.reduceat(fading, starts, axis=0) if len(keys) else fading
    return Purchases(
        keys[starts],
        (ends - starts + 1).astype(np.int32),
        when[starts],
        when[ends],
        baskets[ends],
        faded.astype(np.float32),
    )


def mean_gaps(training: Interactions, things: Rows, n_things: int) -> Floats:
    """(n_things,) days between two purchases of a thing by the same shopper, on average; few of them lean on all."""
    days = np.zeros(len(training), np.int32)
    taken = purchases(training, things, n_things, days)
    thing = taken.keys % n_things
    gaps = np.bincount(thing, weights=taken.count - 1, minlength=n_things)
    spans = np.bincount(thing, weights=taken.last_day - taken.first_day, minlength=n_things)
    overall = spans.sum() / max(gaps.sum(), 1)
    typical: Floats = ((spans + PRIOR_GAPS * overall) / (gaps + PRIOR_GAPS)).astype(np.float32)
    return typical


class OwnPurchases(Family):
    """The shopper's own purchases of the very item."""

    name = "own-purchases"
    stored: ClassVar[Mapping[str, Part]] = {"gap": Part((ITEMS,))}
    columns = (
        Column("times taken", BOUGHT_BEFORE),
        *(Column(f"times taken, half-life {h:g} days", BOUGHT_BEFORE) for h in HALF_LIVES),
        Column("half-life 60 against the favourite", BOUGHT_BEFORE),
        Column("share of baskets", BOUGHT_BEFORE),
        Column("times taken per week since the first", BOUGHT_BEFORE),
        Column("baskets since last taken", BOUGHT_BEFORE),
        Column("days since last taken", RHYTHM),
        Column("days since first taken", RHYTHM),
        Column("own mean gap", RHYTHM),
        Column("days since over own gap", RHYTHM),
        Column("days since over everybody's gap", RHYTHM),
    )

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Learn the typical gap of each item."""
        self.learned = {"gap": mean_gaps(training, training.items, training.n_items)}
        return self

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 14)."""
        histories, visit = visits.histories, choices.visit
        own = purchases(histories, histories.items, histories.n_items, visits.days)
        at, there = own.find(visit * histories.n_items + choices.items)
        if len(own.keys) == 0:
            return _never(len(visit))
        out = np.empty((len(visit), len(self.columns)), np.float32)
        count = np.where(there, own.count[at], 0)
        n_baskets = histories.n_baskets[visit]
        since, gap, ratio = rhythm(own, at, there, visits.days[visit])
        out[:, 0] = count
        out[:, 1:5] = np.where(there[:, None], own.faded[at], 0)
        out[:, 5] = against_best(choices, out[:, 3])
        out[:, 6] = count / np.maximum(n_baskets, 1)
        age = np.where(there, visits.days[visit] - own.first_day[at], NEVER)
        out[:, 7] = count / np.maximum(np.where(there, age / 7, 1), 1)
        out[:, 8] = np.where(there, n_baskets - own.last_basket[at], NEVER)
        out[:, 9], out[:, 10], out[:, 11], out[:, 12] = since, age, gap, ratio
        out[:, 13] = np.where(there, since / np.maximum(self.learned["gap"][choices.items], 1), NEVER)
        return out


def _never(m: int) -> Floats:
    """The features of candidates of visitors who never took anything."""
    return np.tile(np.array([0] * 8 + [NEVER] * 6, np.float32), (m, 1))


def rhythm(own: Purchases, at: Longs, there: np.ndarray, days: Rows) -> tuple[Floats, Floats, Floats]:
    """(m,) days since it was last taken, mean days between purchases, and the one over the other."""
    count = np.where(there, own.count[at], 0)
    since = np.where(there, days - own.last_day[at], NEVER).astype(np.float32)
    span = own.last_day[at] - own.first_day[at]
    gap = np.where(count > 1, span / np.maximum(count - 1, 1), NEVER).astype(np.float32)
    ratio = np.where(count > 1, since / np.maximum(gap, 1), NEVER).astype(np.float32)
    return since, gap, ratio


def against_best(choices: Choices, values: Floats) -> Floats:
    """(m,) each value over the largest among the visit's candidates; 0 where that is not above 0."""
    best = np.zeros(len(choices.indptr) - 1, np.float32)
    filled = choices.sizes > 0
    best[filled] = np.maximum.reduceat(values, choices.indptr[:-1][filled]) if filled.any() else 0
    of_visit = best[choices.visit]
    return np.divide(values, of_visit, out=np.zeros_like(values), where=of_visit > 0)


class OwnKinds(Family):
    """The shopper's own purchases of the kind of product: any size, any maker."""

    name = "own-kinds"
    stored: ClassVar[Mapping[str, Part]] = {"kinds": Part((ITEMS,), "int32"), "gap": Part(("kinds",))}
    columns = (
        Column("kind: times taken", BOUGHT_BEFORE),
        *(Column(f"kind: times taken, half-life {h:g} days", BOUGHT_BEFORE) for h in HALF_LIVES),
        Column("item's share of its kind", BOUGHT_BEFORE),
        Column("kind: days since last taken", RHYTHM),
        Column("kind: own mean gap", RHYTHM),
        Column("kind: days since over own gap", RHYTHM),
        Column("kind: days since over everybody's gap", RHYTHM),
    )

    @staticmethod
    def fits(training: Interactions, side: SideInformation) -> bool:
        """Whether the kinds of products are known."""
        return side.kinds is not None

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Learn the kind of each item and the typical gap of each kind."""
        assert side.kinds is not None
        kinds: Rows = np.unique(side.kinds, return_inverse=True)[1].astype(np.int32)
        gap = mean_gaps(training, kinds[training.items], int(kinds.max()) + 1)
        self.learned = {"kinds": kinds, "gap": gap}
        return self

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 10)."""
        histories, visit, kinds = visits.histories, choices.visit, self.learned["kinds"]
        n_kinds = len(self.learned["gap"])
        own = purchases(histories, kinds[histories.items], n_kinds, visits.days)
        out = np.zeros((len(visit), len(self.columns)), np.float32)
        out[:, 6:] = NEVER
        if len(own.keys) == 0:
            return out
        kind = kinds[choices.items]
        at, there = own.find(visit * n_kinds + kind)
        since, gap, ratio = rhythm(own, at, there, visits.days[visit])
        out[:, 0] = np.where(there, own.count[at], 0)
        out[:, 1:5] = np.where(there[:, None], own.faded[at], 0)
        itself = purchases(histories, histories.items, histories.n_items, visits.days)
        place, taken = itself.find(visit * histories.n_items + choices.items)
        out[:, 5] = np.where(taken, itself.count[place] / np.maximum(out[:, 0], 1), 0)
        out[:, 6], out[:, 7], out[:, 8] = since, gap, ratio
        out[:, 9] = np.where(there, since / np.maximum(self.learned["gap"][kind], 1), NEVER)
        return out
