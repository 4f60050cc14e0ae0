"""The search lab's drawings: how ranks change from system to system, and where the milliseconds go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from recsys.plots.shelf import shorten
from recsys.plots.style import BACKGROUND, DEPARTMENT_COLOURS, FIRST, chart_text, error_bars, figure_style
from recsys.ranking.parts import PARTS
from recsys.schema import Stage

RISES: Final = "#0A9A6E"
FALLS: Final = DEPARTMENT_COLOURS[3]
STAYS: Final = BACKGROUND
ALONE: Final = "#D98A00"
ROW: Final = 28  # pixels per rank: a line of text and air
BAR: Final = 42  # pixels per system
LEGEND_LINE: Final = 20
TITLE: Final = 24  # characters of a title beside the first list: a third of a phone's width
STAGE_COLOURS: Final = {
    **{part.name: part.colour for part in PARTS if part.stage},
    "person": "#A58D7F",
    "understand": "#B8603A",
    "encode": "#8C6BB1",
    "score": "#5B77D6",
    "fold": "#A68A12",
    "explain": "#2AA7C0",
}
LINES: Final = ("rises", RISES, "solid"), ("falls", FALLS, "dash"), ("stays", STAYS, "dot")


def rank_lines(table: pd.DataFrame, labels: Mapping[str, str], depth: int) -> go.Figure:
    """Ranks as a bump chart: a line joins the places of one product in two neighbouring lists.

    `table` has the columns title and, for each system in `labels` (name -> label, left to right), its rank, NaN where
    the product is not in the list. Ranks beyond `depth` have no point: a line to one leaves the picture at the bottom.
    A product that no neighbouring list holds has a hollow point and no line.
    """
    names = list(labels)
    figure = go.Figure()
    segments = [segment for at in range(len(names) - 1) for segment in _segments(table, names, at, depth)]
    for name, colour, dash in LINES:
        x: list[float | None] = []
        y: list[float | None] = []
        for at, left, right in segments:
            if np.sign(left - right) == {"rises": 1, "falls": -1, "stays": 0}[name]:
                x += [at, at + 1, None]
                y += [left, right, None]
        if x:
            figure.add_scatter(
                x=x, y=y, mode="lines", name=name, line={"color": colour, "width": 2.5, "dash": dash}, hoverinfo="skip"
            )
    _points(figure, table, labels, depth)
    figure_style(figure, "How ranks change from system to system", height=112 + ROW * depth)
    ticks = list(range(len(names)))
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[chart_text(label) for label in labels.values()],
        side="top",
        range=[-0.3, len(names) - 0.6],
        showgrid=False,
        zeroline=False,
    )
    first = table[table[names[0]] <= depth].sort_values(names[0]) if names else table
    beside = (
        {
            int(rank): f"{shorten(title, TITLE)}  {int(rank)}"
            for rank, title in zip(first[names[0]], first["title"], strict=True)
        }
        if names
        else {}
    )
    places = list(range(1, depth + 1))
    figure.update_yaxes(
        tickvals=places,
        ticktext=[beside.get(place, str(place)) for place in places],
        range=[depth + 0.6, 0.4],
        showgrid=False,
        zeroline=False,
        ticksuffix=" ",
    )
    return figure


def _segments(table: pd.DataFrame, names: Sequence[str], at: int, depth: int) -> list[tuple[int, float, float]]:
    """(place of the left list, rank there, rank in the right one) of what both lists hold, one of them shown."""
    left, right = table[names[at]], table[names[at + 1]]
    both = table[left.notna() & right.notna() & ((left <= depth) | (right <= depth))]
    return [(at, float(a), float(b)) for a, b in zip(both[names[at]], both[names[at + 1]], strict=True)]


def _points(figure: go.Figure, table: pd.DataFrame, labels: Mapping[str, str], depth: int) -> None:
    names = list(labels)
    shown = {True: ([], [], []), False: ([], [], [])}  # type: dict[bool, tuple[list[int], list[float], list[str]]]
    for at, name in enumerate(names):
        beside = [names[other] for other in (at - 1, at + 1) if 0 <= other < len(names)]
        for _, row in table[table[name] <= depth].iterrows():
            linked = any(row[other] >= 1 for other in beside)
            x, y, text = shown[linked]
            x.append(at)
            y.append(float(row[name]))
            places = ", ".join(f"{labels[n]} {_place(row[n])}" for n in names)
            text.append(f"<b>{chart_text(str(row['title']))}</b><br>{chart_text(places)}")
    for linked, (x, y, text) in shown.items():
        if not x:
            continue
        colour, symbol = ("#5B77D6", "circle") if linked else (ALONE, "circle-open")
        figure.add_scatter(
            x=x,
            y=y,
            mode="markers",
            name="in a list beside it too" if linked else "in no list beside it",
            marker={"color": colour, "size": 11, "symbol": symbol, "line": {"width": 2 if not linked else 0}},
            text=text,
            hovertemplate="%{text}<extra></extra>",
        )


def _place(rank: float) -> str:
    return f"{rank:.0f}" if rank >= 1 else "not found"


def stage_times(stages: Mapping[str, Sequence[Stage]]) -> go.Figure:
    """Milliseconds of each stage of each system's answer, stacked; `stages` is by the system's label, top to bottom."""
    figure = go.Figure()
    labels = {stage.name: stage.label.partition(" (")[0] for found in stages.values() for stage in found}
    kinds = _in_order(stages)
    for place, name in enumerate(kinds):
        label = labels[name]
        times = [sum(stage.ms for stage in found if stage.name == name) for found in stages.values()]
        figure.add_bar(
            y=[chart_text(system) for system in stages],
            x=[round(ms, 3) for ms in times],
            orientation="h",
            name=chart_text(label),
            marker={
                "color": STAGE_COLOURS.get(name, DEPARTMENT_COLOURS[place % len(DEPARTMENT_COLOURS)]),
                "line": {"width": 0},
            },
            hovertemplate="%{y}<br>" + chart_text(label) + ": %{x:.2f} ms<extra></extra>",
        )
    lines = (len(kinds) + 1) // 2  # of the legend: two names stand side by side
    figure.update_layout(barmode="stack", bargap=0.35)
    figure_style(figure, "Where the time goes", x="milliseconds", height=110 + BAR * len(stages) + LEGEND_LINE * lines)
    figure.update_layout(margin={"t": 44 + LEGEND_LINE * lines}, legend_traceorder="normal")
    figure.update_yaxes(autorange="reversed", showgrid=False, ticksuffix=" ")
    return figure


def _in_order(stages: Mapping[str, Sequence[Stage]]) -> list[str]:
    """The names of all stages, each behind the one it follows in the first system that has it."""
    order: list[str] = []
    for found in stages.values():
        at = 0
        for stage in found:
            if stage.name not in order:
                order.insert(at, stage.name)
            at = order.index(stage.name) + 1
    return order


def interval_points(table: pd.DataFrame, metric: str, title: str, x: str) -> go.Figure:
    """A point per system with its interval, in the order of `table`: columns label, metric, its low and high."""
    figure = go.Figure()
    labels = [chart_text(label) for label in table["label"]]
    low, high = table[f"{metric} low"], table[f"{metric} high"]
    figure.add_scatter(
        x=table[metric],
        y=labels,
        mode="markers",
        marker={"color": FIRST, "size": 11},
        error_x=error_bars((high - table[metric]).fillna(0), (table[metric] - low).fillna(0), FIRST),
        customdata=np.column_stack([low, high]),
        hovertemplate="<b>%{y}</b><br>%{x:.3f} (%{customdata[0]:.3f} to %{customdata[1]:.3f})<extra></extra>",
    )
    figure_style(figure, title, x=x, height=110 + ROW * max(2, len(table)), legend=False)
    figure.update_yaxes(categoryorder="array", categoryarray=labels, autorange="reversed", ticksuffix=" ")
    figure.update_xaxes(range=[-0.02, 1.02])
    return figure
