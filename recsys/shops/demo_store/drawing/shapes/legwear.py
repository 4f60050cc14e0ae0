"""Dresses, gowns, trousers and skirts."""

from __future__ import annotations

import skia

from recsys.shops.demo_store.drawing.colours import BRASS, STEEL, darker
from recsys.shops.demo_store.drawing.paths import box, joined, mirrored, moved, oval, path, smooth, tube
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette
from recsys.shops.demo_store.drawing.shapes.garments import (
    SIDES,
    Sleeve,
    cut,
    drape,
    hem,
    rounded_neck,
    side_line,
    side_of,
    sleeves,
)


def _bodice(pen: Pen, neck: str, waist: float, at: float) -> skia.Path:
    """The upper half of a dress, with what holds it: straps, a halter, or shoulders with short sleeves."""
    if neck == "straps":
        for side in SIDES:
            pen.part(tube(side_line((59, 24), (58, 14), (55.5, 8), side=side), 1.3), pen.colour, surface=pen.surface)
        top = mirrored((50, 25.5), (54, 25, 59, 21), (64, 25, 65, 29), (62, 37, 50 + waist, at), (50, at + 1))
    elif neck == "halter":
        shape = joined(*(tube(side_line((56, 26), (53, 16), (51, 9), side=side), 3.4) for side in SIDES))
        pen.part(shape, pen.colour, surface=pen.surface, edge=0.6)
        top = mirrored((50, 27), (53, 24, 55, 21), (62, 25, 65, 30), (62, 37, 50 + waist, at), (50, at + 1))
    else:
        sleeves(pen, Sleeve((66, 15), (pen.vary(74, 79), 27), (68.5, 31), (64.5, 28)), bulge=2.5)
        deep = pen.vary(19, 24)
        top = mirrored(
            (50, deep),
            (56, deep - 1, 58.5, 10.5),
            (63, 12, 66.4, 15),
            (65.8, 22, 64.5, 29),
            (61, 37, 50 + waist, at),
            (50, at + 1),
        )
        pen.body(top)
        rounded_neck(pen, 8.4, 11.5, deep, band=1.2)
        return top
    pen.body(top)
    pen.seam(path("M 36 30 Q 43 24 50 27 Q 57 24 64 30"), 0.15)
    return top


@silhouette("dress", "lies", turn=2.5)
def dress(pen: Pen) -> None:
    """A summer dress: a bodice, a waistband, a skirt that flares."""
    waist, at = pen.vary(11, 13), pen.vary(41, 45)
    flare, bottom = pen.vary(23, 31), pen.vary(78, 91)
    neck = pen.pick("straps", "sleeves", "sleeves", "halter")
    skirt = mirrored(
        (50, at - 1),
        (50 + waist, at - 1),
        (50 + waist + 3, at + 7, 50 + flare - 5, at + 22, 50 + flare, bottom - 3),
        (50 + flare * 0.8, bottom - 0.4, 50 + flare * 0.72, bottom),
        (50 + flare * 0.55, bottom + 1.2, 50 + flare * 0.4, bottom - 0.5),
        (50 + flare * 0.2, bottom + 2, 50, bottom + 0.6),
    )
    pen.body(skirt)
    folds = [((50 + waist * f, at + 1), (50 + flare * f, bottom - 2)) for f in (-0.78, -0.45, -0.12, 0.25, 0.55, 0.84)]
    drape(pen, skirt, folds, 1.15)
    hem(pen, skirt, bottom + 0.4)
    top = _bodice(pen, neck, waist, at)
    drape(pen, top, [((62, 30), (57, at)), ((38, 30), (43, at))], 0.7)
    if pen.chance(0.7):
        belt = mirrored((50, at - 1.6), (50 + waist + 0.4, at - 2.2), (50 + waist + 0.4, at + 1.2), (50, at + 1.9))
        pen.part(belt, pen.trim if pen.style != "romantic" else pen.accent, "upright", pen.surface, edge=0.6)
        if pen.chance(0.5):
            _bow(pen, 50 + waist * 0.45, at)
    elif neck != "halter":
        for index in range(4):
            pen.button(50, 25 + index * (at - 28) / 3, 0.75)


def _bow(pen: Pen, x: float, y: float) -> None:
    tone = pen.accent if pen.style == "romantic" else pen.trim
    for tilt in (20, -12):
        tail = moved(
            path(f"M {x - 0.9} {y} L {x + 0.9} {y} L {x + 1.6} {y + 11} L {x} {y + 10} L {x - 1.6} {y + 11} Z"),
            turn=tilt,
            about=(x, y),
        )
        pen.part(tail, tone, edge=0.4)
    for side in SIDES:
        loop = smooth((x, y), (x + 3 * side, y - 2.4), (x + 5 * side, y - 0.4), (x + 3 * side, y + 1.6))
        pen.part(loop, tone, edge=0.5)
    pen.part(oval(x, y, 1.2, 1.3), darker(tone, 0.12), edge=0.4)


@silhouette("gown", "lies", turn=1.5)
def gown(pen: Pen) -> None:
    """An evening dress to the floor: a close bodice, a long skirt, perhaps a slit."""
    waist, at, hip = pen.vary(8.5, 10), pen.vary(34, 37), pen.vary(13, 16)
    flare = pen.vary(17, 29) - (3 if pen.style == "minimal" else 0)
    skirt = mirrored(
        (50, at - 1),
        (50 + waist, at - 1),
        (50 + hip, at + 8, 50 + hip - 1, at + 20, 50 + hip + 1, at + 27),
        (50 + hip + 3, 78, 50 + flare, 91.5),
        (50 + flare * 0.7, 95, 50 + flare * 0.5, 94),
        (50 + flare * 0.2, 95.6, 50, 94.4),
    )
    pen.body(skirt)
    folds = [((50 + waist * f, at + 2), (50 + flare * f, 93)) for f in (-0.75, -0.4, -0.1, 0.3, 0.62, 0.86)]
    drape(pen, skirt, folds, 1.5)
    if pen.chance(0.45):
        side = pen.pick(*SIDES)
        slit = path(
            "M",
            *side_of(side, 56, 58),
            "Q",
            *side_of(side, 58, 80),
            *side_of(side, 60, 96),
            "L",
            *side_of(side, 66, 96),
            "Q",
            *side_of(side, 60, 80),
            *side_of(side, 56, 58),
            "Z",
        )
        with pen.clip(skirt):
            pen.flat(slit, darker(pen.colour, 0.5))
            pen.fold(side_of(side, 55, 57), side_of(side, 57, 80), side_of(side, 59, 96), depth=1.6)
    _gown_top(pen, waist, at)
    sash = mirrored((50, at - 2.4), (50 + waist + 0.2, at - 3), (50 + waist + 0.4, at + 0.8), (50, at + 2))
    pen.part(
        sash, pen.accent if pen.style == "romantic" else darker(pen.colour, 0.16), "upright", pen.surface, edge=0.6
    )
    pen.button(50 + waist * 0.5, at - 0.4, 1.0, STEEL if pen.chance(0.5) else BRASS)


def _gown_top(pen: Pen, waist: float, at: float) -> None:
    kind = pen.pick("sweetheart", "straps", "one shoulder")
    if kind == "one shoulder":
        side = pen.pick(*SIDES)
        strap = path(
            "M",
            *side_of(side, 62, 22),
            "L",
            *side_of(side, 60, 8),
            "L",
            *side_of(side, 55, 7.4),
            "Q",
            *side_of(side, 50, 16),
            *side_of(side, 38, 21.5),
            "L",
            *side_of(side, 40, 26),
            "Z",
        )
        pen.body(strap)
    elif kind == "straps":
        for side in SIDES:
            pen.part(tube(side_line((58, 20), (57.4, 13), (55, 6.5), side=side), 1.1), pen.colour, surface=pen.surface)
    top = mirrored((50, 22.5), (54, 17, 59, 18), (61.5, 20, 62.2, 23), (60.5, 29, 50 + waist, at), (50, at + 1))
    pen.body(top)
    drape(pen, top, [((60, 24), (54, at)), ((40, 24), (46, at)), ((50, 23), (50, at))], 0.9)


@silhouette("skirt", "lies", turn=3)
def skirt(pen: Pen) -> None:
    """A skirt on its own: a waistband, and a straight, flared or full shape."""
    waist, flare, bottom = pen.vary(15, 17), pen.vary(22, 33), pen.vary(74, 88)
    if pen.pattern == "pleated":
        flare = max(flare, 28)
    shape = mirrored(
        (50, 20),
        (50 + waist, 20),
        (50 + waist + 5, 32, 50 + flare - 3, 52, 50 + flare, bottom - 3),
        (50 + flare * 0.75, bottom + 0.4, 50 + flare * 0.5, bottom),
        (50 + flare * 0.25, bottom + 2.2, 50, bottom + 1.2),
    )
    pen.body(shape)
    shares = (-0.8, -0.48, -0.16, 0.2, 0.52, 0.82)
    drape(pen, shape, [((50 + waist * f, 27), (50 + flare * f, bottom)) for f in shares], 1.2 if flare > 26 else 0.6)
    hem(pen, shape, bottom + 1)
    band = mirrored((50, 15), (50 + waist - 0.4, 14.6), (50 + waist + 0.3, 20.4), (50, 21))
    pen.part(band, pen.trim if pen.pattern == "plain" else pen.second, "upright", pen.surface, edge=0.7)
    if pen.look.material in ("denim", "leather") or pen.chance(0.3):
        pen.seam(path(f"M 50 21 L 50 {bottom}"), 0.5)
        for index in range(5):
            pen.button(50, 18 + index * (bottom - 26) / 4, 1.0, BRASS)
        for side in SIDES:
            pen.seam(side_line((62, 21), (58, 28), (66, 31), side=side), 0.5)
    else:
        pen.button(50 + waist - 3, 17.8, 0.9)


@silhouette("trousers", "lies", turn=2)
def trousers(pen: Pen) -> None:
    """Trousers laid flat: waistband, fly, pockets, a crease or side stripes, straight or tapered legs."""
    foot, hip, cuff = pen.vary(7.5, 12), pen.vary(18.5, 20.5), pen.chance(0.35)
    out, bottom = pen.vary(63, 66), pen.vary(90, 94)
    leg = mirrored(
        (50, 9),
        (65, 8.4),
        (67, 16, 50 + hip, 26),
        (71, 48, out + foot / 2 + 1.4, bottom),
        (out - foot / 2, bottom + 1),
        (56, 62, 51.2, 38.5),
        (50, 36),
    )
    pen.body(leg)
    with pen.clip(leg):
        for side in SIDES:
            pen.fold(side_of(side, 51, 37), side_of(side, 57, 33), side_of(side, 63, 31), depth=0.9)
            pen.fold(side_of(side, 54, 60), side_of(side, 60, 57), depth=0.8)
            middle = [side_of(side, x, y) for x, y in ((60, 24), (61, 55), (out, bottom))]
            if pen.style in ("classic", "minimal"):
                pen.fold(*middle, depth=1.1)
            elif pen.style == "sporty":
                stripe = [side_of(side, x, y) for x, y in ((67.5, 14), (69, 28), (out + foot / 2, bottom))]
                pen.line(smooth(*stripe, closed=False), pen.accent, 2.6)
    _waist(pen, leg)
    if cuff:
        pen.part(cut(leg, bottom - 5, 100), darker(pen.colour, 0.1), surface=pen.surface, edge=0.7)
    else:
        hem(pen, leg, bottom + 0.4, sag=0)


def _waist(pen: Pen, leg: skia.Path) -> None:
    jeans = pen.look.material in ("denim", "corduroy")
    thread = BRASS if jeans else None
    pen.shade(cut(leg, 13.5, 15), 0.3, 0.6)
    pen.part(cut(leg, 0, 14), darker(pen.colour, 0.1), "upright", pen.surface, edge=0.6)
    pen.seam(path("M 50 14 L 50 37"), 0.6)
    pen.stitch(path("M 53 14 L 53 27 Q 53 31 50 32"), thread)
    for side in SIDES:
        pen.seam(side_line((60, 14), (62, 20), (68.4, 23), side=side), 0.7)
        pen.stitch(side_line((59, 14), (61, 21), (68.2, 24.2), side=side), thread)
        pen.part(box(*_loop(side)), darker(pen.colour, 0.06), surface=pen.surface, edge=0.4)
    pen.button(50, 11.4, 1.1, BRASS if jeans else None)


def _loop(side: int) -> tuple[float, float, float, float, float]:
    x = side_of(side, 59, 0)[0]
    return x - 0.8, 8.2, x + 0.8, 14.6, 0.4
