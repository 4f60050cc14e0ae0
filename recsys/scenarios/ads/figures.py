"""Means over simulated days with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Interval(NamedTuple):
    """A mean with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float


def interval(values: Sequence[float]) -> Interval:
    """Mean and 95 % interval by Student's t over independent days; a single day has an interval of no width."""
    from scipy.special import stdtrit

    found = np.asarray(values, np.float64)
    mean, n = float(found.mean()), len(found)
    half = float(stdtrit(n - 1, 0.975)) * float(found.std(ddof=1)) / n**0.5 if n > 1 else 0.0
    return Interval(mean, mean - half, mean + half)
