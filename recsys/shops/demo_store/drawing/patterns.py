"""Patterns as small drawings that repeat: what each name of the table puts on the product's colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from random import Random

import skia

from recsys.shops.demo_store.drawing import weaves
from recsys.shops.demo_store.drawing.colours import Colour, apart, darker, lighter, mix
from recsys.shops.demo_store.drawing.known import PACKAGE, check_known
from recsys.shops.demo_store.drawing.tiles import SIDE, Tile


def _striped(tile: Tile) -> None:
    width = (5.0, 2.2, 3.2, 1.2)[tile.variant]
    tile.rect(0, 1, 16, 1 + width, tile.accent)
    if tile.variant in (0, 3):
        tile.rect(0, 9, 16, 9 + width, tile.accent)
    elif tile.variant == 1:
        tile.rect(0, 4.6, 16, 5.4, tile.accent)


def _dotted(tile: Tile) -> None:
    radius = (2.0, 1.3, 2.6, 1.7)[tile.variant]
    for x, y in ((4, 4), (12, 12)):
        tile.circle(x, y, radius, tile.accent)


def _checked(tile: Tile) -> None:
    wide = (8.0, 5.0, 8.0, 4.0)[tile.variant]
    tile.rect(0, 0, wide, 16, tile.accent, 0.5)
    tile.rect(0, 0, 16, wide, tile.accent, 0.5)
    if tile.variant != 2:
        thread = lighter(tile.colour, 0.6) if tile.variant == 1 else darker(tile.accent, 0.3)
        tile.rect(0, 11.4, 16, 12.1, thread, 0.7)
        tile.rect(11.4, 0, 12.1, 16, thread, 0.7)


def _flower(tile: Tile, x: float, y: float, size: float, petals: int, colour: Colour) -> None:
    for turn in range(petals):
        tile.turned_oval(x, y, size * 0.62, size * 0.62, size * 0.36, turn * 360 / petals, colour)
    tile.circle(x, y, size * 0.3, mix(lighter(colour, 0.55), (240, 200, 90), 0.6))


def _floral(tile: Tile) -> None:
    leaf = mix((88, 128, 84), tile.colour, 0.25)
    pale = lighter(tile.accent, 0.4)
    petals = (5, 6, 5, 8)[tile.variant]
    for x, y, turn in ((8.5, 3.2, 20), (1.5, 10, 70), (12.5, 13.2, -30), (8, 9.2, 120)):
        tile.turned_oval(x, y, 0, 1.7, 0.7, turn, leaf)
    for x, y, size, colour in ((4.2, 4.5, 3.7, tile.accent), (11.8, 10.4, 2.9, pale), (4.6, 13.4, 1.6, pale)):
        _flower(tile, x, y, size, petals, colour)
    _flower(tile, 13, 2.6, 1.5, 5, tile.accent)


def _geometric(tile: Tile) -> None:
    ink, pale = tile.accent, mix(tile.accent, tile.colour, 0.55)
    if tile.variant == 0:
        tile.poly((0, 16), (8, 4), (16, 16), colour=ink)
        tile.poly((4, 16), (8, 10), (12, 16), colour=tile.colour)
    elif tile.variant == 1:
        tile.poly((8, 0), (16, 8), (8, 16), (0, 8), colour=pale)
        tile.poly((8, 4), (12, 8), (8, 12), (4, 8), colour=ink)
    elif tile.variant == 2:
        for y, colour in ((2, ink), (10, pale)):
            tile.poly((0, y + 4), (8, y), (16, y + 4), (16, y + 7), (8, y + 3), (0, y + 7), colour=colour)
    else:
        tile.half_circle(8, 8, 7.4, 180, ink)
        tile.half_circle(8, 16, 7.4, 180, pale)


def _camouflage(tile: Tile) -> None:
    rng = Random(tile.variant)
    tones = (darker(tile.colour, 0.38), mix(tile.colour, tile.accent, 0.45), lighter(tile.colour, 0.3))
    for tone in tones:
        for _ in range(5):
            tile.blob(rng.uniform(0, 16), rng.uniform(0, 16), rng.uniform(1.0, 2.5), rng, tone)


def _animal(tile: Tile) -> None:
    rng = Random(7 + tile.variant)
    dark, middle = darker(tile.accent, 0.6), darker(mix(tile.colour, tile.accent, 0.3), 0.2)
    for x, y in ((2.5, 3.0), (9.5, 1.5), (6.0, 8.0), (13.5, 6.5), (2.0, 13.0), (10.5, 12.5)):
        x, y, radius = x + rng.uniform(-1, 1), y + rng.uniform(-1, 1), rng.uniform(1.1, 2.0)
        tile.blob(x, y, radius * 0.9, rng, middle)
        for part in range(rng.choice((2, 3, 3))):
            start = part * 120 + rng.uniform(-25, 25)
            tile.arc(x, y, radius * rng.uniform(0.9, 1.25), start, rng.uniform(35, 95), rng.uniform(0.8, 1.3), dark)
    for _ in range(5):
        tile.blob(rng.uniform(0, 16), rng.uniform(0, 16), rng.uniform(0.25, 0.5), rng, dark)


def _sequined(tile: Tile) -> None:
    rng = Random(11 + tile.variant)
    for row in range(8):
        for column in range(8):
            shine = rng.choice((-0.3, -0.12, 0.0, 0.1, 0.25, 0.75))
            colour = lighter(tile.colour, shine) if shine > 0 else darker(tile.colour, -shine)
            x, y = 2 * column + (row % 2), 2.0 * row
            tile.circle(x, y + 0.25, 1.25, darker(tile.colour, 0.35))
            tile.circle(x, y, 1.15, mix(colour, tile.accent, 0.12))


def _faceted(tile: Tile) -> None:
    tile.poly((0, 0), (8, 0), (0, 8), colour=lighter(tile.colour, 0.9), alpha=0.35)
    tile.poly((8, 0), (16, 0), (16, 8), colour=darker(tile.colour, 0.5), alpha=0.12)
    tile.poly((0, 8), (0, 16), (8, 16), colour=lighter(tile.colour, 0.9), alpha=0.14)
    tile.poly((16, 8), (16, 16), (8, 16), colour=darker(tile.colour, 0.7), alpha=0.32)


_TILES: dict[str, Callable[[Tile], None]] = {
    "striped": _striped,
    "dotted": _dotted,
    "checked": _checked,
    "floral": _floral,
    "geometric": _geometric,
    "camouflage": _camouflage,
    "animal print": _animal,
    "sequined": _sequined,
    "faceted": _faceted,
    "cable knit": weaves.cable_knit,
    "fair isle": weaves.fair_isle,
    "quilted": weaves.quilted,
    "pleated": weaves.pleated,
    "braided": weaves.braided,
    "ribbed": weaves.ribbed,
}
# Patterns of parts, not of the cloth: the silhouettes see to them (`Pen.second`, `Pen.motif`, `Pen.hue`, `Pen.glaze`).
_OF_PARTS = frozenset({"plain", "two-tone", "printed", "multicoloured", "backlit", "glazed", "brushed"})
PATTERNS = frozenset(_TILES) | _OF_PARTS
# Patterns of the surface's own relief hold their direction; printed ones may lie at any angle.
RELIEF = frozenset({"cable knit", "fair isle", "quilted", "pleated", "braided", "ribbed"})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a pattern lies: one of its variants, how large, how turned, how far moved."""

    variant: int
    scale: float
    turn: int
    x: float
    y: float


def check_pattern(name: str) -> None:
    """Say so where a pattern is not one of the table's."""
    add = f"one to {PACKAGE}/patterns.py"
    check_known(name, sorted(PATTERNS), lacks="drawing is known for the pattern", add=add)


@lru_cache(maxsize=512)
def _drawn(name: str, colour: Colour, accent: Colour, variant: int, turn: int, pixels: int) -> skia.Image:
    """One repeat as it lies on the picture.

    It is turned here and not by its shader, for Skia copies upright pictures many times faster than turned ones. A
    pattern turned by 45 degrees repeats upright too, after the diagonal of its tile.
    """
    tile = Tile(colour, apart(accent, colour), variant)
    _TILES[name](tile)
    drawing = tile.picture()
    side = SIDE * _stretch(turn)
    surface = skia.Surface(pixels, pixels)
    with surface as canvas:
        canvas.scale(pixels / side, pixels / side)
        canvas.rotate(turn)
        reach = range(-2, 3) if turn else range(1)
        for row in reach:
            for column in reach:
                canvas.save()
                canvas.translate(column * SIDE, row * SIDE)
                canvas.drawPicture(drawing)
                canvas.restore()
    return surface.makeImageSnapshot()


def _stretch(turn: int) -> float:
    return sqrt(2) if turn % 90 else 1.0


def pattern_shader(name: str, colour: Colour, accent: Colour, layout: Layout, pixels: float) -> skia.Shader | None:
    """The pattern over clear ground, on a picture of so many pixels a unit; nothing for a plain surface."""
    if name not in _TILES:
        return None
    turn = 0 if name in RELIEF else layout.turn
    side = max(4, round(SIDE * _stretch(turn) * layout.scale * pixels))
    image = _drawn(name, colour, accent, layout.variant, turn, side)
    matrix = skia.Matrix.Translate(round(layout.x * pixels), round(layout.y * pixels))
    repeat = skia.TileMode.kRepeat
    return image.makeShader(repeat, repeat, skia.SamplingOptions(), matrix)
