"""CUPED: what is known of people from before a test takes the noise that it explains out of what is measured in it.

Deng, Xu, Kohavi & Walker, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment
data", WSDM 2013. What was before the test cannot depend on the group, so that a difference stays what it is on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.checking import Doubles, values_of

RESAMPLES: Final = 1_000
LEVEL: Final = 0.95
SEED: Final = 20_130_204


@dataclass(frozen=True, slots=True)
class Saved:
    """What a covariate saves: the share of the variance, and so of the people, with its bootstrap interval."""

    share: float  # 0..1
    low: float
    high: float


def theta(outcome: npt.ArrayLike, before: npt.ArrayLike) -> float:
    """How much of the outcome goes with each unit of what was before: cov(y, x) / var(x), 0 where all x are alike.

    Over both groups together, so that it knows nothing of the difference between them.
    """
    y, x = _pair(outcome, before)
    centred = x - x.mean()
    spread = float(centred @ centred)
    return float(centred @ (y - y.mean())) / spread if spread > 0 else 0.0


def adjusted(outcome: npt.ArrayLike, before: npt.ArrayLike) -> Doubles:
    """(n,) the outcomes less what was to be expected of each person: y - theta (x - mean of x), same mean."""
    y, x = _pair(outcome, before)
    return np.asarray(y - theta(y, x) * (x - x.mean()))


def left(outcome: npt.ArrayLike, before: npt.ArrayLike) -> float:
    """The share of the variance, and so of the people a test takes, that is left: 1 - correlation^2."""
    y, x = _pair(outcome, before)
    variance = float(y.var())
    return min(float(adjusted(y, x).var()) / variance, 1.0) if variance > 0 else 1.0


def saved(outcome: npt.ArrayLike, before: npt.ArrayLike, seed: int = SEED) -> Saved:
    """1 - `left`, with the percentile-bootstrap interval over people."""
    y, x = _pair(outcome, before)
    rng = np.random.default_rng(seed)
    drawn = [rng.integers(0, len(y), len(y)) for _ in range(RESAMPLES)]
    shares = [1.0 - left(y[rows], x[rows]) for rows in drawn]
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Saved(1.0 - left(y, x), float(low), float(high))


def _pair(outcome: npt.ArrayLike, before: npt.ArrayLike) -> tuple[Doubles, Doubles]:
    y, x = values_of("outcomes of the test", outcome), values_of("what was before the test", before)
    if len(y) != len(x):
        raise BadRequestError(
            f"{len(y)} outcomes and {len(x)} people known from before", allowed="one for each", remedy="match them"
        )
    return y, x
