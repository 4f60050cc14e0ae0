"""Places of hidden products as figures with intervals, each method against the best simple one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.evaluation.significance import SAMPLING, Sampling, bootstrap_means, intervals, randomisation_test

K: Final = 10
HIT, MRR = "hit", "mrr"

Doubles = npt.NDArray[np.float64]


def of_places(places: npt.NDArray[np.int64]) -> pd.DataFrame:
    """(b, 2): hit@10, 1 where the place is among the first ten; and 1 / place, of the full ranking."""
    return pd.DataFrame({HIT: (places <= K).astype(np.float64), MRR: 1 / places})


def compared(
    values: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    baselines: Sequence[str],
    by: str = MRR,
    sampling: Sampling = SAMPLING,
) -> list[dict[str, Any]]:
    """A line for each method: every column of its values with a 95 % interval, and its change of `by`.

    The change is in per cent of the best baseline, which is the best on these very questions; its interval is of the
    ratio of means in paired resamples, `p` of a paired randomisation test, two-sided, not corrected.
    """
    best = max(baselines, key=lambda name: float(values[name][by].mean()))
    base = values[best][by].to_numpy(np.float64)
    lines = []
    for name, mine in values.items():
        line: dict[str, Any] = {
            "method": name,
            "label": labels.get(name, name),
            "baseline": name in baselines,
            "best": name == best,
            "questions": len(mine),
        }
        for metric, row in intervals(mine, sampling).iterrows():
            line |= {str(metric): six(row["mean"]), f"{metric}_ci95": [six(row["low"]), six(row["high"])]}
        pair = np.column_stack([mine[by].to_numpy(np.float64), base])
        lines.append(line | _change(pair, name == best, sampling))
    return lines


def _change(pair: Doubles, same: bool, sampling: Sampling) -> dict[str, Any]:
    """How much the first column is above the second."""
    if same or not pair[:, 1].any():
        return {"change": 0.0 if same else None, "change_ci95": [None, None], "p": None}
    drawn = bootstrap_means(pair, sampling)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(drawn[:, 1] > 0, drawn[:, 0] / drawn[:, 1] - 1, np.nan)
    low, high = np.nanquantile(ratios, [(1 - sampling.level) / 2, (1 + sampling.level) / 2])
    p = float(randomisation_test(pair[:, :1] - pair[:, 1:], sampling)[0])
    return {
        "change": six(pair[:, 0].mean() / pair[:, 1].mean() - 1),
        "change_ci95": [six(low), six(high)],
        "p": six(p),
    }


def six(value: float) -> float | None:
    """The value with six significant digits; None for what is no number, which JSON does not know."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
