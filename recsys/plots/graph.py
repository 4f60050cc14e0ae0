"""A small graph as a picture: things as dots, what joins them as lines, paths drawn strongly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, FIRST, HISTORY, PICTURE, SHOPPER, SHOWN, chart_text, figure_style

HEIGHT: Final = 520  # pixels, where no layer needs more
PER_DOT: Final = 44  # pixels for a dot and the name above it
ROUNDS: Final = 100  # in which the layout looks for fewer crossings
LABEL: Final = 22  # characters beside a dot
BEND: Final = 0.1  # how far a line is bent for each layer that it passes over, of the height
BENDS: Final = 16  # straight pieces of it
ROOM: Final = 0.16  # around the picture, of its width: labels stand beside dots


@dataclass(frozen=True, slots=True)
class Dot:
    """A thing: its name, which group of the legend and which layer it is in, whether on a path, and words on hover."""

    name: str
    group: str
    layer: int  # from left to right
    on_path: bool
    hover: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How a group of the legend is drawn."""

    colour: str
    symbol: str
    size: int


THIS, OTHER = "this product", "other product"
LOOKS: Final[dict[str, Look]] = {
    "you": Look(SHOPPER, "star", 20),
    THIS: Look(SHOWN, "diamond", 18),
    "bought": Look(HISTORY, "circle", 13),
    "shared": Look(FIRST, "square", 12),
    "friend": Look(PICTURE, "triangle-up", 14),
    OTHER: Look(BACKGROUND, "circle", 9),
}
"""Form and colour both tell the groups apart: who sees no colours sees forms."""


def layout(layers: Sequence[int], lines: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Where each thing lies in the plane: its layer from left to right, in it so that few lines cross (Sugiyama, 1981).

    Within a layer all are equally far from each other.
    """
    import igraph

    graph = igraph.Graph(n=len(layers), edges=list(lines))
    drawn = graph.layout_sugiyama(layers=list(layers), maxiter=ROUNDS)
    places = [(0.0, 0.0)] * len(layers)
    for layer in set(layers):
        here = sorted((at for at in range(len(layers)) if layers[at] == layer), key=lambda at: (drawn[at][0], at))
        for order, at in enumerate(here):
            places[at] = (float(layer), (order + 0.5) / len(here))
    return places


def graph_figure(dots: Sequence[Dot], lines: Sequence[tuple[int, int, bool]], title: str) -> go.Figure:
    """Dots and lines (from, to, whether on a path); other products have their names on hover."""
    places = layout([dot.layer for dot in dots], [(start, to) for start, to, _ in lines])
    figure = go.Figure()
    for strong in (False, True):
        _lines(figure, places, [(start, to) for start, to, on_path in lines if on_path is strong], strong)
    for group, look in LOOKS.items():
        here = [place for place, dot in enumerate(dots) if dot.group == group]
        if here:
            _dots(figure, [dots[at] for at in here], [places[at] for at in here], group, look)
    named = Counter(dot.layer for dot in dots if _named(dot))
    figure_style(figure, title, height=max(HEIGHT, PER_DOT * max(named.values(), default=0)))
    left, right = min((x for x, _ in places), default=0.0), max((x for x, _ in places), default=0.0)
    room = ROOM * max(right - left, 1)
    figure.update_xaxes(range=[left - room, right + room], visible=False)
    figure.update_yaxes(range=[1.02, -0.02], visible=False)
    return figure


def _lines(
    figure: go.Figure, places: Sequence[tuple[float, float]], lines: Sequence[tuple[int, int]], strong: bool
) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    for start, to in lines:
        points = _bent(places[start], places[to]) if strong else [places[start], places[to]]
        x += [*(point[0] for point in points), None]
        y += [*(point[1] for point in points), None]
    look = {"color": SHOWN, "width": 2.5} if strong else {"color": BACKGROUND, "width": 0.8}
    figure.add_scatter(
        x=x, y=y, mode="lines", line=look, opacity=0.9 if strong else 0.45, hoverinfo="skip",
        name="a path", showlegend=strong and bool(lines),
    )  # fmt: skip


def _bent(start: tuple[float, float], to: tuple[float, float]) -> list[tuple[float, float]]:
    """A straight line; one that passes over a layer goes around what stands there."""
    if abs(start[0] - to[0]) <= 1:
        return [start, to]
    along = [place / BENDS for place in range(BENDS + 1)]
    bend = 4 * BEND * (abs(start[0] - to[0]) - 1)
    return [
        (start[0] + share * (to[0] - start[0]), start[1] + share * (to[1] - start[1]) + bend * share * (1 - share))
        for share in along
    ]


def _named(dot: Dot) -> bool:
    """Whether its name stands beside it; other products have theirs on hover."""
    return dot.on_path or dot.group != OTHER


def _dots(
    figure: go.Figure, dots: Sequence[Dot], places: Sequence[tuple[float, float]], group: str, look: Look
) -> None:
    labels = [chart_text(dot.name if len(dot.name) <= LABEL else f"{dot.name[: LABEL - 1]}…") for dot in dots]
    figure.add_scatter(
        x=[x for x, _ in places],
        y=[y for _, y in places],
        mode="markers+text",
        name=group,
        text=[label if _named(dot) else "" for dot, label in zip(dots, labels, strict=True)],
        textposition="bottom center" if group == THIS else "top center",
        textfont={"size": 11},
        cliponaxis=False,
        hovertext=[f"<b>{chart_text(dot.name)}</b><br>{chart_text(dot.hover or group)}" for dot in dots],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={
            "color": look.colour,
            "symbol": look.symbol,
            "size": [look.size if dot.on_path else 0.75 * look.size for dot in dots],
            "opacity": [1.0 if dot.on_path else 0.65 for dot in dots],
            "line": {"width": 1, "color": "white"},
        },
    )
