"""A day of visits: whose shelf is seen when, who wins its places, who clicks, and what that costs and earns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.ads.auction import Auctioned, Bids, Cents, Doubles, Rules, auctioned
from recsys.scenarios.ads.clicks import ClickModel
from recsys.scenarios.ads.market import Market
from recsys.scenarios.ads.pacing import LOOKS, THROTTLED, Budgets
from recsys.scenarios.ads.shelves import Pool, Shelves, outsiders, with_outsiders
from recsys.schema import Rows

K: Final = 12  # products on a shelf
HOURS: Final = 24
PEAKS: Final = ((12.5, 3.0, 0.4), (20.0, 2.2, 0.6))  # hour, standard deviation, share: assumed of any shop
NO_CAP: Final = 0
GONE: Final = 0.02  # of a budget: who has less left is as good as out

Answers = Callable[[int, Rows, np.random.Generator], npt.NDArray[np.bool_]]
"""(row of the shopper, rows of the shelf, generator) -> which products were clicked (k,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """The shelves seen on a day, in order."""

    who: Rows  # (v,) rows of shoppers; -1 for somebody nobody knows
    at: Doubles  # (v,) share of the expected visits of a day that lie before, 0..1


@dataclass(frozen=True, slots=True)
class Selling:
    """How a day is sold."""

    rules: Rules = field(default_factory=Rules)
    pacing: str = THROTTLED
    cap: int = 3  # showings of one sponsored product to one shopper; NO_CAP for any number
    k: int = K


@dataclass(slots=True, eq=False)
class Day:
    """What a day brought."""

    shelves: Rows  # (v, k) rows as shown; -1 where the shelf was shorter
    sponsored: npt.NDArray[np.bool_]  # (v, k)
    clicked: npt.NDArray[np.bool_]  # (v, k)
    kept: Doubles  # (v,) discounted relevance of the shelf as a share of that without advertising
    spent: Cents  # (a, HOURS) by the hour
    daily: Cents  # (a,) budgets
    worth: Cents  # (a,) what the clicks that were paid for are worth to who paid
    most_shown: int = 0  # of one sponsored product to one shopper
    ended: Doubles = field(
        default_factory=lambda: np.empty(0)
    )  # (a,) hour at which hardly anything was left; NaN: never

    @property
    def earned(self) -> int:
        """Cents."""
        return int(self.spent.sum())

    @property
    def paid_clicks(self) -> int:
        """Clicks on sponsored products."""
        return int((self.clicked & self.sponsored).sum())


def drawn_visits(activity: Doubles, many: int, seed: int) -> Visits:
    """So many visits of one day, by how active each shopper is; of nobody known where there are no shoppers."""
    rng = np.random.default_rng([seed, 5])
    at = np.sort(rng.random(many))
    if not len(activity):
        return Visits(np.full(many, -1, np.int32), at)
    weights = activity + 1e-9
    return Visits(rng.choice(len(activity), many, p=weights / weights.sum()).astype(np.int32), at)


def _curve() -> tuple[Doubles, Doubles]:
    """(hours, share of the expected visits before each), for PEAKS."""
    hours = np.linspace(0, HOURS, 24 * 12 + 1)
    density = np.zeros(len(hours))
    for at, wide, share in PEAKS:
        density += share * np.exp(-((hours - at) ** 2) / (2 * wide**2)) / wide
    before = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return hours, before / before[-1]


_HOURS, _BEFORE = _curve()


def hour_of(at: Doubles | float) -> Doubles:
    """The hour, 0..24, by which that share of a day's expected visits has come."""
    return np.asarray(np.interp(at, _BEFORE, _HOURS))


class Standing:
    """What of every shelf stays the same from visit to visit: candidates, scores, click rates and bids."""

    def __init__(self, shelves: Shelves, market: Market, clicks: ClickModel, cents: Cents | None = None) -> None:
        """`cents` (n_items,) are bids in place of those of the market, whose cents are what clicks are worth."""
        self.shelves, self.market, self.clicks = shelves, market, clicks
        self._cents = market.cents if cents is None else cents
        self._outside = outsiders(self._cents, market.advertisers)
        self._made: dict[int, tuple[Pool, Bids]] = {}

    def of(self, person: int) -> tuple[Pool, Bids]:
        """The candidates of a shopper (-1: nobody known), and the bids for them."""
        if person not in self._made:
            pool = with_outsiders(self.shelves.of(person if person >= 0 else None), self._outside)
            rates = self.clicks.attracts(pool.scores / max(float(pool.scores[0]), 1e-12))
            bids = Bids(pool.scores, rates, self._cents[pool.rows], self.market.advertisers[pool.rows])
            self._made[person] = pool, bids
        return self._made[person]


def simulated(
    standing: Standing, visits: Visits, selling: Selling, daily: Cents, seed: int, answers: Answers | None = None
) -> Day:
    """The day, the same for the same seed; `answers` in place of the click model are people who act themselves.

    `daily` (a,) are budgets in cents. The draws of chance are those of the visit, whatever is shown: two ways to sell
    the same day differ by what they do and not by luck.
    """
    rng = np.random.default_rng([seed, 9])
    market, k, v = standing.market, selling.k, len(visits.who)
    luck = rng.random((v, k))
    chances = rng.random((v, len(market.names)))
    day = _empty(v, k, daily)
    budgets, seen, shown = Budgets(daily, selling.pacing), 0.0, _Shown(selling.cap)
    examined = standing.clicks.examined(k)
    hours = np.minimum(hour_of(visits.at).astype(int), HOURS - 1)
    for turn, (who, at) in enumerate(zip(visits.who.tolist(), visits.at.tolist(), strict=True)):
        if at - seen >= 1 / LOOKS:
            budgets.look(seen, at)
            seen = at
        pool, bids = standing.of(who)
        made = _auction(bids, budgets, chances[turn], shown.free(who, len(pool.rows)), selling)
        rows = pool.rows[list(made.shelf)]
        here = len(rows)
        clicked = (
            luck[turn, :here] < examined[:here] * bids.rates[list(made.shelf)]
            if answers is None
            else answers(who, rows, np.random.default_rng([seed, 11, turn]))
        )
        day.shelves[turn, :here], day.clicked[turn, :here] = rows, clicked
        day.kept[turn] = relevance_kept(made.shelf, bids.scores)
        for each in made.sold:
            day.sponsored[turn, each.place] = True
            shown.add(who, each.candidate)
            if clicked[each.place]:
                payer = int(bids.advertisers[each.candidate])
                price = min(each.price, int(budgets.left[payer]))  # two of a page may not be paid with one cent
                budgets.pay(payer, price)
                day.spent[payer, hours[turn]] += price
                day.worth[payer] += int(market.cents[rows[each.place]])
                if budgets.left[payer] <= GONE * daily[payer] and np.isnan(day.ended[payer]):
                    day.ended[payer] = float(hour_of(at))
    day.most_shown = shown.most
    return day


def _empty(v: int, k: int, daily: Cents) -> Day:
    off = np.zeros((v, k), np.bool_)
    return Day(
        np.full((v, k), -1, np.int32), off, off.copy(), np.ones(v), np.zeros((len(daily), HOURS), np.int64), daily,
        np.zeros(len(daily), np.int64),
        ended=np.full(len(daily), np.nan),
    )  # fmt: skip


def _auction(
    bids: Bids, budgets: Budgets, chance: Doubles, free: npt.NDArray[np.bool_] | None, selling: Selling
) -> Auctioned:
    """The auction with what is bid at this moment."""
    if not selling.rules.places:
        return Auctioned(tuple(range(min(selling.k, len(bids.scores)))), ())
    now = budgets.bids(bids.cents, bids.advertisers, chance)
    return auctioned(Bids(bids.scores, bids.rates, now, bids.advertisers), selling.rules, selling.k, free)


class _Shown:
    """How often each sponsored product was shown to each shopper on a day."""

    def __init__(self, cap: int) -> None:
        self._cap, self.most = cap, 0
        self._times: dict[int, npt.NDArray[np.int32]] = {}

    def free(self, who: int, m: int) -> npt.NDArray[np.bool_] | None:
        """(m,) which candidates may still be shown; None where there is no cap, or nobody known to count for."""
        if who < 0:
            return None
        times = self._times.setdefault(who, np.zeros(m, np.int32))
        return times < self._cap if self._cap != NO_CAP else None

    def add(self, who: int, candidate: int) -> None:
        if who >= 0:
            self._times[who][candidate] += 1
            self.most = max(self.most, int(self._times[who][candidate]))


def relevance_kept(shelf: tuple[int, ...], scores: Doubles) -> float:
    """nDCG of a shelf with the scores as gains, the best candidates in order being 1: what sponsoring left of it.

    Discounted as in Jaervelin & Kekaelaeinen 2002; 1 where the shelf is empty or worth nothing.
    """
    if not shelf:
        return 1.0
    discount = 1 / np.log2(np.arange(2, len(shelf) + 2))
    best = float(scores[: len(shelf)] @ discount)
    return float(scores[list(shelf)] @ discount) / best if best > 0 else 1.0
