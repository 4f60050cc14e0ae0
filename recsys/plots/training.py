"""How a training goes: a figure by epoch, of one training or of two over each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from recsys.plots.style import FIRST, SECOND, chart_text, figure_style

COLOURS: Final = (FIRST, SECOND)
DASHES: Final = ("solid", "dash")  # so that two lines can be told apart without their colours
HEIGHT: Final = 320
FEW: Final = 20  # epochs up to which each has its mark on the axis and on the line
ROOM: Final = 10  # epochs for which there is always room, where so many are planned


@dataclass(frozen=True, slots=True)
class Curve:
    """The figures of one training by epoch."""

    name: str
    figures: pd.DataFrame  # columns epoch, loss, ndcg, seconds; NaN where there is none
    planned: int  # epochs
    best: int | None = None  # the epoch whose weights are kept


def by_epoch(curves: list[Curve], column: str, title: str, y: str, *, mark_best: bool = False) -> go.Figure:
    """A line per training over its epochs; with `mark_best` a star where its weights are taken from.

    The axis is as long as the longest training is planned, so that a live line grows into it, but never so long that
    what is there would be a heap at its beginning.
    """
    figure = go.Figure()
    for curve, colour, dash in zip(curves, COLOURS, DASHES, strict=False):
        rows = curve.figures.dropna(subset=[column])
        mode = "lines+markers" if len(rows) <= FEW else "lines"
        figure.add_scatter(
            x=rows["epoch"],
            y=rows[column],
            mode=mode,
            name=chart_text(curve.name),
            line={"color": colour, "width": 2.5, "dash": dash},
            marker={"color": colour, "size": 8},
            customdata=rows[["seconds"]],
            hovertemplate="epoch %{x}: %{y:.4f}<br>%{customdata[0]:.1f} s<extra>" + chart_text(curve.name) + "</extra>",
        )
        best = rows[rows["epoch"] == curve.best]
        if mark_best and len(best):
            figure.add_scatter(
                x=best["epoch"],
                y=best[column],
                mode="markers",
                showlegend=False,
                hoverinfo="skip",
                marker={"symbol": "star", "size": 16, "color": colour, "line": {"width": 1, "color": "white"}},
            )
    made = max([len(curve.figures) for curve in curves], default=1)
    planned = min(max([curve.planned for curve in curves], default=1), max(2 * made, ROOM))
    figure_style(figure, title, x="epoch (one pass over the data)", height=HEIGHT, legend=len(curves) > 1)
    figure.update_xaxes(range=[0.6, max(planned, 2) + 0.4])
    if planned <= FEW:
        figure.update_xaxes(dtick=1)
    figure.update_yaxes(title_text="<br>".join(chart_text(line) for line in y.split("; ")), tickformat=".3~g")
    if made < 2:
        figure.update_yaxes(rangemode="tozero")  # around a single point the axis would run from below 0 to above 1
    figure.update_layout(margin={"l": 92})  # the title of two lines does not count into the automatic margin
    return figure
