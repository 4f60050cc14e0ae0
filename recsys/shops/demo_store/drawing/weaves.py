"""Patterns that are relief rather than print: knitted, quilted, pleated, braided, ribbed."""

from __future__ import annotations

from recsys.shops.demo_store.drawing.colours import INK, WHITE, Colour, darker, lighter, mix
from recsys.shops.demo_store.drawing.paths import path, smooth
from recsys.shops.demo_store.drawing.tiles import Tile


def cable_knit(tile: Tile) -> None:
    """Two strands that cross, between purled grooves."""
    dark, light = darker(tile.colour, 0.5), lighter(tile.colour, 0.5)
    tile.ramp(0, 16, [(0.0, INK, 0.26), (0.1, INK, 0.0), (0.8, INK, 0.0), (0.93, INK, 0.22), (1.0, INK, 0.26)])
    for y in (-8.0, 0.0, 8.0):
        under = path(f"M 10 {y} C 10 {y + 4} 4 {y + 4} 4 {y + 8}")
        over = path(f"M 4 {y} C 4 {y + 4} 10 {y + 4} 10 {y + 8}")
        for strand in (under, over):
            tile.line(strand, 4.6, dark, 0.8)
            tile.line(strand, 3.6, tile.colour)
            tile.line(strand, 1.1, light, 0.6)
    for y in range(0, 16, 2):
        tile.line(path(f"M 12.6 {y} L 13.3 {y + 1.2} L 14 {y}"), 0.5, dark, 0.5)


def fair_isle(tile: Tile) -> None:
    """Bands of small figures, as knitted from two colours."""
    pale = lighter(mix(tile.accent, tile.colour, 0.2), 0.6)
    tile.rect(0, 0, 16, 0.9, tile.accent)
    tile.rect(0, 7.2, 16, 8.1, tile.accent)
    for x in range(0, 16, 2):
        tile.rect(x, 1.7, x + 1, 2.5, pale)
        tile.rect(x + 1, 5.7, x + 2, 6.5, pale)
    for x in range(2, 16, 4):
        tile.poly((x, 2.6), (x + 1.5, 4.1), (x, 5.6), (x - 1.5, 4.1), colour=tile.accent)
    for left in (4, 12):
        for dx, dy in ((0, 2.6), (2.6, 0), (1.9, 1.9), (-1.9, 1.9)):
            tile.line(path(f"M {left - dx} {12 - dy} L {left + dx} {12 + dy}"), 0.8, pale)
        tile.poly((left + 8, 10.8), (left + 9.2, 12), (left + 8, 13.2), (left + 6.8, 12), colour=tile.accent)
    tile.poly((0, 10.8), (1.2, 12), (0, 13.2), colour=tile.accent)


def quilted(tile: Tile) -> None:
    """Padded diamonds, or padded channels as on a down jacket."""
    dark, light = darker(tile.colour, 0.6), lighter(tile.colour, 0.7)
    if tile.variant % 2:
        tile.ramp(
            0, 16, [(0, INK, 0.3), (0.16, WHITE, 0.12), (0.3, WHITE, 0.14), (0.7, INK, 0.02), (1, INK, 0.3)], down=True
        )
        tile.line(path("M -1 0.3 L 17 0.3"), 0.5, dark, 0.5)
        return
    tile.poly((0, 0), (8, 8), (0, 16), colour=INK, alpha=0.08)
    tile.poly((0, 16), (8, 8), (16, 16), colour=INK, alpha=0.12)
    tile.poly((0, 0), (8, 8), (16, 0), colour=WHITE, alpha=0.09)
    for start, end in (((-1, -1), (17, 17)), ((-1, 17), (17, -1))):
        tile.line(path(f"M {start[0]} {start[1]} L {end[0]} {end[1]}"), 1.5, dark, 0.16)
        tile.line(path(f"M {start[0]} {start[1]} L {end[0]} {end[1]}"), 0.55, dark, 0.55)
        tile.line(path(f"M {start[0]} {start[1] + 0.8} L {end[0]} {end[1] + 0.8}"), 0.5, light, 0.4)


def pleated(tile: Tile) -> None:
    """Knife pleats: each falls over the next."""
    for left in (0, 8):
        stops: list[tuple[float, Colour, float]] = [
            (0.0, INK, 0.42),
            (0.22, INK, 0.1),
            (0.55, WHITE, 0.03),
            (0.9, WHITE, 0.22),
            (1.0, WHITE, 0.26),
        ]
        tile.ramp(left, left + 8, stops)


def braided(tile: Tile) -> None:
    """Broad strands over and under each other."""
    for row in range(2):
        for column in range(2):
            x, y = 8 * column, 8 * row
            strand = tile.accent if (row + column) % 2 and tile.variant % 2 else tile.colour
            across = (row + column) % 2 == 0
            tile.rect(x, y, x + 8, y + 8, darker(tile.colour, 0.5))
            box = (x - 0.4, y + 0.7, x + 8.4, y + 7.3) if across else (x + 0.7, y - 0.4, x + 7.3, y + 8.4)
            tile.rect(*box, strand)
            for at in (2.6, 4.4, 6.0):
                line = (
                    smooth((x, y + at), (x + 4, y + at - 0.7), (x + 8, y + at), closed=False)
                    if across
                    else smooth((x + at, y), (x + at - 0.7, y + 4), (x + at, y + 8), closed=False)
                )
                tile.line(line, 0.5, darker(strand, 0.6), 0.4)
            shine = (x, y + 1.1, x + 8, y + 2.1) if across else (x + 1.1, y, x + 2.1, y + 8)
            left, top, right, bottom = shine
            tile.rect(left, top, right, bottom, WHITE, 0.22)


def ribbed(tile: Tile) -> None:
    """Raised ribs, upright."""
    count = (4, 2, 4, 3)[tile.variant]
    wide = 16 / count
    for index in range(count):
        stops: list[tuple[float, Colour, float]] = [
            (0.0, INK, 0.3),
            (0.2, WHITE, 0.1),
            (0.42, WHITE, 0.28),
            (0.7, INK, 0.0),
            (1.0, INK, 0.3),
        ]
        tile.ramp(index * wide, (index + 1) * wide, stops)
