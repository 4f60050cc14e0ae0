"""Pictures of reviews: how each aspect is spoken of and how the whole went, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, FAINT, HISTORY, SHOWN, chart_text, figure_style


def by_aspect(
    names: Sequence[str], moods: Sequence[float], intervals: Sequence[tuple[float, float]], reviews: Sequence[int]
) -> go.Figure:
    """A dot for each aspect, from -1 to 1, with its 95 % interval; grey where the interval holds 0."""
    figure = go.Figure()
    colours = [
        BACKGROUND if low <= 0 <= high else HISTORY if mood > 0 else SHOWN
        for mood, (low, high) in zip(moods, intervals, strict=True)
    ]
    labels = [chart_text(name) for name in names]
    figure.add_scatter(
        x=list(moods),
        y=labels,
        mode="markers",
        marker={"size": 12, "color": colours},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - mood for mood, (_, high) in zip(moods, intervals, strict=True)],
            "arrayminus": [mood - low for mood, (low, _) in zip(moods, intervals, strict=True)],
            "thickness": 1.5,
            "color": FAINT,
        },
        customdata=list(reviews),
        hovertemplate="%{y}: %{x:+.2f} in %{customdata:,} reviews<extra></extra>",
    )
    height = 130 + 34 * max(len(labels), 1)
    figure_style(
        figure,
        "What the reviews speak of, and how well",
        x="−1: all bad, 1: all good; lines: 95 %",
        y="words that name it",
        height=height,
        legend=False,
    )
    figure.update_xaxes(range=[-1.05, 1.05], zeroline=True)
    figure.update_yaxes(autorange="reversed", title_text="")
    return figure


def over_time(
    starts: Sequence[np.datetime64],
    shares: Sequence[float],
    intervals: Sequence[tuple[float, float]],
    reviews: Sequence[int],
    unit: str,
) -> go.Figure:
    """The share (0 to 1) that speaks well in each month, quarter or year, with its 95 % interval."""
    figure = go.Figure()
    figure.add_scatter(
        x=[str(start) for start in starts],
        y=[100 * share for share in shares],
        mode="lines+markers",
        line={"color": HISTORY, "width": 2},
        marker={"size": 7, "color": HISTORY},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [100 * (high - share) for share, (_, high) in zip(shares, intervals, strict=True)],
            "arrayminus": [100 * (share - low) for share, (low, _) in zip(shares, intervals, strict=True)],
            "thickness": 1.5,
            "color": FAINT,
        },
        customdata=list(reviews),
        hovertemplate="%{x}: %{y:.0f} % of %{customdata:,} reviews<extra></extra>",
    )
    figure_style(
        figure,
        f"Who speaks well of it, by {unit}",
        x=f"{unit} of the review; lines: 95 %",
        y="speak well, %",
        height=300,
        legend=False,
    )
    figure.update_yaxes(range=[0, 103])
    return figure
