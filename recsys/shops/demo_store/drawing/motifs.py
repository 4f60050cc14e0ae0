"""Prints: the one picture on the front of a shirt, a tote or a backpack."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

import skia

from recsys.shops.demo_store.drawing.colours import Colour, argb, lighter, mix
from recsys.shops.demo_store.drawing.paths import box, oval, path, polygon, smooth, within

Motif = Callable[[skia.Canvas, Colour, Colour], None]


def _fill(canvas: skia.Canvas, shape: skia.Path, colour: Colour) -> None:
    canvas.drawPath(shape, skia.Paint(AntiAlias=True, Color=argb(colour)))


def _stroke(canvas: skia.Canvas, shape: skia.Path, colour: Colour, width: float) -> None:
    paint = skia.Paint(AntiAlias=True, Color=argb(colour), Style=skia.Paint.kStroke_Style, StrokeWidth=width)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    canvas.drawPath(shape, paint)


def _sunset(canvas: skia.Canvas, ink: Colour, ground: Colour) -> None:
    disc = oval(0, 0, 1)
    _fill(canvas, disc, ink)
    for y, thick in ((0.12, 0.07), (0.34, 0.1), (0.58, 0.13)):
        _fill(canvas, box(-1.1, y, 1.1, y + thick), ground)


def _mountains(canvas: skia.Canvas, ink: Colour, ground: Colour) -> None:
    disc = oval(0, 0, 1)
    _fill(canvas, disc, mix(ink, ground, 0.62))
    _fill(canvas, oval(0.35, -0.4, 0.22), lighter(ink, 0.5))
    far = polygon((-1.2, 0.7), (-0.2, -0.35), (0.35, 0.2), (0.6, 0.0), (1.2, 0.6), (1.2, 1.2), (-1.2, 1.2))
    near = smooth((-1.2, 0.6), (-0.4, 0.4), (0.3, 0.7), (1.2, 0.4), (1.3, 1.3), (-1.3, 1.3))
    _fill(canvas, within(disc, far), ink)
    _fill(canvas, within(disc, near), mix(ink, ground, 0.35))


def _waves(canvas: skia.Canvas, ink: Colour, ground: Colour) -> None:
    for index, y in enumerate((-0.6, -0.2, 0.2, 0.6)):
        points = [(x / 4, y + 0.14 * (-1) ** x) for x in range(-4, 5)]
        _stroke(canvas, smooth(*points, closed=False), mix(ink, ground, 0.5 * (index % 2)), 0.17)


def _leaf(canvas: skia.Canvas, ink: Colour, ground: Colour) -> None:
    _stroke(canvas, path("M -0.1 1 C 0.1 0.4 0 -0.4 0.05 -1"), ink, 0.09)
    for index in range(5):
        y, long = 0.62 - 0.36 * index, 0.85 - 0.1 * index
        for side in (-1, 1):
            tip = (side * long * 0.85, y - 0.45)
            leaf = path(f"M 0 {y} Q {side * 0.25} {y - 0.5} {tip[0]} {tip[1]} Q {side * 0.55} {y + 0.1} 0 {y}")
            _fill(canvas, leaf, ink if side < 0 else mix(ink, ground, 0.3))


def _star(canvas: skia.Canvas, ink: Colour, ground: Colour) -> None:
    points = []
    for index in range(10):
        reach, turn = (1.0 if index % 2 == 0 else 0.44), index * pi / 5 - pi / 2
        points.append((reach * cos(turn), reach * sin(turn)))
    _stroke(canvas, polygon(*points), ink, 0.22)
    _fill(canvas, polygon(*points), ink)
    _fill(canvas, polygon(*((0.55 * x, 0.55 * y) for x, y in points)), mix(ink, ground, 0.55))


def _rings(canvas: skia.Canvas, ink: Colour, ground: Colour) -> None:
    for index, (x, y) in enumerate(((-0.42, -0.2), (0.42, -0.2), (0, 0.45))):
        _stroke(canvas, oval(x, y, 0.52), mix(ink, ground, 0.3 * index), 0.17)


def _bars(canvas: skia.Canvas, ink: Colour, ground: Colour) -> None:
    for index, long in enumerate((1.0, 0.65, 0.85)):
        _fill(
            canvas, box(-1, -0.62 + 0.45 * index, -1 + 2 * long, -0.34 + 0.45 * index), mix(ink, ground, 0.28 * index)
        )


def _bolt(canvas: skia.Canvas, ink: Colour, ground: Colour) -> None:
    _stroke(canvas, oval(0, 0, 0.92), ink, 0.13)
    _fill(canvas, polygon((0.2, -0.7), (-0.42, 0.12), (-0.04, 0.12), (-0.2, 0.7), (0.42, -0.12), (0.04, -0.12)), ink)


MOTIFS: tuple[Motif, ...] = (_sunset, _mountains, _waves, _leaf, _star, _rings, _bars, _bolt)
