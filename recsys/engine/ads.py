"""Sponsored places: one shelf with them, what a day of it earns and costs, and the frontier of the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import Artifact
from recsys.engine.catalogue import Catalogue
from recsys.engine.turns import Turns
from recsys.errors import BadRequestError
from recsys.evaluation.ads.kept import click_model
from recsys.progress import Progress, silent
from recsys.ranking.shortlists import Shortlists
from recsys.scenarios.ads.auction import NEVER, Cents, Doubles, Rules, Sold, auctioned
from recsys.scenarios.ads.clicks import ClickModel
from recsys.scenarios.ads.day import NO_CAP, Day, K, Selling, Standing, drawn_visits, relevance_kept, simulated
from recsys.scenarios.ads.figures import Interval, interval
from recsys.scenarios.ads.market import SIMULATED, Joining, Makers, Market, conversion_of, drawn_market, makers_of
from recsys.scenarios.ads.pacing import NONE, PACINGS, SHADED, THROTTLED, UNLIMITED
from recsys.scenarios.ads.shelves import Shelves
from recsys.schema.capabilities import Capabilities, Capability
from recsys.shops.contract import Shop

__all__ = ["NEVER", "NONE", "NO_CAP", "PACINGS", "SHADED", "SIMULATED", "THROTTLED", "Ads", "Choice", "K"]

UNLIMITED_SAID: Final = "Nobody has a budget: there is nothing to spread over the day."

VISITS: Final = 500  # of a simulated day
DAYS: Final = 10  # that figures are the mean of
FEW_DAYS: Final = 5  # the same, of a point of the frontier
PLACES: Final = (1, 2, 3, 4)
FLOORS: Final = (0.0, 0.25, 0.5, 0.75, 0.9)
KEPT: Final = 400  # points of frontiers that are remembered


@dataclass(frozen=True, slots=True)
class Choice:
    """What a shop decides. `reserve` and `budget` are in middle bids, so that one choice fits every shop.

    A `budget` of 0 is none: everybody may spend without end.
    """

    places: int = 2
    floor: float = 0.5
    reserve: float = 0.1
    budget: float = 10.0
    cap: int = 3
    pacing: str = THROTTLED

    def __post_init__(self) -> None:
        """Raise BadRequestError for what cannot be."""
        for name in ("reserve", "budget"):
            if not 0 <= getattr(self, name) < 1e6:  # NaN too
                raise BadRequestError(
                    f"a {name} of {getattr(self, name)} middle bids cannot be",
                    allowed="0 up to a million",
                    remedy="choose 10, say",
                )
        if self.cap < 0:
            raise BadRequestError(f"a cap of {self.cap} cannot be", allowed="0 or more", remedy="choose 0 for none")


@dataclass(frozen=True, slots=True)
class Place:
    """One product of a shelf with sponsored places."""

    row: int
    before: int  # its place without advertising, from 1
    score: float  # its relevance, 1 for the best of this shopper
    sold: Sold | None  # where it is sponsored


@dataclass(frozen=True, slots=True)
class Winner:
    """Who won a place, and why."""

    place: int  # from 1
    row: int
    advertiser: str
    bid: int  # cents
    price: int  # cents
    rate: float  # predicted chance of a click once seen
    score: float
    displaced: int  # row that stood there; NEVER where there was none
    displaced_score: float
    rival: int  # row; NEVER where nobody else could have stood there
    rival_advertiser: str
    rival_bid: int


@dataclass(frozen=True, slots=True)
class Sponsored:
    """A shelf with sponsored places at the first visit of a day, before any budget is short."""

    shelf: tuple[Place, ...]
    gone: tuple[int, ...]  # rows that fell off the shelf
    winners: tuple[Winner, ...]
    unsold: int  # places for which nobody qualified
    kept: float  # of the relevance of this shelf


@dataclass(frozen=True, slots=True, eq=False)
class Earned:
    """What simulated days of a choice bring, means over days with 95 % intervals."""

    money: Interval  # in cents a thousand visits
    kept: Interval  # relevance as a share of that without advertising
    clicks: Interval  # on anything, against no advertising, as a share
    filled: float  # places that were sold, of those for sale
    spent: Doubles  # (HOURS,) cents of all by hour, mean of the days
    used: float  # of all budgets; NaN without budgets
    ended: float  # share of advertisers whose budget was gone before the day
    hour: float  # the middle hour at which it was gone; NaN where it never was


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the frontier."""

    places: int
    floor: float
    money: Interval
    kept: Interval


class Ads:
    """Sells places of a shop's shelves to simulated advertisers; remembers figures, and nothing of who asked."""

    def __init__(
        self,
        catalogue: Catalogue,
        shop: Shop,
        has: Capabilities,
        info: dict[str, Any],
        opened: Callable[[str], Artifact],
        turns: Turns,
        row_of: Callable[[str | None], int | None],
        measured: Path,
    ) -> None:
        self._catalogue, self._shop, self._has, self._info = catalogue, shop, has, info
        self._opened, self._turns, self._row_of, self._measured = opened, turns, row_of, measured
        self._found: dict[Choice, tuple[Interval, Interval]] = {}
        self._earned: dict[Choice, Earned] = {}

    @cached_property
    def missing(self) -> str:
        """Why nothing can be sold here, in words; "" where it can."""
        if not self._has.has(Capability.PRICES):
            return Capability.PRICES.missing
        try:
            makers = self.makers
        except BadRequestError as error:
            return error.seen
        return "" if (makers.value[makers.codes >= 0] >= 1).any() else "No product here is worth a cent a click."

    @cached_property
    def makers(self) -> Makers:
        """Who could advertise. Raises BadRequestError where nobody could."""
        words = self._shop.words
        return makers_of(
            self._catalogue.items,
            self._has,
            house=words.house_brand,
            other=words.other_brand,
            converts=conversion_of(self._info),
        )

    @cached_property
    def shelves(self) -> Shelves:
        """Everybody's shelf without advertising."""
        activity = np.diff(np.asarray(self._opened("dataset").array("history_indptr"), np.int64)).astype(np.float64)
        return Shelves(self._catalogue.items, Shortlists.load(self._opened("order")), activity)

    @cached_property
    def _standing(self) -> tuple[Standing, ...]:
        markets = (drawn_market(self.makers, Joining(seed=seed)) for seed in range(DAYS))
        return tuple(Standing(self.shelves, market, self.clicks) for market in markets)

    @cached_property
    def clicks(self) -> ClickModel:
        """Who clicks: as the evaluation of this shop found, so that page and evaluation simulate alike."""
        return click_model(self._shop.name, self._measured)

    @cached_property
    def market(self) -> Market:
        """The advertisers of the first day."""
        return self._standing[0].market

    def cents(self, bids: float) -> int:
        """So many middle bids in cents."""
        return round(bids * self.market.usual)

    def _selling(self, choice: Choice) -> Selling:
        rules = Rules(choice.places, choice.floor, self.cents(choice.reserve))
        return Selling(rules, choice.pacing if choice.budget else NONE, choice.cap)

    def _daily(self, choice: Choice, many: int) -> Cents:
        return np.full(many, self.cents(choice.budget) if choice.budget else UNLIMITED, np.int64)

    def shelf(self, shopper: str | None, choice: Choice) -> Sponsored:
        """The shelf of a shopper (None: of nobody known) with its sponsored places.

        Raises BadRequestError for an unknown shopper.
        """
        person = self._row_of(shopper)
        with self._turns.turn():
            pool, bids = self._standing[0].of(-1 if person is None else person)
            rules = self._selling(choice).rules
            made = auctioned(bids, rules, K)
        sold = {each.candidate: each for each in made.sold}
        places = tuple(Place(int(pool.rows[c]), c + 1, float(bids.scores[c]), sold.get(c)) for c in made.shelf)
        gone = tuple(int(pool.rows[c]) for c in range(min(K, len(pool.rows))) if c not in made.shelf)
        winners = tuple(self._winner(each, pool.rows, bids.scores, bids.rates, bids.cents) for each in made.sold)
        kept = relevance_kept(made.shelf, bids.scores)
        return Sponsored(places, gone, winners, choice.places - len(winners), kept)

    def _winner(self, sold: Sold, rows: Any, scores: Doubles, rates: Doubles, cents: Cents) -> Winner:
        row, names = int(rows[sold.candidate]), self.market.names
        rival = NEVER if sold.rival == NEVER else int(rows[sold.rival])
        there = 0 <= sold.displaced < len(rows)
        return Winner(
            sold.place + 1,
            row,
            names[int(self.market.advertisers[row])],
            sold.bid,
            sold.price,
            float(rates[sold.candidate]),
            float(scores[sold.candidate]),
            int(rows[sold.displaced]) if there else NEVER,
            float(scores[sold.displaced]) if there else 0.0,
            rival,
            "" if rival == NEVER else names[int(self.market.advertisers[rival])],
            0 if rival == NEVER else int(cents[sold.rival]),
        )

    @cached_property
    def _without(self) -> tuple[int, ...]:
        """Clicks of each day without advertising."""
        return tuple(int(self._day(Choice(places=0), seed).clicked.sum()) for seed in range(DAYS))

    def earned(self, choice: Choice) -> Earned:
        """What DAYS simulated days of VISITS visits bring; half a second, and nothing the second time."""
        if choice not in self._earned:
            if len(self._earned) >= KEPT:
                self._earned.clear()
            self._earned[choice] = self._earn(choice)
        return self._earned[choice]

    def _earn(self, choice: Choice) -> Earned:
        with self._turns.turn():
            days, without = [self._day(choice, seed) for seed in range(DAYS)], self._without
        clicks = np.array([d.clicked.sum() / max(w, 1) for d, w in zip(days, without, strict=True)])
        daily = np.array([day.daily.sum() for day in days], np.float64)
        bidding = [np.unique(each.market.advertisers[each.market.cents > 0]) for each in self._standing]
        used = [
            float(day.spent[who].sum() / max(day.daily[who].sum(), 1)) for day, who in zip(days, bidding, strict=True)
        ]
        ended = [np.isfinite(day.ended[who]) for day, who in zip(days, bidding, strict=True)]
        hours = np.concatenate([day.ended[np.isfinite(day.ended)] for day in days])
        offered = max(min(choice.places, len(range(0, K, 3))) * VISITS * DAYS, 1)
        return Earned(
            _money(days),
            interval([float(day.kept.mean()) for day in days]),
            interval(clicks.tolist()),
            sum(int(day.sponsored.sum()) for day in days) / offered,
            np.mean([day.spent.sum(axis=0) for day in days], axis=0),
            float(np.mean(used)) if choice.budget and daily.all() else float("nan"),
            float(np.mean(np.concatenate(ended))) if ended else 0.0,
            float(np.median(hours)) if len(hours) else float("nan"),
        )

    def _day(self, choice: Choice, seed: int) -> Day:
        standing = self._standing[seed]
        visits = drawn_visits(self.shelves.activity, VISITS, seed)
        daily = self._daily(choice, len(standing.market.names))
        return simulated(standing, visits, self._selling(choice), daily, seed)

    def frontier(self, choice: Choice, progress: Progress = silent) -> tuple[Point, ...]:
        """Money and relevance of every number of places and every floor, all else as chosen; seconds.

        `progress` may end the work by raising: what is found is kept, and the next call goes on from there.
        """
        grid = [(places, floor) for places in PLACES for floor in FLOORS]
        points = []
        for turn, (places, floor) in enumerate(grid):
            progress(turn, len(grid), f"{places} places, floor {floor:.0%}")
            points.append(Point(places, floor, *self._point(replace(choice, places=places, floor=floor))))
        progress(len(grid), len(grid), "")
        return tuple(points)

    def _point(self, choice: Choice) -> tuple[Interval, Interval]:
        if choice not in self._found:
            with self._turns.turn():
                days = [self._day(choice, seed) for seed in range(FEW_DAYS)]
            if len(self._found) >= KEPT:
                self._found.clear()
            self._found[choice] = _money(days), interval([float(day.kept.mean()) for day in days])
        return self._found[choice]

    def is_found(self, choice: Choice) -> bool:
        """Whether the frontier of a choice is there already."""
        return all(replace(choice, places=p, floor=f) in self._found for p in PLACES for f in FLOORS)


def _money(days: Sequence[Day]) -> Interval:
    return interval([1000 * day.earned / VISITS for day in days])
