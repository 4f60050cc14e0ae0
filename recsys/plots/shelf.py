"""The storefront's drawings: what each product's score is made of, how similar everything is, where the shelf lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from recsys.plots.steps import steps_to
from recsys.plots.style import (
    BACKGROUND,
    QUERY,
    SHOPPER,
    SHOWN,
    chart_text,
    figure_style,
    written,
)
from recsys.ranking.parts import PARTS
from recsys.retrieval.part import Part
from recsys.schema import Floats, RankedItem, Rows, shown_parts
from recsys.schema.money import DOLLARS, Money

BAR_HEIGHT = 26  # pixels per product: a line of text
LEGEND_LINE = 19  # pixels: beside the shelf there is room for one name per line
HISTOGRAM_BINS = 60
FAINT_POINTS = 2_500  # enough to see the islands, few enough to send in 40 kB


def score_parts(items: Sequence[RankedItem], parts: Iterable[Part] = PARTS) -> go.Figure:
    """A stacked horizontal bar per product, best on top: how many points of the score each part gives.

    Parts that are zero for all products are left out; negative parts (what the person did not want) go to the left.
    """
    names = [f"{item.rank} · {shorten(item.title, 26)}" for item in items]
    shown = [shown_parts(item.parts) for item in items]  # read out beside the bar, which is drawn as it is
    figure = go.Figure()
    for part in parts:
        points = [round(item.parts.get(part.name, 0.0) * 100, 2) for item in items]
        if not any(points):
            continue
        figure.add_bar(
            y=names,
            x=points,
            name=part.label,
            orientation="h",
            marker={"color": part.colour, "line": {"width": 0}},
            customdata=[each.get(part.name, 0.0) for each in shown],
            hovertemplate="%{y}<br>" + part.label + ": %{customdata:.1f} points<extra></extra>",
        )
    figure.update_layout(barmode="relative", bargap=0.28)
    figure_style(
        figure,
        "What each score is made of",
        x="score (points out of 100)",
        height=110 + BAR_HEIGHT * len(items) + LEGEND_LINE * len(figure.data),
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"size": 12}, ticksuffix=" ")
    return figure


def waterfall(scored: Mapping[str, float], parts: Iterable[Part] = PARTS) -> go.Figure:
    """A step per part of one score, the largest first, up to the score itself; `scored` are its parts by name."""
    steps = sorted((each for each in parts if scored.get(each.name)), key=lambda each: -scored[each.name])
    shown = shown_parts(scored)
    named = [(each.label, shown[each.name]) for each in steps]
    total = round(sum(shown.values()), 1)
    return steps_to(named, total, "How its score comes about", "points of 100", whole="Score")


def similarity_histogram(values: Floats, shown: Sequence[RankedItem], to: str, money: Money = DOLLARS) -> go.Figure:
    """How similar all products are to `to`, with the shown products marked.

    `values` are cosines (n_items,); the counts are drawn on a logarithmic axis, since the few products that matter are
    lost beside tens of thousands on a linear one. Numbers are written as with `money`.
    """
    counts, edges = np.histogram(values, bins=HISTOGRAM_BINS)
    centres = (edges[:-1] + edges[1:]) / 2
    figure = go.Figure()
    figure.add_bar(
        x=centres.round(3).tolist(),
        y=counts.tolist(),
        width=float(edges[1] - edges[0]) * 0.94,
        name="all products",
        marker={"color": BACKGROUND, "line": {"width": 0}},
        hovertemplate="cosine about %{x:.2f}<br>%{y:,} products<extra></extra>",
    )
    marked = [item for item in shown if item.row < len(values)]
    at = [round(float(values[item.row]), 3) for item in marked]
    bin_of = np.clip(np.searchsorted(edges, at, side="right") - 1, 0, HISTOGRAM_BINS - 1)
    figure.add_scatter(
        x=at,
        y=np.maximum(counts[bin_of], 1).tolist(),
        mode="markers",
        name="on the shelf",
        marker={
            "color": SHOWN,
            "size": 9,
            "symbol": "diamond",
            "line": {"width": 1, "color": "white"},
        },
        text=[f"{item.rank} · {shorten(item.title, 40)}" for item in marked],
        hovertemplate="%{text}<br>cosine %{x:.2f}<extra></extra>",
    )
    figure_style(
        figure,
        f"Similarity of all {money.number(len(values))} products to {to}",
        x="similarity (cosine, no unit)",
        y="products (log scale)",
        height=290,
    )
    figure.update_yaxes(type="log", dtick=1)
    return written(figure, money)


def small_map(
    positions: Floats,
    shown: Sequence[RankedItem],
    places: Mapping[str, npt.ArrayLike],
    titles: Mapping[str, str],
) -> go.Figure:
    """The plane of all products, faint, with the shelf, the query and the shopper on it.

    `positions` is (n_items, 2); `places` holds (2,) for "query" and "shopper", those that exist, and `titles` their
    names in the legend. A fixed sample of FAINT_POINTS products stands for all.
    """
    faint = positions[faint_sample(len(positions))]
    figure = go.Figure()
    figure.add_scattergl(
        x=_short(faint[:, 0], 2),
        y=_short(faint[:, 1], 2),
        mode="markers",
        name="a sample of all products",
        marker={"color": BACKGROUND, "size": 3, "opacity": 0.45},
        hoverinfo="skip",
    )
    at = positions[[item.row for item in shown]] if shown else np.empty((0, 2), np.float32)
    figure.add_scattergl(
        x=_short(at[:, 0], 3),
        y=_short(at[:, 1], 3),
        mode="markers",
        name="on the shelf",
        marker={"color": SHOWN, "size": 10, "line": {"width": 1, "color": "white"}},
        text=[f"{item.rank} · {shorten(item.title, 40)}" for item in shown],
        hovertemplate="%{text}<extra></extra>",
    )
    for who, colour, symbol in (
        ("query", QUERY, "star"),
        ("shopper", SHOPPER, "diamond"),
    ):
        if who in places:
            # a name only, never part of the template: what a person typed may look like one of plotly's %{fields}
            x, y = (float(value) for value in np.asarray(places[who]))
            figure.add_scattergl(
                x=[round(x, 3)],
                y=[round(y, 3)],
                mode="markers",
                name=chart_text(titles.get(who, who)),
                marker={
                    "color": colour,
                    "size": 17,
                    "symbol": symbol,
                    "line": {"width": 1.5, "color": "white"},
                },
                hovertemplate="%{fullData.name}<extra></extra>",
            )
    figure_style(figure, "Where the shelf lies among all products", height=380)
    figure.update_xaxes(showticklabels=False, zeroline=False, title_text="map position (no unit)")
    figure.update_yaxes(showticklabels=False, zeroline=False, title_text="map position (no unit)")
    return figure


def faint_sample(size: int) -> Rows:
    """The rows that stand for all products on the small map: the same FAINT_POINTS each time."""
    if size <= FAINT_POINTS:
        return np.arange(size, dtype=np.int32)
    return np.random.default_rng(0).choice(size, FAINT_POINTS, replace=False).astype(np.int32)


def _short(values: Floats, decimals: int) -> list[float]:
    """Rounded after widening: a rounded float32 is written out with all its digits, which is most of the payload."""
    rounded: list[float] = np.round(values.astype(np.float64), decimals).tolist()
    return rounded


def shorten(text: str, length: int) -> str:
    """The text, cut with an ellipsis when longer than `length` characters; safe to show in a chart."""
    cut = text if len(text) <= length else text[: length - 1].rstrip(" ,;·") + "…"
    return chart_text(cut)
