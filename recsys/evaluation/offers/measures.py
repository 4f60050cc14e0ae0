"""Measures of a ranking of pairs, with weights, so that shoppers can be drawn anew without sorting again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

BINS = 10
TOP = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Pairs with a score and whether they redeemed; pairs of one score stand in no order."""

    hits: Doubles  # (n,) 0 or 1
    group: Longs  # (n,) 0 for the highest score
    values: Doubles  # (n,)

    @classmethod
    def of(cls, values: Doubles, hits: Doubles) -> Judged:
        """Sort once."""
        _, group = np.unique(-np.asarray(values, np.float64), return_inverse=True)
        return cls(np.asarray(hits, np.float64), np.asarray(group, np.int64), np.asarray(values, np.float64))

    def _steps(self, weights: Doubles) -> tuple[Doubles, Doubles]:
        """(pairs, hits) down to the end of each group."""
        return np.cumsum(np.bincount(self.group, weights)), np.cumsum(np.bincount(self.group, weights * self.hits))

    def pr_auc(self, weights: Doubles) -> float:
        """Average precision: the sum over thresholds of the rise in recall times the precision."""
        pairs, hits = self._steps(weights)
        if hits[-1] <= 0:
            return float("nan")
        precision = hits / np.maximum(pairs, 1e-12)
        return float((np.diff(hits, prepend=0.0) / hits[-1] * precision).sum())

    def lift(self, weights: Doubles, top: float = TOP) -> float:
        """The rate of hits among the best tenth over the rate among all; ties count by their mean."""
        pairs, hits = self._steps(weights)
        if hits[-1] <= 0:
            return float("nan")
        reached = float(np.interp(top * pairs[-1], np.concatenate([[0.0], pairs]), np.concatenate([[0.0], hits])))
        return float(reached / hits[-1] / top)


def calibration_bins(chances: Doubles, hits: Doubles, bins: int = BINS) -> list[dict[str, float]]:
    """Equal parts of the pairs in the order of their chances: pairs, mean chance, share that redeemed."""
    order = np.argsort(chances, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [
        {"pairs": len(part), "foretold": float(chances[part].mean()), "redeemed": float(hits[part].mean())}
        for part in parts
    ]


def calibration_error(chances: Doubles, hits: Doubles, bins: int = BINS) -> float:
    """Expected calibration error (Naeini et al. 2015) over bins of equally many pairs."""
    found = calibration_bins(chances, hits, bins)
    return float(sum(each["pairs"] * abs(each["foretold"] - each["redeemed"]) for each in found) / max(len(hits), 1))


def debiased_error(chances: Doubles, hits: Doubles, bins: int = BINS) -> float:
    """The calibration error as a root mean square over the bins, less what luck alone adds to it.

    sqrt(max(sum_b n_b / n ((foretold_b - redeemed_b)^2 - redeemed_b (1 - redeemed_b) / (n_b - 1)), 0)) of Kumar, Liang
    and Ma, "Verified uncertainty calibration" (NeurIPS 2019); 0 where nothing is left of it.
    """
    total = 0.0
    for each in calibration_bins(chances, hits, bins):
        luck = each["redeemed"] * (1 - each["redeemed"]) / max(each["pairs"] - 1, 1)
        total += each["pairs"] * ((each["foretold"] - each["redeemed"]) ** 2 - luck)
    return float(np.sqrt(max(total / max(len(hits), 1), 0.0)))


def error_by_luck(chances: Doubles, draws: int = 500) -> tuple[float, float]:
    """(mean, 95th percentile) of the error that chances which are exactly right would have on so many pairs."""
    random = np.random.default_rng(0)
    found = [calibration_error(chances, (random.random(len(chances)) < chances).astype(float)) for _ in range(draws)]
    return float(np.mean(found)), float(np.quantile(found, 0.95))
