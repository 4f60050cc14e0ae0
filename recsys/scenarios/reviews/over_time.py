"""Whether people speak better or worse of it as time goes: the share that speaks well, by months or longer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews.analysing import SETTLED, Read
from recsys.scenarios.reviews.shares import LEVEL_Z, wilson
from recsys.schema import Rows

MOST: Final = 36  # periods of a chart: of more months quarters, of more quarters years
FEWEST: Final = 20  # dated reviews with words from which a change may be told
UNITS: Final = {"month": 1, "quarter": 3, "year": 12}  # months

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Period:
    """How many reviews with words came within it, and the share of them that speaks well, with a 95 % interval."""

    start: np.datetime64  # its first day
    reviews: int
    share: float
    interval: tuple[float, float]  # Wilson


@dataclass(frozen=True, slots=True)
class Course:
    """The periods that have reviews, and by how much the share that speaks well rose over all of them.

    `change` is the least squares line's, from the first day to the last, with a 95 % interval by errors that may
    differ (White, 1980); None where too few reviews are dated.
    """

    unit: str
    periods: tuple[Period, ...]
    change: float | None
    interval: tuple[float, float] | None


def course(read: Read, rows: Rows | None = None) -> Course | None:
    """How the share went; None where all reviews came within a month, or none has a date and words."""
    rows = np.arange(len(read.texts), dtype=np.int32) if rows is None else rows
    rows = rows[~np.isnat(read.times[rows]) & np.isfinite(read.mood[rows])]
    months = read.times[rows].astype("datetime64[M]").astype(np.int64)
    if len(np.unique(months)) < 2:
        return None
    good = read.mood[rows] > SETTLED
    unit = next((u for u, size in UNITS.items() if len(np.unique(months // size)) <= MOST), "year")
    size = UNITS[unit]
    periods = tuple(
        _period(np.datetime64(int(each) * size, "M"), good[months // size == each])
        for each in np.unique(months // size)
    )
    change, ends = _change(good.astype(np.float64), read.times[rows].astype("datetime64[D]").astype(np.float64))
    return Course(unit, periods, change, ends)


def _period(start: np.datetime64, good: npt.NDArray[np.bool_]) -> Period:
    count, right = len(good), int(good.sum())
    return Period(start.astype("datetime64[D]"), count, right / count, wilson(right, count))


def _change(good: Doubles, days: Doubles) -> tuple[float | None, tuple[float, float] | None]:
    span = float(np.ptp(days))
    if len(good) < FEWEST or span == 0:
        return None, None
    x = (days - days.mean()) / span
    spread = float(x @ x)
    slope = float(x @ (good - good.mean())) / spread
    left = good - good.mean() - slope * x
    error = LEVEL_Z * float(np.sqrt((x**2) @ (left**2) * len(x) / (len(x) - 2))) / spread
    return slope, (slope - error, slope + error)
