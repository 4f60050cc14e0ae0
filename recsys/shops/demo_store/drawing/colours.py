"""Colours as three numbers, and the few ways in which a picture makes one colour from another."""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache

from recsys.errors import ShelfLensError

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
# Shadows and black parts are never quite black: a camera sees some light everywhere.
INK: Colour = (32, 32, 38)
STEEL: Colour = (190, 194, 200)
BRASS: Colour = (201, 168, 98)
WOOD: Colour = (196, 150, 98)
RUBBER: Colour = (58, 58, 62)
PAPER: Colour = (246, 242, 233)
LEAF: Colour = (104, 140, 96)


def parsed(text: str) -> Colour:
    """The colour of "#RRGGBB"."""
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise ShelfLensError(
            f"a colour of a product is {text!r}", allowed="#RRGGBB", remedy="write the colour as six hexadecimal digits"
        )
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def argb(colour: Colour, alpha: float = 1.0) -> int:
    """The colour as Skia takes it, with red and blue in each other's place.

    Skia is fast only where blue comes first in memory, and Pillow wants red there. Changing every colour as it is
    handed over costs nothing; changing every pixel of a finished picture would cost as much as drawing half of it.
    """
    red, green, blue = colour
    return int(alpha * 255 + 0.5) << 24 | blue << 16 | green << 8 | red


@lru_cache(maxsize=4096)
def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a `share` of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    """The colour in shade."""
    return mix(colour, INK, share)


def lighter(colour: Colour, share: float) -> Colour:
    """The colour in light."""
    return mix(colour, WHITE, share)


def luminance(colour: Colour) -> float:
    """How light a colour is to the eye, from 0 to 1."""
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def distance(one: Colour, other: Colour) -> float:
    """How far two colours are apart; about 441 between black and white."""
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)


def apart(accent: Colour, colour: Colour) -> Colour:
    """The accent, moved away from the colour where nobody could tell them apart."""
    if distance(accent, colour) >= 95:
        return accent
    return darker(accent, 0.45) if luminance(colour) > 0.5 else lighter(accent, 0.55)


def turned(colour: Colour, turn: float) -> Colour:
    """A colour a part of the wheel away, lively enough to be told apart: what a set of many colours has beside it."""
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    parts = colorsys.hls_to_rgb((hue + turn) % 1, min(0.66, max(0.44, light)), min(0.62, max(0.45, saturation)))
    red, green, blue = (round(part * 255) for part in parts)
    return red, green, blue


def photographed(colour: Colour) -> Colour:
    """The colour as a camera leaves room for light and shade: white is a shade off, black is a shade above."""
    light = luminance(colour)
    if light > 0.93:
        return mix(colour, (226, 226, 230), 0.35)
    return lighter(colour, 0.09) if light < 0.16 else colour
