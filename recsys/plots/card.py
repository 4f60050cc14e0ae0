"""The small pictures beside products and queries, as SVG texts: quick to make, and they need no plotly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from recsys.plots.style import OTHER_DEPARTMENT
from recsys.ranking.parts import PARTS
from recsys.retrieval.part import Part
from recsys.schema import Stage

BAR_WIDTH = 420  # of the bar of departments, in its own units: pixels where there is room, as on a laptop
FUNNEL_WIDTH, FUNNEL_HEIGHT = 960, 48
SHORTEST = 1 / 60  # of the funnel's width: what takes no time is seen all the same


def score_bar_svg(scored: Mapping[str, float], full: float, parts: Iterable[Part] = PARTS) -> str:
    """A thin bar of a score's positive parts as an SVG text, in the colours of the chart; `full` fills the width."""
    x = 0.0
    pieces = []
    for part in parts:
        width = 240 * max(0.0, scored.get(part.name, 0.0)) / full if full > 0 else 0.0
        if width > 0:
            pieces.append(f'<rect x="{x:.1f}" width="{width:.1f}" height="6" fill="{part.colour}"/>')
            x += width
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 6" width="240" height="6">'
        '<rect width="240" height="6" rx="3" fill="#808894" fill-opacity="0.22"/>'
        f"{''.join(pieces)}</svg>"
    )


def likelihood_bar_svg(likely: Sequence[tuple[str, float]], colours: Mapping[str, str]) -> str:
    """A slim bar of how likely each department is, as an SVG text: (name, share of 1) from left to right.

    What is left to 1 is drawn faintly; gaps keep neighbours apart for those who do not tell their colours apart.
    """
    x, pieces = 0.0, []
    for name, share in likely:
        width = BAR_WIDTH * min(1.0, max(0.0, share))
        colour = escape(colours.get(name, OTHER_DEPARTMENT))
        pieces.append(f'<rect x="{x:.1f}" width="{max(1.0, width - 2):.1f}" height="8" fill="{colour}"/>')
        x += width
    if x < BAR_WIDTH - 1:
        pieces.append(f'<rect x="{x:.1f}" width="{BAR_WIDTH - x:.1f}" height="8" fill="#808894" fill-opacity="0.3"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BAR_WIDTH} 8" width="{BAR_WIDTH}" height="8">'
        f'<clipPath id="round"><rect width="{BAR_WIDTH}" height="8" rx="4"/></clipPath>'
        f'<g clip-path="url(#round)">{"".join(pieces)}</g></svg>'
    )


def dot_svg(colour: str) -> str:
    """A dot in a colour, as an SVG text, to stand before a name."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16">'
        f'<circle cx="8" cy="8" r="5" fill="{escape(colour)}"/></svg>'
    )


def funnel_svg(stages: Sequence[Stage], colour: str) -> str:
    """The stages of an answer from left to right, as an SVG text: as wide as the time each took.

    The height at its left is the products it saw, at its right those it kept, on a logarithmic scale. Several that find
    candidates each begin with the whole shop. Steps that look at no product but the query or the person are one line.
    """
    most = max([stage.seen for stage in stages], default=0)
    total = sum(stage.ms for stage in stages) or 1.0
    shares = [max(stage.ms / total, SHORTEST) for stage in stages]
    x, pieces = 0.0, []
    for number, (stage, share) in enumerate(zip(stages, shares, strict=True)):
        width = FUNNEL_WIDTH * share / sum(shares)
        left, right = (_half_height(products, most) for products in (stage.seen, stage.kept))
        middle, end = FUNNEL_HEIGHT / 2, x + max(1.0, width - 2)
        corners = ((x, middle - left), (end, middle - right), (end, middle + right), (x, middle + left))
        points = " ".join(f"{across:.1f},{down:.1f}" for across, down in corners)
        pieces.append(f'<polygon points="{points}" fill="{escape(colour)}" fill-opacity="{(0.9, 0.6)[number % 2]}"/>')
        x += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {FUNNEL_WIDTH} {FUNNEL_HEIGHT}" '
        f'width="{FUNNEL_WIDTH}" height="{FUNNEL_HEIGHT}">{"".join(pieces)}</svg>'
    )


def _half_height(products: int, most: int) -> float:
    """Half of how high a number of products is drawn where `most` fill the height: at least a thin line."""
    share = math.log1p(products) / math.log1p(most) if most > 1 and products > 1 else 0.0
    return max(1.0, share * FUNNEL_HEIGHT / 2)
