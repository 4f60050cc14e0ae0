"""What a kept run says: the order of the recommenders, what is more than luck, for whom, and where two of them part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from recsys.errors import ArtifactError
from recsys.evaluation.results import SHOPPER, TAKEN
from recsys.evaluation.runs import KeptRun
from recsys.evaluation.significance import ROUNDING, SAMPLING, Sampling, compare, holm, intervals
from recsys.evaluation.slices import SMALLEST
from recsys.schema import Rows

LEVEL: Final = 0.05  # of a test: one false alarm in twenty runs, with p corrected for the number of comparisons
# Counts and neighbours over purchases, nothing trained: what a dear model has to beat (Ferrari Dacrema, Cremonesi &
# Jannach, "Are we really making much progress?", RecSys 2019).
SIMPLE: Final = frozenset({"most-popular", "recently-popular", "cohort-popular", "personal-frequency", "tifu-knn",
                           "item-knn", "seq-rules", "pctm"})  # fmt: skip
LESS_IS_BETTER: Final = ("gini@", "popularity@")  # both say how much the few bestsellers take
PARTS: Final = ("repeat ", "first-time ", "new-product ")
COUNTS: Final = ("wins", "ties", "losses")


@dataclass(frozen=True, slots=True)
class Lead:
    """By how much one recommender is ahead of another, on the metric that the run compares by."""

    model: str
    against: str
    difference: float
    low: float
    high: float
    p: float  # corrected for the number of pairs by Holm

    @property
    def more_than_luck(self) -> bool:
        """Whether the difference passes the test at 5 %."""
        return self.p < LEVEL


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who wins a run, and how sure that is. Names, as in the report."""

    winner: str
    runner_up: Lead | None  # None with a single recommender
    best_simple: Lead | None  # None when the winner is simple itself, or none ran
    level: tuple[str, ...]  # those whose distance from the winner may be luck, the cheapest first
    cheaper: str | None  # of those, the one that costs less than half of what the winner does


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """One shopper's answer sheet: what was taken, and two lists, as rows of items, -1 for nothing."""

    shopper: str
    taken: Rows
    lists: dict[str, Rows]  # model -> (k,) best first

    def hits(self, model: str) -> int:
        """How many of the listed items were taken."""
        return int(np.isin(self.lists[model], self.taken).sum())


def better(metric: str) -> int:
    """1 where more is better, -1 where less is."""
    return -1 if metric.startswith(LESS_IS_BETTER) else 1


def metrics(report: dict[str, Any]) -> list[str]:
    """Every metric of the run, in the order of the report."""
    return list(dict.fromkeys(metric for model in report["models"] for metric in model["metrics"]))


def standings(report: dict[str, Any], metric: str) -> pd.DataFrame:
    """A row per recommender, best first, ties in the order of the run.

    Columns: model, label, simple, mean, low, high (NaN where the metric has no interval), shoppers, seconds (to fit and
    to rank for all shoppers asked), choose_s (to choose its settings), peak_mb.
    """
    rows = [
        {
            "model": m["name"],
            "label": m["label"],
            "simple": m["name"] in SIMPLE,
            "mean": _figure(m["metrics"].get(metric)),
            "low": _end(m, metric, 0),
            "high": _end(m, metric, 1),
            "shoppers": m["shoppers"].get(metric),
            "seconds": cost(m),
            "choose_s": m["choose_s"],
            "peak_mb": m["peak_mb"],
        }
        for m in report["models"]
    ]
    table = pd.DataFrame(rows)
    order = np.argsort(-better(metric) * table["mean"].to_numpy(np.float64), kind="stable")  # NaN comes last
    return table.iloc[order].reset_index(drop=True)


def unbeaten(worth: pd.Series, other: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether nothing is better in one of two figures and at least as good in the other (Pareto front), (m,).

    More is better in both: give a cost with its sign turned.
    """
    a, b = worth.to_numpy(np.float64), other.to_numpy(np.float64)
    as_good = (a >= a[:, None]) & (b >= b[:, None])  # (m, m): the column beats or equals the row in both
    return np.asarray(~(as_good & ((a > a[:, None]) | (b > b[:, None]))).any(axis=1))


def figures(report: dict[str, Any]) -> pd.DataFrame:
    """Everything the run measured, a row per recommender in the order of the first metric: for a spreadsheet."""
    by = {model["name"]: model for model in report["models"]}
    table = standings(report, report["compared_by"]).drop(columns=["mean", "low", "high", "shoppers"])
    columns: dict[str, list[float]] = {}
    for metric in metrics(report):
        columns[metric] = [_figure(by[name]["metrics"].get(metric)) for name in table["model"]]
        if any(metric in model["ci95"] for model in report["models"]):
            for side, end in enumerate(("low", "high")):
                columns[f"{metric} {end}"] = [_end(by[name], metric, side) for name in table["model"]]
    rules = {f"{key} (protocol)": report["protocol"][key] for key in ("name", "variant", "seed")}
    about = pd.DataFrame({"dataset": report["dataset"], **rules}, index=table.index)
    return pd.concat([table, pd.DataFrame(columns, index=table.index), about], axis=1)


def cost(model: dict[str, Any]) -> float:
    """Seconds to fit a recommender and to rank for all shoppers asked."""
    return float(model["fit_s"] + model["score_s"])


# --- more than luck? ----------------------------------------------------------------------------------------


def pairs(run: KeptRun, metric: str, sampling: Sampling = SAMPLING) -> pd.DataFrame:
    """Every pair of recommenders, the better one as `model`: columns of `significance.compare`.

    Read from the report for the metric the run compares by, else computed; empty for a metric without a value per
    shopper, or with one recommender. Raises ArtifactError when the figures cannot be read.
    """
    if metric == run.report["compared_by"]:
        table = pd.DataFrame(run.report["comparisons"])
    elif run.built_in:  # it has no figures per shopper
        return pd.DataFrame()
    elif len(run.report["models"]) > 1 and (values := _values(run, metric)) is not None:
        table = compare(values, sampling=sampling)
    else:
        return pd.DataFrame()
    return pd.DataFrame() if table.empty else _better_first(table, better(metric))


def lead(report: dict[str, Any], model: str, against: str) -> Lead | None:
    """How far `model` is ahead of `against`; None when the run did not compare them."""
    for row in report["comparisons"]:
        if (row["model"], row["against"]) == (model, against):
            return Lead(model, against, *(_figure(row[key]) for key in ("difference", "low", "high", "p_corrected")))
        if (row["against"], row["model"]) == (model, against):
            difference, high, low, p = (_figure(row[key]) for key in ("difference", "low", "high", "p_corrected"))
            return Lead(model, against, -difference, -low, -high, p)
    return None


def verdict(report: dict[str, Any]) -> Verdict:
    """Who wins by the metric the run compares by, against whom, and whether something cheaper does as well."""
    table = standings(report, report["compared_by"])
    winner, *others = table["model"].tolist()
    leads = {name: found for name in others if (found := lead(report, winner, name))}
    simple = [name for name in others if name in SIMPLE and name in leads]
    seconds = table.set_index("model")["seconds"]
    level = tuple(sorted((n for n, found in leads.items() if not found.more_than_luck), key=lambda n: seconds[n]))
    cheaper = level[0] if level and seconds[level[0]] * 2 < seconds[winner] else None
    return Verdict(
        winner,
        leads.get(others[0]) if others else None,
        leads[simple[0]] if simple and winner not in SIMPLE else None,
        level,
        cheaper,
    )


def parts(report: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """Standings on repeats, first purchases and new products alone, where the run told them apart, by their names."""
    asked, known = report["compared_by"], metrics(report)
    return {part.strip(): standings(report, part + asked) for part in PARTS if part + asked in known}


# --- for whom? ----------------------------------------------------------------------------------------------


def by_slice(run: KeptRun, metric: str, against: str, sampling: Sampling = SAMPLING) -> pd.DataFrame:
    """Every recommender against one, in every slice: paired differences per shopper, positive where `model` is better.

    Columns: slicing, slice, model, mean, against_mean, difference, low, high (95 % bootstrap interval, not corrected),
    p (paired t-test, corrected by Holm over all rows: it agrees with the randomisation test, Smucker, Allan &
    Carterette, CIKM 2007, and can be small enough for hundreds of rows), wins, ties, losses (shoppers for whom `model`
    is better, equal, worse), count, comparable (False below 30 shoppers), sure (p < .05). Ways of slicing with a single
    slice are left out. Empty for a metric without a value per shopper. Raises ArtifactError for unreadable figures.
    """
    values, labels = _values(run, metric), visits(run)[0]
    if values is None or len(values.columns) < 2:
        return pd.DataFrame()
    tables = [
        _one_slice(values[(labels[slicing] == name).to_numpy()], against, better(metric), sampling).assign(
            slicing=slicing, slice=str(name)
        )
        for slicing in labels.columns
        if len(labels[slicing].cat.categories) > 1
        for name in labels[slicing].cat.categories
    ]
    if not tables:
        return pd.DataFrame()
    table = pd.concat(tables, ignore_index=True)
    table["p"] = holm(table["p"].where(table["comparable"]).to_numpy(np.float64))
    return table.assign(sure=table["p"] < LEVEL)


def slice_means(report: dict[str, Any], models: Iterable[str]) -> pd.DataFrame:
    """What these recommenders reach in each slice by the metric the run compares by, as its report tells it.

    Columns: slicing, slice, model, mean, low, high (95 % bootstrap interval of each figure), count, comparable
    (False below 30 shoppers). Ways of slicing with a single slice are left out; empty where the run kept none.
    """
    table = pd.DataFrame(report["slices"])
    if table.empty:
        return table
    several = table.groupby("slicing", sort=False)["slice"].transform("nunique") > 1
    return table[several & table["model"].isin(list(models))].reset_index(drop=True)


def best_by_slice(report: dict[str, Any]) -> pd.DataFrame:
    """Of `slice_means`, the highest mean in each slice of at least 30 shoppers: nothing is tested."""
    table = slice_means(report, [model["name"] for model in report["models"]])
    if table.empty:
        return table
    enough = table[table["comparable"]].sort_values("mean", ascending=False, kind="stable")
    return enough.drop_duplicates(["slicing", "slice"]).sort_index()


def better_served(table: pd.DataFrame) -> pd.DataFrame:
    """Of `by_slice`, the slices in which another recommender is better by more than luck: the best one of each."""
    if table.empty:
        return table
    sure = table[table["sure"] & (table["difference"] > 0)]
    return sure.sort_values("difference", ascending=False, kind="stable").drop_duplicates(["slicing", "slice"])


def _one_slice(values: pd.DataFrame, against: str, sign: int, sampling: Sampling) -> pd.DataFrame:
    others = [name for name in values.columns if name != against]
    base = values[against].to_numpy(np.float64)[:, None]
    differences = sign * (values[others].to_numpy(np.float64) - base)  # (b, m)
    known = pd.DataFrame(differences, columns=others)
    found = intervals(known, sampling)
    enough = found["count"].to_numpy() >= SMALLEST
    mean, count = found["mean"].to_numpy(), np.maximum(found["count"].to_numpy(np.float64), 2)
    with np.errstate(all="ignore"):  # lists that are equally good for all have no spread: p is NaN, no proof
        t = mean / (known.std(ddof=1).to_numpy() / np.sqrt(count))
    p = 2 * stats.t.sf(np.abs(t), count - 1)
    return pd.DataFrame(
        {
            "model": others,
            "mean": values[others].mean().to_numpy(),
            "against_mean": values[against].mean(),
            "difference": mean,
            "low": found["low"].to_numpy(),
            "high": found["high"].to_numpy(),
            "p": p,
            "wins": (differences > ROUNDING).sum(axis=0),
            "ties": (np.abs(differences) <= ROUNDING).sum(axis=0),
            "losses": (differences < -ROUNDING).sum(axis=0),
            "count": found["count"].to_numpy(),
            "comparable": enough,
        }
    )


# --- shopper by shopper -------------------------------------------------------------------------------------


def visits(run: KeptRun) -> tuple[pd.DataFrame, list[str]]:
    """The slices of each visit (b rows of categories, empty ones left out) and the shopper ids, (b,)."""
    table = run.shoppers()
    if SHOPPER not in table or TAKEN not in table:
        raise ArtifactError(f"run {run.id} does not say who was asked", remedy="start the run again")
    labels = table.select_dtypes("category")
    return labels.apply(lambda column: column.cat.remove_unused_categories()), table[SHOPPER].astype(str).tolist()


def farthest_apart(
    run: KeptRun, metric: str, model: str, against: str, *, slicing: str = "", slice_: str = "", most: int = 7
) -> pd.DataFrame:
    """The visits in which two recommenders differ most: `most` in which `model` is better, then as many the other way.

    Columns: visit (row of the run), shopper_id, `model` and `against` (the two values), difference (positive where
    `model` is better), and the slices. Ties by row. Visits of one slice only when it is named.
    """
    labels, ids = visits(run)
    values = _values(run, metric, (model, against))
    if values is None:
        return pd.DataFrame()
    difference = better(metric) * (values[model] - values[against])
    table = pd.DataFrame(
        {
            "visit": np.arange(len(values)),
            SHOPPER: ids,
            "model": values[model],
            "against": values[against],
            "difference": difference,
        }
    ).join(labels)
    if slicing in labels and slice_:
        table = table[(labels[slicing].astype(str) == slice_).to_numpy()]
    ahead = table[table["difference"] > ROUNDING].sort_values("difference", ascending=False, kind="stable").head(most)
    behind = table[table["difference"] < -ROUNDING].sort_values("difference", kind="stable").head(most)
    return pd.concat([ahead, behind], ignore_index=True)


def visit(run: KeptRun, row: int, models: Iterable[str]) -> Visit:
    """What these recommenders listed in one visit, and what was taken."""
    table = run.shoppers()
    visits(run)
    return Visit(
        str(table[SHOPPER].iloc[row]),
        np.asarray(table[TAKEN].iloc[row], np.int32),
        {model: run.top(model)[row] for model in models},
    )


def _values(run: KeptRun, metric: str, models: Iterable[str] = ()) -> pd.DataFrame | None:
    """(b, models) of one metric; None when it has no value per shopper."""
    names = list(dict.fromkeys(models)) or [model["name"] for model in run.report["models"]]
    columns = {name: run.values(name) for name in names}
    if not all(metric in table for table in columns.values()):
        return None
    return pd.DataFrame({name: table[metric].astype(np.float64) for name, table in columns.items()})


def _better_first(table: pd.DataFrame, sign: int) -> pd.DataFrame:
    """The same pairs, turned so that the difference is in favour of `model`; the largest first."""
    turned = (sign * table["difference"] < 0).to_numpy()
    out = table.copy()
    out.loc[turned, ["model", "against"]] = table.loc[turned, ["against", "model"]].to_numpy()
    ends = table[["low", "high"]].to_numpy(np.float64)
    flip = turned if sign > 0 else ~turned
    out["difference"] = table["difference"].abs()
    out[["low", "high"]] = np.where(flip[:, None], -ends[:, ::-1], ends)
    return out.sort_values("difference", ascending=False, kind="stable").reset_index(drop=True)


def _end(model: dict[str, Any], metric: str, side: int) -> float:
    return _figure(model["ci95"].get(metric, (None, None))[side])


def _figure(value: float | None) -> float:
    return float("nan") if value is None else float(value)
