"""What a shop knows of its campaigns: coupons, who was sent them, what came back, and what was displayed or mailed.

This stands beside the `Dataset`, since few shops have it. A pack that does puts a module `campaigns` next to its loader
(`recsys/shops/<name>/campaigns.py`) with a mapping `SOURCES` from the names of its shops to a `Source`; nothing else is
touched, and no other step of the preparation rests on it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from recsys.errors import DataError
from recsys.progress import Progress

if TYPE_CHECKING:
    from recsys.shops.contract import Shop

CAMPAIGN_ID: Final = "campaign_id"
COUPON_ID: Final = "coupon_id"
KIND: Final = "kind"  # of a campaign, as the shop calls it
DISCOUNT: Final = "discount"  # in the shop's currency: what a redemption took off
STORE_ID: Final = "store_id"
WEEK: Final = "week"  # a number that grows by one from week to week
UNITS: Final = "units"
DISPLAYED: Final = "displayed"
MAILED: Final = "mailed"

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "campaigns": (CAMPAIGN_ID, KIND, "starts", "ends"),
    "coupons": (CAMPAIGN_ID, COUPON_ID, "item_id"),
    "addressed": (CAMPAIGN_ID, "shopper_id"),
    "redemptions": (CAMPAIGN_ID, COUPON_ID, "shopper_id", "time", "paid", DISCOUNT),
}
REMEDY: Final = "correct the module `campaigns` of the shop's pack, or its source"


@dataclass(frozen=True, slots=True, eq=False)
class Campaigns:
    """The campaigns of a shop, in its own ids.

    `campaigns`: campaign_id, kind, starts, ends (dates, both included). `coupons`: campaign_id, coupon_id, item_id, a
    row for each product that a coupon is good for. `addressed`: campaign_id, shopper_id, who was sent it.
    `redemptions`: campaign_id, coupon_id, shopper_id, time, paid, discount; the last two are money of the line, NaN
    where the source does not tell. `notes` are sentences that whoever reads figures of them should know.
    """

    campaigns: pd.DataFrame
    coupons: pd.DataFrame
    addressed: pd.DataFrame
    redemptions: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Promotions:
    """What was sold by store and week, and what was displayed or in the mailer there.

    `sales`: item_id, store_id, week, units. `promoted(progress)` gives batches of item_id, store_id, week, displayed,
    mailed, so that a table of any size is never held whole; what is in no batch was neither. `stores` are those that
    the batches speak of: in others nobody knows.
    """

    sales: pd.DataFrame
    promoted: Callable[[Progress], Iterator[pd.DataFrame]]
    weeks: tuple[int, int]  # the first and the last that are whole
    where: str  # what a row stands for, in plain words
    begins: pd.Timestamp | None = None  # the first day of the first of these weeks; None where weeks have no dates


@dataclass(frozen=True, slots=True)
class Source:
    """How a pack gives its campaigns: what `Shop.load` and `Shop.version` are to the data set."""

    load: Callable[[Progress], Campaigns]
    version: Callable[[], str]  # a fingerprint of the files
    promotions: Callable[[Progress], Promotions] | None = None
    module: str = field(default="")  # whose code reads them


def source_of(shop: Shop) -> Source | None:
    """Where the shop's campaigns come from; None for a shop that has none."""
    module = _beside(shop)
    if not module:
        return None
    found: Source | None = importlib.import_module(module).SOURCES.get(shop.name)
    return found


def _beside(shop: Shop) -> str:
    """The module `campaigns` next to the shop's loader, "" where there is none."""
    load = shop.load.func if isinstance(shop.load, partial) else shop.load
    package = (shop.loader or load.__module__).rpartition(".")[0]
    name = f"{package}.campaigns"
    if package in ("", "recsys.shops"):
        return ""
    try:
        return name if importlib.util.find_spec(name) is not None else ""
    except ImportError:
        return ""


def checked(given: Campaigns) -> Campaigns:
    """The same campaigns, with what is no campaign left out and said.

    Left out are rows that stand twice, coupons and redemptions of campaigns that nothing else is said of, and money
    below 0, which no purchase has. Raises DataError for a column that is missing, for a campaign that ends before it
    begins, and for two of one id.
    """
    for name, columns in COLUMNS.items():
        if lacking := [column for column in columns if column not in getattr(given, name)]:
            raise DataError(f"the table {name} lacks {', '.join(lacking)}", allowed=", ".join(columns), remedy=REMEDY)
    campaigns = _sound(given.campaigns)
    known, notes = set(campaigns[CAMPAIGN_ID]), list(given.notes)
    kept: dict[str, pd.DataFrame] = {}
    for name in ("coupons", "addressed", "redemptions"):
        table = getattr(given, name)[list(COLUMNS[name])].drop_duplicates()
        stray = ~table[CAMPAIGN_ID].isin(known)
        if stray.any():
            notes.append(f"{int(stray.sum()):,} rows of {name} are of campaigns that nothing else is said of")
        kept[name] = table[~stray].reset_index(drop=True)
    kept["redemptions"], negative = _without_negative(kept["redemptions"])
    if negative:
        notes.append(f"{negative:,} redemptions have a negative amount, which is not counted")
    return Campaigns(campaigns, kept["coupons"], kept["addressed"], kept["redemptions"], tuple(notes))


def _sound(campaigns: pd.DataFrame) -> pd.DataFrame:
    """The campaigns by the day they begin. Raises DataError."""
    if campaigns[CAMPAIGN_ID].duplicated().any():
        twice = campaigns[CAMPAIGN_ID][campaigns[CAMPAIGN_ID].duplicated()].iloc[0]
        raise DataError(f"two campaigns are called {str(twice)[:40]!r}", allowed="an id each", remedy=REMEDY)
    starts, ends = pd.to_datetime(campaigns["starts"]), pd.to_datetime(campaigns["ends"])
    wrong = np.flatnonzero((starts.isna() | ends.isna() | (ends < starts)).to_numpy())
    if len(wrong):
        name = str(campaigns[CAMPAIGN_ID].iloc[wrong[0]])[:40]
        raise DataError(f"the campaign {name!r} ends before it begins, or has no dates", allowed="starts <= ends",
                        remedy=REMEDY)  # fmt: skip
    columns = list(COLUMNS["campaigns"])
    return campaigns[columns].assign(starts=starts, ends=ends).sort_values(["starts", CAMPAIGN_ID], ignore_index=True)


def _without_negative(redemptions: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The redemptions, an amount below 0 being none that is known; and how many had one."""
    money = redemptions[["paid", DISCOUNT]]
    below = (money < 0).any(axis=1)
    return redemptions.assign(**{name: money[name].where(~below) for name in ("paid", DISCOUNT)}), int(below.sum())


def rows_of(ids: pd.Series, known: Sequence[str]) -> np.ndarray:
    """The row of each id among those that are known, -1 for one that is not, (len(ids),)."""
    return np.asarray(pd.Index([str(each) for each in known]).get_indexer(pd.Index(ids.astype(str))), np.int64)
