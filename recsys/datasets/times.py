"""Times of events as files write them: seconds since 1970, dates of any usual form, or a mere number of an order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.errors import DataError

Doubles = npt.NDArray[np.float64]
AT_ONCE: Final = 200_000  # texts turned into numbers together
EARLIEST: Final = 1e8  # seconds: 1973; a smaller number in a column without a name may be anything
LATEST: Final = 5e18  # nanoseconds: 2128
READABLE: Final = 0.5  # share below which a column holds no times
_DATE: Final = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].{0,25})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .{0,20})?")
_DAY_OR_MONTH: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.]\d{2,4}")


class Times:
    """Collects the times of events, and turns them into numbers a piece at a time."""

    def __init__(self, name: str) -> None:
        self._name, self._waiting = name, list[str]()
        self._found: list[Doubles] = []
        self._dates, self._day_first, self.said = False, False, "numbers"

    @staticmethod
    def looks_like(column: Sequence[str]) -> bool:
        """Whether a column without a name holds times: dates, or numbers as large as times since 1970 are."""
        return all(_DATE.fullmatch(cell) or _is_epoch(cell) for cell in column)

    def add(self, cell: str) -> None:
        """One more, in the order of the file."""
        self._waiting.append(cell)
        if len(self._waiting) >= AT_ONCE:
            self._turn()

    def array(self) -> Doubles:
        """(m,) numbers that ascend with time, NaN where none can be read. Raises DataError where most cannot."""
        self._turn()
        found = np.concatenate(self._found) if self._found else np.empty(0)
        lost = int((~np.isfinite(found)).sum())
        if lost > (1 - READABLE) * len(found):
            raise DataError(
                f"{self._name}: the column of times holds none in {lost:,} of {len(found):,} rows",
                allowed="seconds since 1970, or dates such as 2026-05-31 14:30",
                remedy="correct the column, or leave it out: then the order of the file is the order",
            )
        return found

    def _turn(self) -> None:
        if not self._waiting:
            return
        cells = pd.Series(self._waiting, dtype="object")
        if not self._found:
            numbers = _numbers(cells)
            self._dates = bool(numbers.notna().mean() < READABLE)
            if self._dates:
                self._day_first, self.said = _day_first(self._waiting)
        found = _dates(cells, day_first=self._day_first) if self._dates else _numbers(cells)
        values = found.to_numpy(np.float64)
        self._found.append(np.where(np.isfinite(values), values, np.nan))
        self._waiting = []


def _numbers(cells: pd.Series) -> pd.Series:
    return pd.to_numeric(cells, errors="coerce").astype("float64")


def _dates(cells: pd.Series, *, day_first: bool) -> pd.Series:
    """Seconds since 1970, NaN where a date cannot be read."""
    found = _seconds(pd.to_datetime(cells, errors="coerce", utc=True, format="ISO8601"))
    if (np.isnan(found) & (cells != "").to_numpy()).any():
        by_parts = _seconds(pd.to_datetime(cells, errors="coerce", utc=True, format="mixed", dayfirst=day_first))
        found = np.where(np.isnan(found), by_parts, found)
    return pd.Series(found, dtype="float64")


def _seconds(found: Any) -> Doubles:
    """In microseconds, for nanoseconds do not reach the years 1 and 9999 that files put where they know none."""
    moments = found.dt.tz_localize(None).to_numpy("datetime64[us]")
    return np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / 1e6)


def _day_first(cells: Sequence[str]) -> tuple[bool, str]:
    """Whether 03.04.2026 is in April, and how that is said: by a number above 12, else by what stands between."""
    parts = [found for cell in cells if (found := _DAY_OR_MONTH.match(cell))]
    if not parts:
        return False, "dates"
    first, second = (any(int(part[group]) > 12 for part in parts) for group in (1, 3))
    day_first = first or (not second and parts[0][2] == ".")
    return day_first, "dates, the day first" if day_first else "dates, the month first"


def _is_epoch(cell: str) -> bool:
    try:
        return EARLIEST <= float(cell) <= LATEST
    except ValueError:
        return False
