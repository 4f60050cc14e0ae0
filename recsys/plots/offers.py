"""Pictures of campaigns: who is reached by whom one addresses, how chances hold, what displays go with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, HISTORY, QUERY, SHOPPER, SHOWN, chart_text, figure_style, written
from recsys.schema.money import Money

Line = npt.NDArray[np.floating[Any]]
BAND = "rgba(212, 87, 26, 0.16)"  # of SHOWN
COLOURS = (SHOWN, QUERY, SHOPPER, HISTORY)


def gain_curve(curves: Mapping[str, tuple[Line, Line]], chosen: float | None, *, really: bool) -> go.Figure:
    """The share of redeemers reached by the share addressed, by way of choosing; the diagonal is by chance."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="Drawn at random", line={"color": BACKGROUND, "dash": "dash"},
        hoverinfo="skip",
    )  # fmt: skip
    for colour, (name, (x, y)) in zip(COLOURS, curves.items(), strict=False):
        figure.add_scatter(
            x=x, y=y, mode="lines", name=chart_text(name), line={"color": colour, "width": 2.5},
            hovertemplate="%{x:.0%} addressed: %{y:.0%} reached<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    if chosen is not None:
        figure.add_vline(x=chosen, line={"color": BACKGROUND, "width": 2, "dash": "dot"})
    y_title = "of all who redeemed, reached" if really else "of all expected to redeem, reached"
    figure_style(figure, "Whom a part of the addresses reaches", x="of all addressed", y=y_title, height=380)
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    figure.update_yaxes(tickformat=".0%", range=[0, 1.02])
    return figure


def money_left(share: Line, value: Line, low: Line, high: Line, chosen: float | None, money: Money) -> go.Figure:
    """What is left in money by the share addressed, with its 95 % range; the line at 0 is addressing nobody."""
    figure = go.Figure()
    figure.add_scatter(
        x=[*share, *share[::-1]], y=[*high, *low[::-1]], mode="lines", fill="toself", fillcolor=BAND,
        line={"width": 0}, name="95 of 100 cases", hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=share, y=value, mode="lines", name="expected", line={"color": SHOWN, "width": 2.5},
        customdata=np.column_stack([low, high]),
        hovertemplate="%{x:.0%} addressed: %{y:,.0f}, %{customdata[0]:,.0f} to %{customdata[1]:,.0f}<extra></extra>",
    )  # fmt: skip
    figure.add_hline(y=0, line={"color": BACKGROUND, "width": 2, "dash": "dash"})
    if chosen is not None:
        figure.add_vline(x=chosen, line={"color": BACKGROUND, "width": 2, "dash": "dot"})
    figure_style(figure, "What is left of new sales", x="of all addressed", y=f"left ({money.symbol})", height=320)
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    return written(figure, money)


def calibration(bins: Sequence[Mapping[str, float]]) -> go.Figure:
    """The share that redeemed by the chance foretold, bins of equally many pairs; on the diagonal chances hold."""
    told, came, pairs = (np.array([each[name] for each in bins]) for name in ("foretold", "redeemed", "pairs"))
    error = 1.96 * np.sqrt(came * (1 - came) / np.maximum(pairs, 1))
    most = float(max(told.max(initial=0.1), (came + error).max(initial=0.1)))
    figure = go.Figure()
    figure.add_scatter(
        x=[0, most], y=[0, most], mode="lines", name="Chances that hold", line={"color": BACKGROUND, "dash": "dash"},
        hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=told, y=came, mode="markers+lines", name="Later campaigns", marker={"color": SHOWN, "size": 9},
        line={"color": SHOWN, "width": 1},
        error_y={"type": "data", "array": error, "arrayminus": np.minimum(error, came), "thickness": 1, "width": 3},
        hovertemplate="%{x:.1%} foretold: %{y:.1%} redeemed<extra></extra>",
    )  # fmt: skip
    figure_style(figure, "Foretold and redeemed", x="chance foretold", y="share that redeemed", height=340)
    figure.update_xaxes(tickformat=".0%")
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure


def effect_bars(rows: Sequence[tuple[str, str, float, float, float]]) -> go.Figure:
    """(compared with, what was on, times as much, low, high): points with 95 % intervals, the line 1 is no effect."""
    figure = go.Figure()
    for colour, within in zip(COLOURS, dict.fromkeys(row[0] for row in rows), strict=False):
        mine = [row for row in rows if row[0] == within]
        value, low, high = (np.array([row[place] for row in mine]) for place in (2, 3, 4))
        figure.add_scatter(
            x=[chart_text(row[1]) for row in mine], y=value, mode="markers", name=chart_text(within),
            marker={"color": colour, "size": 11},
            error_y={"type": "data", "array": high - value, "arrayminus": value - low, "thickness": 2, "width": 5},
            hovertemplate="%{x}: %{y:.2f} times<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.add_hline(y=1, line={"color": BACKGROUND, "width": 2, "dash": "dash"})
    figure_style(figure, "How many times as much is sold", x="", y="times as much as without", height=360)
    if len({row[0] for row in rows}) > 1:
        figure.update_layout(scattermode="group", scattergap=0.7)
    return figure
