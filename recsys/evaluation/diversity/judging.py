"""Re-ranked lists against what was really taken: nDCG and diversity of every setting, with intervals of the change."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.evaluation import beyond_accuracy as beyond
from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.diversity.candidates import Candidates, Described, pools
from recsys.evaluation.significance import SAMPLING, Sampling, bootstrap_means, intervals
from recsys.evaluation.splits import Task
from recsys.progress import Progress, silent
from recsys.recommenders.contract import SideInformation
from recsys.reranking.chosen import DIVERSIFY
from recsys.reranking.composing import rerank
from recsys.reranking.contract import Reranker
from recsys.schema import Rows

SHELF: Final = 20
NDCG, DIVERSITY = f"ndcg@{SHELF}", f"diversity@{SHELF}"

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to diversity at one strength; a strength of 0 is relevance alone."""

    way: str  # of DIVERSIFY
    scale: str  # of candidates.SCALES
    strength: float

    @property
    def rerankers(self) -> tuple[Reranker, ...]:
        """What is done to each list."""
        return (DIVERSIFY[self.way](self.strength),) if self.strength > 0 else ()


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """What one setting showed: the lists, and how long each took."""

    top: Rows  # (b, SHELF)
    milliseconds: Doubles  # (b,) of re-ranking alone


def listed(
    found: Candidates, described: Described, settings: Sequence[Setting], progress: Progress = silent
) -> dict[Setting, Lists]:
    """The lists of every setting, each pool made once for all settings of a scale, shown in the order of the scores."""
    made = {s: Lists(np.full((len(found.items), SHELF), -1, np.int32), np.zeros(len(found.items))) for s in settings}
    scales = list(dict.fromkeys(setting.scale for setting in settings))
    for turn, scale in enumerate(scales):
        mine = [setting for setting in settings if setting.scale == scale]
        for row, (items, pool) in enumerate(pools(found, described, scale)):
            if row % 100 == 0:
                progress(turn * len(found.items) + row, len(scales) * len(found.items), "re-ranking")
            for setting in mine:
                started = time.perf_counter()
                slate = rerank(pool, SHELF, setting.rerankers).slate
                made[setting].milliseconds[row] = (time.perf_counter() - started) * 1000
                made[setting].top[row, : len(slate)] = items[slate]
    return made


def measured(top: Rows, task: Task, side: SideInformation) -> pd.DataFrame:
    """nDCG and intra-list diversity of each list, (b, 2)."""
    values = accuracy(top, task.relevant, [SHELF])[[NDCG]]
    diversity = beyond.intra_list_diversity(top, side)
    return values.assign(**{DIVERSITY: np.nan if diversity is None else diversity})


def change(values: pd.DataFrame, base: pd.DataFrame, sampling: Sampling = SAMPLING) -> dict[str, Any]:
    """The relative change of each metric's mean against the base, with its percentile-bootstrap interval.

    Visits are resampled in pairs and the ratio of the means taken; those that lack a value in either are left out.
    """
    out: dict[str, Any] = {}
    for metric in (NDCG, DIVERSITY):
        pair = np.column_stack([values[metric], base[metric]])
        pair = pair[~np.isnan(pair).any(axis=1)]
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = bootstrap_means(pair, sampling)
            ratios = drawn[:, 0] / drawn[:, 1] - 1.0
            mean = pair[:, 0].mean() / pair[:, 1].mean() - 1.0 if len(pair) else np.nan
        tails = [(1 - sampling.level) / 2, (1 + sampling.level) / 2]
        low, high = np.nanquantile(ratios, tails) if np.isfinite(ratios).any() else (np.nan, np.nan)
        name = metric.split("@")[0]
        out |= {f"{name}_change": plain(mean), f"{name}_change_ci95": [plain(low), plain(high)]}
    return out


def row(setting: Setting, lists: Lists, values: pd.DataFrame, base: pd.DataFrame, sampling: Sampling) -> dict[str, Any]:
    """One line of the result: the setting, its figures with intervals, and the change against relevance alone."""
    found = intervals(values, sampling)
    return {
        "way": setting.way,
        "relevance": setting.scale,
        "strength": setting.strength,
        **{str(metric): plain(mean) for metric, mean in found["mean"].items()},
        **{f"{metric}_ci95": [plain(line.low), plain(line.high)] for metric, line in found.iterrows()},
        **change(values, base, sampling),
        "p95_ms": plain(float(np.percentile(lists.milliseconds, 95))),
    }


def plain(value: float) -> float | None:
    """The value with six significant digits; None for NaN, which JSON does not know."""
    return None if np.isnan(value) else float(f"{value:.6g}")
