"""When somebody buys, how much at a time, and what they will need again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Interactions

LEAST_TIMES: Final = 3  # baskets that held a product: two intervals are the fewest that have a middle
MOST_NEEDS: Final = 12
FORGOTTEN: Final = 2.0  # intervals without a purchase, after which nobody waits for the next one


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """How somebody shops. Without dates a day is a visit, and nothing is known of weekdays."""

    baskets: int
    lines_per_basket: float  # mean of different products
    days_between: float  # median of whole days between baskets, NaN for fewer than two
    last_day: int
    weekdays: npt.NDArray[np.float64] | None  # (7,) share of baskets from Monday on


def rhythm(lines: Interactions, first_weekday: int | None) -> Rhythm | None:
    """The rhythm of one shopper; `first_weekday` is that of day 0 (Monday is 0). None where nothing was bought."""
    if len(lines.items) == 0:
        return None
    _, first, sizes = np.unique(lines.baskets, return_index=True, return_counts=True)
    days = lines.days[first]  # (b,) of each basket
    gaps = np.diff(np.unique(days))
    weekdays = None
    if first_weekday is not None:
        counted = np.bincount((days + first_weekday) % 7, minlength=7)
        weekdays = counted / counted.sum()
    between = float(np.median(gaps)) if len(gaps) else float("nan")
    return Rhythm(len(sizes), float(sizes.mean()), between, int(days.max()), weekdays)


@dataclass(frozen=True, slots=True)
class Need:
    """A product that somebody buys again and again, and when it is due."""

    item: int
    times: int  # baskets that held it
    every: float  # median days between them
    last: int  # day of the last one
    due: int  # day on which the next one is expected: the last one and the median
    earliest: int  # the last one and the first quartile of the days between
    latest: int  # the last one and the third quartile

    def overdue(self, today: int) -> int:
        """Days since it was due, below 0 until then."""
        return today - self.due


def needs(lines: Interactions, today: int, most: int = MOST_NEEDS) -> tuple[Need, ...]:
    """The staples: what was bought most often, again and again, and is wanted still; what is due first comes first.

    `lines.items` may be kinds of products as well. One counts from LEAST_TIMES baskets on different days; one that has
    been missing for FORGOTTEN intervals is taken to be given up. The expectation is the median of the shopper's own
    intervals: of one person's few intervals a fitted distribution says no more.
    """
    order = np.lexsort((lines.days, lines.items))
    items, days = lines.items[order], lines.days[order]
    found = []
    for start, end in _runs(items):
        on = np.unique(days[start:end])
        if len(on) < LEAST_TIMES:
            continue
        low, every, high = np.quantile(np.diff(on), [0.25, 0.5, 0.75])
        last = int(on[-1])
        if today - last <= FORGOTTEN * max(every, 1.0):
            due, early, late = (last + round(float(each)) for each in (every, low, high))
            found.append(Need(int(items[start]), len(on), float(every), last, due, early, late))
    staples = sorted(found, key=lambda need: (-need.times, need.due, need.item))[:most]
    return tuple(sorted(staples, key=lambda need: (need.due, -need.times, need.item)))


def _runs(values: npt.NDArray[np.int32]) -> list[tuple[int, int]]:
    """[start, end) of each run of equal values."""
    if len(values) == 0:
        return []
    starts = np.concatenate([[0], np.flatnonzero(np.diff(values)) + 1])
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(values)], strict=True))
