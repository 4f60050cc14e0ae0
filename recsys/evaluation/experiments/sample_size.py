"""How many people a test of two groups takes, for a rate and for a mean; what is left to find with so many.

Groups: the first sees what there is, the second what is new; `Design.allocation` is the second one's share of people.
All tests are two-sided. A variance that CUPED leaves (`cuped.left`) multiplies every size: ask for `size * left`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scipy.special import ndtr, ndtri

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.checking import above_zero, between

EXACT_BELOW: Final = 20_000  # people: from there on Student's t is the normal to all digits that are told
SKEW_RULE: Final = 355.0  # people of each group for each unit of squared skewness (Kohavi et al. 2014)
FEWEST_PEOPLE: Final = 3.0  # of whom a variance within two groups is left


@dataclass(frozen=True, slots=True)
class Design:
    """How sure a test is to be. Raises BadRequestError for what is no share between 0 and 1."""

    alpha: float = 0.05  # chance of a false alarm where there is no difference
    power: float = 0.8  # chance of finding the difference that is looked for, where it is there
    allocation: float = 0.5  # share of the people who see what is new

    def __post_init__(self) -> None:
        between("a chance of a false alarm of", self.alpha)
        between("a power of", self.power)
        between("an allocation of", self.allocation)
        if self.power <= self.alpha:
            raise BadRequestError(
                f"a power of {self.power} is not above the chance of a false alarm, {self.alpha}",
                allowed="a power above it",
                remedy="choose 0.8 and 0.05, say",
            )

    @property
    def ratio(self) -> float:
        """People of the second group for each of the first."""
        return self.allocation / (1.0 - self.allocation)


USUAL: Final = Design()


def for_rate(rate: float, effect: float, design: Design = USUAL) -> float:
    """People of both groups to find a rate changed by `effect` (+0.01: from 3 % to 4 %), not rounded.

    n_1 = (z_(1-alpha/2) sqrt((r+1) p q) + z_power sqrt(r p_1 q_1 + p_2 q_2))^2 / (r effect^2), r = n_2 / n_1 and p the
    rate of both groups together: Fleiss, Tytun & Ury, "A simple approximation for calculating sample sizes for
    comparing independent proportions" (1980), without the correction for continuity; for r = 1 R's `power.prop.test`.
    """
    first, second = _rates(rate, effect)
    r = design.ratio
    null, other = _spreads(first, second, r)
    root = _z(1 - design.alpha / 2) * null + _z(design.power) * other
    return float(root**2 / (r * effect**2)) * (1 + r)


def power_for_rate(rate: float, effect: float, people: float, design: Design = USUAL) -> float:
    """The chance of finding that change with so many people of both groups; the inverse of `for_rate`."""
    first, second = _rates(rate, effect)
    r = design.ratio
    null, other = _spreads(first, second, r)
    reached = math.sqrt(above_zero("a number of people of", people) / (1 + r) * r) * abs(effect)
    return float(ndtr((reached - _z(1 - design.alpha / 2) * null) / other))


def least_for_rate(rate: float, people: float, design: Design = USUAL) -> float:
    """The smallest rise of the rate that so many people find with the design's power; NaN where not even all is."""
    between("a rate of", rate)
    top = (1.0 - rate) * (1 - 1e-9)
    return _least(lambda effect: power_for_rate(rate, effect, people, design), top, design.power)


def for_mean(deviation: float, effect: float, design: Design = USUAL) -> float:
    """People of both groups to find a mean changed by `effect`, values of that standard deviation; not rounded.

    n_1 = (z_(1-alpha/2) + z_power)^2 (1 + 1/r) deviation^2 / effect^2; of fewer than EXACT_BELOW people by the
    noncentral t distribution (Cohen, "Statistical power analysis", 1988). What the deviation is of skewed values says
    nothing of whether their mean is nearly normal: see `for_skew`.
    """
    from scipy.optimize import brentq

    above_zero("a standard deviation of", deviation)
    size = above_zero("a change of the mean of", abs(effect)) / deviation
    r = design.ratio
    normal = float((_z(1 - design.alpha / 2) + _z(design.power)) ** 2 * (1 + 1 / r) / size**2) * (1 + r)
    if normal > EXACT_BELOW:
        return normal
    if _power_t(size, FEWEST_PEOPLE, design) >= design.power:
        return FEWEST_PEOPLE

    def missing(people: float) -> float:
        return _power_t(size, people, design) - design.power

    return float(brentq(missing, FEWEST_PEOPLE, normal + 100.0, xtol=1e-6))


def power_for_mean(deviation: float, effect: float, people: float, design: Design = USUAL) -> float:
    """The chance of finding that change with so many people of both groups; the inverse of `for_mean`."""
    above_zero("a standard deviation of", deviation)
    size = above_zero("a change of the mean of", abs(effect)) / deviation
    if not FEWEST_PEOPLE <= people < math.inf:
        raise BadRequestError(f"a test of {people} people", allowed="three or more", remedy="ask for more people")
    if people <= EXACT_BELOW:
        return _power_t(size, people, design)
    r = design.ratio
    reached = size * math.sqrt(people / (1 + r) / (1 + 1 / r))
    z = _z(1 - design.alpha / 2)
    return float(ndtr(reached - z) + ndtr(-reached - z))


def least_for_mean(deviation: float, people: float, design: Design = USUAL) -> float:
    """The smallest change of the mean that so many people find with the design's power."""
    above_zero("a standard deviation of", deviation)
    far = deviation
    while power_for_mean(deviation, far, people, design) < design.power:
        far *= 2
    return _least(lambda effect: power_for_mean(deviation, effect, people, design), far, design.power)


def for_skew(skewness: float, design: Design = USUAL) -> float:
    """People of both groups from which on the mean of values so skewed is normal enough for these tests.

    355 skewness^2 in the smaller group: Kohavi, Deng, Longbotham & Xu, "Seven rules of thumb for web site
    experimenters", KDD 2014, rule 7.
    """
    if not math.isfinite(skewness):
        raise BadRequestError(f"a skewness of {skewness}", allowed="a finite number", remedy="use more values")
    return SKEW_RULE * skewness**2 / min(design.allocation, 1 - design.allocation)


def days(people: float, a_day: float) -> int:
    """Whole days until so many people have come, at `a_day` of them a day. Raises BadRequestError where none come."""
    return math.ceil(above_zero("a number of people of", people) / above_zero("visitors a day:", a_day))


def _rates(rate: float, effect: float) -> tuple[float, float]:
    between("a rate of", rate)
    if effect == 0 or not math.isfinite(effect):
        raise BadRequestError(
            f"a change of the rate of {effect} is none", allowed="a number but 0", remedy="say what is worth finding"
        )
    return rate, between(f"a rate of {rate:g} changed to", rate + effect)


def _spreads(first: float, second: float, r: float) -> tuple[float, float]:
    """(the spread if both groups are alike, if they have these rates), for each person of the first group."""
    both = (first + r * second) / (1 + r)
    null = math.sqrt((r + 1) * both * (1 - both))
    return null, math.sqrt(r * first * (1 - first) + second * (1 - second))


def _power_t(size: float, people: float, design: Design) -> float:
    from scipy.stats import nct, t

    r = design.ratio
    freedom = people - 2.0
    shift = size * math.sqrt(people / (1 + r) / (1 + 1 / r))
    edge = float(t.ppf(1 - design.alpha / 2, freedom))
    power = float(nct.sf(edge, freedom, shift) + nct.cdf(-edge, freedom, shift))
    return power if math.isfinite(power) else 1.0  # so far beyond the edge that SciPy's series ends


def _least(power_of: Callable[[float], float], top: float, power: float) -> float:
    from scipy.optimize import brentq

    if power_of(top) < power:
        return math.nan
    return float(brentq(lambda effect: power_of(effect) - power, top * 1e-9, top, xtol=top * 1e-12))


def _z(share: float) -> float:
    return float(ndtri(share))
