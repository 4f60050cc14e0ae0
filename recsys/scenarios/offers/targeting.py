"""Whom to address within a budget, and what that brings: pure functions over arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recsys.errors import BadRequestError

Doubles = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


def affordable(budget: float, cost: float, people: int) -> int:
    """How many of `people` a budget reaches at that cost each; at no cost, everybody.

    Raises BadRequestError for money that is negative or no number.
    """
    for name, value in (("budget", budget), ("cost of reaching one", cost)):
        if not math.isfinite(value) or value < 0:
            raise BadRequestError(
                f"a {name} of {value:g} cannot be spent", allowed="0 or more", remedy=f"give a {name} of 0 or more"
            )
    if cost == 0:
        return people
    return min(people, int(min(budget / cost + 1e-9, people)))


def best(values: Doubles, eligible: Longs, n: int) -> Longs:
    """The n eligible rows with the highest values, ties by row."""
    order = np.lexsort((eligible, -values[eligible]))
    return eligible[order[:n]]


@dataclass(frozen=True, slots=True)
class Expected:
    """A count that is expected, and within which bounds it falls in 95 of 100 campaigns if the chances are right."""

    value: float
    low: float
    high: float


def expected(chances: Doubles) -> Expected:
    """Of people with these chances, how many: the sum of independent chances, by the normal law.

    What the chances themselves may be wrong by is not in it.
    """
    mean = float(chances.sum())
    error = 1.96 * math.sqrt(float((chances * (1 - chances)).sum()))
    return Expected(mean, max(mean - error, 0.0), min(mean + error, float(len(chances))))


def gains(values: Doubles, hits: Doubles, points: int = 101) -> tuple[Doubles, Doubles]:
    """(share addressed, share of all hits reached) of people in the order of their values, (points,).

    People of one value come in any order: within them the curve is straight. Nothing hit: the second is 0 everywhere.
    """
    shares = np.linspace(0, 1, points)
    total = float(hits.sum())
    if not len(values) or total <= 0:
        return shares, np.zeros(points)
    _, group = np.unique(-values, return_inverse=True)
    people = np.concatenate([[0.0], np.cumsum(np.bincount(group))])
    found = np.concatenate([[0.0], np.cumsum(np.bincount(group, weights=hits))])
    return shares, np.interp(shares * len(values), people, found) / total
