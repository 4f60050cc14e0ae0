"""The square that a pattern repeats, 16 by 16 units; what crosses an edge comes back at the other."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, sin, tau
from random import Random

import skia

from recsys.shops.demo_store.drawing.colours import Colour, argb
from recsys.shops.demo_store.drawing.paths import Point, polygon, smooth

SIDE = 16.0  # units of a tile


class Tile:
    """A recorded drawing of one repeat, in the product's two colours."""

    def __init__(self, colour: Colour, accent: Colour, variant: int) -> None:
        self.colour, self.accent, self.variant = colour, accent, variant
        self.side = SIDE
        self._recorder = skia.PictureRecorder()
        self._canvas = self._recorder.beginRecording(skia.Rect.MakeWH(SIDE, SIDE))

    def picture(self) -> skia.Picture:
        """What was drawn."""
        return self._recorder.finishRecordingAsPicture()

    def rect(self, left: float, top: float, right: float, bottom: float, colour: Colour, alpha: float = 1.0) -> None:
        """A box; it lies within the tile."""
        self._canvas.drawRect(skia.Rect.MakeLTRB(left, top, right, bottom), _fill(colour, alpha))

    def circle(self, x: float, y: float, radius: float, colour: Colour, alpha: float = 1.0) -> None:
        """A round dot."""
        paint = _fill(colour, alpha)
        self._wrapped(x, y, radius, lambda dx, dy: self._canvas.drawCircle(x + dx, y + dy, radius, paint))

    def turned_oval(
        self, x: float, y: float, out: float, long: float, narrow: float, turn: float, colour: Colour
    ) -> None:
        """An oval that points away from a centre, at a distance from it: a petal, a leaf."""
        paint, bounds = _fill(colour), skia.Rect.MakeLTRB(out - long, -narrow, out + long, narrow)

        def once(dx: float, dy: float) -> None:
            self._canvas.save()
            self._canvas.translate(x + dx, y + dy)
            self._canvas.rotate(turn)
            self._canvas.drawOval(bounds, paint)
            self._canvas.restore()

        self._wrapped(x, y, out + long, once)

    def poly(self, *points: Point, colour: Colour, alpha: float = 1.0) -> None:
        """A polygon; it lies within the tile."""
        self._canvas.drawPath(polygon(*points), _fill(colour, alpha))

    def half_circle(self, x: float, y: float, radius: float, start: float, colour: Colour) -> None:
        """Half a disc."""
        bounds = skia.Rect.MakeLTRB(x - radius, y - radius, x + radius, y + radius)
        self._canvas.drawArc(bounds, start, 180, True, _fill(colour))

    def arc(self, x: float, y: float, radius: float, start: float, sweep: float, width: float, colour: Colour) -> None:
        """A part of a ring."""
        paint = _stroke(colour, width)

        def once(dx: float, dy: float) -> None:
            left, top = x + dx - radius, y + dy - radius
            self._canvas.drawArc(skia.Rect.MakeXYWH(left, top, 2 * radius, 2 * radius), start, sweep, False, paint)

        self._wrapped(x, y, radius + width, once)

    def line(self, shape: skia.Path, width: float, colour: Colour, alpha: float = 1.0) -> None:
        """A stroke; it lies within the tile."""
        self._canvas.drawPath(shape, _stroke(colour, width, alpha))

    def blob(self, x: float, y: float, radius: float, rng: Random, colour: Colour) -> None:
        """A soft patch of no particular shape."""
        reach = [radius * rng.uniform(0.6, 1.35) for _ in range(7)]
        points = [(x + r * cos(tau * i / 7) * 1.25, y + r * sin(tau * i / 7)) for i, r in enumerate(reach)]
        shape, paint = smooth(*points), _fill(colour)

        def once(dx: float, dy: float) -> None:
            self._canvas.save()
            self._canvas.translate(dx, dy)
            self._canvas.drawPath(shape, paint)
            self._canvas.restore()

        self._wrapped(x, y, radius * 1.8, once)

    def ramp(self, left: float, right: float, stops: list[tuple[float, Colour, float]], *, down: bool = False) -> None:
        """Light and shade across the tile, or down it: (place from 0 to 1, colour, alpha)."""
        ends = [skia.Point(0, left), skia.Point(0, right)] if down else [skia.Point(left, 0), skia.Point(right, 0)]
        colours = [argb(colour, alpha) for _, colour, alpha in stops]
        shader = skia.GradientShader.MakeLinear(ends, colours, [place for place, _, _ in stops])
        box = (0, left, SIDE, right) if down else (left, 0, right, SIDE)
        self._canvas.drawRect(skia.Rect.MakeLTRB(*box), skia.Paint(AntiAlias=True, Shader=shader))

    def _wrapped(self, x: float, y: float, reach: float, draw: Callable[[float, float], None]) -> None:
        # What crosses an edge is drawn again on the other side, or the pattern would show its seams.
        for dx in (-SIDE, 0.0, SIDE):
            for dy in (-SIDE, 0.0, SIDE):
                if -reach < x + dx < SIDE + reach and -reach < y + dy < SIDE + reach:
                    draw(dx, dy)


def _fill(colour: Colour, alpha: float = 1.0) -> skia.Paint:
    return skia.Paint(AntiAlias=True, Color=argb(colour, alpha))


def _stroke(colour: Colour, width: float, alpha: float = 1.0) -> skia.Paint:
    paint = _fill(colour, alpha)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    return paint
