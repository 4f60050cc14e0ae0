"""Pictures of a shopper, and of the groups that all shoppers make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from recsys.plots.shelf import faint_sample
from recsys.plots.style import (
    BACKGROUND,
    DEPARTMENT_COLOURS,
    FIRST,
    SECOND,
    SEQUENTIAL,
    SHOPPER,
    chart_text,
    figure_style,
)
from recsys.schema import Floats

WEEK: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ROW: Final = 34  # pixels a bar
# Less than before to more than before, for who cannot tell red from green; the middle is readable in both themes.
TREND: Final = [[0.0, "#D4571A"], [0.5, "#8A929C"], [1.0, "#2F7FD1"]]


def interest_tree(
    departments: Sequence[str], categories: Sequence[str], lines: Sequence[int], trends: Sequence[float]
) -> go.Figure:
    """Departments and the categories in them as areas, each as large as its share, coloured by its trend.

    `trends` are differences of shares, NaN where nothing is known; a department's colour is the sum of its own. Where
    none of them moved there is no scale.
    """
    tops = list(dict.fromkeys(departments))
    known = np.nan_to_num(np.asarray(trends, np.float64))
    of = np.array([tops.index(name) for name in departments])
    counted = np.asarray(lines, np.float64)
    total = float(counted.sum())
    top_lines, top_trends = np.bincount(of, weights=counted), np.bincount(of, weights=known)
    values, moved = [total, *top_lines, *counted], [0.0, *top_trends, *known]
    most = max(float(np.abs(known).max(initial=0.0)), 0.01)
    still = not known.any()
    figure = go.Figure(
        go.Treemap(
            ids=["all", *(f"d{at}" for at in range(len(tops)))] + [f"c{at}" for at in range(len(categories))],
            labels=["", *(chart_text(name or "all") for name in (*tops, *categories))],
            parents=["", *["all"] * len(tops)] + [f"d{at}" for at in of],
            values=values,
            branchvalues="total",
            marker={"colors": moved, "colorscale": TREND, "cmid": 0, "cmin": -most, "cmax": most,
                    "showscale": not still,
                    "colorbar": {"title": {"text": "trend"}, "tickformat": "+.0%", "thickness": 12, "len": 0.7}},
            customdata=[[share / total, each] for share, each in zip(values, moved, strict=True)],
            texttemplate="%{label}<br>%{customdata[0]:.0%}",
            hovertemplate="%{label}<br>%{customdata[0]:.1%} of what was bought<br>"
            "%{customdata[1]:+.1%} in the second half of the baskets<extra></extra>",
            tiling={"pad": 2},
            pathbar={"visible": False},
            root={"color": "rgba(0,0,0,0)"},
        )
    )  # fmt: skip
    return figure_style(figure, "What is bought, and how that moves", height=400, legend=False)


def standings(names: Sequence[str], above: Sequence[float], said: Sequence[str]) -> go.Figure:
    """Where somebody stands among others, figure by figure: a dot from 0 (lower than all) to 100 (higher than all)."""
    figure = go.Figure()
    labels = [chart_text(name) for name in names]
    for label, value in zip(labels, above, strict=True):
        figure.add_scatter(
            x=[50, 100 * value], y=[label, label], mode="lines", line={"color": BACKGROUND, "width": 3},
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    figure.add_scatter(
        x=[100 * value for value in above],
        y=labels,
        mode="markers",
        marker={"color": SHOPPER, "size": 15, "line": {"width": 1.5, "color": "white"}},
        customdata=[chart_text(each) for each in said],
        hovertemplate="%{y}: %{customdata}, higher than %{x:.0f} of 100<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=50, line={"color": BACKGROUND, "dash": "dot", "width": 1})
    figure_style(figure, "Beside others", x="higher than so many of 100", height=110 + ROW * len(names), legend=False)
    figure.update_xaxes(range=[-3, 103])
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    return figure


def weekdays(shares: npt.NDArray[np.float64]) -> go.Figure:
    """The share of baskets on each day of the week, Monday first."""
    figure = go.Figure(
        go.Bar(
            x=list(WEEK),
            y=[100 * each for each in shares],
            marker={"color": SHOPPER},
            hovertemplate="%{x}: %{y:.0f} %<extra></extra>",
        )
    )
    return figure_style(figure, "On which days", x="day of the week", y="% of baskets", height=260, legend=False)


def taste_path(
    positions: Floats,
    path: Floats,
    said: Sequence[str],
    groups: Floats,
    names: Sequence[str],
    line: str = "taste, stretch by stretch",
) -> go.Figure:
    """The way of a taste over the map of all products, and where each of its groups lies now.

    `positions` (n_items, 2), `path` (m, 2) oldest first, `groups` (g, 2); `line` is what the way is called.
    """
    faint = positions[faint_sample(len(positions))].astype(np.float64).round(3)
    figure = go.Figure()
    figure.add_scattergl(
        x=faint[:, 0], y=faint[:, 1], mode="markers", name="a sample of all products", hoverinfo="skip",
        marker={"color": BACKGROUND, "size": 3, "opacity": 0.4},
    )  # fmt: skip
    way = path.astype(np.float64).round(3)
    figure.add_scatter(  # above the groups, which it ends among
        zorder=1,
        x=way[:, 0], y=way[:, 1], mode="lines+markers+text", name=line, text=_numbers(len(way)),
        textposition=_sides(len(way)), line={"color": SHOPPER, "width": 2}, marker={"color": SHOPPER, "size": 9},
        customdata=[chart_text(each) for each in said], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    for at, (spot, name) in enumerate(zip(groups.astype(np.float64).round(3), names, strict=True)):
        figure.add_scatter(
            x=[spot[0]], y=[spot[1]], mode="markers", name=chart_text(name),
            hovertemplate="%{fullData.name}<extra></extra>",
            marker={"color": DEPARTMENT_COLOURS[at], "size": 14, "symbol": "diamond",
                    "line": {"width": 1.5, "color": "white"}},
        )  # fmt: skip
    figure_style(figure, "The way of the taste over the map", height=440)
    figure.update_xaxes(showticklabels=False, zeroline=False, title_text="map position (no unit)")
    figure.update_yaxes(showticklabels=False, zeroline=False, title_text="map position (no unit)")
    return figure


def _sides(count: int) -> list[str]:
    """Where each name stands: the two may lie upon each other, and are read all the same."""
    return ["bottom center" if at == 0 and count > 1 else "top center" for at in range(count)]


def _numbers(count: int) -> list[str]:
    """The first and the last are named; what lies between is in the order of the line."""
    return ["first" if at == 0 and count > 1 else "now" if at == count - 1 else "" for at in range(count)]


def segment_sizes(names: Sequence[str], sizes: Sequence[int], many: str) -> go.Figure:
    """How many are in each group."""
    figure = go.Figure(
        go.Bar(
            y=[chart_text(name) for name in names],
            x=list(sizes),
            orientation="h",
            text=list(sizes),
            textposition="auto",
            marker={"color": FIRST},
            hovertemplate="%{y}: %{x}<extra></extra>",
        )
    )
    figure_style(figure, "How many are in each", x=many, height=100 + ROW * len(names), legend=False)
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    return figure


def segment_history(days: Sequence[str], names: Sequence[str], sizes: npt.NDArray[Any], many: str) -> go.Figure:
    """The size of each group (looks, groups) from look to look."""
    figure = go.Figure()
    for at, name in enumerate(names):
        figure.add_scatter(
            x=list(days), y=sizes[:, at].tolist(), mode="lines+markers", name=chart_text(name),
            line={"color": DEPARTMENT_COLOURS[at], "width": 2},
            hovertemplate="%{fullData.name}, %{x}: %{y}<extra></extra>",
        )  # fmt: skip
    figure_style(figure, "Month by month", x="counted at the end of", y=many, height=380)
    figure.update_yaxes(rangemode="tozero")
    return figure


def segment_moves(names: Sequence[str], moved: npt.NDArray[Any]) -> go.Figure:
    """Who went where in the last month: rows are the groups then, columns now, shares of a row."""
    shares = moved / np.maximum(moved.sum(axis=1, keepdims=True), 1)
    labels = [chart_text(name) for name in names]
    figure = go.Figure(
        go.Heatmap(
            z=100 * shares,
            x=labels,
            y=labels,
            text=[[str(each) for each in row] for row in moved.tolist()],
            texttemplate="%{text}",
            colorscale=SEQUENTIAL,
            zmin=0,
            zmax=100,
            colorbar={"title": {"text": "% of the row"}, "thickness": 12},
            hovertemplate="from %{y} to %{x}: %{text} (%{z:.0f} % of the row)<extra></extra>",
        )
    )
    figure_style(
        figure, "From the group a month ago to the group now", x="now", y="a month ago", height=420, legend=False
    )
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    return figure


def due_dates(names: Sequence[str], earliest: Sequence[int], due: Sequence[int], latest: Sequence[int]) -> go.Figure:
    """When each staple is due, in days from today: the middle of its own intervals, and their middle half as a line."""
    labels = [chart_text(name) for name in names]
    figure = go.Figure()
    for label, low, high in zip(labels, earliest, latest, strict=True):
        figure.add_scatter(
            x=[low, high], y=[label, label], mode="lines", line={"color": BACKGROUND, "width": 5}, hoverinfo="skip",
            showlegend=False,
        )  # fmt: skip
    figure.add_scatter(
        x=list(due),
        y=labels,
        mode="markers",
        marker={"color": [SECOND if day < 0 else FIRST for day in due], "size": 13},
        hovertemplate="%{y}: %{x:+d} days from today<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=0, line={"color": BACKGROUND, "dash": "dot", "width": 1}, annotation_text="today")
    figure_style(figure, "When staples are due", x="days from today", height=110 + ROW * len(names), legend=False)
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    return figure
