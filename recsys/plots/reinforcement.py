"""Pictures of planning ahead: what training brings, and how one person tires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, FIRST, HISTORY, SECOND, SHOPPER, SHOWN, chart_text, error_bars, figure_style

COLOURS: Final = {"greedy": SECOND, "slateq": SHOWN, "reinforce": SHOPPER, "varied": HISTORY}
OTHER: Final = FIRST  # of what else is drawn, a bandit mostly
DASHES: Final = {"varied": "dash", "popular": "dot"}
APART: Final = 0.008  # of the axis: how far marks of one number of episodes stand from each other


def training(points: Sequence[Mapping[str, Any]], methods: Sequence[str], title: str) -> go.Figure:
    """The value of each method after so many episodes with its 95 % interval; what is not trained is a level line."""
    figure = go.Figure()
    most = max(point["episodes"] for point in points)
    for place, method in enumerate(methods):
        mine = [point for point in points if point["method"] == method]
        if mine and mine[0]["trained"]:
            _curve(figure, mine, method, (place - len(methods) / 2) * APART * most)
        elif mine:
            _level(figure, mine[0], method, most)
    figure_style(figure, title, x="episodes of training", y="value of an episode", height=400)
    figure.update_xaxes(range=[0, 1.06 * most])
    return figure


def _curve(figure: go.Figure, mine: Sequence[Mapping[str, Any]], method: str, step: float) -> None:
    colour = COLOURS.get(method, OTHER)
    up = pd.Series([point["value_ci95"][1] - point["value"] for point in mine])
    down = pd.Series([point["value"] - point["value_ci95"][0] for point in mine])
    figure.add_scatter(
        x=[point["episodes"] + step for point in mine],
        y=[point["value"] for point in mine],
        customdata=[point["episodes"] for point in mine],
        mode="lines+markers",
        name=chart_text(mine[0]["label"]),
        line={"color": colour, "width": 2.5},
        error_y=error_bars(up, down, colour, fine=True),
        hovertemplate="%{customdata} episodes: %{y:.2f}<extra>%{fullData.name}</extra>",
    )


def _level(figure: go.Figure, point: Mapping[str, Any], method: str, most: float) -> None:
    colour = BACKGROUND if method == "popular" else COLOURS.get(method, OTHER)
    figure.add_scatter(
        x=[0, 1.05 * most],
        y=[point["value"]] * 2,
        mode="lines",
        name=chart_text(point["label"]),
        line={"color": colour, "width": 2, "dash": DASHES.get(method, "dashdot")},
        hovertemplate="not trained: %{y:.2f}<extra>%{fullData.name}</extra>",
    )


def tiring(examples: Sequence[Mapping[str, Any]], title: str) -> go.Figure:
    """How tired one person is after each page of each method; a circle where they left, a cross where for good."""
    figure = go.Figure()
    for example in examples:
        pages, colour = example["pages"], COLOURS.get(example["method"], OTHER)
        figure.add_scatter(
            x=list(range(1, len(pages) + 1)),
            y=[page["tired"] for page in pages],
            mode="lines+markers",
            name=chart_text(example["label"]),
            line={"color": colour, "width": 2.5},
            marker={"size": [11 if page["left"] else 6 for page in pages], "symbol": [_mark(page) for page in pages]},
            hovertemplate="page %{x}: tired %{y:.2f}<extra>%{fullData.name}</extra>",
        )
    figure_style(figure, title, x="page", y="tiredness", height=340)
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(rangemode="tozero")
    return figure


def _mark(page: Mapping[str, Any]) -> str:
    return "x" if page["over"] else "circle-open" if page["left"] else "circle"
