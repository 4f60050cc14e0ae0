"""Weekly demand: what was sold in each week, at which price beside the usual one, and what is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.errors import BadRequestError
from recsys.schema import Rows

WEEK: Final = 7  # days
FARTHEST: Final = 8  # weeks ahead, at most
FEWEST: Final = 8  # whole weeks of sales: of fewer nothing is foretold
USUAL_OVER: Final = 13  # weeks over which a price is taken for usual
DISPLAY, MAILER, OFFER = "display", "mailer", "offer"
USUAL: Final = 0.75  # quantile of the weekly prices: promotions are fewer than half of the weeks of most products

Doubles = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Weekly sales of n series over w whole weeks, the latest ending on the last day of the data."""

    units: Doubles  # (n, w) pieces sold, 0 and more
    price: Doubles  # (n, w) what was paid beside what is usual: 1 usual (or nothing known), 0.7 a discount of 30 %
    planned: Doubles | None = None  # (n, w + FARTHEST) share of the days of a week on offer; None without a plan
    promoted: Mapping[str, Doubles] = field(default_factory=dict)
    """By name (DISPLAY, MAILER): (n, w + FARTHEST) share of the stores with it; 0 where no plan is known yet."""

    def __len__(self) -> int:
        return len(self.units)

    @property
    def weeks(self) -> int:
        """How many whole weeks there are."""
        return int(self.units.shape[1])

    def take(self, rows: npt.NDArray[np.integer]) -> Panel:
        """These series, in that order."""
        planned = None if self.planned is None else self.planned[rows]
        promoted = {name: each[rows] for name, each in self.promoted.items()}
        return Panel(self.units[rows], self.price[rows], planned, promoted)

    def until(self, week: int) -> Panel:
        """What was known at the beginning of a week: the sales before it. Plans stay: a shop makes its own."""
        planned = None if self.planned is None else self.planned[:, : week + FARTHEST]
        promoted = {name: each[:, : week + FARTHEST] for name, each in self.promoted.items()}
        return Panel(self.units[:, :week], self.price[:, :week], planned, promoted)


def cleaned(units: npt.ArrayLike) -> tuple[Doubles, tuple[str, ...]]:
    """((n, w) weekly units of which all is a number of at least 0, what had to be put right, in words).

    A week below 0 (more returned than sold) counts as a week without sales: what came back is no demand below nothing.
    A week that is not known (NaN) is taken to be as the last known one, 0 where there is none before it.
    Raises BadRequestError for what is no table of numbers, for infinite numbers and for no series at all.
    """
    try:
        found = np.array(units, np.float64, ndmin=2)
    except (TypeError, ValueError) as error:
        raise BadRequestError(
            "weekly sales are not a table of numbers", remedy="give one row of numbers for each series"
        ) from error
    if found.ndim != 2 or not found.size:
        raise BadRequestError("there are no weekly sales", remedy="give at least one series of some weeks")
    if np.isinf(found).any():
        raise BadRequestError("weekly sales are infinite", remedy="give the units sold, or nothing for a week")
    notes = []
    if below := int((found < 0).sum()):
        notes.append(f"{below:,} weeks in which more came back than was sold count as weeks without sales.")
        found = np.where(found < 0, 0.0, found)  # NaN stays
    if gaps := int(np.isnan(found).sum()):
        notes.append(f"{gaps:,} weeks of which nothing is known are taken to be as the week before.")
        found = pd.DataFrame(found).ffill(axis=1).fillna(0.0).to_numpy()
    return found, tuple(notes)


def check_weeks(weeks: int) -> None:
    """Raises BadRequestError, in words, where there are too few whole weeks to foretell anything."""
    if weeks < FEWEST:
        raise BadRequestError(
            f"there are {weeks} whole weeks of sales",
            allowed=f"{FEWEST} and more",
            remedy="wait for more weeks: of so few no method can be told from another",
        )


def check_horizon(horizon: int, most: int = FARTHEST) -> None:
    """Raises BadRequestError for a number of weeks that is not looked ahead."""
    if not 1 <= horizon <= most:
        raise BadRequestError(
            f"{horizon} weeks ahead cannot be foretold", allowed=f"1 to {most} weeks", remedy="choose one of these"
        )


def week_of(days: npt.NDArray[np.integer], last_day: int) -> npt.NDArray[np.int64]:
    """(m,) the week of each day: 0 for the first whole one, below 0 for days before it; the last ends on `last_day`."""
    whole = (last_day + 1) // WEEK
    return np.asarray(whole - 1 - (last_day - days.astype(np.int64)) // WEEK, np.int64)


def weekly(
    rows: npt.NDArray[np.integer], days: npt.NDArray[np.integer], values: npt.NDArray[np.number], n: int, last_day: int
) -> Doubles:
    """(n, whole weeks) the values summed by row and week."""
    weeks, whole = week_of(days, last_day), (last_day + 1) // WEEK
    inside = weeks >= 0
    at = rows.astype(np.int64)[inside] * max(whole, 1) + weeks[inside]
    sums = np.bincount(at, weights=values.astype(np.float64)[inside], minlength=n * max(whole, 1))
    return np.asarray(sums.reshape(n, max(whole, 1))[:, :whole], np.float64)


def beside_usual(units: Doubles, paid: Doubles) -> Doubles:
    """(n, w) the mean price of a week beside the usual one; 1 where nothing was sold, or where it was dearer.

    The usual price is the upper quartile of the weekly prices of the last USUAL_OVER weeks, this one included: so it
    is known in the week itself and rests on nothing later.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where((units > 0) & (paid > 0), paid / units, np.nan)
    usual = pd.DataFrame(price.T).rolling(USUAL_OVER, min_periods=1).quantile(USUAL).to_numpy().T
    with np.errstate(divide="ignore", invalid="ignore"):
        found = price / usual
    return np.asarray(np.clip(np.nan_to_num(found, nan=1.0, posinf=1.0), 0.05, 1.0), np.float64)


def on_plan(offers: pd.DataFrame, n: int, first_day: pd.Timestamp, last_day: int) -> Doubles:
    """(n, w + FARTHEST) the share of the days of each week on which a product was, or will be, on offer."""
    whole = (last_day + 1) // WEEK
    begin = last_day + 1 - whole * WEEK  # the first day of the first whole week
    found = np.zeros((n, whole + FARTHEST))
    starts = (offers[s.STARTS].dt.normalize() - first_day).dt.days.to_numpy(np.int64) - begin
    ends = (offers[s.ENDS].dt.normalize() - first_day).dt.days.to_numpy(np.int64) - begin  # the last day of it
    rows = offers[s.ITEM].to_numpy(np.int64)
    for week in range(whole + FARTHEST):
        days = np.minimum(ends, week * WEEK + WEEK - 1) - np.maximum(starts, week * WEEK) + 1
        np.maximum.at(found[:, week], rows, np.clip(days, 0, WEEK) / WEEK)
    return found


def widely(
    cells: npt.NDArray[np.integer], shares: npt.NDArray[np.floating], begins: int, n: int, last_day: int
) -> dict[str, Doubles]:
    """By name (n, w + FARTHEST): the share of the stores with a display or mailer, from weeks that may begin elsewhere.

    `cells` (m, 2) are product and week, `shares` (m, 2) of DISPLAY and MAILER, `begins` is the day of their week 0. A
    week here takes of two of theirs by its days.
    """
    whole = (last_day + 1) // WEEK
    behind = last_day + 1 - whole * WEEK - begins  # days from the beginning of their week 0 to that of the first here
    found = {name: np.zeros((n, whole + FARTHEST)) for name in (DISPLAY, MAILER)}
    first, later = np.divmod(behind, WEEK)
    for offset, days in ((first, WEEK - later), (first + 1, later)):
        week = cells[:, 1].astype(np.int64) - offset
        inside = (week >= 0) & (week < whole + FARTHEST)
        for name, part in zip((DISPLAY, MAILER), shares.T, strict=True):
            found[name][cells[inside, 0], week[inside]] += part[inside] * days / WEEK
    return found


def by_group(panel: Panel, codes: npt.NDArray[np.integer], groups: int) -> Panel:
    """The series added up by group, (groups, w); prices and plans are means weighted by what was sold."""
    which = np.asarray(codes, np.int64)
    units = np.zeros((groups, panel.weeks))
    weighted = np.zeros_like(units)
    np.add.at(units, which, panel.units)
    np.add.at(weighted, which, panel.price * panel.units)
    price = np.where(units > 0, weighted / np.maximum(units, 1e-9), 1.0)
    share = panel.units.mean(axis=1, keepdims=True)
    total = np.zeros((groups, 1))
    np.add.at(total, which, share)

    def mean(plan: Doubles) -> Doubles:
        sums = np.zeros((groups, plan.shape[1]))
        np.add.at(sums, which, plan * share)
        return np.asarray(sums / np.maximum(total, 1e-9), np.float64)

    planned = None if panel.planned is None else mean(panel.planned)
    return Panel(units, price, planned, {name: mean(each) for name, each in panel.promoted.items()})


def best_sellers(units: Doubles, most: int) -> Rows:
    """(k,) rows of the series of which most was sold, best first, ties by row; none of which nothing was."""
    sold = units.sum(axis=1)
    order = np.argsort(-sold, kind="stable")[:most]
    return np.asarray(order[sold[order] > 0], np.int32)


def codes_of(names: Sequence[str]) -> tuple[npt.NDArray[np.int64], list[str]]:
    """((n,) code of each name, the names in order of the codes)."""
    codes, distinct = pd.factorize(np.asarray(names, object), sort=True)
    return np.asarray(codes, np.int64), [str(each) for each in distinct]
