"""The catalogue's health: what was dropped, what is missing, where products sit, and the long tail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, DEPARTMENT_COLOURS, GRID, SHOWN, chart_text, figure_style, written
from recsys.schema.money import DOLLARS, Money

BLUE: Final = DEPARTMENT_COLOURS[0]
BAR: Final = 26  # pixels per bar: a line of text
KEPT: Final = "#1F6F5C"


def dropped_waterfall(
    seen: int, rules: Sequence[str], dropped: Sequence[int], unit: str, money: Money = DOLLARS
) -> go.Figure:
    """How `seen` rows became what is kept, one step per rule; the axis starts near the lowest bar, so that it shows.

    `unit` is what is counted, "purchase lines"; numbers are written as with `money`.
    """
    kept, number = seen - sum(dropped), money.number
    names = ["read", *rules, "kept"]
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[_wrapped(name) for name in names],
            x=[seen, *(-count for count in dropped), kept],
            measure=["absolute", *["relative"] * len(dropped), "total"],
            text=[number(seen), *(f"-{number(count)}" if count else "0" for count in dropped), number(kept)],
            textposition="auto",
            connector={"line": {"color": GRID}},
            decreasing={"marker": {"color": SHOWN}},
            increasing={"marker": {"color": BACKGROUND}},
            totals={"marker": {"color": KEPT}},
            hovertemplate="%{y}: %{text} " + chart_text(unit) + "<extra></extra>",
        )
    )
    figure_style(
        figure,
        f"From {number(seen)} to {number(kept)} {unit}",
        x=f"{unit} (the axis does not start at 0)",
        height=120 + 34 * len(names),
        legend=False,
    )
    width = max(sum(dropped), 1)
    figure.update_xaxes(range=[max(0, kept - 2 * width), seen + 0.25 * width], tickformat=",")
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    return written(figure, money)


def share_bars(names: Sequence[str], shares: Sequence[float], title: str, x: str) -> go.Figure:
    """A horizontal bar per name; `shares` are fractions, shown in per cent."""
    figure = go.Figure(
        go.Bar(
            y=[chart_text(name) for name in names],
            x=[share * 100 for share in shares],
            orientation="h",
            marker={"color": BLUE},
            text=[f"{share:.1%}" for share in shares],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure_style(figure, title, x=x, height=110 + BAR * len(names), legend=False)
    figure.update_xaxes(range=[0, max([share * 115 for share in shares] + [1])], ticksuffix=" %")
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    return figure


def count_bars(names: Sequence[str], counts: Sequence[int], title: str, x: str, money: Money = DOLLARS) -> go.Figure:
    """A horizontal bar per name on a logarithmic axis, since departments differ a thousandfold."""
    figure = go.Figure(
        go.Bar(
            y=[chart_text(name) for name in names],
            x=list(counts),
            orientation="h",
            marker={"color": BLUE},
            text=[money.number(count) for count in counts],
            textposition="auto",
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    figure_style(figure, title, x=f"{x} (log scale)", height=110 + BAR * len(names), legend=False)
    figure.update_xaxes(type="log", dtick=1, tickformat=",")
    figure.update_yaxes(autorange="reversed", ticksuffix=" ")
    return written(figure, money)


def price_scatter(
    usual: npt.NDArray[np.floating], price: npt.NDArray[np.floating], titles: Sequence[str], money: Money
) -> go.Figure:
    """Each odd price against what is usual in its category; on the line they would be equal. Log axes."""
    figure = go.Figure(
        go.Scattergl(
            x=usual,
            y=price,
            mode="markers",
            name="odd prices",
            text=[chart_text(title) for title in titles],
            customdata=[[money.said(own), money.said(most)] for own, most in zip(price, usual, strict=True)],
            marker={"color": SHOWN, "size": 6, "opacity": 0.6, "line": {"width": 0}},
            hovertemplate="%{text}<br>%{customdata[0]}, usual %{customdata[1]}<extra></extra>",
        )
    )
    low, high = float(min(usual.min(), price.min())), float(max(usual.max(), price.max()))
    figure.add_scatter(
        x=[low, high],
        y=[low, high],
        mode="lines",
        name="as usual",
        hoverinfo="skip",
        line={"color": BACKGROUND, "dash": "dot"},
    )
    figure_style(
        figure,
        "Prices far from their category's usual",
        x=f"usual price in the category ({money.currency}, log)",
        y=f"price ({money.currency}, log)",
        height=420,
    )
    figure.update_layout(margin={"t": 66})
    figure.update_xaxes(type="log", tickformat=",.2~f", dtick=1)
    figure.update_yaxes(type="log", tickformat=",.2~f", dtick=1)
    return written(figure, money)


def lorenz_curve(products: Sequence[float], purchases: Sequence[float], gini: float) -> go.Figure:
    """Which share of all purchases the least-sold share of products makes; the straight line is perfect equality."""
    x, y = [p * 100 for p in products], [p * 100 for p in purchases]
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name="all sell alike",
        hoverinfo="skip",
        line={"color": BACKGROUND, "dash": "dot"},
    )
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        name="this catalogue",
        fill="tozeroy",
        line={"color": BLUE, "width": 3},
        hovertemplate="The least-sold %{x:.0f} % of products<br>make %{y:.1f} % of purchases<extra></extra>",
    )
    figure_style(
        figure,
        f"The long tail (Gini coefficient {gini:.2f})",
        x="share of products, least sold first",
        y="share of all purchases",
        height=420,
    )
    figure.update_layout(margin={"t": 66})
    figure.update_xaxes(range=[0, 100], ticksuffix=" %")
    figure.update_yaxes(range=[0, 100], ticksuffix=" %")
    return figure


def _wrapped(text: str, width: int = 26) -> str:
    """The text, escaped, broken before the word that would pass `width` characters: labels leave room for the bars."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(chart_text(line) for line in lines)
