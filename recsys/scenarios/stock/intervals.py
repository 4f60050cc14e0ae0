"""How far demand may lie from its forecast, by how far it lay on earlier weeks (split conformal prediction).

The errors of the same methods on earlier weeks, none of which they had seen, are brought to one scale and sorted (Vovk
et al. 2005; Lei et al. 2018): apart for each week ahead, and for series that sell little, some and much. Nothing is
assumed of their shape; that the next weeks err as the earlier ones did is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from recsys.scenarios.stock.series import Doubles

COVERAGE: Final = 0.8  # of the intervals: eight of ten weeks are to lie in them
LEVELS: Final = np.linspace(0.01, 0.99, 99)  # at which the distribution of the errors is kept
SIZES: Final = 3  # little, some, much
LEAST: Final = 30  # errors that a size needs of its own
FLOOR: Final = 0.25  # units a week, so that a forecast of 0 has an error too

LOW: Final = int(np.argmin(np.abs(LEVELS - (1 - COVERAGE) / 2)))
HIGH: Final = int(np.argmin(np.abs(LEVELS - (1 + COVERAGE) / 2)))


def _scale(forecast: Doubles) -> Doubles:
    """What an error is measured by: counts vary as the square root of their mean, and by a part of it."""
    return np.asarray(np.sqrt(forecast + FLOOR) + 0.2 * forecast, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """The errors of earlier weeks, of each week alone and of all weeks up to it."""

    edges: Doubles  # (SIZES - 1,) mean weekly forecasts between the sizes
    single: Doubles  # (SIZES, horizon, levels) errors of a week by its scale
    summed: Doubles  # (SIZES, horizon, levels) of the sum of the weeks so far

    @classmethod
    def of(cls, forecasts: Doubles, came: Doubles) -> Self:
        """From (origins, n, horizon) forecasts and what came."""
        size = forecasts.mean(axis=2)
        edges = np.quantile(size, np.arange(1, SIZES) / SIZES)
        sizes = np.searchsorted(edges, size, side="right")
        totals = forecasts.cumsum(axis=2)
        return cls(
            edges,
            _quantiles((came - forecasts) / _scale(forecasts), sizes),
            _quantiles((came.cumsum(axis=2) - totals) / _scale(totals), sizes),
        )

    def weekly(self, forecast: Doubles) -> Doubles:
        """(n, horizon, levels) quantiles of what each week may bring, of a forecast (n, horizon)."""
        return self._around(forecast, self.single, forecast)

    def until(self, forecast: Doubles) -> Doubles:
        """(n, horizon, levels) quantiles of what all weeks up to each may bring together."""
        return self._around(forecast.cumsum(axis=1), self.summed, forecast)

    def _around(self, values: Doubles, errors: Doubles, forecast: Doubles) -> Doubles:
        sizes = np.searchsorted(self.edges, forecast.mean(axis=1), side="right")
        found = values[:, :, None] + errors[sizes] * _scale(values)[:, :, None]
        return np.asarray(np.maximum(found, 0.0), np.float64)


def _quantiles(errors: Doubles, sizes: npt.NDArray[np.intp]) -> Doubles:
    """(SIZES, horizon, levels) of errors (origins, n, horizon) by size (origins, n); few ones take those of all."""
    found = []
    for size in range(SIZES):
        mine = errors[sizes == size]
        mine = mine if len(mine) >= LEAST else errors.reshape(-1, errors.shape[2])
        # the finite-sample step outwards: of k errors the (k + 1) q-th smallest
        levels = np.clip(0.5 + (LEVELS - 0.5) * (len(mine) + 1) / len(mine), 0, 1)
        found.append(np.quantile(mine, levels, axis=0).T)
    return np.stack(found)
