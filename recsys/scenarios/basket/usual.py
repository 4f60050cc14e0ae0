"""What one shopper buys again and again, and whether it is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Interactions
from recsys.interest.rhythm import LEAST_TIMES
from recsys.schema import Rows

HALF_LIFE: Final = 80.0  # days after which a purchase counts half
MOST_USUAL: Final = 30  # products of a usual basket

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """The products that a shopper took, and how they take them, on one day."""

    items: Rows  # (m,) ascending
    times: Rows  # (m,) baskets that held each
    faded: Doubles  # (m,) the same, older ones counting less
    every: Doubles  # (m,) mean days between them, NaN below LEAST_TIMES different days
    since: Rows  # (m,) days since the latest

    @property
    def due(self) -> Doubles:
        """(m,) 1 where exactly one interval has passed, less before and after that; 0 where no interval is known."""
        passed = np.maximum(self.since, 0.5) / np.maximum(self.every, 1.0)
        return np.where(np.isfinite(passed), np.minimum(passed, 1 / np.maximum(passed, 1e-9)), 0.0)


def usual(lines: Interactions, day: int, half_life: float = HALF_LIFE) -> Usual:
    """From the history of one shopper, as it was before that day. Raises ValueError for half_life <= 0."""
    if half_life <= 0:
        raise ValueError(f"half_life={half_life} days must be above 0")
    order = np.lexsort((lines.days, lines.items))
    items, days = lines.items[order], lines.days[order].astype(np.int64)
    if len(items) == 0:
        return Usual(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0), np.empty(0), np.empty(0, np.int32))
    starts = np.concatenate([[0], np.flatnonzero(np.diff(items)) + 1])
    ends = np.append(starts[1:], len(items))
    faded = np.add.reduceat(0.5 ** (np.maximum(day - days, 0) / half_life), starts)
    new_day = np.ones(len(items), np.int64)
    new_day[1:] = days[1:] != days[:-1]
    new_day[starts] = 1
    on_days = np.add.reduceat(new_day, starts)
    first, last = days[starts], days[ends - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        every = np.where(on_days >= LEAST_TIMES, (last - first) / (on_days - 1), np.nan)
    since = np.maximum(day - last, 0)
    return Usual(items[starts], (ends - starts).astype(np.int32), faded, every, since.astype(np.int32))


def usual_basket(lines: Interactions, day: int) -> Rows:
    """The rows that a shopper most likely takes on that day: as many as their median basket has, the surest first.

    A product counts that was in LEAST_TIMES baskets on different days; its faded count is weighed by how due it is.
    """
    found = usual(lines, day)
    again = np.isfinite(found.every)
    if not again.any():
        return np.empty(0, np.int32)
    _, sizes = np.unique(lines.baskets, return_counts=True)
    most = int(np.clip(round(float(np.median(sizes))), 1, MOST_USUAL))
    worth = found.faded * (0.5 + found.due)
    best = np.lexsort((found.items, -worth))
    return np.asarray(found.items[best[again[best]]][:most], np.int32)
