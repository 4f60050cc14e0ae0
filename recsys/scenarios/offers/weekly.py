"""Weekly sales beside what was displayed, mailed or on offer, as a panel that fits into memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress
from recsys.scenarios.offers.promoting import Panel
from recsys.shops.campaigns import DISPLAYED, MAILED, STORE_ID, UNITS, WEEK, Promotions, rows_of

DISPLAY, MAILER, BOTH, OFFER = "display", "mailer", "both", "offer"
BEFORE: Final = "before"  # nothing is on yet, and something is the week after: it should do nothing
BEYOND: Final = 10  # weeks after the last whole one of which displays and mailers may be known: a plan
LEAST_UNITS: Final = 10  # of a series over all weeks: rarer ones tell nothing of a week
MOST_SERIES: Final = 20_000
DAYS: Final = 7


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """In what share of the stores, by what they sell, a product was on display and in the mailer in a week.

    A cell for each product and week in which it was anywhere; week 0 is the first whole one.
    """

    item: npt.NDArray[np.int32]  # (m,)
    week: npt.NDArray[np.int32]  # (m,)
    display: npt.NDArray[np.float32]  # (m,) 0..1
    mailer: npt.NDArray[np.float32]  # (m,) 0..1


def of_promotions(given: Promotions, item_ids: list[str], progress: Progress) -> tuple[Panel, Shares, int]:
    """The best-selling products in stores, week by week, what was promoted how widely, and how many rows were read."""
    first, last = given.weeks
    weeks = last - first + 1
    sales = given.sales[given.sales[WEEK].between(first, last) & (given.sales[UNITS] > 0)]
    sales = sales.assign(item=rows_of(sales["item_id"], item_ids))
    sales = sales[sales["item"] >= 0]
    totals = sales.groupby(["item", "item_id", STORE_ID], as_index=False)[UNITS].sum()
    totals = totals[totals[UNITS] >= LEAST_UNITS].nlargest(MOST_SERIES, UNITS, keep="all").head(MOST_SERIES)
    totals = totals.sort_values(["item", STORE_ID], ignore_index=True)
    of = pd.MultiIndex.from_frame(totals[["item_id", STORE_ID]])
    units = np.zeros((len(totals), weeks), np.float32)
    _put(units, of, sales, first, sales[UNITS].to_numpy())
    display, mailer = np.zeros((2, len(totals), weeks), bool)
    known, read = set(totals["item_id"]), 0
    weight = given.sales.groupby(STORE_ID)[UNITS].sum().clip(lower=0)
    weight = weight / max(float(weight.sum()), 1e-9)
    wide = np.zeros((2, len(item_ids), weeks + BEYOND), np.float32)
    for batch in given.promoted(progress):
        read += len(batch)
        _widely(wide, batch, item_ids, weight, first)
        some = batch[batch["item_id"].isin(known) & batch[WEEK].between(first, last)]
        _put(display, of, some[some[DISPLAYED]], first, True)
        _put(mailer, of, some[some[MAILED]], first, True)
    flags = {DISPLAY: display & ~mailer, MAILER: mailer & ~display, BOTH: display & mailer}
    item, week = np.nonzero(wide.max(axis=0) > 0)
    shares = np.minimum(wide[:, item, week], 1)  # a product that lies in two places of a store stands in two rows
    told = Shares(item.astype(np.int32), week.astype(np.int32), shares[0], shares[1])
    return Panel(units, totals["item"].to_numpy(np.int64), _floats(flags, display | mailer)), told, read


def _widely(wide: np.ndarray, batch: pd.DataFrame, item_ids: list[str], weight: pd.Series, first: int) -> None:
    """Add the weights of the stores of these rows, (2, n_items, weeks)."""
    item, week = rows_of(batch["item_id"], item_ids), batch[WEEK].to_numpy(np.int64) - first
    heavy = weight.reindex(batch[STORE_ID]).fillna(0).to_numpy(np.float32)
    inside = (item >= 0) & (week >= 0) & (week < wide.shape[2])
    for part, flag in zip(wide, (DISPLAYED, MAILED), strict=True):
        mine = inside & batch[flag].to_numpy(bool)
        np.add.at(part, (item[mine], week[mine]), heavy[mine])


def _put(cells: np.ndarray, of: pd.MultiIndex, rows: pd.DataFrame, first: int, values: object) -> None:
    """Write each row's value into its series and week; what is no series of these is passed over."""
    place = of.get_indexer(pd.MultiIndex.from_frame(rows[["item_id", STORE_ID]]))
    there = place >= 0
    week = rows[WEEK].to_numpy(np.int64) - first
    cells[place[there], week[there]] = values[there] if isinstance(values, np.ndarray) else values


def _floats(flags: dict[str, np.ndarray], anything: np.ndarray) -> dict[str, np.ndarray]:
    """The flags as numbers, with the week before anything begins."""
    soon = np.zeros_like(anything)
    soon[:, :-1] = anything[:, 1:] & ~anything[:, :-1]
    return {name: each.astype(np.float32) for name, each in {**flags, BEFORE: soon}.items()}


def of_offers(history: Interactions, offers: pd.DataFrame, first_day: pd.Timestamp, last_day: int) -> Panel:
    """The products that ever were on offer, week by week: how much of each week, and what was bought.

    `offers`: item, starts, ends (the first day without it).
    """
    weeks = (last_day + 1) // DAYS
    week = history.days.astype(np.int64) // DAYS
    whole = week < weeks
    cells = np.zeros((history.n_items, max(weeks, 1)), np.float32)
    np.add.at(cells, (history.items[whole], week[whole]), 1)
    on = np.zeros((history.n_items, max(weeks, 1) * DAYS), bool)
    begins, ends = ((offers[name] - first_day).dt.days.to_numpy(np.int64) for name in ("starts", "ends"))
    for item, begin, end in zip(offers["item"].to_numpy(np.int64), begins, ends, strict=True):
        on[item, max(begin, 0) : max(end, 0)] = True
    share = on.reshape(history.n_items, -1, DAYS).mean(axis=2, dtype=np.float32)
    items = np.flatnonzero((cells.sum(axis=1) >= LEAST_UNITS) & (share.sum(axis=1) > 0))
    anything = share[items] > 0
    soon = np.zeros_like(anything)
    soon[:, :-1] = anything[:, 1:] & ~anything[:, :-1]
    return Panel(cells[items], items.astype(np.int64), {OFFER: share[items], BEFORE: soon.astype(np.float32)})
