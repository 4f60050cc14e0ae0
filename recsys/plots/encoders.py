"""What smaller encoders save and cost: a row each, quality with its interval, the speed as the size of a bubble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, FIRST, SHOWN, chart_text, figure_style

SMALLEST, LARGEST = 9.0, 22.0  # pixels across: rows must not cover each other
ROW: Final = 40  # pixels of a row: two lines of small print
FRAME: Final = 110  # pixels of title and axis


def size_against_quality(variants: Sequence[Mapping[str, Any]], metric: str, x: str) -> go.Figure:
    """A row for each encoder, the largest on top: its name, megabytes and speed, and the mean of a metric.

    Bars are intervals; the first of `variants` is the full model, whose level is a dotted line.
    """
    shown = [each for each in variants if each["kind"] == "encoder" and metric in each["figures"]]
    rows = sorted(shown, key=lambda each: (each["size_mb"], -each["figures"][metric]["mean"]))
    figures = [each["figures"][metric] for each in rows]
    means = [each["mean"] for each in figures]
    figure = go.Figure()
    figure.add_scatter(
        x=means,
        y=[_row(each) for each in rows],
        error_x={
            "type": "data", "symmetric": False,
            "array": [each["ci95"][1] - each["mean"] for each in figures],
            "arrayminus": [each["mean"] - each["ci95"][0] for each in figures],
            "thickness": 1.5, "width": 0, "color": BACKGROUND,
        },
        mode="markers",
        marker={
            "size": [across(each["speed"]) for each in rows],
            "color": [SHOWN if each is shown[0] else FIRST for each in rows],
            "opacity": 0.9,
            "line": {"width": 1, "color": "white"},
        },
        customdata=[[chart_text(each["label"]), each["query_ms"]["p50"], each["agreement"]] for each in rows],
        hovertemplate=f"%{{customdata[0]}}<br>{chart_text(x)} %{{x:.3f}}<br>%{{customdata[1]:.2g}} ms a query<br>"
        "%{customdata[2]:.0%} of the same first ten<extra></extra>",
    )  # fmt: skip
    if shown:
        figure.add_vline(x=shown[0]["figures"][metric]["mean"], line={"color": BACKGROUND, "dash": "dot"})
    height = FRAME + ROW * max(1, len(rows))
    figure_style(figure, "What a smaller encoder costs", x=x, height=height, legend=False)
    figure.update_yaxes(type="category", tickfont={"size": 11}, ticklabelstandoff=4)
    figure.update_xaxes(nticks=5)
    return figure


def _row(variant: Mapping[str, Any]) -> str:
    """Its name, and below it what it weighs and how fast it is."""
    size, speed = variant["size_mb"], variant["speed"]
    return f"{chart_text(variant['label'])}<br>{size:.0f} MB · {speed:.{0 if speed >= 10 else 1}f}×"


def across(speed: float) -> float:
    """A bubble's width: its area grows with the speed, within what can be seen and what hides no other."""
    return float(min(max(SMALLEST * speed**0.5, SMALLEST), LARGEST))
