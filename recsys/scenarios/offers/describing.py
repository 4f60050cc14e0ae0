"""What is known of every shopper on the eve of a campaign: nothing of the campaign's own time counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from recsys.datasets.interactions import Interactions
from recsys.scenarios.offers.tables import Longs, OfferTables

Doubles = npt.NDArray[np.float64]

RECENT: Final = 84  # days: twelve weeks, in which most of what a coupon is good for is bought again
REMEMBERED: Final = 180  # days of campaigns that count: records grow for ever, and with them what is foretold by counts
LEAST: Final = 28  # days of purchases before a campaign, below which nobody is described
FADING: Final = 60.0  # days in which a redemption counts by 1/e less
USUAL, TRUSTED = 0.1, 3  # a shopper addressed never redeems at this rate, as if seen in so many campaigns
FEATURES: Final = (
    "coupons redeemed in half a year",
    "campaigns redeemed in, of half a year",
    "share of these campaigns redeemed in",
    "how lately redeemed",
    "redeemed in half a year",
    "campaigns addressed in, of half a year",
    "addressed twice or more and not redeemed",
    "visits lately",
    "purchases lately",
    "coupons whose products were bought lately",
    "their share of all coupons",
    "coupons whose products were ever bought",
    "most days of one coupon's products",
    "days since the last purchase",
    "coupons of the campaign",
    "products of the campaign",
    "redemptions so far, of a campaign of this kind",
)
ON_COUPONS: Final = (
    "days its products were bought lately",
    "days its products were ever bought",
    "bought lately",
    "ever bought",
    "its share of such days",
    "products it is good for",
    "who ever bought them",
    "ever bought, by one who redeems",
)
OF_SHOPPERS: Final = (0, 1, 2, 3, 4, 6, 7, 8, 14, 16)  # those of FEATURES that describe a coupon's chance too


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """A campaign on its eve: what is known of every shopper, and of every shopper and coupon of it."""

    campaign: int
    start: int
    days: int  # how long it lasts
    features: Doubles  # (n_shoppers, len(FEATURES))
    lately: Longs  # (n_shoppers, n_coupons) days of the last RECENT on which a product of the coupon was bought
    ever: Longs  # (n_shoppers, n_coupons) such days since the first one
    size: Longs  # (n_coupons,) products it is good for
    window: int  # days that `lately` looks back on: RECENT, or less in the first weeks of a shop
    past: Longs  # (n_shoppers,) coupons redeemed before
    since: Doubles  # (n_shoppers,) days since the last of them, infinite where there is none


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Which items each shopper bought on which day, a row for each such day."""

    shopper: Longs  # (d,)
    day: Longs  # (d,)
    items: csr_array  # (d, n_items) 1 where bought

    @classmethod
    def of(cls, history: Interactions) -> Days:
        """The shopping days of all shoppers."""
        who = history.shopper_of_entry.astype(np.int64)
        span = int(history.days.max(initial=0)) + 1
        keys, row = np.unique(who * span + history.days, return_inverse=True)
        ones = np.ones(len(row), np.float32)
        items = csr_array((ones, (row, history.items)), shape=(len(keys), history.n_items))
        items.data[:] = 1
        return cls(keys // span, keys % span, items)

    def bought(self, good_for: csr_array, first: int, end: int, n_shoppers: int) -> Longs:
        """On how many days from `first`, before `end`, a product of each coupon was bought, (n_shoppers, n_coupons)."""
        rows = np.flatnonzero((self.day >= first) & (self.day < end))
        hit = self.items[rows] @ good_for  # (d', n_items) @ (n_items, c) -> (d', c)
        hit.data[:] = 1
        sums = csr_array((np.ones(len(rows), np.float32), (self.shopper[rows], np.arange(len(rows)))),
                         shape=(n_shoppers, len(rows)))  # fmt: skip
        return np.asarray((sums @ hit).todense(), np.int64)


def describable(tables: OfferTables, campaign: int) -> bool:
    """Whether a campaign began late enough for purchases before it to be known, and has coupons for known products."""
    return int(tables.campaigns["start"].iloc[campaign]) >= LEAST and len(tables.coupons_of(campaign)) > 0


def describe(tables: OfferTables, days: Days, campaign: int) -> Described:
    """What is known of every shopper on the eve of a campaign."""
    start, end = (int(tables.campaigns[name].iloc[campaign]) for name in ("start", "end"))
    coupons = tables.coupons_of(campaign)
    good_for = csr_array(tables.good_for[:, coupons])
    n, window = tables.n_shoppers, min(RECENT, start)
    lately = days.bought(good_for, start - window, start, n)
    ever = days.bought(good_for, 0, start, n)
    past, since = _past(tables, start)
    coupons_redeemed, redeemed, sent = _remembered(tables, start)
    visits, bought, last = _visits(days, start, window, n)
    products = int((good_for.sum(axis=1) > 0).sum())
    columns = [
        np.log1p(coupons_redeemed),
        np.log1p(redeemed),
        (redeemed + USUAL * TRUSTED) / (sent + TRUSTED),
        np.exp(-since / FADING),
        coupons_redeemed > 0,
        np.log1p(sent),
        (sent >= 2) & (redeemed == 0),
        np.log1p(visits),
        np.log1p(bought),
        np.log1p((lately > 0).sum(axis=1)),
        (lately > 0).mean(axis=1),
        np.log1p((ever > 0).sum(axis=1)),
        np.log1p(lately.max(axis=1)),
        np.log1p(start - last),
        np.full(n, np.log(len(coupons))),
        np.full(n, np.log(max(products, 1))),
        np.full(n, _rate_of_kind(tables, campaign, start)),
    ]
    features = np.column_stack([np.asarray(column, np.float64) for column in columns])
    size = tables.coupons["products"].to_numpy(np.int64)[coupons]
    return Described(campaign, start, end - start + 1, features, lately, ever, size, window, past, since)


def on_coupons(described: Described, shoppers: Longs) -> Doubles:
    """What is known of each of these shoppers and each coupon, (m * n_coupons, f), coupon by coupon of a shopper."""
    lately, ever = described.lately[shoppers], described.ever[shoppers]
    m, n = lately.shape
    mine = described.features[shoppers][:, list(OF_SHOPPERS)]
    share = lately / np.maximum(lately.sum(axis=1, keepdims=True), 1)
    buyers = (described.ever > 0).mean(axis=0)
    of_pair = [np.log1p(lately), np.log1p(ever), lately > 0, ever > 0, share]
    of_coupon = [np.log1p(described.size), np.log(buyers + 1e-3)]
    redeems = np.log1p(ever) * np.log1p(described.past[shoppers])[:, None]
    flat = [np.asarray(each, np.float64).ravel() for each in of_pair]
    flat += [np.tile(each, m) for each in of_coupon]
    flat.append(redeems.ravel())
    return np.column_stack([*flat, np.repeat(mine, n, axis=0)])


def _past(tables: OfferTables, start: int) -> tuple[Longs, Doubles]:
    """(coupons redeemed before, days since the last), each (n_shoppers,)."""
    earlier = tables.redemptions[tables.redemptions["day"] < start]
    who = earlier["shopper"].to_numpy(np.int64)
    last = np.full(tables.n_shoppers, -np.inf)
    np.maximum.at(last, who, earlier["day"].to_numpy(np.float64))
    return np.bincount(who, minlength=tables.n_shoppers), start - last


def _remembered(tables: OfferTables, start: int) -> tuple[Longs, Longs, Longs]:
    """Of the last REMEMBERED days (coupons redeemed, campaigns redeemed in, campaigns sent), each (n_shoppers,)."""
    day, n = tables.redemptions["day"], tables.n_shoppers
    came = tables.redemptions[(day < start) & (day >= start - REMEMBERED)]
    once = came.drop_duplicates(["campaign", "shopper"])
    began = tables.campaigns["start"].to_numpy()[tables.addressed["campaign"].to_numpy()]
    sent = tables.addressed["shopper"].to_numpy(np.int64)[(began < start) & (began >= start - REMEMBERED)]
    told = (came["shopper"].to_numpy(np.int64), once["shopper"].to_numpy(np.int64), sent)
    coupons, campaigns, addressed = (np.bincount(each, minlength=n) for each in told)
    return coupons, campaigns, addressed


def _visits(days: Days, start: int, window: int, n: int) -> tuple[Longs, Longs, Doubles]:
    """(days of shopping lately, products on them, day of the last purchase before the start), each (n_shoppers,)."""
    before = days.day < start
    lately = before & (days.day >= start - window)
    sizes = np.diff(days.items.indptr)
    visits = np.bincount(days.shopper[lately], minlength=n)
    bought = np.bincount(days.shopper[lately], weights=sizes[lately], minlength=n).astype(np.int64)
    last = np.full(n, -1.0)
    np.maximum.at(last, days.shopper[before], days.day[before].astype(np.float64))
    return visits, bought, last


def _rate_of_kind(tables: OfferTables, campaign: int, start: int) -> float:
    """How many of those addressed redeemed in campaigns of the same kind that had ended, drawn to USUAL."""
    kinds = tables.campaigns["kind"].astype(str).to_numpy()
    ended = np.flatnonzero((tables.campaigns["end"].to_numpy() < start) & (kinds == kinds[campaign]))
    sent = int(tables.addressed["campaign"].isin(ended).sum())
    redeemed = tables.redemptions[tables.redemptions["campaign"].isin(ended)]
    people = len(redeemed.drop_duplicates(["campaign", "shopper"]))
    weight = 50  # people addressed, as which USUAL counts
    rate = (people + USUAL * weight) / (sent + weight)
    return float(np.log(rate / (1 - rate)))
