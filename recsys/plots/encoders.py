"""What smaller encoders save and cost: size against quality, the speed as the size of a bubble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, DEPARTMENT_COLOURS, SHOWN, chart_text, figure_style

SMALLEST, LARGEST = 12.0, 46.0  # pixels across
HEIGHT: Final = 400
TICKS: Final = (5, 10, 20, 30, 50, 70, 100, 200, 500, 1_000)  # megabytes


def size_against_quality(variants: Sequence[Mapping[str, Any]], metric: str, y: str) -> go.Figure:
    """A bubble for each encoder: megabytes (logarithmic) by the mean of a metric with its interval, its speed the size.

    The first is the full model, whose level is a dotted line.
    """
    figure = go.Figure()
    shown = [each for each in variants if each["kind"] == "encoder" and metric in each["figures"]]
    for number, each in enumerate(shown):
        value, full = each["figures"][metric], each is shown[0]
        low, high = value["ci95"]
        figure.add_scatter(
            x=[each["size_mb"]],
            y=[value["mean"]],
            error_y={
                "type": "data", "symmetric": False, "array": [high - value["mean"]],
                "arrayminus": [value["mean"] - low], "thickness": 1, "width": 0, "color": BACKGROUND,
            },
            mode="markers",
            name=chart_text(each["label"]),
            marker={
                "size": across(each["speed"]),
                "color": SHOWN if full else DEPARTMENT_COLOURS[number % len(DEPARTMENT_COLOURS)],
                "opacity": 0.75,
                "line": {"width": 1, "color": "white"},
            },
            customdata=[[each["speed"], each["query_ms"]["p50"], each["agreement"]]],
            hovertemplate=f"{chart_text(each['label'])}<br>%{{x:.1f}} MB, {chart_text(y)} %{{y:.3f}}<br>"
            "%{customdata[0]:.2g} times as fast, %{customdata[1]:.2g} ms a query<br>"
            "%{customdata[2]:.0%} of the same first ten<extra></extra>",
        )  # fmt: skip
    if shown:
        level = shown[0]["figures"][metric]["mean"]
        figure.add_hline(y=level, line={"color": BACKGROUND, "dash": "dot"})
    figure_style(figure, "What a smaller encoder costs", x="megabytes to ship (logarithmic)", y=y, height=HEIGHT)
    figure.update_xaxes(type="log", tickvals=TICKS, ticktext=[f"{each:g}" for each in TICKS])
    figure.update_layout(showlegend=True, legend={"itemsizing": "constant"})
    return figure


def across(speed: float) -> float:
    """A bubble's width: its area grows with the speed, within what can be seen and what hides no other."""
    return float(min(max(SMALLEST * speed**0.5, SMALLEST), LARGEST))
