"""Pictures of what learning is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from recsys.plots.changed import changed
from recsys.plots.shelf import faint_sample
from recsys.plots.style import BACKGROUND, SHOWN, chart_text, figure_style
from recsys.schema import Floats

LEAST_SHOWN: Final = 0.05  # of the width of a map: a closer look would show nothing of what is around


def changes(lines: Sequence[Mapping[str, Any]], goal: float, title: str, x: str) -> go.Figure:
    """The `change` of each line against the base with its 95 % interval; the goal is dotted."""
    names, found = [line["label"] for line in lines], [line["change"] for line in lines]
    figure = changed(names, found, [line["change_ci95"] for line in lines], title, x)
    figure.add_vline(x=goal, line={"color": BACKGROUND, "dash": "dot"})
    return figure


def shelf_on_map(positions: Floats, spots: Floats, names: Sequence[str]) -> go.Figure:
    """Where the products of a shelf lie among all products, numbered by their places, before anything was learned.

    `positions` (n_items, 2), `spots` (k, 2) the first at the top.
    """
    faint = positions[faint_sample(len(positions))].astype(np.float64).round(2)
    figure = go.Figure()
    figure.add_scattergl(
        x=faint[:, 0], y=faint[:, 1], mode="markers", name="a sample of all products", hoverinfo="skip",
        marker={"color": BACKGROUND, "size": 3, "opacity": 0.4},
    )  # fmt: skip
    there = spots.astype(np.float64).round(3)
    figure.add_scatter(
        x=there[:, 0], y=there[:, 1], mode="markers+text", name="on the shelf, by place",
        text=[str(place) for place in range(1, len(there) + 1)], textposition="top center",
        customdata=[chart_text(name) for name in names], hovertemplate="%{text}: %{customdata}<extra></extra>",
        marker={"color": SHOWN, "size": 10, "line": {"width": 1, "color": "white"}},
    )  # fmt: skip
    figure_style(figure, "The shelf on the map of all products", height=440)
    figure.update_xaxes(showticklabels=False, zeroline=False, title_text="map position (no unit)")
    figure.update_yaxes(showticklabels=False, zeroline=False, title_text="map position (no unit)")
    return figure


def add_moves(figure: go.Figure, came: Floats, went: Floats, said: Sequence[str], name: str) -> None:
    """Draw products that moved onto a map, each a line from where it came from to where it is now.

    `came` and `went` (m, 2), `said` (m,) what is told of each.
    """
    for at, (start, end, words) in enumerate(
        zip(came.astype(np.float64).round(3), went.astype(np.float64).round(3), said, strict=True)
    ):
        figure.add_scatter(
            x=[start[0], end[0]], y=[start[1], end[1]], mode="lines+markers", name=chart_text(name),
            legendgroup="moves", showlegend=not at,
            text=[chart_text(words)] * 2, hovertemplate="%{text}<extra></extra>",
            line={"color": SHOWN, "width": 2, "dash": "dot"},
            marker={"color": SHOWN, "size": [7, 12], "symbol": ["circle-open", "arrow"], "angleref": "previous"},
        )  # fmt: skip


def close_up(figure: go.Figure, positions: Floats, spots: Floats) -> bool:
    """Show the part of a map of `positions` (n, 2) that holds these `spots` (m, 2); whether it is not all of it."""
    low, high = np.nanmin(positions, axis=0), np.nanmax(positions, axis=0)
    middle = (spots.min(axis=0) + spots.max(axis=0)) / 2
    half = np.maximum(0.8 * (spots.max(axis=0) - spots.min(axis=0)), LEAST_SHOWN * (high - low) / 2)
    if (half * 2 >= high - low).any():
        return False
    figure.update_xaxes(range=[float(middle[0] - half[0]), float(middle[0] + half[0])])
    figure.update_yaxes(range=[float(middle[1] - half[1]), float(middle[1] + half[1])])
    return True
