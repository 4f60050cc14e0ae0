"""The door of the page Offers: coupons of a shopper, whom to address, what displays and mailers go with."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.artifacts import PREPARE, Artifact
from recsys.engine.catalogue import Catalogue
from recsys.errors import ArtifactError, BadRequestError
from recsys.scenarios.offers.promoting import WEEKS
from recsys.scenarios.offers.promoting import Effect as Measured
from recsys.scenarios.offers.targeting import Expected, affordable, best, expected, gains
from recsys.scenarios.offers.worth import Compared, Drawn, Outcome, Pool
from recsys.scenarios.offers.worth import Interval as Interval

REDEMPTIONS, PROMOTIONS = "offers", "promotions"
BEFORE: Final = "before"  # the effect of nothing: the week before something begins
EFFECTS: Final = "effects.json"
ADDRESSED, EVERYBODY = "addressed", "everybody"
SIMPLE: Final = {"past": "Past redemptions", "since": "How lately redeemed"}

Doubles = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign, what came of it so far, and what the purchases around it say. Money is in the shop's currency.

    `paid` and `discount` are a redemption's on average in earlier campaigns, NaN where no source tells. `bought` is the
    share of its redemptions whose shopper had bought the coupon's products in the twelve weeks before, with its 95 %
    interval, `changed` how much more those addressed changed than the others, in days a week.
    """

    row: int
    name: str
    kind: str
    starts: str
    ends: str
    sent: int
    redeemers: int
    redemptions: int
    coupons: int
    open: bool
    ended: bool
    foretold: bool
    shown: bool  # its coupons are known for each shopper
    paid: float
    discount: float
    bought: tuple[float, float, float]
    changed: tuple[float, float, float]
    compared: Compared | None  # what those addressed spent more, in money; None where there is nobody to compare with


@dataclass(frozen=True, slots=True)
class Offered:
    """A coupon as one shopper would meet it."""

    campaign: Campaign
    coupon_id: str
    products: tuple[int, ...]  # rows of products it is good for, those bought by most first
    good_for: int
    chance: float  # of redeeming it
    anyway: float  # of buying its products in the campaign's days with no coupon
    worth: float  # chance times what a redemption pays; NaN where money is not known
    gives: float  # chance times what it takes off
    sent: bool  # it was sent to this shopper


@dataclass(frozen=True, slots=True, eq=False)
class Addressing:
    """Whom to address within a budget, and what that is expected to bring."""

    campaign: Campaign
    rows: Longs  # of shoppers, the best first
    eligible: int
    cost: float  # of reaching them
    outcome: Outcome  # counts and money, with intervals
    all_redeemers: Expected  # were everybody eligible addressed
    by_chance: float  # redeemers expected of so many drawn at random
    anyway: float  # share of the redemptions whose products would be bought anyway
    really: int | None  # of these, how many redeemed; None where the campaign has not ended, or they were not addressed
    curves: Mapping[str, tuple[Doubles, Doubles]]  # by way of choosing: share addressed, share of redeemers reached
    left: tuple[Doubles, Doubles, Doubles, Doubles]  # share addressed in this order; money left, low, high


@dataclass(frozen=True, slots=True)
class Effect(Measured):
    """How many times as much is sold with something on, and the price of a piece of it."""

    price: float


class Offers:
    """What was foretold at preparation, opened when it is first asked for."""

    def __init__(
        self,
        opened: Callable[[str], Artifact],
        waiting: Callable[[str], bool],
        catalogue: Catalogue,
        row_of: Callable[[str | None], int | None],
    ) -> None:
        self._opened, self._waiting = opened, waiting
        self._catalogue, self._row_of = catalogue, row_of

    def prepared(self, name: str = REDEMPTIONS) -> bool:
        """Whether the step was made yet."""
        return not self._waiting(name)

    def info(self, name: str = REDEMPTIONS) -> dict[str, Any]:
        """What the step noted: how much it rests on, or why there is nothing."""
        return dict(self._opened(name).info)

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """All campaigns, in the order in which they began; () for a shop that has none."""
        if not self.prepared() or not self.info().get("campaigns"):
            return ()
        table = pd.read_parquet(self._opened(REDEMPTIONS).path / "campaigns.parquet")
        return tuple(_campaign(row, each) for row, each in enumerate(table.to_dict("records")))

    def campaign(self, name: str) -> Campaign:
        """The campaign of that id; "" is the latest that was foretold. Raises BadRequestError."""
        told = [each for each in self.campaigns if each.foretold]
        if not name and told:
            return max(told, key=lambda each: (each.open, each.sent))
        found = next((each for each in self.campaigns if each.name == name), None)
        if found is None:
            raise BadRequestError(
                f"there is no campaign {name[:40]!r}",
                allowed=", ".join(each.name for each in self.campaigns[:30]) or "none: the shop has no campaigns",
                remedy="choose one of these",
            )
        return found

    def _array(self, name: str) -> npt.NDArray[Any]:
        return np.asarray(self._opened(REDEMPTIONS).array(name))

    @cached_property
    def _coupons(self) -> tuple[pd.DataFrame, dict[int, tuple[int, ...]]]:
        """The coupons, and the rows of what each is good for, those bought by most first."""
        table = pd.read_parquet(self._opened(REDEMPTIONS).path / "coupons.parquet")
        pairs = self._array("coupon_items")
        pairs = pairs[np.lexsort((-self._catalogue.share[pairs[:, 1]], pairs[:, 0]))]
        ends = np.searchsorted(pairs[:, 0], np.arange(len(table) + 1))
        return table, {j: tuple(map(int, pairs[ends[j] : ends[j + 1], 1])) for j in range(len(table))}

    def of_shopper(self, shopper: str | None) -> list[Offered]:
        """The coupons that are open on the last day (else those of the latest campaign), the likeliest first.

        None and `NEW_SHOPPER` are nobody who is known: the mean of all. Raises BadRequestError for an unknown shopper.
        """
        row = self._row_of(shopper)
        found: list[Offered] = []
        for campaign in (each for each in self.campaigns if each.shown):
            found += self._offered(campaign, row)
        return sorted(found, key=lambda each: (-each.chance, each.coupon_id))

    def _offered(self, campaign: Campaign, row: int | None) -> list[Offered]:
        table, goods = self._coupons
        mine = np.flatnonzero(table["campaign"].to_numpy() == campaign.row)
        chance, anyway = (self._array(f"coupon_{name}_{campaign.row}") for name in ("chance", "anyway"))
        chances, anyways = (each.mean(axis=0) if row is None else each[row] for each in (chance, anyway))
        sent = row is not None and bool(self._array("addressed")[campaign.row, row])
        return [
            Offered(
                campaign, str(table["coupon_id"].iloc[j]), goods[j][:5], len(goods[j]), float(c), float(a),
                float(c) * campaign.paid, float(c) * campaign.discount, sent,
            )
            for j, c, a in zip(mine.tolist(), chances, anyways, strict=True)
        ]  # fmt: skip

    def of_campaign(self, name: str, budget: float, cost: float, among: str = ADDRESSED) -> Addressing:
        """Whom a campaign should address within a budget, and what that is expected to bring.

        `among` those who were sent it, or everybody: of those who were not, no redemption was ever seen.
        Raises BadRequestError for an unknown campaign, one before which nothing was known, one nobody was sent, and for
        money that is negative or no number.
        """
        campaign = self.campaign(name)
        if not campaign.foretold:
            raise BadRequestError(
                f"too little was known before campaign {campaign.name} to say who would redeem",
                allowed=", ".join(each.name for each in self.campaigns if each.foretold) or "none yet",
                remedy="choose a later campaign",
            )
        sent = self._array("addressed")[campaign.row]
        eligible = np.flatnonzero(sent) if among == ADDRESSED else np.arange(len(sent))
        if not len(eligible):
            raise BadRequestError(
                f"nobody was sent campaign {campaign.name}", remedy="look among everybody, or choose another campaign"
            )
        n = affordable(budget, cost, len(eligible))
        values = {key: self._array(key)[campaign.row].astype(np.float64) for key in ("chance", "expected", "anyway")}
        return self._addressing(campaign, n, eligible, values, cost, sent)

    def _addressing(
        self, campaign: Campaign, n: int, eligible: Longs, values: Mapping[str, Doubles], cost: float, sent: Any
    ) -> Addressing:
        order = best(values["chance"], eligible, len(eligible))
        rows, pool = order[:n], self._pool(campaign)
        chance, likely = values["chance"][order], np.clip(values["anyway"][order], 0, 1)
        redemptions, anyway = values["expected"][rows], values["anyway"][rows]
        everybody = expected(values["chance"][eligible])
        came = self._array("redeemed")[campaign.row] > 0
        judged = campaign.ended and bool(sent[rows].all())
        total = float(redemptions.sum())
        drawn = Drawn.of(chance, likely, pool)
        return Addressing(
            campaign,
            rows,
            len(eligible),
            n * cost,
            drawn.outcome(chance, likely, pool, n, cost),
            everybody,
            everybody.value * len(rows) / len(eligible),
            float((redemptions * anyway).sum()) / total if total > 0 else math.nan,
            int(came[rows].sum()) if judged else None,
            self._curves(campaign, np.flatnonzero(sent) if campaign.ended else eligible, values["chance"], came),
            drawn.left(chance, likely, pool, cost),
        )

    def _pool(self, campaign: Campaign) -> Pool:
        """What shoppers redeemed and paid in earlier campaigns of the kind."""
        pools = self._array("pools").astype(np.float64)
        return Pool(*pools[pools[:, 0] == campaign.row][:, 1:].T)

    def _curves(
        self, campaign: Campaign, eligible: Longs, chance: Doubles, came: npt.NDArray[np.bool_]
    ) -> dict[str, tuple[Doubles, Doubles]]:
        """By what really happened where the campaign has ended, else by what is expected."""
        if not len(eligible):
            return {}
        hits = came[eligible].astype(np.float64) if campaign.ended else chance[eligible]
        past, since = (self._array(name)[campaign.row].astype(np.float64)[eligible] for name in ("past", "since"))
        return {"chance": gains(chance[eligible], hits), "past": gains(past, hits), "since": gains(-since, hits)}

    def over_time(self) -> tuple[Effect, ...]:
        """Of these the ones beside other weeks of the same product and place, as a forecast sees them."""
        if not self.prepared(PROMOTIONS):
            return ()
        return tuple(each for each in self.effects if each.within == WEEKS and each.name != BEFORE)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What displays, mailers and price offers go with; () where nothing is known of any."""
        if not self.prepared(PROMOTIONS):
            return ()
        try:
            told: list[dict[str, Any]] = json.loads(self._opened(PROMOTIONS).file(EFFECTS).read_text(encoding="utf-8"))
            whole: list[dict[str, Any]] = [{k: math.nan if v is None else v for k, v in each.items()} for each in told]
            return tuple(Effect(**each) for each in whole)
        except (OSError, ValueError, TypeError) as error:
            raise ArtifactError(f"{EFFECTS} cannot be read: {str(error)[:120]}", remedy=PREPARE) from error


def _campaign(row: int, told: Mapping[Any, Any]) -> Campaign:
    return Campaign(
        row,
        str(told["campaign_id"]),
        str(told["kind"]),
        pd.Timestamp(told["starts"]).date().isoformat(),
        pd.Timestamp(told["ends"]).date().isoformat(),
        int(told["sent"]),
        int(told["redeemers"]),
        int(told["redemptions"]),
        int(told["coupons"]),
        bool(told["open"]),
        bool(told["ended"]),
        bool(told["foretold"]),
        bool(told["shown"]),
        float(told["paid"]),
        float(told["discount"]),
        (float(told["bought_value"]), float(told["bought_low"]), float(told["bought_high"])),
        (float(told["change_difference"]), float(told["change_low"]), float(told["change_high"])),
        _compared(told),
    )


def _compared(told: Mapping[Any, Any]) -> Compared | None:
    if not int(told["worth_addressed"]):
        return None
    each, before = (
        Interval(*(float(told[f"{name}_{end}"]) for end in ("value", "low", "high"))) for name in ("worth", "eve")
    )
    return Compared(each, before, int(told["worth_addressed"]), int(told["worth_others"]))
