"""What diversity costs: the frontier of relevance against diversity, with where a shelf stands on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from recsys.plots.changed import changed
from recsys.plots.style import (
    BACKGROUND,
    HISTORY,
    PICTURE,
    QUERY,
    SECOND,
    SHOWN,
    chart_text,
    error_bars,
    figure_style,
    written,
)
from recsys.schema.money import DOLLARS, Money


class Point(Protocol):
    """What one strength of diversity makes of a shelf."""

    @property
    def strength(self) -> float:
        """0: by score alone, 1: by diversity alone."""

    @property
    def diversity(self) -> float:
        """1 - mean cosine over the pairs of the shelf."""

    @property
    def relevance(self) -> float:
        """The share of the best shelf's relevance that this one has."""


def frontier(
    points: Sequence[Point], current: Point | None, knee: Point | None, title: str, money: Money = DOLLARS
) -> go.Figure:
    """A line through what each strength makes of the shelf; where it stands now and the suggested knee are marked.

    The line goes through the strengths that no other one betters in both; the others are dots beside it.
    """
    figure = go.Figure()
    best = _unbettered(points)
    if others := [point for point in points if point not in best]:
        _mark(figure, others[0], "", BACKGROUND, "circle", 5)
        figure.data[-1].update(_places(others), name="strengths that another one betters")
    figure.add_scatter(
        **_places(best),
        mode="lines+markers",
        name="each strength of diversity",
        line={"color": QUERY, "width": 2, "shape": "linear"},
        marker={"size": 6},
    )
    if points:
        _mark(figure, points[0], "without diversity", BACKGROUND, "square", 11)
    if knee is not None:
        _mark(figure, knee, f"suggested knee: {knee.strength:.2f}", SECOND, "circle-open", 20)
    if current is not None:
        _mark(figure, current, "this shelf", SHOWN, "diamond", 14)
    figure_style(figure, title, x="intra-list diversity (0: all alike)", y="relevance kept", height=340)
    figure.update_yaxes(tickformat=".1%" if _narrow(points) else ".0%")
    return written(figure, money)


def _unbettered(points: Sequence[Point]) -> list[Point]:
    """The points that no other one reaches in both and passes in one, by rising diversity (the Pareto frontier)."""
    out = list[Point]()
    for point in sorted(points, key=lambda point: (-point.diversity, -point.relevance, point.strength)):
        if not out or point.relevance > out[-1].relevance:
            out.append(point)
    return out[::-1]


def _narrow(points: Sequence[Point]) -> bool:
    """Whether whole per cent would say the same at several ticks."""
    return not points or max(p.relevance for p in points) - min(p.relevance for p in points) < 0.05


def _places(points: Sequence[Point]) -> dict[str, object]:
    return {
        "x": [round(point.diversity, 4) for point in points],
        "y": [round(point.relevance, 5) for point in points],
        "customdata": [point.strength for point in points],
        "hovertemplate": "strength %{customdata:.2f}<br>diversity %{x:.3f}<br>%{y:.1%} of relevance<extra></extra>",
    }


def _mark(figure: go.Figure, point: Point, name: str, colour: str, symbol: str, size: int) -> None:
    figure.add_scatter(
        **_places([point]),
        mode="markers",
        name=name,
        marker={"color": colour, "symbol": symbol, "size": size, "line": {"width": 3 if "open" in symbol else 0}},
    )


def for_everybody(rows: Sequence[Mapping[str, Any]], ways: Mapping[str, str], goal: Mapping[str, float]) -> go.Figure:
    """Change of nDCG against change of diversity over all visits, a line for each way, the chosen settings ringed.

    `rows` are those of an evaluation; `goal` has most_loss and least_gain, shares, whose corner is shaded.
    """
    figure = go.Figure()
    most = max((float(row["diversity_change"]) for row in rows), default=0.0)
    figure.add_shape(
        type="rect", x0=goal["least_gain"], x1=max(most, goal["least_gain"]) * 1.05, y0=-goal["most_loss"], y1=0.01,
        fillcolor=HISTORY, opacity=0.12, line_width=0, layer="below",
    )  # fmt: skip
    for (way, name), colour in zip(ways.items(), (QUERY, SECOND, PICTURE), strict=True):
        mine = sorted((row for row in rows if row["way"] == way), key=lambda row: float(row["strength"]))
        figure.add_scatter(
            x=[row["diversity_change"] for row in mine],
            y=[row["ndcg_change"] for row in mine],
            error_y=error_bars(
                pd.Series([row["ndcg_change_ci95"][1] - row["ndcg_change"] for row in mine]),
                pd.Series([row["ndcg_change"] - row["ndcg_change_ci95"][0] for row in mine]),
                colour,
                fine=True,
            ),
            customdata=[row["strength"] for row in mine],
            mode="lines+markers",
            name=name,
            line={"color": colour},
            marker={"size": [14 if row["chosen"] else 6 for row in mine], "symbol": _rings(mine), "line": {"width": 2}},
            hovertemplate="strength %{customdata:.2f}<br>diversity %{x:+.1%}<br>nDCG %{y:+.1%}<extra></extra>",
        )
    figure_style(figure, "What diversity costs everybody", x="change of diversity", y="change of nDCG@20", height=380)
    figure.update_xaxes(tickformat="+.0%")
    figure.update_yaxes(tickformat="+.0%")
    return figure


def rule_prices(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """The change of nDCG under each rule with its interval, a line for each (rule, amount), in the order given."""
    return changed(
        [f"{row['rule']} {_amount(row)}" for row in rows],
        [row["ndcg_change"] for row in rows],
        [row["ndcg_change_ci95"] for row in rows],
        "What rules cost everybody",
        "change of nDCG@20",
        hover="%{y}: %{x:+.1%} nDCG<br>%{customdata[0]}: %{customdata[1]} to %{customdata[2]}",
        customdata=[[chart_text(row["effect"]), _figure(row["before"]), _figure(row["after"])] for row in rows],
    )


def _amount(row: Mapping[str, Any]) -> str:
    """How much of a rule: shares in per cent, numbers of products as they are."""
    return f"{row['amount']:.0%}" if row["amount"] < 1 else f"{row['amount']:g}"


def _figure(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3g}"


def _rings(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return ["circle-open" if row["chosen"] else "circle" for row in rows]


def exposure(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Exposure divided by merit of each group of products, by score and re-ranked; at 1 they are equal."""
    figure = go.Figure()
    for lists, colour in zip(("re-ranked", "by score"), (SHOWN, BACKGROUND), strict=True):
        mine = [row for row in rows if row["lists"] == lists]
        figure.add_bar(
            y=[f"{chart_text(str(row['group']))} " for row in mine],
            x=[row["ratio"] for row in mine],
            orientation="h",
            name=lists,
            marker={"color": colour},
            customdata=[[row["exposure"], row["merit"], row["catalogue"]] for row in mine],
            hovertemplate="%{y}: %{x:.2f}<br>exposure %{customdata[0]:.1%}, merit %{customdata[1]:.1%}<br>"
            "%{customdata[2]:.1%} of the products<extra></extra>",
        )
    groups = len({row["group"] for row in rows})
    figure.add_vline(x=1.0, line={"color": BACKGROUND, "dash": "dot"})
    title = "Exposure against merit (1: in proportion)"
    figure_style(figure, title, x="exposure / merit", height=140 + 46 * groups)
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(barmode="group", legend_traceorder="reversed")
    return figure


def cohorts(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """nDCG of each cohort with its interval, by score and re-ranked."""
    figure = go.Figure()
    for lists, colour, symbol in (("by score", BACKGROUND, "square"), ("re-ranked", SHOWN, "diamond")):
        mine = [row for row in rows if row["model"] == lists]
        bars = error_bars(
            pd.Series([row["high"] - row["mean"] for row in mine]),
            pd.Series([row["mean"] - row["low"] for row in mine]),
            colour,
        )
        figure.add_scatter(
            x=[row["mean"] for row in mine],
            y=[f"{chart_text(str(row['slice']))} " for row in mine],
            error_x=bars,
            customdata=[row["count"] for row in mine],
            mode="markers",
            name=lists,
            marker={"color": colour, "symbol": symbol, "size": 9},
            hovertemplate="%{y}: %{x:.4f}<br>%{customdata} shoppers<extra></extra>",
        )
    groups = len({row["slice"] for row in rows})
    figure_style(figure, "Who is served well", x="nDCG@20", height=140 + 30 * groups)
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(rangemode="tozero")
    return figure
