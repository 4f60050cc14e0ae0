"""Tests without a difference on a shop's own data: how often they ring, looked at once, daily and after each visit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from recsys.evaluation.experiments.anytime import WAIT, p_values, weight_for
from recsys.evaluation.experiments.checking import Doubles
from recsys.evaluation.experiments.own_data import Values
from recsys.schema import Rows

CELLS: Final = 2_000_000  # of a matrix of tests by people at a time: 16 MB
LIFT: Final = 0.1  # that is built in where it is counted how often an interval holds it
ALPHA: Final = 0.05


def daily(values: Doubles, days: Rows, splits: int, seed: int) -> dict[str, Any]:
    """Of so many random ways to send visits (v,) to two groups, the share that rings, at each way to look.

    Visits stand in order of their day; a look is at each day's end, the first once WAIT visits were there.
    """
    return alarms(values, np.flatnonzero(np.diff(days, prepend=-1)), splits, seed)


def alarms(values: Doubles, starts: npt.NDArray[np.integer], splits: int, seed: int) -> dict[str, Any]:
    """The same, with a look before each of `starts`, rows of visits, and at the end.

    "once": a usual test at its end; "usual": the usual test at each look, stopped at the first alarm; "anytime": the
    test that may be looked at (`anytime.p_values`, planned for all visits). All two-sided, at ALPHA.
    """
    sizes = np.diff(starts, append=len(values))
    people = np.cumsum(sizes).astype(np.float64)  # (looks,)
    looked = people >= WAIT
    total, squares = (np.cumsum(np.add.reduceat(part, starts)) for part in (values, values**2))
    rang = np.zeros(3)
    rho = weight_for(float(len(values)), ALPHA)
    for arms in _groups(splits, len(values), seed):
        n, mine, own = (
            np.cumsum(np.add.reduceat(arms * part, starts, axis=1), axis=1) for part in (1.0, values, values**2)
        )  # (c, looks) each
        first, error = _difference(n, mine, own, people - n, total - mine, squares - own)
        p = 2 * ndtr(-np.abs(np.divide(first, error, out=np.zeros_like(first), where=error > 0)))[:, looked]
        always = p_values(first[:, looked], error[:, looked], people[looked], rho)
        rang += [(p[:, -1] < ALPHA).sum(), (p < ALPHA).any(axis=1).sum(), (always[:, -1] < ALPHA).sum()]
    names = ("once", "usual", "anytime")
    return {"looks": int(looked.sum()), "visits": len(values), "splits": splits} | {
        name: share_of(int(number), splits) for name, number in zip(names, rang, strict=True)
    }


def halves(found: Values, splits: int, seed: int) -> dict[str, dict[str, Any]]:
    """Of so many random halves of people: whether p is uniform, and how often a 95 % interval holds a lift built in.

    "plain": by Welch's test; "cuped": with what was known before, theta of each half anew. "uniform_p": of a
    Kolmogorov-Smirnov test that p is uniform; "below": the share of p below ALPHA; "covered": with LIFT built in.
    """
    from scipy.stats import kstest

    y, x = found.outcome, found.before - found.before.mean()
    variance = max(float(x @ x), 1e-300)
    p: dict[str, list[Doubles]] = {"plain": [], "cuped": []}
    covered = {"plain": 0, "cuped": 0}
    for arms in _groups(splits, len(y), seed):
        for lift in (0.0, LIFT):
            lifted = y * (1 + lift * arms)  # (c, n)
            thetas = (lifted @ x) / variance
            for name, values in (("plain", lifted), ("cuped", lifted - thetas[:, None] * x)):
                z = _z(values, arms, lift * float(y.mean()))
                if lift:
                    covered[name] += int((2 * ndtr(-np.abs(z)) >= ALPHA).sum())
                else:
                    p[name].append(2 * ndtr(-np.abs(z)))
    told = {}
    for name, parts in p.items():
        each = np.concatenate(parts)
        told[name] = {
            "people": len(y),
            "splits": splits,
            "uniform_p": round(float(kstest(each, "uniform").pvalue), 4),
            "below": share_of(int((each < ALPHA).sum()), splits),
            "covered": share_of(covered[name], splits),
        }
    return told


def share_of(number: int, of: int) -> dict[str, Any]:
    """A share of tests with Wilson's 95 % interval."""
    from scipy.stats import binomtest

    told = binomtest(number, of).proportion_ci(0.95, method="wilson")
    return {"share": round(number / of, 4), "share_ci95": [round(float(told.low), 4), round(float(told.high), 4)]}


def _z(values: Doubles, arms: Doubles, expected: float) -> Doubles:
    """The difference of both groups less what is expected, in standard errors, (c,)."""
    n, total, squares = arms.sum(axis=1), (arms * values).sum(axis=1), (arms * values**2).sum(axis=1)
    others = len(values[0]) - n
    difference, error = _difference(
        n, total, squares, others, values.sum(axis=1) - total, (values**2).sum(axis=1) - squares
    )
    off = difference - expected
    return np.divide(off, error, out=np.zeros_like(off), where=error > 0)  # nothing varies: nothing rings


def _difference(
    n: Doubles, total: Doubles, squares: Doubles, n_other: Doubles, total_other: Doubles, squares_other: Doubles
) -> tuple[Doubles, Doubles]:
    """(the first group's mean less the other's, its standard error by Welch), from numbers, sums and squares."""
    mean, variance = _mean_and_variance(n, total, squares)
    other, its = _mean_and_variance(n_other, total_other, squares_other)
    return mean - other, np.sqrt(variance + its)


def _mean_and_variance(n: Doubles, total: Doubles, squares: Doubles) -> tuple[Doubles, Doubles]:
    """(the mean, the variance of that mean)."""
    mean = total / np.maximum(n, 1)
    return mean, np.maximum(squares / np.maximum(n, 1) - mean**2, 0.0) / np.maximum(n - 1, 1)


def _groups(splits: int, people: int, seed: int) -> Iterator[Doubles]:
    """Who is in the second group, (c, people) of 0 and 1, over all chunks (splits, people)."""
    rng = np.random.default_rng(seed)
    step = max(1, min(splits, CELLS // max(people, 1)))
    for start in range(0, splits, step):
        size = min(step, splits - start)
        coins = np.frombuffer(rng.bytes(math.ceil(size * people / 8)), np.uint8)
        yield np.unpackbits(coins, count=size * people).reshape(size, people).astype(np.float64)
