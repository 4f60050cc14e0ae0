"""What the tops, dresses and jackets share: sleeves, necklines, collars, hems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import skia

from recsys.shops.demo_store.drawing.colours import Colour, darker, lighter
from recsys.shops.demo_store.drawing.paths import Point, box, mirrored, moved, oval, path, smooth, tube, within
from recsys.shops.demo_store.drawing.pen import Pen

SIDES = (-1, 1)


def side_of(side: int, x: float, y: float) -> Point:
    """A point of the right half, or its mirror image."""
    return 50 + side * (x - 50), y


@dataclass(frozen=True, slots=True)
class Sleeve:
    """A sleeve on the right: where it starts at the shoulder, its outer and inner end, and the armpit."""

    shoulder: Point
    outer: Point
    inner: Point
    pit: Point

    def outline(self, side: int, bulge: float = 2.0) -> skia.Path:
        """The sleeve, a little bent as an arm is."""
        (sx, sy), (ox, oy), (ix, iy), (px, py) = self.shoulder, self.outer, self.inner, self.pit
        over = side_of(side, (sx + ox) / 2 + bulge, (sy + oy) / 2 - bulge)
        under = side_of(side, (ix + px) / 2 + bulge * 0.3, (iy + py) / 2)
        points = [side_of(side, x, y) for x, y in ((sx - 4, sy + 4), (sx, sy), (ox, oy), (ix, iy), (px - 3, py))]
        inside, shoulder, outer, inner, pit = points
        return path(
            f"M {inside[0]} {inside[1]} L {shoulder[0]} {shoulder[1]} "
            f"Q {over[0]} {over[1]} {outer[0]} {outer[1]} L {inner[0]} {inner[1]} "
            f"Q {under[0]} {under[1]} {pit[0]} {pit[1]} Z"
        )

    def along(self, side: int, share: float) -> tuple[Point, Point]:
        """The line across the sleeve at a share of its length."""
        (sx, sy), (ox, oy), (ix, iy), (px, py) = self.shoulder, self.outer, self.inner, self.pit
        outer = side_of(side, sx + (ox - sx) * share, sy + (oy - sy) * share)
        inner = side_of(side, px + (ix - px) * share, py + (iy - py) * share)
        return outer, inner


def sleeves(pen: Pen, sleeve: Sleeve, *, cuff: float = 0.0, colour: Colour | None = None, bulge: float = 2.0) -> None:
    """Both sleeves with their folds, and a cuff of a share of the length or a stitched hem."""
    for side in SIDES:
        shape = sleeve.outline(side, bulge)
        if colour is None:
            pen.body(shape)
        else:
            pen.part(shape, colour, surface=pen.surface)
        with pen.clip(shape):
            for share in (0.35, 0.6):
                outer, inner = sleeve.along(side, share)
                pen.fold(inner, ((outer[0] + inner[0]) / 2, (outer[1] + inner[1]) / 2 - 2), depth=0.9)
            if cuff:
                _cuff(pen, sleeve, side, cuff)
            else:
                outer, inner = sleeve.along(side, 0.93)
                pen.stitch(path(f"M {outer[0]} {outer[1]} L {inner[0]} {inner[1]}"), alpha=0.4)


def _cuff(pen: Pen, sleeve: Sleeve, side: int, share: float) -> None:
    (a, b), (c, d) = sleeve.along(side, 1 - share), sleeve.along(side, 1.05)
    away = 2 * side
    band = path(f"M {a[0] + away} {a[1]} L {b[0] - away} {b[1]} L {d[0] - away} {d[1]} L {c[0] + away} {c[1]} Z")
    pen.part(band, pen.trim, surface=pen.surface)


def rounded_neck(
    pen: Pen, wide: float, top: float, deep: float, *, band: float = 2.4, colour: Colour | None = None
) -> None:
    """The inside of the back, a label in it, and a ribbed band around a round neckline."""
    hole = mirrored((50, top + 1.2), (50 + wide * 0.6, top + 1, 50 + wide, top - 1), (50 + wide * 0.8, deep, 50, deep))
    pen.flat(hole, darker(pen.colour, 0.42))
    with pen.clip(hole):
        pen.shade(oval(50, top + 0.5, wide, 3), 0.3)
        pen.flat(box(47.4, top + 1.6, 52.6, top + 4.6, 0.4), lighter(pen.colour, 0.75))
    if band:
        tone = pen.trim if colour is None else colour
        front = path(
            f"M {50 - wide} {top - 1} "
            f"C {50 - wide * 0.8} {deep + 0.5} {50 + wide * 0.8} {deep + 0.5} {50 + wide} {top - 1}"
        )
        pen.part(tube(front, band, butt=True), tone, surface=pen.surface, edge=0.5)


def collar(pen: Pen, wide: float, top: float, deep: float, point: float, colour: Colour) -> None:
    """A folded shirt collar with its stand and both points."""
    stand = mirrored((50, top + 0.5), (50 + wide * 0.7, top, 50 + wide, top + 2), (50 + wide * 0.5, deep - 1, 50, deep))
    pen.flat(stand, darker(pen.colour, 0.45))
    back = mirrored(
        (50, top - 2.4), (50 + wide * 0.7, top - 2.2, 50 + wide, top + 1.6), (50 + wide * 0.6, top + 1.2, 50, top + 1.4)
    )
    pen.part(back, darker(colour, 0.12), surface=pen.surface, edge=0.5)
    for side in SIDES:
        corners = (
            (50 + wide * 0.92, top - 1),
            (50 + wide + 2.6, top + 3.4),
            (50 + wide * 0.95, deep + point),
            (50, deep),
        )
        outer, low, tip, middle = (side_of(side, *corner) for corner in corners)
        wing = path(
            "M", *outer, "Q", *low, *tip, "L", *middle, "Q", *side_of(side, 50 + wide * 0.75, top + 4), *outer, "Z"
        )
        pen.shade(moved(wing, 0.4, 1.0), 0.22, 0.7)
        pen.part(wing, colour, surface=pen.surface, edge=0.7)
        pen.stitch(
            path("M", *side_of(side, 50 + wide * 0.9, deep + point - 1.6), "L", *side_of(side, 50.9, deep - 0.9)),
            alpha=0.35,
        )


def hem(pen: Pen, shape: skia.Path, y: float, *, sag: float = 1.5) -> None:
    """Two rows of stitches above the lower edge."""
    with pen.clip(shape):
        for up in (1.8, 2.8):
            pen.stitch(path(f"M 15 {y - up - sag} Q 50 {y - up + sag} 85 {y - up - sag}"), alpha=0.35)


def drape(pen: Pen, shape: skia.Path, folds: Sequence[tuple[Point, Point]], depth: float = 1.0) -> None:
    """Long folds, each from a point to a point."""
    with pen.clip(shape):
        for (x, y), (u, v) in folds:
            bend = pen.vary(-1.5, 1.5)
            pen.fold((x, y), ((x + u) / 2 + bend, (y + v) / 2), (u, v), depth=depth)


def pocket(pen: Pen, x: float, y: float, wide: float, high: float, shape: skia.Path) -> None:
    """A patch pocket on a part."""
    patch = mirrored((x, y), (x + wide / 2, y), (x + wide / 2, y + high - 1.5), (x, y + high), axis=x)
    with pen.clip(shape):
        pen.shade(moved(patch, 0.3, 0.7), 0.16, 0.6)
        pen.body(patch, edge=0.4)
        pen.stitch(path(f"M {x - wide / 2} {y + 1.4} L {x + wide / 2} {y + 1.4}"), alpha=0.45)


def cut(shape: skia.Path, top: float, bottom: float) -> skia.Path:
    """The part of a shape between two heights."""
    return within(shape, box(0, top, 100, bottom))


def side_line(*points: Point, side: int) -> skia.Path:
    """A soft line on the right side, or its mirror image."""
    return smooth(*(side_of(side, *point) for point in points), closed=False)
