"""Shelves beside each other: who stands where, with lines between them, and how long each took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, HISTORY, PICTURE, QUERY, SECOND, SHOWN, chart_text, error_bars, figure_style

SIDES: Final = (QUERY, SECOND, HISTORY, PICTURE)  # the colour of the first side, the second ...
ROW: Final = 40  # pixels of a product
WIDTH: Final = 0.68  # of a shelf, where the next one begins at 1
PICTURE_AT, PICTURE_SIZE, TITLE_AT = 0.055, 0.085, 0.15
LETTERS: Final = {2: 20, 3: 25, 4: 25}  # of a line of a title, by how many shelves there are
TITLE_LINES: Final = 2
BEND: Final = 14  # points of a line
UP, DOWN, SAME = "came up", "fell", "same place"
LINES: Final = {UP: HISTORY, DOWN: SHOWN, SAME: BACKGROUND}


@dataclass(frozen=True, slots=True)
class Place:
    """One product on a shelf."""

    id: str
    title: str
    rank: int
    picture: str = ""  # a data: address
    said: str = ""  # on hover, behind the title


@dataclass(frozen=True, slots=True)
class Column:
    """One shelf."""

    name: str
    places: Sequence[Place]


def rank_lines(columns: Sequence[Column], ink: str | None = None) -> go.Figure:
    """The shelves from left to right in rank order, a line wherever the next one shows the same product.

    Lines are green for who comes up from one shelf to the next, orange for who falls, grey for who stays; a hollow
    mark stands beside a shelf that does not show the product. `ink` is the colour of titles, None for the
    theme's.
    """
    figure = go.Figure()
    for kind, colour in LINES.items():
        x, y = _lines(columns, kind)
        line = {"color": colour, "width": 1.5 if kind == SAME else 2.5}
        figure.add_scatter(x=x, y=y, mode="lines", name=kind, hoverinfo="skip", line=line)
    most = max((len(column.places) for column in columns), default=0)
    for at, column in enumerate(columns):
        _shelf(figure, columns, at, ink)
        figure.add_annotation(
            x=at, y=0.25, xanchor="left", yanchor="bottom", showarrow=False, text=f"<b>{chart_text(column.name)}</b>",
            font={"color": SIDES[at], "size": 13},
        )  # fmt: skip
    figure_style(figure, "Rank changes from shelf to shelf", height=130 + ROW * (most + 1))
    figure.update_xaxes(visible=False, range=[-0.05, len(columns) - 1 + WIDTH + 0.05], fixedrange=True)
    figure.update_yaxes(
        title_text="rank", range=[most + 0.6, -0.6], fixedrange=True, showgrid=False, zeroline=False, dtick=1,
        tickvals=list(range(1, most + 1)), showticklabels=False,
    )  # fmt: skip
    return figure


def _lines(columns: Sequence[Column], kind: str) -> tuple[list[float | None], list[float | None]]:
    """The lines of one kind between neighbouring shelves, with gaps between them."""
    x: list[float | None] = []
    y: list[float | None] = []
    for at, (left, right) in enumerate(pairwise(columns)):
        there = {place.id: place.rank for place in right.places}
        for place in left.places:
            rank = there.get(place.id)
            if rank is None or _kind(place.rank, rank) != kind:
                continue
            for step in range(BEND + 1):
                t = step / BEND
                x.append(at + WIDTH + t * (1 - WIDTH))
                y.append(place.rank + (rank - place.rank) * t * t * (3 - 2 * t))
            x.append(None)
            y.append(None)
    return x, y


def _kind(before: int, after: int) -> str:
    return SAME if before == after else UP if after < before else DOWN


def _shelf(figure: go.Figure, columns: Sequence[Column], at: int, ink: str | None) -> None:
    """One shelf: a mark with the rank beside each neighbour, pictures, and titles."""
    places = columns[at].places
    sides = [(float(at), columns[at - 1])] if at else []
    sides += [(at + WIDTH, columns[at + 1])] if at + 1 < len(columns) else []
    for x, neighbour in sides:
        there = {place.id for place in neighbour.places}
        for shown in (True, False):
            mine = [place for place in places if (place.id in there) is shown]
            _marks(figure, x, mine, SIDES[at], filled=shown)
    figure.add_scatter(
        x=[at + TITLE_AT] * len(places),
        y=[place.rank for place in places],
        text=[_short(place.title, LETTERS.get(len(columns), 20)) for place in places],
        customdata=[[chart_text(place.title), chart_text(place.said)] for place in places],
        mode="text",
        textposition="middle right",
        textfont={"size": 11.5, "color": ink},
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        showlegend=False,
    )
    for place in places:
        if place.picture:
            figure.add_layout_image(
                source=place.picture, xref="x", yref="y", x=at + PICTURE_AT, y=place.rank, xanchor="left",
                yanchor="middle", sizex=PICTURE_SIZE, sizey=0.86, sizing="contain", layer="above",
            )  # fmt: skip


def _marks(figure: go.Figure, x: float, places: Sequence[Place], colour: str, *, filled: bool) -> None:
    figure.add_scatter(
        x=[x] * len(places),
        y=[place.rank for place in places],
        text=[str(place.rank) for place in places],
        customdata=[[chart_text(place.title), chart_text(place.said)] for place in places],
        mode="markers+text",
        textfont={"size": 11, "color": "#FFFFFF" if filled else colour},
        marker={
            "size": 20,
            "color": colour if filled else "rgba(0,0,0,0)",
            "line": {"color": colour, "width": 0 if filled else 1.5},
        },
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        showlegend=False,
    )


def _short(title: str, letters: int) -> str:
    """A title on two lines at most."""
    lines = wrap(title, letters, max_lines=TITLE_LINES, placeholder="…")
    return "<br>".join(chart_text(line) for line in lines)


def stage_times(stages: Mapping[str, Sequence[tuple[str, float]]]) -> go.Figure:
    """A bar for each side, made of its steps: side -> (step, milliseconds) in their order."""
    figure = go.Figure()
    steps = list(dict.fromkeys(step for took in stages.values() for step, _ in took))
    for step in steps:
        figure.add_bar(
            y=[f"{chart_text(side)} " for side in stages],
            x=[sum(ms for each, ms in took if each == step) for took in stages.values()],
            orientation="h",
            name=chart_text(step),
            hovertemplate=f"{chart_text(step)}: %{{x:.2f}} ms<extra></extra>",
        )
    figure_style(figure, "Where the time went", x="milliseconds of this one answer", height=190 + 40 * len(stages))
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    figure.update_yaxes(autorange="reversed")
    return figure


def votes(shares: Sequence[tuple[str, float, float, float]], chance: float) -> go.Figure:
    """The share of the votes of each side with its interval, (name, share, low, high), and what chance would give."""
    figure = go.Figure()
    figure.add_vline(x=chance, line={"color": BACKGROUND, "dash": "dot"})
    for at, (name, share, low, high) in enumerate(shares):
        figure.add_scatter(
            x=[share],
            y=[f"{chart_text(name)} "],
            error_x=error_bars(pd.Series([high - share]), pd.Series([share - low]), SIDES[at]),
            mode="markers",
            marker={"color": SIDES[at], "size": 13},
            hovertemplate="%{y}: %{x:.0%}<extra></extra>",
            showlegend=False,
        )
    figure_style(
        figure, "Votes so far (dotted: by chance)", x="share of those who decided, with 95 % interval",
        height=130 + 34 * len(shares), legend=False,
    )  # fmt: skip
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    figure.update_yaxes(autorange="reversed")
    return figure
