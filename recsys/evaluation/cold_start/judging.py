"""Lists of cold items and for cold shoppers against what was really taken: weights chosen, figures with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.cold_start.methods import COMBINED, FUSIONS, LABELS, MEMBERS, Fitted, weightings
from recsys.evaluation.full_ranking import best_of_each
from recsys.evaluation.significance import Sampling, bootstrap_means, intervals, randomisation_test
from recsys.evaluation.splits import Task
from recsys.progress import Progress, silent
from recsys.schema import Floats, Mask, Rows

K: Final = 10
HIT, NDCG = f"hit@{K}", f"ndcg@{K}"
CELLS_AT_ONCE: Final = 4_000_000  # scores of one method in memory at a time

CHOSEN_AT: Final = 50  # of the list that weights are chosen by: at 10 a small validation is mostly luck

Doubles = npt.NDArray[np.float64]
Values = dict[str, pd.DataFrame]  # method -> (b, 2) HIT and NDCG of each visit


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """How the members are added up: made comparable by one of FUSIONS, each with its weight."""

    fusion: str
    weights: Floats  # (members,) in the order of MEMBERS
    popularity: str  # the baseline that stands for popularity

    @property
    def members(self) -> tuple[str, ...]:
        """The methods that are added up."""
        return (*MEMBERS[:-1], self.popularity)

    def scores(self, scores: Mapping[str, Floats]) -> Floats:
        """(c, n) the combined scores."""
        return np.asarray(
            sum(w * FUSIONS[self.fusion](scores[name]) for w, name in zip(self.weights, self.members, strict=True)),
            np.float32,
        )

    def said(self) -> dict[str, Any]:
        """As plain data."""
        figures = {name: round(float(weight), 3) for name, weight in zip(MEMBERS, self.weights, strict=True)}
        return {"fusion": self.fusion, **figures, "popularity_is": self.popularity}


def equal_mix(popularity: str) -> Mix:
    """All members alike."""
    return Mix("places", np.full(len(MEMBERS), 1 / len(MEMBERS), np.float32), popularity)


def chosen_mix(fitted: Fitted, task: Task, candidates: Mask, popularity: str, progress: Progress = silent) -> Mix:
    """The mix of MEMBERS that ranks this task best, by nDCG@CHOSEN_AT; of equal ones that nearest to equal weights."""
    tried = weightings(len(MEMBERS))
    tried = tried[np.argsort(((tried - 1 / len(MEMBERS)) ** 2).sum(axis=1), kind="stable")]
    totals = {name: np.zeros(len(tried)) for name in FUSIONS}
    k = min(CHOSEN_AT, int(candidates.sum()))
    for rows, scores in _scored(fitted, task, candidates, (*MEMBERS[:-1], popularity), progress):
        relevant = task.relevant[rows][:, candidates]
        for name, fused in FUSIONS.items():
            parts = np.stack([fused(each) for each in scores.values()])  # (members, c, n)
            for number, weights in enumerate(tried):
                top = best_of_each(np.tensordot(weights, parts, 1), k)
                totals[name][number] += float(accuracy(top, relevant, [k])[f"ndcg@{k}"].sum())
    best = max(FUSIONS, key=lambda name: float(totals[name].max()))
    return Mix(best, np.asarray(tried[int(np.argmax(totals[best]))]), popularity)


def valued(fitted: Fitted, task: Task, candidates: Mask, mix: Mix, progress: Progress = silent) -> Values:
    """Hit rate and nDCG of every method and of the combination, visit by visit."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for rows, scores in _scored(fitted, task, candidates, tuple(fitted.methods), progress):
        relevant = task.relevant[rows][:, candidates]
        for name, mine in (scores | {COMBINED: mix.scores(scores)}).items():
            parts.setdefault(name, []).append(accuracy(best_of_each(mine, K), relevant, [K])[[HIT, NDCG]])
    return {name: pd.concat(each, ignore_index=True) for name, each in parts.items()}


def _scored(fitted: Fitted, task: Task, candidates: Mask, names: Sequence[str], progress: Progress) -> Any:
    """(rows, name -> (c, candidates) scores) of the visits in turns; what was taken before is out of reach."""
    b, step = len(task.visits), max(1, CELLS_AT_ONCE // len(candidates))
    for start in range(0, b, step):
        progress(start, b, "ranking")
        rows = np.arange(start, min(start + step, b), dtype=np.int32)
        some = task.visits.take(rows)
        seen = some.histories.matrix()[:, candidates].toarray() > 0
        scores = {}
        for name in names:
            mine = np.array(fitted.methods[name](some)[:, candidates], np.float32)
            scores[name] = np.where(seen, mine.min(axis=1, keepdims=True), mine)
        yield rows, scores
    progress(b, b, "ranking")


def compared(values: Mapping[str, pd.DataFrame], baselines: Sequence[str], sampling: Sampling) -> list[dict[str, Any]]:
    """A line per method: its figures with intervals, and its change against the best baseline of these very visits.

    The best baseline is the one with the highest nDCG here, which makes it hard to beat. The change is of the means,
    with a bootstrap over visits in pairs; p is of a paired randomisation test of nDCG, two-sided, not corrected.
    """
    best = max(baselines, key=lambda name: float(values[name][NDCG].mean()))
    lines = []
    for name, mine in values.items():
        found = intervals(mine, sampling)
        line: dict[str, Any] = {
            "method": name,
            "label": LABELS.get(name, name),
            "baseline": name in baselines,
            "best": name == best,
        }
        for metric, row in found.iterrows():
            short = str(metric).split("@")[0]
            line |= {short: plain(row["mean"]), f"{short}_ci95": [plain(row["low"]), plain(row["high"])]}
            line |= _change(short, mine[metric], values[best][metric], sampling)
        difference = (mine[NDCG] - values[best][NDCG]).to_numpy(np.float64)[:, None]
        line["p"] = None if name == best else plain(float(randomisation_test(difference, sampling)[0]))
        lines.append(line)
    return lines


def _change(short: str, mine: pd.Series, base: pd.Series, sampling: Sampling) -> dict[str, Any]:
    pair = np.column_stack([mine, base]).astype(np.float64)
    if not pair[:, 1].any():  # a baseline that finds nothing has no percentages
        return {f"{short}_change": None, f"{short}_change_ci95": [None, None]}
    drawn = bootstrap_means(pair, sampling)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(drawn[:, 1] > 0, drawn[:, 0] / drawn[:, 1] - 1, np.nan)
    low, high = np.nanquantile(ratios, [(1 - sampling.level) / 2, (1 + sampling.level) / 2])
    return {
        f"{short}_change": plain(pair[:, 0].mean() / pair[:, 1].mean() - 1),
        f"{short}_change_ci95": [plain(low), plain(high)],
    }


def plain(value: float) -> float | None:
    """The value with six significant digits; None for what is no number, which JSON does not know."""
    return float(f"{value:.6g}") if np.isfinite(value) else None


def drawn(task: Task, most: int, seed: int) -> Task:
    """So many of the visits, drawn by seed."""
    rows: Rows = np.sort(np.random.default_rng(seed).permutation(len(task.visits))[:most]).astype(np.int32)
    return task.take(rows)
