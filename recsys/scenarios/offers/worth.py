"""What a campaign is worth in money and counts, with 95 % intervals: what is expected of it, and what came with it.

Expected: everybody addressed redeems or not by their chance; who does redeems and pays what somebody did who redeemed
in an earlier campaign of the kind. Those earlier shoppers are drawn anew in each draw (bootstrap by shopper), so
that few or uneven ones widen the interval.

Came: what those addressed spent on the campaign's products in its days, beside others who had spent as much on them
before and came as often (post-stratification; Rosenbaum and Rubin 1984). That is a comparison of people who were not
drawn at random. The same comparison one campaign earlier, where there is nothing to find, says how far it may be off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from recsys.scenarios.offers.tables import Longs, OfferTables

Doubles = npt.NDArray[np.float64]

DRAWS: Final = 1_000
MOST_DRAWN: Final = 20_000_000  # of draws times people: of very many people less often is drawn
FEWEST_DRAWS: Final = 200
BLOCK: Final = 2_000_000  # chances held at a time
LEAST_WITH_MONEY: Final = 30  # redemptions whose amount is known, for a kind of campaign to have a mean of its own
SPENT, CAME = 5, 3  # groups of those who spent something before, and of all by how often they came
LEAST_OTHERS: Final = 5  # not addressed, in a group, to be compared with
TAILS: Final = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its 95 % interval; NaN where nothing can be said."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, drawn: Doubles) -> Self:
        """By the percentiles of what was drawn."""
        low, high = np.quantile(drawn, TAILS) if len(drawn) else (np.nan, np.nan)
        return cls(float(value), float(low), float(high))


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """What each shopper that redeemed in an earlier campaign of the kind redeemed and paid, (p,) each."""

    coupons: Doubles
    paid: Doubles  # NaN where no source tells of money
    discount: Doubles

    @classmethod
    def before(cls, tables: OfferTables, kind: str, start: int) -> Self:
        """Of campaigns of that kind that ended before a day; of all that did where none of the kind had redemptions.

        Where the amount of a redemption is not known, the mean of the known ones stands for it.
        """
        ended = tables.campaigns["end"].to_numpy() < start
        same = ended & (tables.campaigns["kind"].astype(str).to_numpy() == kind)
        rows = [tables.redemptions[tables.redemptions["campaign"].isin(np.flatnonzero(some))] for some in (same, ended)]
        mine = rows[0] if len(rows[0]) else rows[1]
        known = mine if mine["paid"].notna().sum() >= LEAST_WITH_MONEY else rows[1]
        means = {name: float(known[name].mean()) for name in ("paid", "discount")}
        by = mine.fillna(means).groupby(["campaign", "shopper"])[["paid", "discount"]]
        sums = by.sum(min_count=1)
        paid, discount = (sums[name].to_numpy(np.float64) for name in ("paid", "discount"))
        return cls(np.asarray(by.size(), np.float64), paid, discount)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What addressing some people is expected to bring; money is NaN where no source tells of any."""

    redeemers: Interval
    redemptions: Interval
    sales: Interval  # paid with a coupon
    new_sales: Interval  # of it what would not have been bought anyway
    discounts: Interval
    left: Interval  # new sales less discounts and the cost of reaching


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Campaigns as they may go, over people in the order in which they are addressed: a row for each who redeems."""

    draws: int
    draw: Longs
    place: Longs  # of the person in that order
    coupons: Doubles
    paid: Doubles
    fresh: Doubles  # of it, what would not have been bought anyway
    discount: Doubles

    @classmethod
    def of(cls, chance: Doubles, anyway: Doubles, pool: Pool, seed: int = 0) -> Self:
        """Of people (m,) with these chances of redeeming, and of buying the same with no coupon."""
        m, p = len(chance), len(pool.coupons)
        draws = int(np.clip(MOST_DRAWN // max(m, 1), FEWEST_DRAWS, DRAWS))
        random = np.random.default_rng(seed)
        parts = []
        each = max(1, BLOCK // max(m, 1))
        for first in range(0, draws, each):
            draw, place = np.nonzero(random.random((min(each, draws - first), m)) < chance)
            parts.append((draw + first, place))
        draw, place = (np.concatenate([part[side] for part in parts]).astype(np.int64) for side in (0, 1))
        if not p:
            return cls(draws, draw, place, *(np.ones(len(draw)), *(np.full(len(draw), np.nan) for _ in range(3))))
        drawn_anew = random.integers(0, p, (draws, p))
        like = drawn_anew[draw, random.integers(0, p, len(draw))]
        fresh = random.random(len(draw)) >= anyway[place]
        paid = pool.paid[like]
        return cls(draws, draw, place, pool.coupons[like], paid, paid * fresh, pool.discount[like])

    def sums(self, values: Doubles, n: int) -> Doubles:
        """(draws,) of the first n people."""
        mine = self.place < n
        return np.asarray(np.bincount(self.draw[mine], values[mine], self.draws), np.float64)

    def outcome(self, chance: Doubles, anyway: Doubles, pool: Pool, n: int, cost: float) -> Outcome:
        """Of the first n people: what is expected by the chances themselves, and its interval by the draws."""
        hits, fresh = float(chance[:n].sum()), float((chance[:n] * (1 - anyway[:n])).sum())
        means = [float(each.mean()) if len(each) else np.nan for each in (pool.coupons, pool.paid, pool.discount)]
        many, paid, off = means[0] if len(pool.coupons) else 1.0, means[1], means[2]
        new_sales, discounts = self.sums(self.fresh, n), self.sums(self.discount, n)
        return Outcome(
            Interval.of(hits, self.sums(np.ones(len(self.draw)), n)),
            Interval.of(hits * many, self.sums(self.coupons, n)),
            Interval.of(hits * paid, self.sums(self.paid, n)),
            Interval.of(fresh * paid, new_sales),
            Interval.of(hits * off, discounts),
            Interval.of(fresh * paid - hits * off - n * cost, new_sales - discounts - n * cost),
        )

    def left(
        self, chance: Doubles, anyway: Doubles, pool: Pool, cost: float, points: int = 51
    ) -> tuple[Doubles, Doubles, Doubles, Doubles]:
        """(share addressed, money left, low, high), (points,) each: new sales less discounts and cost, added up."""
        m = len(chance)
        ends = np.round(np.linspace(0, m, points)).astype(np.int64)
        step = np.searchsorted(ends, self.place, side="right")  # the first point that has them
        sums = np.bincount(self.draw * points + step, self.fresh - self.discount, self.draws * points)
        drawn = sums.reshape(self.draws, points).cumsum(axis=1) - ends * cost
        each = chance * (1 - anyway) * pool.paid.mean() - chance * pool.discount.mean()
        value = np.concatenate([[0.0], each.cumsum()])[ends] - ends * cost
        low, high = np.quantile(drawn, TAILS, axis=0)
        return ends / max(m, 1), value, low, high


@dataclass(frozen=True, slots=True)
class Compared:
    """What each of those addressed spent more on the campaign's products than others alike before, in its days.

    `before` is the same of the days before it, when nothing was sent; NaN where the data do not reach back so far.
    """

    each: Interval
    before: Interval
    addressed: int  # who have others to be compared with
    others: int


def spent(
    who: Longs, items: Longs, days: Longs, money: Doubles, goods: npt.NDArray[np.bool_], first: int, end: int, n: int
) -> Doubles:
    """(n,) money of the purchases of these goods from `first`, before `end`."""
    mine = goods[items] & (days >= first) & (days < end)
    return np.asarray(np.bincount(who[mine], money[mine], n), np.float64)


def alike(before: Doubles, visits: Longs) -> Longs:
    """(n,) the group of everybody: nothing spent before or one of SPENT fifths, by one of CAME thirds of visits."""
    spending = np.zeros(len(before), np.int64)
    some = before > 0
    if some.any():
        edges = np.quantile(before[some], np.arange(1, SPENT) / SPENT)
        spending[some] = 1 + np.searchsorted(edges, before[some], side="right")
    often = np.searchsorted(np.quantile(visits, np.arange(1, CAME) / CAME), visits, side="right")
    return np.asarray(spending * CAME + often, np.int64)


def more(during: Doubles, sent: npt.NDArray[np.bool_], group: Longs, seed: int = 0) -> tuple[Interval, int, int]:
    """(what each addressed spent more than others of their group, addressed, others): shoppers drawn anew.

    Groups with fewer than LEAST_OTHERS others are left out; NaN where no group is left.
    """
    groups = int(group.max(initial=0)) + 1
    counts = np.bincount(group[~sent], minlength=groups)
    kept = (counts >= LEAST_OTHERS)[group]
    mine, others = sent & kept, ~sent & kept
    if not mine.any():
        return Interval(np.nan, np.nan, np.nan), 0, 0
    n, random = len(during), np.random.default_rng(seed)
    each, parts = max(1, BLOCK // n), []
    for first in range(0, DRAWS // 2, each):
        times = random.multinomial(n, np.full(n, 1 / n), min(each, DRAWS // 2 - first)).astype(np.float64)
        parts.append(_more(during, mine, others, group, groups, times))
    drawn = np.concatenate(parts)
    value = _more(during, mine, others, group, groups, np.ones((1, n)))[0]
    return Interval.of(value, drawn[np.isfinite(drawn)]), int(mine.sum()), int(others.sum())


def _more(
    during: Doubles,
    mine: npt.NDArray[np.bool_],
    others: npt.NDArray[np.bool_],
    group: Longs,
    groups: int,
    times: Doubles,
) -> Doubles:
    """(d,) of draws in which everybody stands so often, (d, n); groups of which no other was drawn do not count."""
    of = np.zeros((len(group), groups))
    of[np.arange(len(group)), group] = 1.0
    here, there = times * mine, times * others
    sums, sizes = (here * during) @ of, here @ of  # (d, n) @ (n, groups) -> (d, groups)
    usual, crowd = (there * during) @ of, there @ of
    there_are = crowd > 0
    gap = np.where(there_are, sums - sizes * usual / np.maximum(crowd, 1e-12), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        told: Doubles = gap.sum(axis=1) / (sizes * there_are).sum(axis=1)
    return told


def compared(
    who: Longs,
    items: Longs,
    days: Longs,
    money: Doubles,
    goods: npt.NDArray[np.bool_],
    sent: npt.NDArray[np.bool_],
    start: int,
    length: int,
    window: int,
) -> Compared | None:
    """What those addressed spent more in the campaign's days, and in as many days before it; None without others.

    `who`, `items`, `days`, `money` are lines of purchases; `goods` (n_items,) is what the coupons are good for.
    Everybody is put beside others by the `window` days before.
    """
    n, span = len(sent), int(days.max(initial=0)) + 1

    def at(first: int) -> tuple[Interval, int, int]:
        during, before = (
            spent(who, items, days, money, goods, begin, end, n)
            for begin, end in ((first, first + length), (first - window, first))
        )
        lately = (days >= first - window) & (days < first)
        came = np.unique(who[lately] * span + days[lately])
        return more(during, sent, alike(before, np.bincount(came // span, minlength=n)))

    each, addressed, others = at(start)
    if not addressed:
        return None
    nothing = Interval(np.nan, np.nan, np.nan)
    return Compared(each, at(start - length)[0] if start - length - window >= 0 else nothing, addressed, others)
