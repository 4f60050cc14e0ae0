"""The leaderboard's drawings: points with intervals, accuracy against what it costs, and differences in slices."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from recsys.plots.style import BACKGROUND, DEPARTMENT_COLOURS, SHOWN, chart_text, error_bars, figure_style, written
from recsys.schema.money import DOLLARS, Money

SIMPLE_COLOUR: Final = "#7D8794"
TRAINED_COLOUR: Final = "#2F7FD1"
WINNER_COLOUR: Final = SHOWN
AHEAD: Final = "#0A9A6E"
BEHIND: Final = DEPARTMENT_COLOURS[3]
ROW: Final = 30  # pixels per recommender or slice: a line of text and air
LARGEST: Final = 38  # pixels: the marker of the recommender that took most memory
LABEL: Final = 30  # characters of a name beside a chart; the whole of it is in the hover text
NAMED: Final = 18  # characters of a name inside a chart


def forest(table: pd.DataFrame, title: str, x: str) -> go.Figure:
    """A point per recommender with its interval, best on top.

    `table` has the columns of `reading.standings`; where it has no interval the point stands alone.
    """
    figure = go.Figure()
    for (name, colour), rows in _groups(table):
        figure.add_scatter(
            x=rows["mean"],
            y=[_short(label, LABEL) for label in rows["label"]],
            mode="markers",
            name=name,
            marker={"color": colour, "size": 10},
            error_x=error_bars((rows["high"] - rows["mean"]).fillna(0), (rows["mean"] - rows["low"]).fillna(0), colour),
            text=[_with_interval(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    figure_style(figure, title, height=_tall(table))
    figure.update_xaxes(title_text=_lines(x))
    order = [_short(label, LABEL) for label in table["label"]]
    figure.update_yaxes(categoryorder="array", categoryarray=order, autorange="reversed", ticksuffix=" ")
    figure.update_xaxes(rangemode="tozero")
    return figure


def against_cost(table: pd.DataFrame, title: str, y: str) -> go.Figure:
    """Accuracy against seconds (logarithmic); the area of a point is the memory it took. Up and left is better.

    `table` has the columns of `reading.standings` and `named`: whether the name stands beside the point.
    """
    most = max(float(table["peak_mb"].max()), 1.0)
    figure = go.Figure()
    for (name, colour), rows in _groups(table):
        size = LARGEST * np.sqrt(rows["peak_mb"].clip(lower=0) / most)
        figure.add_scatter(
            x=rows["seconds"].clip(lower=0.001),
            y=rows["mean"],
            mode="markers+text",
            name=name,
            marker={
                "color": colour,
                "size": size.clip(lower=7),
                "opacity": 0.75,
                "line": {"width": 1, "color": "white"},
            },
            text=_names(rows),
            textposition=_sides(rows, table),
            textfont={"size": 11},
            customdata=[[chart_text(str(row.label)), row.seconds, row.peak_mb, row.mean] for row in rows.itertuples()],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[3]:.4f}<br>%{customdata[1]:,.1f} s to fit and rank"
            "<br>%{customdata[2]:,.0f} MB<extra></extra>",
        )
    figure_style(figure, title, height=_tall(table))
    figure.update_xaxes(title_text="seconds to fit and rank for everybody (log)<br>area of a point: memory")
    figure.update_xaxes(type="log", range=_decades(table["seconds"]), dtick=1, tickformat=",~g", ticksuffix=" s")
    _accuracy_axis(figure, table, y)
    return figure


def against_worth(table: pd.DataFrame, title: str, x: str, y: str) -> go.Figure:
    """Accuracy (`mean`) against another worth of the lists (`other`); `named` points have their name beside."""
    figure = go.Figure()
    for (name, colour), rows in _groups(table):
        figure.add_scatter(
            x=rows["other"],
            y=rows["mean"],
            mode="markers+text",
            name=name,
            marker={"color": colour, "size": 13, "line": {"width": 1, "color": "white"}},
            text=_names(rows),
            textposition=_sides(rows, table),
            textfont={"size": 11},
            customdata=[[chart_text(label)] for label in rows["label"]],
            hovertemplate="<b>%{customdata[0]}</b><br>%{y:.4f}<br>%{x:.4g}<extra></extra>",
        )
    figure_style(figure, title, height=400)
    figure.update_xaxes(title_text=_lines(x), range=_room(table["other"], 0.24))
    _accuracy_axis(figure, table, y)
    return figure


def slice_differences(table: pd.DataFrame, title: str, x: str, money: Money = DOLLARS) -> go.Figure:
    """How far one recommender is ahead of another in each slice, with intervals; 0 is where they are equal.

    `table` has the columns of `reading.by_slice`, a row per slice; those too small to compare are grey and hollow.
    Counts are written as with `money`.
    """
    figure = go.Figure()
    for name, colour, rows in _by_sign(table):
        if rows.empty:
            continue
        small = name.startswith("too few")
        figure.add_scatter(
            x=rows["difference"],
            y=[_slice(row, money) for row in rows.itertuples()],
            mode="markers",
            name=name,
            marker={"color": colour, "size": 10, "symbol": "circle-open" if small else "circle"},
            error_x=error_bars(rows["high"] - rows["difference"], rows["difference"] - rows["low"], colour, fine=True),
            customdata=rows[["low", "high", "wins", "ties", "losses"]],
            hovertemplate="<b>%{y}</b><br>difference %{x:+.4f} (%{customdata[0]:+.4f} to %{customdata[1]:+.4f})<br>"
            "better for %{customdata[2]:,}, equal for %{customdata[3]:,}, worse for %{customdata[4]:,}<extra></extra>",
        )
    figure_style(figure, title, height=170 + ROW * max(len(table), 2))
    figure.update_xaxes(title_text=_lines(x))
    figure.add_vline(x=0, line={"color": BACKGROUND, "width": 1.5, "dash": "dot"})
    written(figure, money)
    order = [_slice(row, money) for row in table.itertuples()]
    figure.update_yaxes(categoryorder="array", categoryarray=order, autorange="reversed", ticksuffix=" ")
    return figure


def slice_means(table: pd.DataFrame, title: str, x: str, money: Money = DOLLARS) -> go.Figure:
    """What recommenders reach in each slice, each figure with its own interval.

    `table` has the columns of `reading.slice_means`, with the recommender's words as `label`. Counts are written as
    with `money`.
    """
    figure = go.Figure()
    for (label, rows), colour in zip(table.groupby("label", sort=False), (WINNER_COLOUR, TRAINED_COLOUR), strict=False):
        figure.add_scatter(
            x=rows["mean"],
            y=[_slice(row, money) for row in rows.itertuples()],
            mode="markers",
            name=_short(str(label), LABEL),
            marker={"color": colour, "size": 10},
            error_x=error_bars(rows["high"] - rows["mean"], rows["mean"] - rows["low"], colour, fine=True),
            text=[_with_interval(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    order = list(dict.fromkeys(_slice(row, money) for row in table.itertuples()))
    figure_style(figure, title, height=170 + ROW * max(len(order), 2))
    figure.update_xaxes(title_text=_lines(x), rangemode="tozero")
    figure.update_yaxes(categoryorder="array", categoryarray=order, autorange="reversed", ticksuffix=" ")
    return figure


def _accuracy_axis(figure: go.Figure, table: pd.DataFrame, y: str) -> None:
    figure.update_yaxes(title_text=_lines(y), range=_room(table["mean"]), tickformat=".2~f")
    figure.update_layout(margin={"l": 78})  # the title of two lines does not count into the automatic margin


def _groups(table: pd.DataFrame) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    """The winner, the simple and the other recommenders, those that exist, each with its name and colour."""
    first = table.index == table.index[0]
    simple = table["simple"].to_numpy(bool) & ~first
    chosen = {
        ("the best here", WINNER_COLOUR): first,
        ("simple: counts, nothing trained", SIMPLE_COLOUR): simple,
        ("trained or other", TRAINED_COLOUR): ~first & ~simple,
    }
    return [(key, table[rows]) for key, rows in chosen.items() if rows.any()]


def _by_sign(table: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    enough = table["comparable"].to_numpy(bool)
    sure, sign = table["sure"].to_numpy(bool), np.sign(table["difference"].to_numpy())
    return [
        ("ahead", AHEAD, table[enough & sure & (sign > 0)]),
        ("behind", BEHIND, table[enough & sure & (sign < 0)]),
        ("may be luck", TRAINED_COLOUR, table[enough & ~sure]),
        ("too few shoppers", BACKGROUND, table[~enough]),
    ]


def _slice(row: Any, money: Money) -> str:
    return _short(f"{row.slice} · {money.number(row.count)}", 44)


def _with_interval(row: Any) -> str:
    name, mean, low, high = row.label, row.mean, row.low, row.high
    interval = "" if np.isnan(low) else f" (95 % interval {low:.4f} to {high:.4f})"
    return f"<b>{chart_text(name)}</b><br>{mean:.4f}{interval}"


def _sides(rows: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """Above and below in turn, so that the names of two neighbours do not lie on each other."""
    place = table["named"].cumsum()
    return ["top center" if place[row] % 2 else "bottom center" for row in rows.index]


def _lines(text: str) -> str:
    """The title of an axis on two lines where it has two parts: one line is too wide for a phone."""
    return "<br>".join(chart_text(part) for part in text.split("; "))


def _tall(table: pd.DataFrame) -> int:
    """Pixels that hold all recommenders and make a pair with the drawing beside it."""
    return max(400, 130 + ROW * len(table))


def _short(text: str, length: int) -> str:
    """The text without what stands in its last brackets, cut to so many characters."""
    bare = text if len(text) <= length else text.split(" (")[0]
    return chart_text(bare if len(bare) <= length else bare[: length - 1].rstrip() + "…")


def _names(rows: pd.DataFrame) -> list[str]:
    """Names of the few points that have one: a dozen names beside a dozen points lie on each other."""
    return [_short(label, NAMED) if named else "" for label, named in zip(rows["label"], rows["named"], strict=True)]


def _room(values: pd.Series, share: float = 0.18) -> list[float]:
    """A range with room for names on all sides."""
    low, high = float(values.min()), float(values.max())
    space = share * (high - low) or max(abs(high) * share, 0.001)
    return [low - space, high + space]


def _decades(seconds: pd.Series) -> list[float]:
    """A logarithmic range from a third of the least to three times the most."""
    some = np.log10(seconds.clip(lower=0.001).to_numpy(float))
    return [float(some.min()) - 0.5, float(some.max()) + 0.5]
