"""Pictures of estimates from logs: how far from the truth, how often their intervals hold it, and what logs said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, HISTORY, QUERY, SHOPPER, SHOWN, chart_text, error_bars, figure_style

VIEWS: Final = {  # what an estimator takes into account -> its colour and its name in the legend
    "none": (BACKGROUND, "no weights"),
    "independent": (SHOWN, "by place"),
    "cascade": (QUERY, "by cascade"),
    "page": (SHOPPER, "whole pages"),
}
ROW: Final = 30  # pixels of an estimator
ROOM: Final = 140  # pixels beside the rows
ERRORS: Final = tuple(digit * 10.0**power for power in range(-5, 3) for digit in (1, 2, 5))  # that an axis names


def errors(lines: Sequence[Mapping[str, Any]], value: float, title: str, x: str) -> go.Figure:
    """Of each estimator the mean of its estimates, and one standard deviation to either side; the truth is dotted."""
    figure = go.Figure()
    for view, mine in _by_view(lines):
        colour, name = VIEWS[view]
        spread = pd.Series([line["spread"] for line in mine])
        figure.add_scatter(
            x=[value + line["bias"] for line in mine],
            y=[_row(line) for line in mine],
            error_x=error_bars(spread, spread, colour),
            mode="markers",
            name=name,
            marker={"color": colour, "size": 10},
            customdata=[[line["bias"], *line["bias_ci95"], line["spread"]] for line in mine],
            hovertemplate="%{y}: %{x:.3f}, off by %{customdata[0]:+.4f} (95 %: %{customdata[1]:+.4f} to "
            "%{customdata[2]:+.4f}), spread %{customdata[3]:.4f}<extra></extra>",
        )
    figure.add_vline(x=value, line={"color": HISTORY, "dash": "dot", "width": 2})
    return _rows(figure, lines, title, x)


def coverage(lines: Sequence[Mapping[str, Any]], kind: str, title: str, x: str) -> go.Figure:
    """How many of the 95 % intervals of that `kind` hold the truth, with an interval over logs; 95 % is dotted."""
    figure = go.Figure()
    for view, mine in _by_view(lines):
        colour, name = VIEWS[view]
        told = [line["coverage"][kind] for line in mine]
        share = pd.Series([each["share"] for each in told])
        figure.add_scatter(
            x=share,
            y=[_row(line) for line in mine],
            error_x=error_bars(
                pd.Series([each["ci95"][1] for each in told]) - share,
                share - pd.Series([each["ci95"][0] for each in told]),
                colour,
            ),
            mode="markers",
            name=name,
            marker={"color": colour, "size": 10},
            hovertemplate="%{y}: %{x:.0%} of the intervals hold the truth<extra></extra>",
        )
    figure.add_vline(x=0.95, line={"color": HISTORY, "dash": "dot", "width": 2})
    figure.update_xaxes(tickformat=".0%", range=[-0.03, 1.05])
    return _rows(figure, lines, title, x)


def with_more_pages(lines: Sequence[Mapping[str, Any]], names: Sequence[str], title: str) -> go.Figure:
    """The error (RMSE) of some estimators by how many pages a log has; both axes are logarithmic."""
    figure = go.Figure()
    for name in names:
        mine = sorted((line for line in lines if line["estimator"] == name), key=lambda line: line["rounds"])
        if mine:
            colour = VIEWS[mine[0]["view"]][0]
            dash = "solid" if "dr" in name else "dot"
            figure.add_scatter(
                x=[line["rounds"] for line in mine],
                y=[line["rmse"] for line in mine],
                mode="lines+markers",
                name=chart_text(mine[0]["label"]),
                line={"color": colour, "dash": dash, "width": 2.5},
                hovertemplate="%{x:,} pages: %{y:.4f}<extra>%{fullData.name}</extra>",
            )
    figure_style(figure, title, x="pages of the log", y="error (RMSE)", height=400)
    rounds = sorted({line["rounds"] for line in lines})
    figure.update_xaxes(type="log", tickvals=rounds, ticktext=[f"{each:,}" for each in rounds])
    figure.update_yaxes(type="log", tickvals=ERRORS, ticktext=[f"{each:g}" for each in ERRORS])
    return figure


def from_logs(lines: Sequence[Mapping[str, Any]], title: str, x: str) -> go.Figure:
    """What each log says of another policy with its interval, and what that policy had with its own."""
    figure = go.Figure()
    names = [f"{chart_text(said(line))} " for line in lines]
    known = [(name, line) for name, line in zip(names, lines, strict=True) if line.get("had") is not None]
    for rows, key, colour, name, symbol in (
        (known, "had", HISTORY, "had", "square"),
        (list(zip(names, lines, strict=True)), "estimate", SHOWN, "estimated", "circle"),
    ):
        middle = pd.Series([line[key] for _, line in rows], dtype=float)
        low, high = (pd.Series([line[f"{key}_ci95"][side] for _, line in rows], dtype=float) for side in (0, 1))
        figure.add_scatter(
            x=middle,
            y=[each for each, _ in rows],
            error_x=error_bars(high - middle, middle - low, colour),
            mode="markers",
            name=name,
            orientation="h",
            offsetgroup=key,
            marker={"color": colour, "size": 10, "symbol": symbol},
            hovertemplate="%{y}: %{x:.3%}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(scattermode="group", scattergap=0.5)
    figure.update_xaxes(tickformat=".1%")
    return _rows(figure, lines, title, x, row=ROW + ROW // 2)


def said(line: Mapping[str, Any]) -> str:
    """Which order was judged from which log: "men: random from bts, mean chances"."""
    way = ", mean chances" if line["estimator"].endswith("_mean") else ""
    return f"{line['place']}: {line['target']} from {line['log']}{way}"


def _by_view(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    every = [(view, [line for line in lines if line["view"] == view]) for view in VIEWS]
    return [(view, mine) for view, mine in every if mine]


def _row(line: Mapping[str, Any]) -> str:
    return f"{chart_text(line['label'])} "


def _rows(figure: go.Figure, lines: Sequence[Any], title: str, x: str, row: int = ROW) -> go.Figure:
    figure_style(figure, title, x=x, height=ROOM + row * len(lines))
    figure.update_yaxes(autorange="reversed", automargin=True, type="category")
    return figure
