"""A shop's weekly sales by product; prices of the weeks from its offers or from what was paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.progress import Progress, silent
from recsys.scenarios.offers.preparing.promotions import BEGINS, CELLS, SHARES
from recsys.scenarios.stock.series import (
    FARTHEST,
    FEWEST,
    WEEK,
    Doubles,
    Longs,
    Panel,
    beside_usual,
    by_group,
    codes_of,
    on_plan,
    weekly,
    widely,
)
from recsys.schema.capabilities import Capability
from recsys.shops import registry

NEEDED = (Capability.DATES, Capability.PURCHASES)


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """What was sold in a shop, by product and week, and by line for what is counted in days."""

    shop: str
    panel: Panel  # (n_items, w) all products
    codes: Longs  # (n_items,) group of each product: its category, else its department
    groups: tuple[str, ...]  # by code
    items: Longs  # (m,) product of each line
    days: Longs  # (m,) its day, 0 the first of the data
    quantities: Longs  # (m,) pieces
    launched: Longs | None  # (n_items,) day of launch, below 0 before the data begin; None where it is not known
    first_day: pd.Timestamp
    last_day: int
    promotions: str  # where it is known from what was on offer: "plan", "paid" or ""

    @property
    def by_category(self) -> Panel:
        """The series of the groups, in the order of `groups`."""
        return by_group(self.panel, self.codes, len(self.groups))

    def begins(self, week: int) -> pd.Timestamp:
        """The first day of a week."""
        return self.first_day + pd.Timedelta(days=self.last_day + 1 - (self.panel.weeks - week) * WEEK)


def why_not(dataset: Artifact) -> str:
    """Why a shop has no weekly demand, in words; "" where it has."""
    missing = storage.capabilities(dataset).missing(*NEEDED)
    if missing:
        return f"{missing[0]} Demand by week needs purchases with dates."
    info = dataset.json("dataset.json")
    weeks = int(info["days"]) // WEEK
    if weeks < FEWEST:
        return f"This shop has {weeks} whole weeks of sales; {FEWEST} are the fewest from which anything is foretold."
    return ""


def sales_of(dataset: Artifact, promotions: Artifact | None = None, progress: Progress = silent) -> Sales:
    """The sales of a prepared shop that has what it takes (`why_not`). Raises DataError, ArtifactError.

    `promotions` is what the step of that name made: where it holds displays and mailers by week, the panel has them.
    """
    info, items = dataset.json("dataset.json"), storage.load_items(dataset.path)
    has, n = storage.capabilities(dataset), len(items)
    first_day, last_day = pd.Timestamp(info["first_day"]), int(info["days"]) - 1
    rows = np.asarray(dataset.array("history_item"), np.int64)
    days = np.asarray(dataset.array("history_day"), np.int64)
    pieces = np.asarray(dataset.array("history_quantity"), np.int64)
    units = weekly(rows, days, pieces, n, last_day)
    planned, price, known = None, np.ones_like(units), ""
    if has.has(Capability.OFFERS):
        planned = on_plan(storage.load_table(dataset.path, "offers"), n, first_day, last_day)
        price, known = _by_plan(dataset, items, planned), "plan"
    elif has.has(Capability.SPEND):
        price, known = beside_usual(units, _paid(str(info["name"]), n, first_day, last_day, progress)), "paid"
    column = s.CATEGORY if has.has(Capability.CATEGORIES) else s.DEPARTMENT
    codes, groups = codes_of([str(each) or "other" for each in items[column].tolist()])
    launched: Longs | None = None
    if has.has(Capability.LAUNCH_DATES):
        since = (pd.to_datetime(items[s.LAUNCH_DATE]) - first_day).dt.days
        launched = np.asarray(since.fillna(-1), np.int64)
    panel = Panel(units, price, planned, _promoted(promotions, n, first_day, last_day))
    name = str(info["name"])
    return Sales(name, panel, codes, tuple(groups), rows, days, pieces, launched, first_day, last_day, known)


def _promoted(promotions: Artifact | None, n: int, first_day: pd.Timestamp, last_day: int) -> dict[str, Doubles]:
    """Displays and mailers of each week by product; {} where nothing is known of them."""
    begins = "" if promotions is None else str(promotions.info.get(BEGINS, ""))
    if promotions is None or not begins:
        return {}
    cells, shares = promotions.array(CELLS.removesuffix(".npy")), promotions.array(SHARES.removesuffix(".npy"))
    return widely(np.asarray(cells), np.asarray(shares), (pd.Timestamp(begins) - first_day).days, n, last_day)


def _by_plan(dataset: Artifact, items: pd.DataFrame, planned: Doubles) -> Doubles:
    """(n, w) the price of each week beside the usual one, by the offers of the shop: their mean, by share of days."""
    offers = storage.load_table(dataset.path, "offers")
    usual = items[s.PRICE].to_numpy(np.float64, na_value=np.nan)
    rows = offers[s.ITEM].to_numpy(np.int64)
    cut = pd.Series(offers[s.OFFER_PRICE].to_numpy(np.float64) / usual[rows]).groupby(rows).mean()
    share = np.ones(len(items))
    share[cut.index.to_numpy()] = np.clip(np.nan_to_num(cut.to_numpy(), nan=1.0), 0.05, 1.0)
    past = planned[:, : planned.shape[1] - FARTHEST]
    return np.asarray(1 - past * (1 - share[:, None]), np.float64)


def _paid(shop: str, n: int, first_day: pd.Timestamp, last_day: int, progress: Progress) -> Doubles:
    """(n, w) what was paid, which the prepared histories do not hold: the source is read once more."""
    events = registry.shop(shop).load(progress).events
    bought = events[events[s.EVENT] == "purchase"]
    days = (bought[s.TIME].dt.normalize() - first_day).dt.days.to_numpy(np.int64)
    return weekly(bought[s.ITEM].to_numpy(np.int64), days, bought[s.PAID].to_numpy(np.float64), n, last_day)
