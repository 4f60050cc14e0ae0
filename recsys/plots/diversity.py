"""What diversity costs: the frontier of relevance against diversity, with where a shelf stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import plotly.graph_objects as go

from recsys.plots.style import (
    BACKGROUND,
    QUERY,
    SECOND,
    SHOWN,
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
    """A line through what each strength makes of the shelf; where it stands now and the suggested knee are marked."""
    figure = go.Figure()
    figure.add_scatter(
        **_places(points),
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
