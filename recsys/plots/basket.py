"""Pictures of an evaluation of baskets: how often each way finds what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from recsys.plots.style import FAINT, HISTORY, QUERY, SHOWN, chart_text, error_bars, figure_style

HEIGHT: Final = 34  # pixels of each bar
FOOT: Final = 90


def by_method(lines: Sequence[Mapping[str, Any]], value: str, title: str, axis: str) -> go.Figure:
    """A bar for each method with its 95 % interval, the best on top; the simple ways in another colour."""
    shown = sorted(lines, key=lambda line: float(line[value]))
    values = [float(line[value]) for line in shown]
    ends = [line[f"{value}_ci95"] for line in shown]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=[chart_text(str(line["label"])) for line in shown],
            orientation="h",
            marker={"color": [SHOWN if line["method"] == "mix" else _colour(line) for line in shown]},
            error_x=error_bars(
                pd.Series([end[1] - each for end, each in zip(ends, values, strict=True)]),
                pd.Series([each - end[0] for end, each in zip(ends, values, strict=True)]),
                FAINT,
                fine=True,
            ),
            hovertemplate="%{y}: %{x:.1%}<extra></extra>",
        )
    )
    figure_style(figure, title, x=axis, height=HEIGHT * len(shown) + FOOT, legend=False)
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    return figure


def by_relation(lines: Sequence[Mapping[str, Any]], value: str, title: str, axis: str) -> go.Figure:
    """Two bars for each kind of relation: all of it together and the best simple way, with their 95 % intervals."""
    groups = list(dict.fromkeys(str(line["group"]) for line in lines))[::-1]  # the first is drawn on top
    figure = go.Figure()
    for name, colour, mine in (("best simple way", HISTORY, False), ("all of it together", SHOWN, True)):
        known = {str(line["group"]): line for line in lines if (line["method"] == "mix" if mine else line["best"])}
        shown = [known[group] for group in groups]
        values = [float(line[value]) for line in shown]
        ends = [line[f"{value}_ci95"] for line in shown]
        figure.add_bar(
            x=values,
            y=[chart_text(group[:1].upper() + group[1:]) for group in groups],
            orientation="h",
            name=name,
            marker={"color": colour},
            error_x=error_bars(
                pd.Series([end[1] - each for end, each in zip(ends, values, strict=True)]),
                pd.Series([each - end[0] for end, each in zip(ends, values, strict=True)]),
                FAINT,
                fine=True,
            ),
            customdata=[[chart_text(str(line["label"])), float(line["auc"])] for line in shown],
            hovertemplate="%{y}, %{customdata[0]}: %{x:.1%}, AUC %{customdata[1]:.2f}<extra></extra>",
        )
    figure_style(figure, title, x=axis, height=2 * HEIGHT * len(groups) + FOOT + HEIGHT, legend=True)
    figure.update_layout(barmode="group", legend={"traceorder": "reversed"})
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    return figure


def _colour(line: Mapping[str, Any]) -> str:
    return HISTORY if line["baseline"] else QUERY
