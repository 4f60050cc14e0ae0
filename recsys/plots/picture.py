"""A picture for a product that has none: its emoji on a ground of its own, the same on every machine, as an SVG text.

The emoji is drawn from a file of this package and not by a font of the machine. Ground, pattern and arrangement follow
from the product's id, and no two products of one shelf share them.
"""

from __future__ import annotations

import colorsys
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import Final

EMOJI: Final = Path(__file__).with_name("emoji")
EMOJI_WIDTH, EMOJI_HEIGHT = 102, 96  # of its file, in pixels
SIDE: Final = 200  # of the square, in its own units
TURNS: Final = (0.0, 0.06, -0.06, 0.13, -0.13, 0.22, -0.22, 0.5)  # of the wheel, away from the department's colour
VARIATION_SELECTOR: Final = "\ufe0f"

Place = tuple[float, float, float, float]  # centre, width, degrees
ARRANGEMENTS: Final[tuple[tuple[Place, ...], ...]] = (
    ((100, 100, 128, 0),),
    ((100, 102, 124, -14),),
    ((72, 88, 88, -8), (130, 118, 88, 8)),
    ((100, 66, 72, 0), (62, 132, 72, -8), (138, 132, 72, 8)),
    ((100, 100, 124, 14),),
    ((60, 100, 66, 0), (140, 100, 66, 0), (100, 100, 96, 0)),
    ((66, 66, 62, 0), (134, 66, 62, 0), (66, 134, 62, 0), (134, 134, 62, 0)),
)  # fmt: skip
PATTERNS: Final = (
    '<circle cx="100" cy="100" r="78" fill="#fff" fill-opacity=".55"/>',
    '<path d="M0 132Q50 108 100 132T200 132V200H0Z" fill="#fff" fill-opacity=".5"/>',
    '<path d="M0 0H200L0 200Z" fill="#fff" fill-opacity=".42"/>',
    '<rect x="22" y="22" width="156" height="156" rx="28" fill="#fff" fill-opacity=".5"/>',
    '<g fill="#fff" fill-opacity=".45"><circle cx="30" cy="30" r="62"/><circle cx="176" cy="176" r="74"/></g>',
    '<path d="M100 8L192 100L100 192L8 100Z" fill="#fff" fill-opacity=".5"/>',
    '<path d="M0 60H200V140H0Z" fill="#fff" fill-opacity=".5"/>',
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What tells a product's picture from another's of the same emoji: places in TURNS, PATTERNS and ARRANGEMENTS."""

    turn: int
    pattern: int
    arrangement: int


def looks(products: Iterable[tuple[int | str, str]]) -> list[Look]:
    """A look for each (item id, icon) of a shelf, in its order.

    It follows from the id alone, unless a product before it on the shelf has the same icon and nearly the same look.
    """
    taken: set[tuple[str, int, int]] = set()
    found = []
    for item_id, icon in products:
        seed = int.from_bytes(blake2b(str(item_id).encode(), digest_size=6).digest())
        look = next(each for each in _from(seed) if (icon, each.turn, each.arrangement) not in taken)
        taken.add((icon, look.turn, look.arrangement))
        found.append(look)
    return found


def _from(seed: int) -> Iterable[Look]:
    """Every look, beginning with that of the seed; the last one again and again once all are taken."""
    every = len(TURNS) * len(ARRANGEMENTS)
    for step in range(every):
        turn, arrangement = divmod((seed + step) % every, len(ARRANGEMENTS))
        yield Look(turn, (seed // every + step) % len(PATTERNS), arrangement)
    while True:
        yield Look(len(TURNS), seed % len(PATTERNS), seed % len(ARRANGEMENTS))


def picture_svg(icon: str, colour: str, look: Look) -> str:
    """A square picture as an SVG text: the icon in its look on a ground of its department's `colour` ("#rrggbb")."""
    ground = _turned(colour, TURNS[look.turn % len(TURNS)])
    uses = "".join(
        f'<use href="#e" transform="translate({x} {y}) rotate({degrees}) scale({width / EMOJI_WIDTH:.3f}) '
        f'translate(-{EMOJI_WIDTH / 2:g} -{EMOJI_HEIGHT / 2:g})"/>'
        for x, y, width, degrees in ARRANGEMENTS[look.arrangement]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">'
        f'<defs><clipPath id="c"><rect width="{SIDE}" height="{SIDE}" rx="16"/></clipPath>{_drawn(icon)}</defs>'
        f'<g clip-path="url(#c)"><rect width="{SIDE}" height="{SIDE}" fill="{ground}"/>{PATTERNS[look.pattern]}{uses}'
        "</g></svg>"
    )


@lru_cache(512)
def _drawn(icon: str) -> str:
    """The element "e" of an icon: its file, or where there is none a text, in whatever font the machine has."""
    name = "_".join(f"{ord(sign):x}" for sign in icon if sign != VARIATION_SELECTOR)
    file = EMOJI / f"{name}.png"
    if not name or not file.is_file():
        return f'<text id="e" x="51" y="80" font-size="84" text-anchor="middle">{escape(icon)}</text>'
    encoded = b64encode(file.read_bytes()).decode()
    return f'<image id="e" width="{EMOJI_WIDTH}" height="{EMOJI_HEIGHT}" href="data:image/png;base64,{encoded}"/>'


def _turned(colour: str, turn: float) -> str:
    """A light ground of a colour, turned on the wheel of hues by a share of it."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    channels = colorsys.hls_to_rgb((hue + turn) % 1, 0.8, min(0.62, saturation + 0.12))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
