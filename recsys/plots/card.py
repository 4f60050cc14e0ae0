"""The small pictures beside products and queries, as SVG texts: quick to make, and they need no plotly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from recsys.plots.style import OTHER_DEPARTMENT
from recsys.ranking.parts import PARTS
from recsys.retrieval.part import Part

BAR_WIDTH = 420  # of the bar of departments, in its own units: pixels where there is room, as on a laptop


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
