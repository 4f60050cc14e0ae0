"""The studio's light on one part: from its lit side to its shaded one, with the gloss of the material in it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import skia

from recsys.shops.demo_store.drawing.colours import INK, WHITE, Colour, argb
from recsys.shops.demo_store.drawing.materials import Material

# flat: cloth on a table or a wall; upright, lying: a cylinder that stands, that lies; ball: a globe; bare: no shading.
Form = Literal["flat", "upright", "lying", "ball", "bare"]
Stop = tuple[float, Colour, float]


def _flat(surface: Material) -> list[Stop]:
    gloss = surface.gloss * 0.32 + surface.metal * 0.16
    return [
        (0.0, WHITE, 0.1 + gloss * 0.4),
        (0.2, WHITE, 0.03 + gloss),
        (0.32, WHITE, 0.04 + gloss * 0.2),
        (0.5, WHITE, 0.0),
        (0.62, INK, 0.03 + surface.metal * 0.14),
        (0.72, WHITE, gloss * 0.5),
        (0.84, INK, 0.08),
        (1.0, INK, 0.19 + surface.metal * 0.08),
    ]


def _rounded(surface: Material) -> list[Stop]:
    gloss, metal = surface.gloss, surface.metal
    return [
        (0.0, INK, 0.24 + 0.24 * metal),
        (0.1, INK, 0.06),
        (0.17, WHITE, 0.08 + 0.3 * gloss),
        (0.25, WHITE, 0.14 + 0.46 * gloss + 0.2 * metal),
        (0.33, WHITE, 0.07 + 0.14 * gloss),
        (0.45, INK, 0.01 + 0.26 * metal),
        (0.6, WHITE, 0.26 * metal) if metal > 0.3 else (0.6, INK, 0.05),
        (0.76, INK, 0.16 + 0.24 * metal),
        (0.88, INK, 0.22),
        (0.95, WHITE, 0.05 + 0.12 * gloss + 0.14 * metal),
        (1.0, INK, 0.26),
    ]


def _globe(surface: Material) -> list[Stop]:
    gloss = surface.gloss
    return [
        (0.0, WHITE, 0.24 + 0.5 * gloss),
        (0.1, WHITE, 0.18 + 0.26 * gloss),
        (0.24, WHITE, 0.12 + 0.04 * gloss),
        (0.5, INK, 0.0),
        (0.78, INK, 0.15 + 0.1 * surface.metal),
        (0.95, INK, 0.33),
        (1.0, INK, 0.28),
    ]


_SIDE = 64  # pixels of the picture of a light: it is stretched over a part, and a light has no sharp edges


@lru_cache(maxsize=512)
def _picture(form: Form, surface: Material) -> skia.Image:
    """The light on a part of one by one. Skia computes a gradient ten times slower than it stretches a picture."""
    stops = {"flat": _flat, "ball": _globe}.get(form, _rounded)(surface)
    colours, places = [argb(colour, min(0.95, alpha)) for _, colour, alpha in stops], [place for place, _, _ in stops]
    if form == "ball":
        shader = skia.GradientShader.MakeRadial(skia.Point(0.36 * _SIDE, 0.3 * _SIDE), 0.82 * _SIDE, colours, places)
    else:
        end = {"flat": (_SIDE, _SIDE), "upright": (_SIDE, 0), "lying": (0, _SIDE)}[form]
        shader = skia.GradientShader.MakeLinear([skia.Point(0, 0), skia.Point(*end)], colours, places)
    canvas = skia.Surface(_SIDE, _SIDE)
    canvas.getCanvas().drawPaint(skia.Paint(Shader=shader))
    return canvas.makeImageSnapshot()


def light(form: Form, surface: Material, bounds: skia.Rect) -> skia.Shader | None:
    """The overlay of a part in its bounds on the picture."""
    if form == "bare":
        return None
    matrix = skia.Matrix()
    matrix.setScale(max(0.1, bounds.width()) / _SIDE, max(0.1, bounds.height()) / _SIDE)
    matrix.postTranslate(bounds.left(), bounds.top())
    clamp = skia.TileMode.kClamp
    return _picture(form, surface).makeShader(clamp, clamp, skia.SamplingOptions(skia.FilterMode.kLinear), matrix)
