"""Tops: t-shirt, shirt, sweater, jacket."""

from __future__ import annotations

from recsys.shops.demo_store.drawing.colours import BRASS, STEEL, darker, lighter
from recsys.shops.demo_store.drawing.materials import METAL
from recsys.shops.demo_store.drawing.paths import box, mirrored, oval, path, polygon
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette
from recsys.shops.demo_store.drawing.shapes.garments import (
    SIDES,
    Sleeve,
    collar,
    cut,
    drape,
    hem,
    pocket,
    rounded_neck,
    side_line,
    side_of,
    sleeves,
)


@silhouette("tshirt", "lies", turn=2.5)
def tshirt(pen: Pen) -> None:
    """A flat t-shirt: round or V neck, short sleeves of any length."""
    wide, low, bottom = pen.vary(9, 11.5), pen.vary(20, 24), pen.vary(83, 88)
    waist, long = pen.vary(19.5, 22.5), pen.vary(-3, 5)
    tone = pen.accent if pen.style == "sporty" and pen.chance(0.6) else None
    sleeves(pen, Sleeve((73, 19), (91, 39 + long), (79.5, 44.5 + long), (71, 36)), colour=tone, bulge=2.6)
    torso = mirrored(
        (50, low),
        (50 + wide * 0.8, low, 50 + wide, 12.5),
        (66, 15.5, 73, 18.6),
        (73.5, 28, 71, 37),
        (50 + waist - 0.6, 60, 50 + waist + 0.6, bottom),
        (60, bottom + 1.6, 50, bottom + 1.6),
    )
    pen.body(torso)
    drape(pen, torso, [((70, 38), (60, 50)), ((30, 38), (40, 50)), ((34, 84), (38, 66)), ((64, 84), (60, 70))], 0.8)
    for side in SIDES:
        pen.seam(side_line((73, 19), (72.6, 28), (71, 36.5), side=side), 0.3)
    hem(pen, torso, bottom + 0.6)
    rounded_neck(pen, wide, 13.5, low)
    pen.motif(50, 45, pen.vary(10, 13))
    if pen.pattern == "plain" and pen.chance(0.35):
        pocket(pen, 60.5, 35, 10, 11, torso)
    if pen.style in ("retro", "sporty") and pen.pattern == "plain":
        with pen.clip(cut(torso, 15, 85)):
            pen.line(path("M 20 47 L 80 47"), pen.accent, pen.vary(2, 4), 0.95)


@silhouette("shirt", "lies", turn=2)
def shirt(pen: Pen) -> None:
    """A buttoned shirt with a collar, long sleeves or short ones."""
    bottom, waist = pen.vary(84, 89), pen.vary(18, 21.5) - (1.5 if pen.style == "elegant" else 0)
    short = pen.style == "casual" and pen.chance(0.6)
    arm = Sleeve((72, 20), (90, 42), (79, 46), (70, 38)) if short else Sleeve((72, 20), (89, 72), (80, 75), (69.5, 39))
    sleeves(pen, arm, cuff=0 if short else 0.12)
    torso = mirrored(
        (50, 16),
        (59, 13.5),
        (66, 16, 72, 19.4),
        (72, 30, 70, 39),
        (50 + waist - 1, 58, 50 + waist + 1, bottom - 5),
        (50 + waist - 4, bottom - 2, 60, bottom + 1.4, 50, bottom + 1.6),
    )
    pen.body(torso)
    drape(pen, torso, [((69, 40), (58, 54)), ((31, 40), (41, 56)), ((36, 85), (40, 64)), ((63, 85), (60, 68))])
    for side in SIDES:
        pen.seam(side_line((72, 20), (71.8, 30), (70, 38.5), side=side), 0.35)
        pen.seam(side_line((72, 22), (64, 22), (58, 19), side=side), 0.25)
    hem(pen, torso, bottom + 0.4, sag=2.5)
    with pen.clip(torso):
        pen.body(box(47.6, 20, 52.4, 95), edge=0.35)
    collar(pen, 9.5, 13.5, 21.5, pen.vary(4, 8), pen.trim if pen.style == "playful" else pen.colour)
    count = round(pen.vary(5, 8))
    tone = darker(pen.colour, 0.55) if pen.chance(0.3) else None
    for index in range(count):
        pen.button(50, 26 + index * (bottom - 32) / count, 0.85, tone)
    if pen.chance(0.6):
        pocket(pen, 60.5, 36, 10.5, 12, torso)


@silhouette("sweater", "lies", turn=2.5)
def sweater(pen: Pen) -> None:
    """A knitted sweater: ribbed cuffs and hem, a crew, V or roll neck."""
    bottom, waist, neck = pen.vary(78, 84), pen.vary(20, 23), pen.pick("crew", "crew", "roll", "vee")
    sleeves(pen, Sleeve((72, 19), (91, 69), (79.5, 73), (70, 40)), cuff=0.13, bulge=3.4)
    torso = mirrored(
        (50, 21),
        (58, 20, 60, 13),
        (67, 15, 72.5, 19),
        (72.5, 30, 70.5, 40),
        (50 + waist + 1.6, 62, 50 + waist, bottom - 6),
        (50 + waist - 1.5, bottom),
        (60, bottom + 1.5, 50, bottom + 1.5),
    )
    pen.body(torso)
    drape(pen, torso, [((70, 41), (60, 54)), ((30, 41), (40, 54)), ((36, 74), (41, 60))], 0.8)
    for side in SIDES:
        pen.seam(side_line((66, 16), (69, 27), (70.5, 39), side=side), 0.35)
    band = cut(torso, bottom - 6, 100)
    pen.part(band, pen.trim, surface=pen.surface, edge=0.7)
    with pen.clip(band):
        ribs = [(28 + index * 1.85, y) for index in range(24) for y in (bottom - 5.4, bottom + 2)]
        pen.dashes(ribs, darker(pen.trim, 0.22), 0.45)
    if neck == "roll":
        roll = mirrored((50, 8.5), (57, 8.5, 59, 10), (60.5, 15, 59.5, 19), (55, 21.5, 50, 21.5))
        pen.part(roll, darker(pen.colour, 0.06), "upright", pen.surface)
        pen.seam(path("M 40.6 13 Q 50 16.5 59.4 13"), 0.4)
    elif neck == "vee":
        hole = polygon((40, 13), (60, 13), (50, 30))
        pen.flat(hole, darker(pen.colour, 0.5))
        for side in SIDES:
            x, y = side_of(side, 59.4, 14.2)
            pen.line(path("M", x, y, "Q", *side_of(side, 57, 22), 50, 30.5), pen.trim, 2.4)
            pen.line(path("M", x, y, "Q", *side_of(side, 57, 22), 50, 30.5), darker(pen.trim, 0.4), 0.4, 0.6)
    else:
        rounded_neck(pen, 10, 14, 21, band=3.2)


@silhouette("jacket", "lies", turn=2)
def jacket(pen: Pen) -> None:
    """A zipped or buttoned jacket; a hood, a stand collar or lapels."""
    bottom, waist = pen.vary(82, 87), pen.vary(21, 23.5)
    kind = "collar" if pen.look.material in ("denim", "leather") else pen.pick("stand", "hood", "stand")
    if kind == "hood":
        hood = mirrored((50, 4.5), (60, 4.5, 64, 12), (64, 19, 60, 22), (50, 24))
        pen.part(hood, darker(pen.colour, 0.1), surface=pen.surface)
        pen.part(mirrored((50, 8), (57, 8.5, 59, 14), (58, 19, 50, 22)), darker(pen.colour, 0.45))
    sleeves(pen, Sleeve((73, 20), (91.5, 71), (80, 75), (71, 41)), cuff=0.1, bulge=3.4)
    torso = mirrored(
        (50, 17),
        (60, 14),
        (67, 16.4, 73.4, 20),
        (73.5, 31, 71.4, 41),
        (50 + waist, 60, 50 + waist, bottom),
        (60, bottom + 1.2, 50, bottom + 1.2),
    )
    pen.body(torso)
    drape(pen, torso, [((70, 43), (60, 56)), ((30, 43), (40, 56))])
    for side in SIDES:
        pen.seam(side_line((73, 20), (73, 31), (71.2, 41), side=side), 0.45)
    pen.part(cut(torso, bottom - 5, 100), pen.trim, surface=pen.surface, edge=0.7)
    _jacket_front(pen, bottom, metal=kind == "collar")
    if kind == "collar":
        collar(pen, 10, 14, 23, pen.vary(4, 7), darker(pen.colour, 0.1))
    elif kind == "stand":
        stand = mirrored((50, 10.5), (57, 9.5, 60.5, 11), (61.5, 16, 61, 20), (50, 21.5))
        pen.part(stand, pen.trim, "upright", pen.surface)
        pen.zip((50, 11), (50, 22))


def _jacket_front(pen: Pen, bottom: float, *, metal: bool) -> None:
    buttons = metal and pen.look.material == "denim"
    if buttons:
        pen.stitch(path(f"M 47.4 22 L 47.4 {bottom}"), BRASS)
        pen.stitch(path(f"M 52.6 22 L 52.6 {bottom}"), BRASS)
        pen.seam(path(f"M 53.4 22 L 53.4 {bottom}"), 0.5)
        for index in range(6):
            pen.button(50, 29 + index * (bottom - 36) / 5, 1.0, BRASS)
    else:
        pen.zip((50, 22), (50, bottom - 1))
        pen.part(box(49.3, 25, 50.7, 29.5, 0.6), STEEL, "upright", METAL, edge=0.3)
    low = pen.vary(57, 63)
    for side in SIDES:
        if buttons or pen.chance(0.4):
            x = side_of(side, 61, 0)[0]
            flap = mirrored((x, 36), (x + 5.6, 36), (x + 5.6, 39.5), (x, 42), axis=x)
            pen.body(flap, edge=0.5)
            pen.button(x, 39.7, 0.8, BRASS if buttons else STEEL)
        start, end = side_of(side, 66, low), side_of(side, 61, low + 13)
        pen.seam(path(f"M {start[0]} {start[1]} L {end[0]} {end[1]}"), 0.8)
        pen.stitch(path(f"M {start[0] - 1.2 * side} {start[1]} L {end[0] - 1.2 * side} {end[1]}"), alpha=0.5)
    if pen.style == "sporty":
        pen.flat(oval(60, 30, 1.8), pen.accent)
        pen.dashes([(57, 33), (63, 33)], lighter(pen.accent, 0.2), 0.8)
