"""The door to demand: what will run out, how one product or category sells, how new products do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

import numpy as np

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.engine.catalogue import Catalogue
from recsys.engine.new_products import NewProducts
from recsys.errors import BadRequestError
from recsys.scenarios.offers.promoting import Effect
from recsys.scenarios.stock.intervals import HIGH, LOW, Spread
from recsys.scenarios.stock.preparing import DEMAND as DEMAND
from recsys.scenarios.stock.preparing import FACTS
from recsys.scenarios.stock.promoted import at_discount
from recsys.scenarios.stock.running_out import LIKELY, running_out, together
from recsys.scenarios.stock.series import FARTHEST as FARTHEST
from recsys.scenarios.stock.series import WEEK, Doubles
from recsys.schema import Rows
from recsys.schema.capabilities import Capabilities, Capability

ABOVE, WITHIN, BELOW = "above", "within", "below"
RECENT: Final = 8  # weeks whose mean is "a usual week" where somebody types for how many the stock lasts


@dataclass(frozen=True, slots=True)
class Alert:
    """A product that may not last the lead time."""

    row: int
    stock: float  # pieces
    demand: tuple[float, float, float]  # pieces until then: low, expected, high
    short: tuple[float, float, float]  # pieces that would be missing
    money: tuple[float, float, float] | None  # what they would have brought; None without a price
    chance: float  # of running out
    out_in: int  # week in which it does, as expected; 0: not within the weeks that are looked ahead


@dataclass(frozen=True, slots=True, eq=False)
class Alerts:
    """What runs out before it can be had again, most money first."""

    listed: tuple[Alert, ...]  # those with LIKELY chance and more
    looked_at: int  # products
    units: tuple[float, float, float]  # missing of all that are looked at: low, expected, high
    money: tuple[float, float, float] | None
    known: bool  # whether the stock is the shop's own figure, or was typed


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """One series, past and to come."""

    name: str
    weeks: tuple[date, ...]  # first days of the weeks that were
    units: Doubles  # (w,)
    discounted: tuple[date, ...]  # of these, at a discount
    ahead: tuple[date, ...]  # first days of the weeks to come
    forecast: Doubles  # (horizon,)
    low: Doubles
    high: Doubles
    total: tuple[float, float, float]  # of all weeks to come: low, expected, high
    recent: float  # mean of the last weeks
    planned: tuple[date, ...]  # weeks to come with an offer on most days


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A product of the last month beside what those most like it had sold at its age."""

    row: int
    days: int  # since it began
    sold: float
    expected: tuple[float, float, float]  # low, mean, high at this age
    month: float  # expected mean of the first month
    like: tuple[int, ...]  # rows of those it is compared with, nearest first

    @property
    def verdict(self) -> str:
        """ABOVE, WITHIN or BELOW what was expected."""
        low, _, high = self.expected
        return ABOVE if self.sold > np.ceil(high) else BELOW if self.sold < np.floor(low) else WITHIN


@dataclass(frozen=True, slots=True, eq=False)
class Promoted:
    """A product in the weeks to come with a promotion in one of them, and without any."""

    name: str
    kind: str
    week: int  # of the promotion, 1 the next one
    ahead: tuple[date, ...]
    without: tuple[Doubles, Doubles, Doubles]  # low, expected, high of each week, (horizon,)
    promoted: tuple[Doubles, Doubles, Doubles]
    price: float | None  # of a piece, as listed
    share: dict[str, float]  # how widely it is taken to be, of stores or of days, by kind; {} where it was not learned
    times: tuple[float, float, float] | None  # the measured effect that was taken instead: low, value, high

    @property
    def more(self) -> float:
        """Pieces expected more in the week of the promotion."""
        return float(self.promoted[1][self.week - 1] - self.without[1][self.week - 1])

    @property
    def more_in_all(self) -> float:
        """Pieces expected more in all weeks that are looked ahead: what is bought early is missing later."""
        return float(self.promoted[1].sum() - self.without[1].sum())


class Stock:
    """What was prepared of a shop's demand, opened when it is first asked for."""

    def __init__(
        self,
        open_prepared: Callable[[], Artifact | None],
        catalogue: Catalogue,
        capabilities: Capabilities,
        new_products: NewProducts,
        effects: Callable[[], tuple[Effect, ...]],
    ) -> None:
        self._open, self._catalogue, self._has, self._new = open_prepared, catalogue, capabilities, new_products
        self._effects = effects  # what promotions go with beside other weeks, as measured apart from forecasts

    @cached_property
    def _prepared(self) -> Artifact | None:
        return self._open()

    @cached_property
    def facts(self) -> dict[str, Any]:
        """How it was foretold; {} while it is not prepared."""
        return {} if self._prepared is None else dict(self._prepared.json(FACTS))

    @property
    def why_not(self) -> str:
        """Why there is nothing to see, in words; "" where there is."""
        if not self.facts:
            return "The demand of this shop is not prepared yet."
        return str(self.facts["off"])

    @property
    def horizon(self) -> int:
        """How many weeks are looked ahead."""
        return int(self.facts["products"]["horizon"])

    @property
    def knows_stock(self) -> bool:
        """Whether the shop has figures of its stock."""
        return self._has.has(Capability.STOCK) and s.STOCK in self._catalogue.items

    def _array(self, name: str) -> Doubles:
        assert self._prepared is not None
        return np.asarray(self._prepared.array(name), np.float64)

    def _spread(self, kind: str) -> Spread:
        return Spread(*(self._array(f"{kind}_{part}") for part in ("edges", "single", "summed")))

    @cached_property
    def rows(self) -> Rows:
        """(k,) rows of the products that are foretold, best sellers first."""
        assert self._prepared is not None
        return np.asarray(self._prepared.array("products_row"), np.int32)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that are foretold, best sellers first."""
        return tuple(self.facts["groups"])

    @cached_property
    def _until(self) -> Doubles:
        """(k, horizon, levels) of all products."""
        return self._spread("products").until(self._array("products_forecast"))

    def stock_of(self, cover: float | None) -> Doubles:
        """(k,) pieces there: the shop's own figure or, with `cover`, what lasts for so many usual weeks."""
        if cover is None:
            return np.asarray(
                self._catalogue.items[s.STOCK].to_numpy(np.float64, na_value=np.nan)[self.rows], np.float64
            )
        return np.asarray(np.round(cover * self._array("products_units")[:, -RECENT:].mean(axis=1)), np.float64)

    def alerts(self, lead: int, cover: float | None = None) -> Alerts:
        """What does not last `lead` weeks. `cover`: weeks for which the stock lasts, where nobody knows its pieces.

        Raises BadRequestError for a lead time that is not looked ahead, and without any stock.
        """
        if cover is None and not self.knows_stock:
            raise BadRequestError(
                "this shop has no stock figures", remedy="say for how many usual weeks the stock lasts"
            )
        if cover is not None and not 0 <= cover <= 52:  # NaN too
            raise BadRequestError(f"a stock for {cover:g} weeks", allowed="0 to 52 weeks", remedy="choose less")
        stock = self.stock_of(cover)
        there = np.flatnonzero(np.isfinite(stock))
        found = running_out(self._until[there], stock[there], lead)
        prices = self._catalogue.prices[self.rows[there]] if self._has.has(Capability.PRICES) else None
        worth = None if prices is None else np.nan_to_num(np.asarray(prices, np.float64))
        by = found.short[:, 1] * (1.0 if worth is None else worth)
        order = np.lexsort((there, -by))
        listed = [
            Alert(
                int(self.rows[there[at]]),
                float(max(stock[there[at]], 0)),
                _three(found.demand[at]),
                _three(found.short[at]),
                None if worth is None or not worth[at] else _three(found.short[at] * worth[at]),
                float(found.chance[at]),
                int(found.out_in[at]),
            )
            for at in order.tolist()
            if found.chance[at] >= LIKELY and found.short[at, 1] > 0
        ]
        until, have = self._until[there], stock[there]
        return Alerts(
            tuple(listed),
            len(there),
            together(until, have, np.ones(len(there)), lead),
            None if worth is None else together(until, have, worth, lead),
            cover is None,
        )

    def of_product(self, row: int) -> Demand:
        """The demand of a product. Raises BadRequestError for one that is not foretold."""
        places = np.flatnonzero(self.rows == row)
        if not len(places):
            raise BadRequestError(
                "this product is not among those that are foretold",
                allowed=f"the {len(self.rows):,} best sellers",
                remedy="choose one of them, or a category",
            )
        return self._demand("products", int(places[0]), str(self._catalogue.titles[row]))

    @property
    def _learned(self) -> tuple[str, ...]:
        """The kinds of promotion that the model of demand knows."""
        return tuple(self.facts.get("what_if", {}).get("kinds", ()))

    @property
    def promotions(self) -> tuple[str, ...]:
        """The kinds of promotion of which something was learned or measured; () where the shop knows of none."""
        return self._learned or tuple(each.name for each in self._effects())

    def if_promoted(self, row: int, kind: str, week: int) -> Promoted:
        """What a product sells with such a promotion in a week (1 the next one), and without any.

        Raises BadRequestError for a product, kind or week that is not foretold.
        """
        if kind not in self.promotions:
            raise BadRequestError(
                f"nothing was learned here of a promotion {kind[:40]!r}",
                allowed=", ".join(self.promotions) or "none: the shop knows of no promotions",
                remedy="choose one of these",
            )
        if not 1 <= week <= self.horizon:
            raise BadRequestError(
                f"week {week} is not looked ahead", allowed=f"1 to {self.horizon}", remedy="choose one of these"
            )
        usual = self.of_product(row)
        price = float(self._catalogue.prices[row]) if self._has.has(Capability.PRICES) else np.nan
        worth = price if np.isfinite(price) else None
        if not self._learned:
            effect = next(each for each in self._effects() if each.name == kind)
            times = (effect.low, effect.times, effect.high)
            without = usual.low, usual.forecast, usual.high
            promoted = _multiplied(without, times, week - 1)
            return Promoted(usual.name, kind, week, usual.ahead, without, promoted, worth, {}, times)
        at = int(np.flatnonzero(self.rows == row)[0])
        told = self._array("what_if_promoted")[self._learned.index(kind), week - 1, [at]]
        return Promoted(
            usual.name,
            kind,
            week,
            usual.ahead,
            self._around(self._array("what_if_without")[[at]]),
            self._around(told),
            worth,
            dict(self.facts["what_if"]["shares"]),
            None,
        )

    def _around(self, forecast: Doubles) -> tuple[Doubles, Doubles, Doubles]:
        """(low, expected, high) of one product, (horizon,) each, by what this model erred earlier."""
        levels = self._spread("what_if").weekly(forecast)[0]
        return np.floor(levels[:, LOW]), forecast[0], np.ceil(levels[:, HIGH])

    def of_category(self, name: str) -> Demand:
        """The demand of a category. Raises BadRequestError for one that is not there."""
        if name not in self.categories:
            raise BadRequestError(f"there is no category {name[:40]!r}", remedy="choose one of the list")
        return self._demand("categories", self.categories.index(name), name)

    def _demand(self, kind: str, at: int, name: str) -> Demand:
        units, price = self._array(f"{kind}_units")[at], self._array(f"{kind}_price")[at]
        forecast = self._array(f"{kind}_forecast")[[at]]
        spread = self._spread(kind)
        levels, total = spread.weekly(forecast)[0], spread.until(forecast)[0, -1]
        in_all = float(np.clip(forecast.sum(), np.floor(total[LOW]), np.ceil(total[HIGH])))  # as the weeks are drawn
        begins = date.fromisoformat(self.facts["first_week"])
        days = [begins + timedelta(days=WEEK * week) for week in range(len(units) + forecast.shape[1])]
        cut = at_discount(price)
        planned: list[date] = []
        if self.facts["promotions"] == "plan":
            share = self._array(f"{kind}_planned")[at, len(units) :]
            planned = [day for day, part in zip(days[len(units) :], share, strict=False) if part >= 0.5]
        return Demand(
            name,
            tuple(days[: len(units)]),
            units,
            tuple(day for day, was in zip(days, cut, strict=False) if was),
            tuple(days[len(units) :]),
            forecast[0],
            np.floor(levels[:, LOW]),
            np.ceil(levels[:, HIGH]),
            (float(np.floor(total[LOW])), in_all, float(np.ceil(total[HIGH]))),
            float(units[-RECENT:].mean()),
            tuple(planned),
        )

    @cached_property
    def newcomers(self) -> tuple[Newcomer, ...]:
        """The products of the last month, the best sold first; () where too few can be compared with."""
        if not self.facts["new"]["listed"]:
            return ()
        assert self._prepared is not None
        rows, like = self._prepared.array("new_row"), self._prepared.array("new_like")
        figures = self._array("new_figures")
        return tuple(
            Newcomer(
                int(row),
                int(each[0]),
                float(each[1]),
                (float(each[2]), float(each[3]), float(each[4])),
                float(each[5]),
                tuple(int(other) for other in like[at].tolist()),
            )
            for at, (row, each) in enumerate(zip(rows.tolist(), figures, strict=True))
        )

    def whom_to_tell(self, row: int, k: int = 10) -> tuple[tuple[int, int], ...]:
        """(row of a shopper who never bought it, its place on their list by taste), the best places first."""
        return self._new.whom(row, k)


def _multiplied(
    sides: tuple[Doubles, Doubles, Doubles], times: tuple[float, float, float], at: int
) -> tuple[Doubles, Doubles, Doubles]:
    """The (low, expected, high) of one week times those of an effect; the range takes the worst of both."""
    low, middle, high = (np.array(side) for side in sides)
    low[at], middle[at], high[at] = np.floor(low[at] * times[0]), middle[at] * times[1], np.ceil(high[at] * times[2])
    return low, middle, high


def _three(values: Doubles) -> tuple[float, float, float]:
    low, middle, high = values.tolist()
    return float(low), float(middle), float(high)
