"""Outlines in a square of 100 by 100 units, whatever the size of the picture."""

from __future__ import annotations

from collections.abc import Sequence

import skia

Point = tuple[float, float]


_VERBS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


def path(*steps: str | float) -> skia.Path:
    """A path in the letters of SVG, all absolute: M, L, Q, C and Z, each before its numbers.

    The steps may be one text or many parts, so that points which are computed need not be written out.
    """
    made = skia.PathBuilder()
    draw = {"M": made.moveTo, "L": made.lineTo, "Q": made.quadTo, "C": made.cubicTo, "Z": made.close}
    words = " ".join(map(str, steps)).split()
    verb, at = "", 0
    while at < len(words):
        if words[at] in _VERBS:  # else the numbers go on with the verb before
            verb, at = words[at], at + 1
        needed = _VERBS[verb]
        draw[verb](*map(float, words[at : at + needed]))
        at += needed
    return made.detach()


def mirrored(start: Point, *curves: Sequence[float], axis: float = 50.0) -> skia.Path:
    """A symmetric outline from its right half: lines (2 numbers), quads (4) or cubics (6), from top to bottom."""
    made = skia.PathBuilder()
    made.moveTo(*start)
    here, back = start, list[list[float]]()
    for curve in curves:
        _go(made, list(curve))
        # The way back: the same points in reverse order, on the other side.
        points = [here, *zip(curve[::2], curve[1::2], strict=True)][::-1]
        back.append([number for x, y in points[1:] for number in (2 * axis - x, y)])
        here = (curve[-2], curve[-1])
    made.lineTo(2 * axis - here[0], here[1])
    for curve in reversed(back):
        _go(made, curve)
    made.close()
    return made.detach()


def _go(made: skia.PathBuilder, curve: list[float]) -> None:
    {2: made.lineTo, 4: made.quadTo, 6: made.cubicTo}[len(curve)](*curve)


def smooth(*points: Point, closed: bool = True) -> skia.Path:
    """A soft curve through all the points (Catmull-Rom)."""
    made = skia.PathBuilder()
    made.moveTo(*points[0])
    count = len(points)
    for at in range(count if closed else count - 1):
        before, here, there, after = (
            points[(at + step) % count] if closed else points[max(0, min(count - 1, at + step))]
            for step in (-1, 0, 1, 2)
        )
        made.cubicTo(
            here[0] + (there[0] - before[0]) / 6,
            here[1] + (there[1] - before[1]) / 6,
            there[0] - (after[0] - here[0]) / 6,
            there[1] - (after[1] - here[1]) / 6,
            there[0],
            there[1],
        )
    if closed:
        made.close()
    return made.detach()


def box(left: float, top: float, right: float, bottom: float, radius: float = 0.0) -> skia.Path:
    """A rectangle, with round corners if wanted."""
    made = skia.PathBuilder()
    made.addRRect(skia.RRect.MakeRectXY(skia.Rect.MakeLTRB(left, top, right, bottom), radius, radius))
    return made.detach()


def oval(x: float, y: float, rx: float, ry: float | None = None) -> skia.Path:
    """An ellipse, or a circle, around its centre."""
    ry = rx if ry is None else ry
    made = skia.PathBuilder()
    made.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return made.detach()


def polygon(*points: Point) -> skia.Path:
    """Straight lines through the points, closed."""
    made = skia.PathBuilder()
    made.moveTo(*points[0])
    for point in points[1:]:
        made.lineTo(*point)
    made.close()
    return made.detach()


def joined(*paths: skia.Path) -> skia.Path:
    """One outline around what any of the paths covers."""
    whole = paths[0]
    for other in paths[1:]:
        whole = skia.Op(whole, other, skia.PathOp.kUnion_PathOp)
    return whole


def without(whole: skia.Path, hole: skia.Path) -> skia.Path:
    """What of the first path the second does not cover."""
    return skia.Op(whole, hole, skia.PathOp.kDifference_PathOp)


def within(one: skia.Path, other: skia.Path) -> skia.Path:
    """What both paths cover."""
    return skia.Op(one, other, skia.PathOp.kIntersect_PathOp)


def tube(line: skia.Path, width: float, *, butt: bool = False) -> skia.Path:
    """The outline of a thick line: straps, handles, cables."""
    paint = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=width, StrokeJoin=skia.Paint.kRound_Join)
    paint.setStrokeCap(skia.Paint.kButt_Cap if butt else skia.Paint.kRound_Cap)
    made = skia.Path()
    # The last number is the precision: outlines are later scaled up by about four.
    paint.getFillPath(line, made, None, 4.0)
    return made


def moved(shape: skia.Path, x: float = 0.0, y: float = 0.0, *, turn: float = 0.0, about: Point = (50, 50)) -> skia.Path:
    """The path, turned about a point by degrees and then moved."""
    matrix = skia.Matrix()
    matrix.setRotate(turn, *about)
    matrix.postTranslate(x, y)
    made = skia.Path(shape)
    made.transform(matrix)
    return made
