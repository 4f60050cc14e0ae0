"""Pictures of a cold start: accuracy by what is known, and a new product's places and first month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, HISTORY, QUERY, SHOPPER, SHOWN, chart_text, figure_style
from recsys.schema import Floats

COLOURS: Final = (SHOWN, QUERY, SHOPPER, HISTORY)
FAINT: Final = 2_000  # dots of a map behind the ones that matter
HALF: Final = 0.45  # of a bar that stands for a whole number of buyers, and a little room
FEW: Final = 12  # whole numbers that an axis has room for
BINS: Final = ((1, 10), (11, 30), (31, 100), (101, 300), (301, 1000))  # places


def by_known(
    lines: Sequence[Mapping[str, Any]],
    methods: Sequence[str],
    base: str,
    title: str,
    x: str,
    *,
    y: str = "nDCG@10",
    value: str = "ndcg",
    interval: str = "ndcg_ci95",
) -> go.Figure:
    """A figure of each method by how much is known, with its 95 % interval; the base as a dashed line.

    `value` and `interval` are where a line has them, `y` is what the figure is called.
    """
    figure = go.Figure()
    for place, method in enumerate((base, *methods)):
        mine = [line for line in lines if line["method"] == method]
        values = np.array([line[value] for line in mine])
        low, high = (np.array([line[interval][side] for line in mine]) for side in (0, 1))
        colour, dash = (BACKGROUND, "dash") if method == base else (COLOURS[place - 1], "solid")
        figure.add_scatter(
            x=[str(line["known"]) for line in mine],
            y=values,
            mode="lines+markers",
            name=chart_text(mine[0]["label"]) if mine else method,
            line={"color": colour, "width": 2.5, "dash": dash},
            error_y={"type": "data", "array": high - values, "arrayminus": values - low, "thickness": 1, "width": 3},
            hovertemplate="%{x} known: %{y:.4f}<extra>%{fullData.name}</extra>",
        )
    figure_style(figure, title, x=x, y=y, height=380)
    figure.update_xaxes(type="category")
    return figure


def places(ranks: npt.NDArray[np.int32], last: int, people: str) -> go.Figure:
    """On how many lists a product stands among which places; `last` is the last place that is told apart."""
    names, counts = [], []
    for low, high in BINS:
        if low <= last:
            names.append(f"{low} to {min(high, last)}")
            counts.append(int(((ranks >= low) & (ranks <= high)).sum()))
    names.append(f"after {last}")
    counts.append(int((ranks > last).sum()))
    figure = go.Figure()
    figure.add_bar(
        x=names, y=counts, marker={"color": [SHOWN, *[QUERY] * (len(names) - 2), BACKGROUND]}, text=counts,
        textposition="outside", cliponaxis=False, hovertemplate="places %{x}: %{y} lists<extra></extra>",
    )  # fmt: skip
    figure_style(
        figure, "Its place on the lists of all", x="place on the list", y=chart_text(people), height=300, legend=False
    )
    figure.update_xaxes(type="category")
    return figure


def first_month(titles: Sequence[str], buyers: Sequence[int], low: float, median: float, high: float) -> go.Figure:
    """How many bought each comparable product in its first month; the middle and the range of most are marked."""
    values, counts = np.unique(np.asarray(buyers), return_counts=True)
    figure = go.Figure()
    some = ["<br>".join(chart_text(t) for t, b in zip(titles, buyers, strict=True) if b == value) for value in values]
    figure.add_bar(
        x=values, y=counts, marker={"color": HISTORY}, customdata=[text[:600] for text in some],
        hovertemplate="%{x} buyers: %{y} products<br>%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.add_vrect(x0=low - HALF, x1=high + HALF, fillcolor=QUERY, opacity=0.12, line_width=0)
    figure.add_vline(x=median, line={"color": SHOWN, "width": 2, "dash": "dash"})
    most = max([high, *buyers, 1])
    figure.update_xaxes(range=[-HALF, most + HALF], tick0=0, dtick=1 if most <= FEW else None)
    return figure_style(
        figure,
        "First month of comparable products",
        x="buyers in the first 30 days",
        y="products",
        height=300,
        legend=False,
    )


def on_map(positions: Floats, names: Sequence[str], near: Sequence[int], spot: Floats) -> go.Figure:
    """The map of products faintly, the nearest ones and the place of the new one on it."""
    rows = np.arange(len(positions))
    if len(rows) > FAINT:
        rows = np.sort(np.random.default_rng(0).choice(rows, FAINT, replace=False))
    figure = go.Figure()
    figure.add_scattergl(
        x=positions[rows, 0], y=positions[rows, 1], mode="markers", name="other products",
        marker={"color": BACKGROUND, "size": 4, "opacity": 0.35}, hoverinfo="skip",
    )  # fmt: skip
    some = list(near)
    figure.add_scatter(
        x=positions[some, 0], y=positions[some, 1], mode="markers", name="nearest products",
        marker={"color": QUERY, "size": 10}, text=[chart_text(name) for name in names],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[spot[0]], y=[spot[1]], mode="markers", name="the new product",
        marker={"color": SHOWN, "size": 16, "symbol": "star", "line": {"width": 1, "color": "white"}},
        hovertemplate="the new product<extra></extra>",
    )  # fmt: skip
    figure_style(figure, "Where it lies on the map", x="", y="", height=360)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure
