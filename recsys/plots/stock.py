"""Pictures of demand: weeks that were and weeks to come, and what is at risk of running out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from recsys.plots.style import HISTORY, QUERY, SHOWN, chart_text, figure_style, written
from recsys.schema.money import Money

BAND: Final = "rgba(47, 127, 209, 0.18)"  # of QUERY
HISTORY_BAND: Final = "rgba(128, 136, 148, 0.16)"
Sides = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]  # low, expected, high
LONGEST: Final = 34  # characters of a title beside a bar


def history_and_ahead(
    name: str,
    weeks: Sequence[date],
    units: Sequence[float],
    discounted: Sequence[date],
    ahead: Sequence[date],
    forecast: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    planned: Sequence[date],
) -> go.Figure:
    """Pieces a week; discounts marked; the weeks to come with their range."""
    figure = go.Figure()
    figure.add_scatter(
        x=[*ahead, *reversed(ahead)], y=[*high, *reversed(low)], mode="lines", fill="toself", fillcolor=BAND,
        line={"width": 0}, name="8 of 10 cases", hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=list(weeks), y=list(units), mode="lines", name="sold", line={"color": HISTORY, "width": 2},
        hovertemplate="week of %{x|%d %b %Y}: %{y:.0f} pieces<extra></extra>",
    )  # fmt: skip
    sold = dict(zip(weeks, units, strict=True))
    if discounted:
        figure.add_scatter(
            x=list(discounted), y=[sold[day] for day in discounted], mode="markers", name="at a discount",
            marker={"color": SHOWN, "size": 7, "symbol": "diamond"}, hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=list(ahead), y=list(forecast), mode="lines+markers", name="foretold",
        line={"color": QUERY, "width": 2.5, "dash": "dot"}, customdata=list(zip(low, high, strict=True)),
        hovertemplate="week of %{x|%d %b %Y}: %{y:.1f}, %{customdata[0]:.0f} to %{customdata[1]:.0f}<extra></extra>",
    )  # fmt: skip
    if planned:
        told = dict(zip(ahead, forecast, strict=True))
        figure.add_scatter(
            x=list(planned), y=[told[day] for day in planned], mode="markers", name="offer planned",
            marker={"color": SHOWN, "size": 9, "symbol": "diamond-open"}, hoverinfo="skip",
        )  # fmt: skip
    figure_style(figure, f"Weekly demand: {name[:60]}", x="week", y="pieces", height=380)
    figure.update_yaxes(rangemode="tozero")
    return figure


def promoted_or_not(name: str, ahead: Sequence[date], without: Sides, promoted: Sides, week: int) -> go.Figure:
    """Pieces a week with a promotion in one week (1 the first) and with none, each with its range."""
    figure = go.Figure()
    for label, sides, colour, band, dash in (
        ("with no promotion", without, HISTORY, HISTORY_BAND, "dot"),
        ("promoted", promoted, QUERY, BAND, "solid"),
    ):
        low, middle, high = (list(map(float, side)) for side in sides)
        figure.add_scatter(
            x=[*ahead, *reversed(ahead)], y=[*high, *reversed(low)], mode="lines", fill="toself", fillcolor=band,
            line={"width": 0}, name=f"{label}, 8 of 10 cases", hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=list(ahead), y=middle, mode="lines+markers", name=label,
            line={"color": colour, "width": 2.5, "dash": dash},
            customdata=list(zip(low, high, strict=True)),
            hovertemplate="week of %{x|%d %b %Y}: %{y:.1f}, %{customdata[0]:.0f} to %{customdata[1]:.0f}"
            "<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=[ahead[week - 1]], y=[float(promoted[1][week - 1])], mode="markers", name="week of the promotion",
        marker={"color": SHOWN, "size": 12, "symbol": "diamond"}, hoverinfo="skip",
    )  # fmt: skip
    figure_style(figure, f"Promoted or not: {name[:60]}", x="week", y="pieces", height=340)
    figure.update_yaxes(rangemode="tozero")
    return figure


def at_risk(titles: Sequence[str], values: Sequence[tuple[float, float, float]], money: Money | None) -> go.Figure:
    """What would be missing of each product: expected, with the range of eight of ten; the most at the top.

    In the shop's money where there are prices; in pieces without.
    """
    names = [chart_text(title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…") for title in titles]
    figure = go.Figure()
    middle = [each[1] for each in values]
    figure.add_bar(
        y=list(range(len(names))), x=middle, orientation="h", marker={"color": SHOWN},
        error_x={
            "type": "data", "array": [max(each[2] - each[1], 0) for each in values],
            "arrayminus": [max(each[1] - each[0], 0) for each in values], "thickness": 1, "width": 3,
        },
        customdata=names, hovertemplate="%{customdata}: %{x:,.1f}<extra></extra>",
    )  # fmt: skip
    unit = "missing pieces" if money is None else f"sales missed, at list prices ({money.symbol})"
    figure_style(figure, "What would be missing most", x=unit, height=120 + 26 * len(names), legend=False)
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, autorange="reversed")
    return figure if money is None else written(figure, money)
