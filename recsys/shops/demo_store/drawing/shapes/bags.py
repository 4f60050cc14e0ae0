"""Bags: backpack, handbag, tote, suitcase."""

from __future__ import annotations

import skia

from recsys.shops.demo_store.drawing.colours import BRASS, INK, RUBBER, STEEL, WOOD, darker, mix
from recsys.shops.demo_store.drawing.materials import HIDE, MATT, METAL
from recsys.shops.demo_store.drawing.paths import box, mirrored, moved, oval, path, smooth, tube
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette
from recsys.shops.demo_store.drawing.shapes.garments import SIDES, side_of


@silhouette("backpack", "stands")
def backpack(pen: Pen) -> None:
    """A backpack from the front: haul loop, straps behind, zips, a front pocket, side pockets."""
    wide, top, low = pen.vary(23, 27), pen.vary(15, 19), pen.vary(50, 57)
    round_top = pen.style != "industrial"
    _backpack_straps(pen, wide, top)
    curve = (
        (50 + wide * 0.75, top, 50 + wide, top + 6, 50 + wide, top + 22)
        if round_top
        else (50 + wide - 2, top, 50 + wide, top + 1, 50 + wide, top + 8)
    )
    sack = mirrored(
        (50, top), curve, (50 + wide + 1.5, 60, 50 + wide, 82), (50 + wide - 0.5, 89, 50 + wide - 7, 89), (50, 89.5)
    )
    pen.body(sack)
    with pen.clip(sack):
        pen.shade(box(20, low - 3, 80, low + 2), 0.22, 1.2)
        arch = mirrored(
            (50, top + 7),
            (50 + wide * 0.62, top + 7, 50 + wide * 0.8, top + 12, 50 + wide * 0.82, low - 6),
            (50, low - 4),
        )
        pen.line(arch, darker(pen.colour, 0.6), 1.6)
        pen.stitch(arch, alpha=0.6)
    pocket = mirrored(
        (50, low),
        (50 + wide - 9, low, 50 + wide - 4, low + 2, 50 + wide - 4, low + 8),
        (50 + wide - 3, 78),
        (50 + wide - 4, 86, 50 + wide - 9, 86),
        (50, 86.4),
    )
    pen.fill(
        pocket, pen.second if pen.pattern == "two-tone" else pen.colour, "flat", pen.surface, patterned=True, edge=1
    )
    pen.zip((50 - wide + 7, low + 6), (50 + wide - 7, low + 6))
    pen.part(box(50 + wide - 14, low + 5.4, 50 + wide - 12.6, low + 10, 0.5), pen.accent, edge=0.4)
    pen.motif(50, low - 15, pen.vary(7.5, 9.5))
    _backpack_front(pen, wide, top, low)


def _backpack_front(pen: Pen, wide: float, top: float, low: float) -> None:
    """A patch of leather, and straps with buckles over the pocket."""
    if pen.pattern == "plain" and pen.chance(0.6):
        patch = mix(WOOD, pen.colour, 0.2)
        pen.part(box(44, low - 18, 56, low - 11, 1), patch, surface=HIDE, edge=0.6)
        pen.stitch(box(44.8, low - 17.2, 55.2, low - 11.8, 0.7))
        pen.dashes([(46.5, low - 14.5), (53.5, low - 14.5)], darker(patch, 0.5), 0.7)
    if pen.style in ("industrial", "casual") and pen.chance(0.6):
        for side in SIDES:
            x = side_of(side, 50 + wide * 0.45, 0)[0]
            pen.part(box(x - 1.6, top + 16, x + 1.6, low + 12, 0.6), pen.trim, surface=HIDE, edge=0.5)
            pen.part(box(x - 2.3, low + 8, x + 2.3, low + 13, 0.8), STEEL, "flat", METAL, edge=0.5)


def _backpack_straps(pen: Pen, wide: float, top: float) -> None:
    """What is seen of the straps behind, the pockets at the sides, and the loop to hang it by."""
    for side in SIDES:
        strap = [side_of(side, x, y) for x, y in ((58, top + 4), (52 + wide, 34), (54 + wide, 60), (49 + wide, 84))]
        pen.part(tube(smooth(*strap, closed=False), 5), darker(pen.colour, 0.35), surface=pen.surface)
        x = side_of(side, 50 + wide, 0)[0]
        pouch = mirrored((x, 60), (x + 5, 61), (x + 4, 86), (x, 87), axis=x)
        pen.part(pouch, pen.second, surface=pen.surface)
    pen.part(
        tube(path(f"M 43 {top + 3} C 43 {top - 7} 57 {top - 7} 57 {top + 3}"), 2.6),
        darker(pen.colour, 0.4),
        surface=pen.surface,
    )


@silhouette("handbag", "stands")
def handbag(pen: Pen) -> None:
    """A handbag: a flap or an open top, a handle or a chain, a clasp of metal."""
    wide, low, kind = pen.vary(27, 33), pen.vary(83, 86), pen.pick("flap", "bowler", "trapeze")
    top = pen.vary(42, 47)
    gold = BRASS if pen.chance(0.7) else STEEL
    reach = pen.vary(15, 20)
    handle = path(f"M {50 - reach} {top + 3} C {50 - reach} 12 {50 + reach} 12 {50 + reach} {top + 3}")
    if kind == "flap" and pen.chance(0.5):
        pen.line(handle, darker(gold, 0.35), 2.0)
        pen.stitch(handle, gold, 1.0)
    else:
        pen.part(tube(moved(handle, 0, 2.5), 2.6), darker(pen.second, 0.25), surface=pen.surface)
        pen.part(tube(handle, 3.2), pen.second, surface=pen.surface)
    upper = wide - (7 if kind == "trapeze" else 2 if kind == "flap" else 4)
    body = mirrored(
        (50, top),
        (50 + upper - 4, top, 50 + upper, top + 1, 50 + upper, top + 6),
        (50 + wide, top + 22, 50 + wide, low - 6),
        (50 + wide, low, 50 + wide - 6, low),
        (50, low + 0.6),
    )
    pen.body(body)
    if kind == "flap":
        clasp = _flap(pen, body, upper, top)
    else:
        with pen.clip(body):
            pen.part(box(10, low - 9, 90, low + 4), pen.second, surface=pen.surface, edge=0.6)
        pen.zip((50 - upper + 4, top + 4.5), (50 + upper - 4, top + 4.5), darker(pen.colour, 0.45))
        clasp = top + 14
        for side in SIDES:
            x = side_of(side, 50 + reach, 0)[0]
            pen.part(
                mirrored((x, top - 1), (x + 2.6, top), (x + 2, top + 10), (x, top + 12), axis=x),
                pen.second,
                surface=pen.surface,
                edge=0.6,
            )
            pen.button(x, top + 8, 1.1, gold)
    pen.part(box(45.5, clasp - 3, 54.5, clasp + 3, 1.4), gold, "flat", METAL, edge=0.7)
    pen.flat(box(48.2, clasp - 1, 51.8, clasp + 1, 0.8), darker(gold, 0.45))


def _flap(pen: Pen, body: skia.Path, upper: float, top: float) -> float:
    """The flap over the front; the height of its clasp."""
    drop = pen.vary(16, 24)
    flap = mirrored(
        (50, top - 1),
        (50 + upper - 3, top - 1.4, 50 + upper + 0.6, top, 50 + upper + 0.8, top + 6),
        (50 + upper, top + drop * 0.8, 50 + upper * 0.45, top + drop),
        (50, top + drop + 2),
    )
    with pen.clip(body):
        pen.shade(moved(flap, 0.6, 1.6), 0.3, 1.2)
    pen.fill(flap, pen.second if pen.pattern == "two-tone" else pen.colour, "flat", pen.surface, patterned=True, edge=1)
    pen.stitch(moved(flap, 0, -1.2), alpha=0.4)
    return top + drop


@silhouette("tote", "stands")
def tote(pen: Pen) -> None:
    """An open tote with two handles, one in front of the other."""
    wide, top, low = pen.vary(25, 29), pen.vary(38, 43), 89.0
    foot, reach, rise = wide - pen.vary(1, 6), pen.vary(10, 13), pen.vary(10, 20)
    tone = pen.accent if pen.pattern != "plain" and pen.chance(0.4) else darker(pen.colour, 0.12)
    surface = HIDE if pen.chance(0.4) else pen.surface
    strap = path(f"M {50 - reach} {top + 4} C {50 - reach + 2} {rise} {50 + reach - 2} {rise} {50 + reach} {top + 4}")
    pen.part(tube(moved(strap, 1.6, -2.6), 2.7), darker(tone, 0.35), surface=surface)
    pen.flat(
        mirrored((50, top - 1.4), (50 + wide * 0.6, top - 2, 50 + wide, top), (50, top + 2)), darker(pen.colour, 0.55)
    )
    body = mirrored(
        (50, top + 0.8),
        (50 + wide * 0.5, top + 0.6, 50 + wide, top - 0.4),
        (50 + wide + 0.5, 65, 50 + foot + 1, low - 3),
        (50 + foot, low, 50 + foot - 4, low),
        (50, low + 0.5),
    )
    pen.body(body)
    with pen.clip(body):
        for side in SIDES:
            pen.fold(
                side_of(side, 50 + foot - 1, low - 2),
                side_of(side, 50 + foot - 6, 74),
                side_of(side, 50 + wide - 4, 56),
            )
            pen.fold(side_of(side, 50 + reach, top + 9), side_of(side, 50 + reach * 0.8, top + 24), depth=0.8)
        pen.stitch(path(f"M 15 {top + 4} Q 50 {top + 5.4} 85 {top + 4}"), alpha=0.5)
        if pen.pattern == "plain" and pen.chance(0.5):
            pen.part(box(0, low - pen.vary(11, 18), 100, 100), pen.trim, surface=surface, edge=0.6)
    pen.part(tube(strap, 3), tone, surface=surface)
    for side in SIDES:
        x = side_of(side, 50 + reach, 0)[0]
        pen.part(box(x - 1.7, top + 2, x + 1.7, top + 9, 0.4), tone, surface=surface, edge=0.5)
        pen.stitch(path(f"M {x - 1} {top + 3} L {x + 1} {top + 8} M {x + 1} {top + 3} L {x - 1} {top + 8}"), alpha=0.5)
    pen.motif(50, 66, pen.vary(11, 14))


@silhouette("suitcase", "stands")
def suitcase(pen: Pen) -> None:
    """A trolley case: pull-out handle, grooves, corners, a lock, wheels."""
    wide, top, low = pen.vary(20, 24), pen.vary(27, 34), 86.0
    rise, rad = pen.vary(8, 16), pen.vary(4, 8) * (1.3 if pen.style == "retro" else 1)
    for side in SIDES:
        pen.part(box(*_bar(side, wide * 0.42, rise, top)), STEEL, "upright", METAL, edge=0.5)
        x = side_of(side, 50 + wide - 6, 0)[0]
        pen.part(box(x - 3, low - 1, x + 3, low + 2, 0.8), RUBBER, "upright", MATT)
        pen.part(oval(x, low + 2.6, 2.2, 2.8), RUBBER, "ball", MATT)
    pen.part(box(50 - wide * 0.42 - 2.4, rise - 2, 50 + wide * 0.42 + 2.4, rise + 2, 1.6), RUBBER, "lying", MATT)
    shell = box(50 - wide, top, 50 + wide, low, rad)
    pen.body(shell)
    if pen.pattern != "ribbed":
        with pen.clip(shell):
            count = pen.pick(4, 5, 7)
            for index in range(1, count):
                x = 50 - wide + 2 * wide * index / count
                groove = path(f"M {x} {top + 6} L {x} {low - 6}")
                pen.line(moved(groove, 0.9, 0), (255, 255, 255), 0.9, 0.28)
                pen.line(groove, INK, 1.2, 0.22)
    for corner_x in (50 - wide, 50 + wide):
        for corner_y in (top, low):
            with pen.clip(shell):
                pen.part(oval(corner_x, corner_y, 8.5), pen.second, "flat", pen.surface, edge=0.7)
    pen.part(box(50 - 7, top - 2.6, 57, top + 1, 1.4), darker(pen.second, 0.3), "lying", MATT)
    pen.part(box(46, top + 7, 54, top + 11, 1), STEEL, "flat", METAL, edge=0.6)
    for index in range(3):
        pen.flat(box(47.2 + 2 * index, top + 8, 48.6 + 2 * index, top + 10, 0.3), RUBBER)
    pen.line(box(50 - wide + 0.8, top + 0.8, 50 + wide - 0.8, low - 0.8, rad), pen.trim, 1.0, 0.6)
    pen.motif(50, (top + low) / 2 + 4, pen.vary(9, 12))


def _bar(side: int, x: float, rise: float, top: float) -> tuple[float, float, float, float]:
    middle = side_of(side, 50 + x, 0)[0]
    return middle - 1.2, rise, middle + 1.2, top + 2
