"""The two small pictures on a product card, as SVG texts: quick to make, and they need no plotly."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from recsys.plots.style import PART_COLOURS
from recsys.schema import PART_LABELS


def tile_svg(icon: str, colour: str) -> str:
    """A product's picture as an SVG text: its icon, large, on a faint ground of its department's colour."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 76" width="240" height="76">'
        f'<rect width="240" height="76" rx="10" fill="{escape(colour)}" fill-opacity="0.16"/>'
        f'<text x="120" y="55" font-size="46" text-anchor="middle">{escape(icon)}</text></svg>'
    )


def score_bar_svg(parts: Mapping[str, float], full: float) -> str:
    """A thin bar of a score's positive parts as an SVG text, in the colours of the chart; `full` fills the width."""
    x = 0.0
    pieces = []
    for part in PART_LABELS:
        width = 240 * max(0.0, parts.get(part, 0.0)) / full if full > 0 else 0.0
        if width > 0:
            pieces.append(f'<rect x="{x:.1f}" width="{width:.1f}" height="6" fill="{PART_COLOURS[part]}"/>')
            x += width
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 6" width="240" height="6">'
        '<rect width="240" height="6" rx="3" fill="#808894" fill-opacity="0.22"/>'
        f"{''.join(pieces)}</svg>"
    )
