"""95 % intervals of an estimate: Student's t, the bootstrap over pages, and one that holds for any sample."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.evaluation.off_policy.data import Doubles
from recsys.evaluation.off_policy.estimators import Parts
from recsys.evaluation.significance import Sampling, bootstrap_means

LEVEL: Final = 0.95
Interval = tuple[float, float]


def students_t(influence: Doubles) -> Interval:
    """mean +- t * standard error, of what each page adds (n,); right as n grows, short where few pages carry all."""
    from scipy.stats import t

    n = len(influence)
    half = float(t.ppf(0.5 + LEVEL / 2, n - 1)) * float(influence.std(ddof=1)) / sqrt(n)
    mean = float(influence.mean())
    return mean - half, mean + half


def empirical_bernstein(influence: Doubles, width: float) -> Interval:
    """An interval that holds at any n for pages that each add a number from a range of that `width`.

    Theorem 4 of Maurer & Pontil (COLT 2009), at either side with half of what is left of the level.
    """
    n, tail = len(influence), log(4.0 / (1.0 - LEVEL))
    half = sqrt(2.0 * float(influence.var(ddof=1)) * tail / n) + 7.0 * width * tail / (3.0 * (n - 1))
    mean = float(influence.mean())
    return mean - half, mean + half


def bootstrapped(parts: Sequence[Parts], sampling: Sampling) -> list[Interval]:
    """Percentile intervals of several estimates over the same resamples of pages (Efron & Tibshirani 1993, ch. 13)."""
    columns = np.concatenate([each.values if each.weights is None else _beside(each) for each in parts], axis=1)
    means, found, at = bootstrap_means(columns, sampling), [], 0
    for each in parts:
        m = each.values.shape[1]
        values, at = means[:, at : at + m], at + m
        if each.weights is not None:
            by, at = means[:, at : at + m], at + m
            values = np.divide(values, by, out=np.zeros_like(values), where=by > 0)
        low, high = np.percentile(values.sum(axis=1), [50 * (1 - sampling.level), 50 * (1 + sampling.level)])
        found.append((float(low), float(high)))
    return found


def _beside(parts: Parts) -> Doubles:
    assert parts.weights is not None
    return np.concatenate([parts.values, parts.weights], axis=1)


def by_session(influence: Doubles, sessions: npt.NDArray[np.int64]) -> Doubles:
    """What each session adds instead of each page, (m,), with the same mean: pages of one session are no m draws.

    Sums of a session's deviations, each session's share of pages counted in (the linearised ratio of two sums).
    """
    mean, m = float(influence.mean()), int(sessions.max()) + 1
    sums = np.bincount(sessions, influence - mean, m)
    return np.asarray(mean + sums * m / len(influence))


def share_interval(hits: int, n: int) -> Interval:
    """Of a share `hits` / n, by Wilson (1927): it has a width even where all or none are hits."""
    from scipy.stats import binomtest

    found = binomtest(hits, n).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)
