"""The simple ways to say what will be sold: last week again, the same week of the month, means of the last weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from recsys.scenarios.stock.series import Doubles, Panel

MONTH: Final = 4  # weeks


def seasonal_naive(units: Doubles, horizon: int, season: int) -> Doubles:
    """(n, horizon) what was sold one season ago, repeated. Of a shorter history the last week."""
    if units.shape[1] < season:
        season = 1
    return np.stack([units[:, units.shape[1] - season + ahead % season] for ahead in range(horizon)], axis=1)


def moving_average(units: Doubles, horizon: int, weeks: int) -> Doubles:
    """(n, horizon) the mean of the last weeks, of all where there are fewer."""
    return np.repeat(units[:, -weeks:].mean(axis=1, keepdims=True), horizon, axis=1)


def moving_median(units: Doubles, horizon: int, weeks: int) -> Doubles:
    """(n, horizon) the median of the last weeks: what makes the mean absolute error least, if weeks were alike."""
    return np.repeat(np.median(units[:, -weeks:], axis=1, keepdims=True), horizon, axis=1)


SEASONAL_NAIVE: Final[Mapping[str, Callable[[Panel, int], Doubles]]] = {
    "naive": lambda panel, horizon: seasonal_naive(panel.units, horizon, 1),
    "month-ago": lambda panel, horizon: seasonal_naive(panel.units, horizon, MONTH),
}
MOVING_AVERAGES: Final[Mapping[str, Callable[[Panel, int], Doubles]]] = {
    "mean-4": lambda panel, horizon: moving_average(panel.units, horizon, 4),
    "mean-8": lambda panel, horizon: moving_average(panel.units, horizon, 8),
    "mean-13": lambda panel, horizon: moving_average(panel.units, horizon, 13),
}
OTHERS: Final[Mapping[str, Callable[[Panel, int], Doubles]]] = {
    "median-8": lambda panel, horizon: moving_median(panel.units, horizon, 8),
}
