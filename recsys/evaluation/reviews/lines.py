"""A line of a table: a figure with its interval, and what it adds to another one on the same reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

DRAWN: Final = 1_000  # resamples of the test's reviews for an interval
SEED: Final = 0
Doubles = npt.NDArray[np.float64]
Sides = npt.NDArray[np.bool_]
Value = Callable[[Any, Any], float]  # (what is true, what is told) -> the figure


def line(name: str, label: str, value: Value, true: Any, told: Any) -> dict[str, Any]:
    """The figure of a way, with its 95 % interval."""
    again = [value(true[rows], told[rows]) for rows in _resamples(len(true))]
    return {
        "method": name,
        "label": label,
        "value": round(value(true, told), 4),
        "ci95": _ends(again),
        "test": len(true),
    }


def added(value: Value, true: Any, before: Any, after: Any) -> dict[str, Any]:
    """How far the figure of `after` lies above that of `before`, with the 95 % interval of paired resamples."""
    again = [value(true[rows], after[rows]) - value(true[rows], before[rows]) for rows in _resamples(len(true))]
    return {"value": round(value(true, after) - value(true, before), 4), "ci95": _ends(again)}


def change(value: Value, true: Any, before: Any, after: Any, against: str) -> dict[str, Any]:
    """How far the figure of `after` lies from that of `before`, the way `against`, as a share of that; paired."""
    again = [value(true[rows], after[rows]) / value(true[rows], before[rows]) - 1 for rows in _resamples(len(true))]
    whole = value(true, after) / value(true, before) - 1
    return {"value": round(whole, 4), "ci95": _ends(again), "against": against}


def _resamples(n: int) -> list[npt.NDArray[np.int64]]:
    chance = np.random.default_rng(SEED)
    return [chance.integers(n, size=n) for _ in range(DRAWN)]


def _ends(values: list[float]) -> list[float]:
    return [round(float(end), 4) for end in np.quantile(values, (0.025, 0.975))]
