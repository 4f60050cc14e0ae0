"""A few products more that bring a basket to an amount: those that are most likely wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

MOST: Final = 4  # products added: of more nobody would say that they complete a basket
AMONG: Final = 32  # best candidates whose sets are all looked at: 41,448 sets of 1 to 4
OVER: Final = 0.15  # of the gap that a set may go beyond the amount, where any set stays below that

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A set of candidates, by place, with what they cost and how likely they are wanted together."""

    places: tuple[int, ...]
    costs: float
    wanted: float  # sum of their chances
    over: float  # beyond the gap


def bundles(prices: Sequence[float], chances: Sequence[float], gap: float, k: int = 3) -> tuple[Bundle, ...]:
    """The k best sets of at most MOST candidates that cost `gap` and more, best first.

    `prices` above 0 and `chances` above 0 of each candidate, best first. AMONG that have a price are looked at, all
    their sets: the first ones, and the first of those that are worth a fair part of the gap. Of the sets within OVER
    beyond the gap (or else of those that go over by least) the best have the largest sum of chances for each unit of
    money; fewer products come first among equals. Empty where no set reaches the gap. Raises ValueError for a gap that
    is not above 0.
    """
    if not gap > 0:
        raise ValueError(f"gap={gap}: there is nothing to reach; ask only where the basket is below the amount")
    costs, wanted = np.asarray(prices, np.float64), np.asarray(chances, np.float64)
    priced = np.flatnonzero(np.isfinite(costs) & (costs > 0))
    first = priced[: AMONG // 2]
    rest = priced[AMONG // 2 :]
    large = rest[costs[rest] >= gap / MOST][: AMONG - len(first)]  # cheap things alone never get there
    there = np.concatenate([first, large])
    found: list[Bundle] = []
    for size in range(1, min(MOST, len(there)) + 1):
        sets = there[np.array(list(combinations(range(len(there)), size)))]
        total = costs[sets].sum(axis=1)
        reach = np.flatnonzero(total >= gap - 1e-9)
        chance = wanted[sets[reach]].sum(axis=1)
        over = total[reach] - gap
        for at in _best(over, chance / total[reach], gap, k):
            row = reach[at]
            places = tuple(int(each) for each in sets[row])
            found.append(Bundle(places, float(total[row]), float(chance[at]), float(max(over[at], 0))))
    near = [each for each in found if each.over <= OVER * gap]
    if not near:
        return tuple(sorted(found, key=lambda each: (each.over, len(each.places), each.places))[:k])
    return tuple(sorted(near, key=lambda each: (-each.wanted / each.costs, len(each.places), each.places))[:k])


def _best(over: Doubles, value: Doubles, gap: float, k: int) -> npt.NDArray[np.intp]:
    """Places of the k sets of one size worth keeping: within OVER by value, else by how little they go over."""
    near = np.flatnonzero(over <= OVER * gap)
    if len(near):
        return near[np.argsort(-value[near], kind="stable")[:k]]
    return np.argsort(over, kind="stable")[:k]
