"""Pictures of a test before it runs: its power by its size; and of tests without a difference, how many rang."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from recsys.evaluation.experiments.checking import Doubles
from recsys.plots.style import BACKGROUND, FIRST, HISTORY, SECOND, chart_text, figure_style


def power_curve(curve: Mapping[str, Doubles], power: float, sizes: Mapping[str, float], who: str) -> go.Figure:
    """The chance of finding the change by the number of people, without and with CUPED, and where it is as wanted.

    `sizes` are the people it takes of each line that is drawn, by its name in `curve`; `who` is counted.
    """
    figure = go.Figure()
    names = {"plain": ("without what was before", SECOND), "cuped": ("with what was before (CUPED)", FIRST)}
    figure.add_hline(y=power, line={"color": BACKGROUND, "dash": "dot"})
    for name, (label, colour) in names.items():
        if name not in sizes:
            continue
        figure.add_scatter(
            x=curve["people"], y=curve[name], mode="lines", name=label, line={"color": colour, "width": 2.5},
            hovertemplate="%{x:,.0f}: %{y:.0%}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[sizes[name]], y=[power], mode="markers", marker={"color": colour, "size": 11}, showlegend=False,
            hovertemplate=f"{label}: %{{x:,.0f}} take %{{y:.0%}}<extra></extra>",
        )  # fmt: skip
    figure_style(
        figure, "Chance of finding the change (dotted: as wanted)", x=f"{chart_text(who)} in both groups",
        y="power", height=340,
    )  # fmt: skip
    figure.update_yaxes(range=[0, 1.03], tickformat=".0%")
    return figure


def alarms(lines: Sequence[Mapping[str, Any]], alpha: float) -> go.Figure:
    """The share of tests without a difference that were stopped for one, for each way to look, with its interval."""
    figure = go.Figure()
    for line in lines:
        low, high = line["share_ci95"]
        colour = HISTORY if high <= alpha or low <= alpha <= high or line["share"] < alpha else SECOND
        figure.add_bar(
            x=[line["share"]],
            y=[f"{chart_text(line['label'])} "],
            orientation="h",
            marker={"color": colour},
            error_x={"type": "data", "array": [high - line["share"]], "arrayminus": [line["share"] - low]},
            hovertemplate="%{y}: %{x:.1%}<extra></extra>",
            showlegend=False,
        )
    figure.add_vline(x=alpha, line={"color": BACKGROUND, "dash": "dot"})
    figure_style(
        figure, "Alarms where there is no difference (dotted: as promised)", x="share of tests, with 95 % interval",
        height=130 + 34 * len(lines), legend=False,
    )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(autorange="reversed")
    return figure
