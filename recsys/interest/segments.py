"""Recency, frequency, money: groups of shoppers by when, how often and for how much they bought, and how they move.

Each figure is brought to 1 to 5 by its fifths among those who bought anything (Hughes, "Strategic Database Marketing",
1994). The groups are cut by recency and frequency alone; money says what they are worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Interactions

Doubles = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]

# name, what defines it, recency from-to, frequency from-to; the first that fits counts
SEGMENTS: Final[tuple[tuple[str, str, tuple[int, int], tuple[int, int]], ...]] = (
    ("Champions", "bought lately and more often than most", (4, 5), (4, 5)),
    ("Loyal", "bought often, and not long ago", (3, 5), (3, 5)),
    ("New or rare", "bought lately, and seldom so far", (4, 5), (1, 2)),
    ("At risk", "bought often once, and nothing for a long time", (1, 2), (3, 5)),
    ("Cooling", "bought some time ago, and seldom", (2, 3), (1, 2)),
    ("Lost", "bought seldom, and longest ago", (1, 1), (1, 2)),
)
NAMES: Final = tuple(name for name, *_ in SEGMENTS)
NOBODY_YET: Final = -1  # the segment of who has not bought yet


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Every shopper's figures on one day, (n_shoppers,) each."""

    recency: Doubles  # days since the last purchase, NaN for who has not bought
    frequency: Doubles  # baskets
    money: Doubles  # what all was worth together, NaN where the shop has no prices
    codes: Codes  # which of SEGMENTS, NOBODY_YET for none


def segments(table: Interactions, worth: Doubles | None, today: int) -> Segments:
    """The segments by the end of `today`; `worth` (m,) of each entry, NaN for unknown, None without any price."""
    kept = table.days <= today
    past = table.where(kept)
    n, who = len(past), past.shopper_of_entry
    lines = np.bincount(who, minlength=n)
    last = np.full(n, -1)
    np.maximum.at(last, who, past.days)
    recency = np.where(lines > 0, today - last, np.nan).astype(np.float64)
    money = np.full(n, np.nan)
    if worth is not None:
        money = np.bincount(who, weights=np.nan_to_num(worth[kept]), minlength=n)
    baskets = past.n_baskets.astype(np.float64)
    return Segments(recency, baskets, money, _codes(recency, baskets, lines > 0))


def fifths(values: Doubles, known: npt.NDArray[np.bool_]) -> Codes:
    """1 to 5 by the fifths of the known values, equal values alike; 0 for the others."""
    out = np.zeros(len(values), np.int8)
    if known.any():
        mine = values[known]
        below = np.searchsorted(np.sort(mine), mine, side="left")
        equal = np.searchsorted(np.sort(mine), mine, side="right")
        middle = (below + equal - 1) / 2 / max(len(mine) - 1, 1)  # 0 to 1
        out[known] = np.minimum((middle * 5).astype(np.int8) + 1, 5)
    return out


def _codes(recency: Doubles, frequency: Doubles, bought: npt.NDArray[np.bool_]) -> Codes:
    late, often = fifths(-recency, bought), fifths(frequency, bought)
    codes = np.full(len(recency), NOBODY_YET, np.int8)
    for code, (_, _, (r_low, r_high), (f_low, f_high)) in reversed(list(enumerate(SEGMENTS))):
        fits = (late >= r_low) & (late <= r_high) & (often >= f_low) & (often <= f_high)
        codes[fits & bought] = code
    return codes


def moves(before: Codes, after: Codes) -> npt.NDArray[np.int64]:
    """(n, n) how many went from which group to which; the last row and column are who had not bought yet."""
    n = len(SEGMENTS) + 1
    counted = np.bincount((before % n) * n + (after % n), minlength=n * n)
    return counted.reshape(n, n).astype(np.int64)
