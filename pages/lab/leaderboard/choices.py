"""Which run, metric, pair, slice and shopper the leaderboard shows, from the address bar; and its figures, cached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.lab.leaderboard.wording import metric_label, run_label, slicing_label
from pages.shared import state
from pages.shared.pickers import select
from recsys.evaluation import reading, runs
from recsys.evaluation.built_in import committed_runs

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_tab_container import TabContainer

    from recsys.evaluation.runs import KeptRun

NARROWER: Final = ("model", "against", "slicing", "slice", "visit")  # what a change of run or pair makes void
BEYOND: Final = ("utility", "coverage", "diversity", "novelty", "serendipity", "popularity", "gini")
PARTS: Final = ("Ranking", "Verdict", "Cost and worth", "Pair by pair", "Side by side")
EVERYBODY: Final = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A run and what of it is shown."""

    run: KeptRun
    metric: str
    notes: tuple[str, ...]  # plain sentences about what the link asked for and could not have

    @property
    def report(self) -> dict[str, Any]:
        """What the run found."""
        return self.run.report

    @property
    def names(self) -> dict[str, str]:
        """Recommender -> plain words."""
        return {model["name"]: model["label"] for model in self.report["models"]}

    @property
    def short(self) -> dict[str, str]:
        """Recommender -> plain words without what stands in brackets, where that still tells them apart."""
        bare = {name: label.split(" (")[0] for name, label in self.names.items()}
        return bare if len(set(bare.values())) == len(bare) else self.names


def kept() -> list[KeptRun]:
    """The runs on disk, newest first, and behind them those that came with the project."""
    settings = state.settings()
    made = [run for run in runs.kept(settings.runs_dir) if _whole(run.report)]
    return [*made, *committed_runs(settings.shop)]


def nothing_of_here(found: Sequence[KeptRun]) -> bool:
    """Whether nobody has run anything, and nothing came with the project that is about the open shop."""
    return all(run.built_in and run.shop != state.settings().shop for run in found)


def shown(found: Sequence[KeptRun]) -> Shown:
    """What the link asks for, else the newest run, else the first built-in one, by the metric it compares by."""
    by_id = {run.id: run for run in found}
    notes: list[str] = []
    run = by_id[_asked("run", list(by_id), found[0].id, "another run is shown", notes)]
    known = reading.metrics(run.report)
    metric = _asked("metric", known, run.report["compared_by"], "what the run compares by is shown", notes)
    return Shown(run, metric, tuple(notes))


def pickers(found: Sequence[KeptRun], now: Shown) -> None:
    """The run and the metric."""
    with st.popover("Another run or metric", icon=":material/swap_horiz:", key="leaderboard.pickers"):
        labels = {run.id: run_label(run.report, built_in=run.built_in) for run in found}
        select(
            "run",
            "Run",
            list(labels),
            now.run.id,
            labels,
            void=NARROWER,
            help="Every comparison that was kept, newest first, and those that came with the project.",
        )
        metrics = {metric: metric_label(metric) for metric in reading.metrics(now.report)}
        select(
            "metric",
            "Metric",
            list(metrics),
            now.metric,
            metrics,
            help="What the drawings and tables are about; the finding keeps to that of the settings.",
        )


def parts(now: Shown) -> Sequence[TabContainer]:
    """Where each part of a run stands; a link that says what to look at in one of them opens it."""
    asked = state.choices()
    opened = PARTS[0]
    if asked["worth"]:
        opened = PARTS[2]
    if any(asked[name] for name in NARROWER):
        opened = PARTS[4]
    return st.tabs(PARTS, default=opened, key=f"leaderboard.parts.{now.run.id}")


def pair(now: Shown) -> tuple[str, str]:
    """The two recommenders that are compared: the winner and the runner-up unless others are asked for."""
    order = reading.standings(now.report, now.report["compared_by"])["model"].tolist()
    model = _asked("model", order, order[0])
    others = [name for name in order if name != model]
    return model, _asked("against", others, others[0])


def slicing(ways: Sequence[str]) -> str:
    """The way of slicing that is shown."""
    return _asked("slicing", ways, ways[0])


def slice_of(names: Sequence[str]) -> str:
    """The slice whose shoppers are listed; "" for everybody."""
    return _asked("slice", names, EVERYBODY)


def names_of(now: Shown, way: str) -> list[str]:
    """The slices of one way of slicing, in their order."""
    return [str(name) for name in reading.visits(now.run)[0][way].cat.categories]


def visit(rows: Sequence[int]) -> int:
    """The visit whose lists are shown: the first of the table unless another one in it is asked for."""
    return int(_asked("visit", [str(row) for row in rows], str(rows[0])))


def worth(now: Shown) -> tuple[str, list[str]]:
    """What accuracy is drawn against, and what it could be."""
    known = [metric for metric in reading.metrics(now.report) if metric.startswith(BEYOND)]
    offered = sorted(known, key=lambda metric: BEYOND.index(metric.split("@")[0]))
    return (_asked("worth", offered, offered[0]) if offered else "", offered)


def slicing_picker(ways: list[str], value: str) -> None:
    """How shoppers are sorted into slices."""
    select(
        "slicing",
        "Slices",
        ways,
        value,
        {way: slicing_label(way) for way in ways},
        void=("slice", "visit"),
        help="Ways of sorting the shoppers who were asked.",
    )


def _asked(name: str, allowed: Sequence[str], default: str, instead: str = "", notes: list[str] | None = None) -> str:
    wanted = str(state.choices()[name])
    if wanted in allowed:
        return wanted
    if wanted and notes is not None:
        notes.append(f"The link asks for {name} “{wanted[:40]}”, which is not here: {instead}.")
    return default


def _whole(report: dict[str, Any]) -> bool:
    """Whether a report has what every drawing needs."""
    return bool(report.get("models")) and {"protocol", "compared_by", "comparisons", "source"} <= set(report)


# --- figures, computed once per run -------------------------------------------------------------------------


def pairs(now: Shown) -> pd.DataFrame:
    """Every pair of recommenders by the metric shown."""
    return _cached("pairs", str(now.run.path), now.metric, "", lambda: reading.pairs(now.run, now.metric))


def slices(now: Shown, metric: str, against: str) -> pd.DataFrame:
    """Every recommender against one, in every slice."""
    return _cached("slices", str(now.run.path), metric, against, lambda: reading.by_slice(now.run, metric, against))


@st.cache_data(show_spinner="Comparing shopper by shopper…", max_entries=64)
def _cached(kind: str, path: str, metric: str, against: str, _compute: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    return _compute()
