"""Verdicts that may be looked at any time: intervals and p-values that hold at all looks at once.

A t-test is right at one look that was set beforehand. Who looks every day and stops at the first p below 5 % is wrong
far more often than in 5 % of tests without a difference (Johari, Koomen, Pekelis & Walsh, "Peeking at A/B tests", KDD
2017). What is here may be looked at after each person, and stopped whenever one likes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, lambertw, ndtri

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.checking import Doubles, above_zero, between
from recsys.evaluation.experiments.sample_size import USUAL, Design

WAIT: Final = 100  # people of both groups before the first look: the interval is right in the limit of many
PATHS: Final = 4_000  # tests that are simulated: a share is off by 1.6 points at most, 95 of 100 times
STEPS: Final = 400  # looks at each
FURTHEST: Final = 8.0  # times the fixed size
SEED: Final = 20_170_813
# Of Beta(TRIALS, TRIALS), by which a coin's possible shares are weighed. Throws until 8 of 10 tests have ended, for a
# share of .9, .8, .65 and .6, of 1,000 simulated tests each: with 1 they were 16, 34, 159 and 383, with 2 16, 33, 144
# and 369, with 5 21, 34, 147, 323, with 20 29, 46, 150, 314.
TRIALS: Final = 2.0


# --- means ------------------------------------------------------------------------------------------------------


def weight_for(people: float, alpha: float = 0.05) -> float:
    """rho, with which an interval is narrowest at so many people.

    rho^2 = (-W_-1(-alpha^2 / e) - 1) / people, W_-1 the lower branch of Lambert's function: Waudby-Smith, Arbour,
    Sinha, Kennedy & Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of
    Statistics 2024, appendix B.2.
    """
    between("a chance of a false alarm of", alpha)
    above_zero("a number of people of", people)
    return math.sqrt((_narrowest(alpha) - 1.0) / people)


def half_width(error: npt.ArrayLike, people: npt.ArrayLike, rho: float, alpha: float = 0.05) -> Doubles:
    """Half the width of the interval at each look, in the unit of `error`, the standard error of what is estimated.

    error sqrt(2 (t rho^2 + 1) / (t rho^2) log(sqrt(t rho^2 + 1) / alpha)) with t people: theorem 2.2 of the same
    paper. All of them hold at once, 1 - alpha of the time, as the number of people before the first look grows; with
    few of skewed values they do not: begin at WAIT.
    """
    between("a chance of a false alarm of", alpha)
    scaled = _scaled(people, rho)
    wide = np.sqrt(2 * (scaled + 1) / scaled * (0.5 * np.log(scaled + 1) - math.log(alpha)))
    return np.asarray(np.asarray(error, np.float64) * wide)


def p_values(estimate: npt.ArrayLike, error: npt.ArrayLike, people: npt.ArrayLike, rho: float) -> Doubles:
    """The p at each look that holds at all looks: never rising again, 1 where nothing was seen.

    p_t = min(1, sqrt(x + 1) exp(-z^2 x / (2 (x + 1)))), x = t rho^2, z = estimate / error: where the interval above
    touches 0, and the inverse of the mixture likelihood ratio of Johari et al. (mSPRT with a normal mixture). Looks in
    order along the last axis.
    """
    scaled = _scaled(people, rho)
    estimate, error = np.asarray(estimate, np.float64), np.asarray(error, np.float64)
    z = np.divide(estimate, error, out=np.zeros(np.broadcast_shapes(estimate.shape, error.shape)), where=error > 0)
    logs = 0.5 * np.log(scaled + 1) - z**2 * scaled / (2 * (scaled + 1))
    return np.minimum.accumulate(np.exp(np.minimum(logs, 0.0)), axis=-1)


def _scaled(people: npt.ArrayLike, rho: float) -> Doubles:
    t = np.asarray(people, np.float64)
    if not (np.isfinite(t).all() and (t > 0).all()):
        raise BadRequestError("a look at no people", allowed="one or more", remedy="begin once somebody has come")
    return np.asarray(t * above_zero("rho of", rho) ** 2)


def _narrowest(alpha: float) -> float:
    """y with y exp(-y) = alpha^2 / e, y > 1: at the planned size the interval is sqrt(y) standard errors wide."""
    return -float(lambertw(-(alpha**2) / math.e, -1).real)


@dataclass(frozen=True, slots=True)
class Looking:
    """What it costs that a test may be looked at any time, against one that is looked at once, at its end."""

    wider: float  # the interval at the planned size, times the one of a single look
    size: float  # times as many people until the design's power is reached
    usual_stop: float  # where half of the tests that find the planned difference have stopped by, times the fixed size
    mean_size: float  # people of a test with the planned difference, on average, times the fixed size
    false_alarms: float  # share of tests without a difference that are stopped for one by then


@lru_cache(maxsize=64)
def looking(design: Design = USUAL) -> Looking:
    """The same, found on simulated tests in the limit of many people: a Brownian motion, with drift and without.

    A test that may be looked at stops at its first interval apart from 0, and is given up at `size`. A tenth of a
    second.
    """
    planned = -float(ndtri(design.alpha / 2)) + float(ndtri(design.power))  # standard errors that the change is, at 1
    at = np.linspace(FURTHEST / STEPS, FURTHEST, STEPS)  # in fixed sizes
    rng = np.random.default_rng(SEED)
    walk = np.cumsum(rng.standard_normal((PATHS, STEPS)) * math.sqrt(FURTHEST / STEPS), axis=1)
    edge = half_width(np.sqrt(at), at, weight_for(1.0, design.alpha), design.alpha)  # of the sum, where error is of it
    stops = _first(np.abs(walk + planned * at) >= edge, at)
    size = float(np.quantile(stops, design.power, method="inverted_cdf"))
    false = _first(np.abs(walk) >= edge, at)
    wider = math.sqrt(_narrowest(design.alpha)) / -float(ndtri(design.alpha / 2))
    found = stops[stops <= size]
    return Looking(
        wider, size, float(np.median(found)), float(np.minimum(stops, size).mean()), float((false <= size).mean())
    )


def _first(crossed: npt.NDArray[np.bool_], at: Doubles) -> Doubles:
    """Where each path first is at or beyond its edge; infinite where it never is."""
    return np.where(crossed.any(axis=1), at[crossed.argmax(axis=1)], np.inf)


# --- a coin -----------------------------------------------------------------------------------------------------


def coin_evidence(first: npt.ArrayLike, second: npt.ArrayLike, share: float = 0.5) -> Doubles:
    """log e: how much likelier the wins of two sides are if the first side's share is not `share`, weighed over all.

    e = B(a + first, a + second) / (B(a, a) share^first (1 - share)^second), a = TRIALS: a wager that starts with 1 and
    can only be expected to stay there if the share is as said, so that it ever reaches 1 / alpha with a chance of
    alpha at most (Robbins, "Statistical methods related to the law of the iterated logarithm", 1970; Ville 1939). Exact
    with any number of wins, at every look.
    """
    a, b = _wins(first), _wins(second)
    between("a share of", share)
    weighed = betaln(TRIALS + a, TRIALS + b) - betaln(TRIALS, TRIALS)
    return np.asarray(weighed - a * math.log(share) - b * math.log1p(-share))


def coin_interval(first: int, second: int, alpha: float = 0.05) -> tuple[float, float]:
    """The shares of the first side that its wins do not speak against, at every look at once; 0 to 1 without wins."""
    from scipy.optimize import brentq

    between("a chance of a false alarm of", alpha)
    total = float(_wins(first) + _wins(second))
    if not total:
        return 0.0, 1.0
    edge, best = -math.log(alpha), first / total

    def beyond(share: float) -> float:
        return float(coin_evidence(first, second, share)) - edge

    low, high, tiny = 0.0, 1.0, 1e-12
    if first and beyond(tiny) > 0:
        low = float(brentq(beyond, tiny, min(best, 1 - tiny)))
    if second and beyond(1 - tiny) > 0:
        high = float(brentq(beyond, max(best, tiny), 1 - tiny))
    return low, high


def _wins(number: npt.ArrayLike) -> Doubles:
    found = np.asarray(number, np.float64)
    if not (np.isfinite(found).all() and (found >= 0).all()):
        raise BadRequestError("a number of wins below 0 or none at all", allowed="0 or more", remedy="count them anew")
    return found
