"""A test that is planned: its size and its days, once looked at at its end, and looked at whenever one likes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.errors import BadRequestError
from recsys.evaluation.experiments import sample_size
from recsys.evaluation.experiments.anytime import Looking, looking
from recsys.evaluation.experiments.checking import Doubles
from recsys.evaluation.experiments.own_data import Baseline
from recsys.evaluation.experiments.sample_size import Design

POINTS: Final = 60  # of a curve
FURTHEST: Final = 3.0  # times the size, that a curve is drawn to


@dataclass(frozen=True, slots=True)
class Need:
    """What a test takes."""

    people: int  # of both groups; visits where visits are counted
    days: int  # until so many have come


@dataclass(frozen=True, slots=True)
class Planned:
    """A test by its design."""

    change: float  # that is to be found, in the unit of the metric
    plain: Need
    cuped: Need  # with what is known from before
    looked: Need  # the most that a test takes that may be looked at any time, CUPED beside it
    looked_mean: Need  # the same, on average where the change is as it was planned
    looking: Looking
    skewed_below: int  # people below whom the mean of so skewed values is not normal enough; 0 for a rate
    least: float  # relative change that all who came in the watched days would find, CUPED beside it; NaN where none


def planned(baseline: Baseline, lift: float, design: Design) -> Planned:
    """What a test takes to find a relative change of the metric (0.05: 5 % more), as the baseline varies.

    Raises BadRequestError for a change that cannot be: of nothing, and of a rate beyond all.
    """
    change = _change(baseline, lift)
    plain, costs = size(baseline, lift, design), looking(design)
    kept = 1.0 - baseline.saved.share
    skewed = 0 if baseline.is_rate else math.ceil(sample_size.for_skew(baseline.skewness, design))
    return Planned(
        change,
        _need(plain, baseline),
        _need(plain * kept, baseline),
        _need(plain * kept * costs.size, baseline),
        _need(plain * kept * costs.mean_size, baseline),
        costs,
        skewed,
        least(baseline, baseline.people / kept if kept > 0 else math.inf, design) if baseline.people else math.nan,
    )


def size(baseline: Baseline, lift: float, design: Design) -> float:
    """People (visits) of both groups without CUPED, not rounded."""
    change = _change(baseline, lift)
    if baseline.is_rate:
        return sample_size.for_rate(baseline.mean, change, design) * baseline.inflation
    return sample_size.for_mean(baseline.deviation, change, design) * baseline.inflation


def power(baseline: Baseline, lift: float, people: float, design: Design) -> float:
    """The chance that so many people find the change."""
    change, alone = _change(baseline, lift), people / baseline.inflation
    if baseline.is_rate:
        return sample_size.power_for_rate(baseline.mean, change, alone, design)
    return sample_size.power_for_mean(baseline.deviation, change, max(alone, sample_size.FEWEST_PEOPLE), design)


def least(baseline: Baseline, people: float, design: Design) -> float:
    """The smallest relative change that so many people find; NaN where not even the largest is found."""
    if not math.isfinite(people) or baseline.mean <= 0:
        return math.nan
    alone = max(people / baseline.inflation, sample_size.FEWEST_PEOPLE)
    if baseline.is_rate:
        return sample_size.least_for_rate(baseline.mean, alone, design) / baseline.mean
    return sample_size.least_for_mean(baseline.deviation, alone, design) / baseline.mean


def curve(baseline: Baseline, lift: float, design: Design) -> dict[str, Doubles]:
    """The power by the number of people, to FURTHEST times the size: "people", "plain" and "cuped", (POINTS,) each."""
    most = size(baseline, lift, design) * FURTHEST
    people = np.linspace(most / POINTS, most, POINTS)
    kept = max(1.0 - baseline.saved.share, 1e-6)
    return {
        "people": people,
        "plain": np.array([power(baseline, lift, each, design) for each in people]),
        "cuped": np.array([power(baseline, lift, each / kept, design) for each in people]),
    }


def _change(baseline: Baseline, lift: float) -> float:
    if not math.isfinite(lift) or lift == 0 or lift <= -1:
        raise BadRequestError(
            f"a relative change of {lift} cannot be looked for", allowed="above -1, but not 0", remedy="try 0.05, say"
        )
    if not (math.isfinite(baseline.mean) and math.isfinite(baseline.deviation)) or baseline.mean <= 0:
        raise BadRequestError(
            f"the metric is {baseline.mean} now, of which nothing can be so many per cent more",
            allowed="a metric above 0",
            remedy="choose another metric",
        )
    if baseline.is_rate and not 0 < baseline.mean * (1 + lift) < 1:
        raise BadRequestError(
            f"a share of {baseline.mean:.1%} cannot become {lift:.0%} more",
            allowed=f"at most {1 / baseline.mean - 1:.1%} more",
            remedy="look for a smaller change",
        )
    if not baseline.is_rate and baseline.deviation <= 0:
        raise BadRequestError("everybody has the same value", allowed="values that vary", remedy="use more data")
    return baseline.mean * lift


def _need(people: float, baseline: Baseline) -> Need:
    return Need(math.ceil(people), sample_size.days(people, baseline.a_day))
