"""Figures of forecasts: WAPE and MASE with intervals over series, by week ahead, and how often intervals held.

WAPE = sum |y - f| / sum y (Kolassa and Schütz 2007). MASE divides the mean absolute error of a series by that of "last
week again" within the weeks before the origin (Hyndman and Koehler 2006), and is the mean over the series.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.stock.intervals import COVERAGE, HIGH, LOW
from recsys.scenarios.stock.series import Doubles

DRAWS: Final = 1_000  # of series, with replacement
TAILS: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one method foretold from all test weeks, beside what came."""

    forecasts: Doubles  # (origins, n, horizon)
    came: Doubles  # (origins, n, horizon)
    scales: Doubles  # (origins, n) mean change from week to week before the origin

    @property
    def errors(self) -> Doubles:
        """(n,) absolute errors of each series, all origins and weeks together."""
        return np.asarray(np.abs(self.came - self.forecasts).sum(axis=(0, 2)), np.float64)

    @property
    def total(self) -> Doubles:
        """(n,) what was sold."""
        return np.asarray(self.came.sum(axis=(0, 2)), np.float64)

    @property
    def scaled(self) -> Doubles:
        """(n,) the MASE of each series; NaN for one that never changed."""
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.abs(self.came - self.forecasts).mean(axis=2) / np.where(self.scales > 0, self.scales, np.nan)
        there = np.isfinite(each)
        return np.where(there.any(axis=0), np.where(there, each, 0).sum(0) / np.maximum(there.sum(0), 1), np.nan)


def drawn(n: int, seed: int) -> npt.NDArray[np.int64]:
    """(DRAWS, n) series drawn with replacement, the same for all methods."""
    return np.asarray(np.random.default_rng(seed).integers(0, n, (DRAWS, n)), np.int64)


def ends(values: Doubles) -> list[float]:
    """The 95 % interval of bootstrapped values."""
    return [round(float(end), 4) for end in np.nanpercentile(values, TAILS)]


def line(name: str, label: str, mine: Outcome, base: Outcome, draws: npt.NDArray[np.int64]) -> dict[str, Any]:
    """The figures of one method, beside those of a base: negative changes are fewer errors."""
    errors, total, theirs = mine.errors, mine.total, base.errors
    sums = np.maximum(total[draws].sum(axis=1), 1e-9)
    change = errors[draws].sum(axis=1) / np.maximum(theirs[draws].sum(axis=1), 1e-9) - 1
    scaled = mine.scaled
    known = np.isfinite(scaled).any()
    return {
        "method": name,
        "label": label,
        "wape": round(float(errors.sum() / max(total.sum(), 1e-9)), 4),
        "wape_ci95": ends(errors[draws].sum(axis=1) / sums),
        "mase": round(float(np.nanmean(scaled)), 4) if known else None,
        "mase_ci95": ends(np.nanmean(scaled[draws], axis=1)) if known else None,
        "change": round(float(errors.sum() / max(theirs.sum(), 1e-9) - 1), 4),
        "change_ci95": ends(change),
        "bias": round(float((mine.forecasts - mine.came).sum() / max(mine.came.sum(), 1e-9)), 4),
        "by_week": [
            round(
                float(np.abs(mine.came - mine.forecasts)[:, :, ahead].sum() / max(mine.came[:, :, ahead].sum(), 1e-9)),
                4,
            )
            for ahead in range(mine.came.shape[2])
        ],
    }


def held(levels: Doubles, came: Doubles, draws: npt.NDArray[np.int64]) -> dict[str, Any]:
    """How often what came lay in the interval: `levels` (origins, n, horizon, levels), `came` (origins, n, horizon)."""
    inside = (came >= np.floor(levels[..., LOW])) & (came <= np.ceil(levels[..., HIGH]))
    each = inside.mean(axis=(0, 2))  # (n,)
    width = (np.ceil(levels[..., HIGH]) - np.floor(levels[..., LOW])).mean()
    return {
        "meant": COVERAGE,
        "held": round(float(each.mean()), 4),
        "held_ci95": ends(each[draws].mean(axis=1)),
        "mean_width": round(float(width), 2),
        "by_week": [round(float(inside[:, :, ahead].mean()), 4) for ahead in range(inside.shape[2])],
    }
