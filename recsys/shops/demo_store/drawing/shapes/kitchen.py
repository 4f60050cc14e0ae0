"""Kitchen: mug, kettle, pan, teapot, coffee pouch."""

from __future__ import annotations

from recsys.shops.demo_store.drawing.colours import BRASS, INK, PAPER, RUBBER, STEEL, WOOD, darker, lighter, mix
from recsys.shops.demo_store.drawing.materials import MATT, METAL, TIMBER
from recsys.shops.demo_store.drawing.paths import box, mirrored, moved, oval, path, smooth, tube, within
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette

_COFFEE = (74, 46, 32)


@silhouette("mug", "stands", flips=True)
def mug(pen: Pen) -> None:
    """A mug: straight, tapered or round-bellied; an ear; coffee inside now and then."""
    wide, top, taper = pen.vary(21, 25), pen.vary(28, 36), pen.pick(0, 1, 4, -2)
    low = 84.0
    ear, deep = pen.vary(13, 18), low - top
    handle = path(
        f"M {46 + wide - 2} {top + deep * 0.2} "
        f"C {46 + wide + ear} {top + deep * 0.1} {46 + wide + ear} {top + deep * 0.82} "
        f"{46 + wide - taper - 2} {top + deep * 0.76}"
    )
    pen.part(
        tube(handle, pen.vary(4.6, 6)), pen.second if pen.pattern == "two-tone" else pen.colour, "flat", pen.surface
    )
    bulge = 5 if pen.style == "retro" else 0
    shape = mirrored(
        (46, top),
        (46 + wide, top),
        (46 + wide + bulge, top + deep * 0.5, 46 + wide - taper + bulge * 0.6, low - 6),
        (46 + wide - taper - 1, low, 46 + wide - taper - 6, low),
        (46, low + 0.8),
        axis=46,
    )
    pen.body(shape, "upright", edge=1.1)
    pen.glaze(shape)
    rim = pen.accent if pen.look.material == "enamel" else lighter(pen.colour, 0.3)
    pen.part(oval(46, top, wide, wide * 0.2), rim, "flat", pen.surface, edge=0.5)
    pen.part(
        oval(46, top + 0.3, wide - 1.5, wide * 0.2 - 1), darker(lighter(pen.colour, 0.3), 0.45), "upright", edge=0.5
    )
    if pen.chance(0.5):
        with pen.clip(oval(46, top + 0.3, wide - 1.5, wide * 0.2 - 1)):
            pen.part(oval(46, top + 2.6, wide - 2, wide * 0.2 - 1), _COFFEE, "flat", edge=0.4)
    if pen.pattern == "plain" and pen.style in ("retro", "minimal") and pen.chance(0.5):
        with pen.clip(shape):
            pen.part(
                path(f"M 0 {low - deep * 0.3} Q 46 {low - deep * 0.22} 100 {low - deep * 0.3} L 100 100 L 0 100 Z"),
                mix(pen.colour, PAPER, 0.55),
                "bare",
                pen.surface,
                edge=0,
            )
            pen.shade(box(46 + wide * 0.45, top, 90, 95), 0.16, 3)


@silhouette("kettle", "stands", flips=True)
def kettle(pen: Pen) -> None:
    """A kettle: for the hob with a bail handle, or an electric jug with a base."""
    electric = pen.style in ("minimal", "industrial") and pen.chance(0.7)
    dark = RUBBER if pen.chance(0.6) else mix(WOOD, INK, 0.15)
    if electric:
        _jug(pen, dark)
        return
    wide, top = pen.vary(26, 30), pen.vary(44, 49)
    spout = path("M 62 66 C 72 62 74 52 84 43 L 89 46 C 84 56 82 70 70 80 Z")
    pen.part(spout, pen.colour, "flat", pen.surface)
    bail = path(
        f"M {50 - wide * 0.62} {top + 7} C {50 - wide * 0.8} 12 {50 + wide * 0.7} 12 {50 + wide * 0.56} {top + 7}"
    )
    pen.part(tube(bail, 2.4), darker(STEEL, 0.15), "flat", METAL)
    pen.part(tube(path("M 37 22.6 Q 48 17.6 60 22.6"), 5.4), dark, "lying", TIMBER if dark != RUBBER else MATT)
    body = mirrored(
        (50, top),
        (50 + 10, top, 50 + wide * 0.8, top + 8, 50 + wide, top + 26),
        (50 + wide + 1.5, 81, 50 + wide - 3, 84),
        (50, 85),
    )
    pen.body(body, "upright", edge=1.2)
    with pen.clip(body):
        pen.part(box(0, 79, 100, 90), pen.second, "upright", pen.surface, edge=0.6)
    pen.part(
        mirrored((50, top - 3), (50 + 9, top - 3, 50 + 12, top + 2), (50 + 6, top + 4, 50, top + 4)),
        pen.second,
        "upright",
        pen.surface,
    )
    pen.part(oval(50, top - 5, 3.4, 3), dark, "ball", MATT)


def _jug(pen: Pen, dark: tuple[int, int, int]) -> None:
    top, wide = pen.vary(24, 28), pen.vary(17, 20)
    grip = path(f"M {50 - wide + 2} {top + 5} C {50 - wide - 17} {top + 2} {50 - wide - 16} 70 {50 - wide} 74")
    pen.part(tube(grip, 5.6), dark, "flat", MATT)
    lip = path(
        f"M {50 + wide - 6} {top + 1} L {50 + wide + 7} {top + 1.5} "
        f"Q {50 + wide + 3} {top + 9} {50 + wide} {top + 20} Z"
    )
    pen.part(lip, pen.colour, "flat", pen.surface)
    body = mirrored((50, top), (50 + wide - 2, top), (50 + wide + 1, 50, 50 + wide + 4, 80), (50, 81))
    pen.body(body, "upright", edge=1.1)
    pen.part(
        mirrored((50, 79), (50 + wide + 4.2, 79), (50 + wide + 4.6, 83), (50, 84)), pen.second, "upright", pen.surface
    )
    pen.part(mirrored((50, 84.4), (50 + wide + 6, 84), (50 + wide + 7, 88), (50, 88.6)), dark, "upright", MATT)
    pen.part(
        mirrored((50, top - 4), (50 + 11, top - 4, 50 + wide - 2, top + 1), (50, top + 1.4)), dark, "upright", MATT
    )
    gauge = box(50 + wide * 0.3, 42, 50 + wide * 0.3 + 3, 72, 1.5)
    pen.part(gauge, lighter(pen.colour, 0.55), "upright")
    pen.dashes(
        [(50 + wide * 0.3 + 0.6, y) if i == 0 else (50 + wide * 0.3 + 2, y) for y in (48, 54, 60, 66) for i in (0, 1)],
        INK,
        0.4,
    )


@silhouette("pan", "lies", turn=14, flips=True)
def pan(pen: Pen) -> None:
    """A frying pan from above: rim, cooking surface, handle with a hole, a rivet plate."""
    radius, x, y = pen.vary(25, 28), 39.0, 52.0
    wooden = pen.chance(0.4)
    grip = pen.second if pen.pattern == "two-tone" else mix(WOOD, INK, 0.1) if wooden else darker(pen.colour, 0.25)
    shaft = path(
        f"M {x + radius - 3} {y - 4.4} Q {x + radius + 8} {y - 2.4} {x + radius + 14} {y - 2.6} "
        f"L 96 {y - 3.4} Q 100 {y} 96 {y + 3.4} L {x + radius + 14} {y + 2.6} "
        f"Q {x + radius + 8} {y + 2.4} {x + radius - 3} {y + 4.4} Z"
    )
    pen.part(shaft, grip, "lying", TIMBER if wooden else pen.surface)
    pen.flat(oval(95, y, 1.8, 1.2), (225, 222, 215))
    pen.line(oval(95, y, 1.8, 1.2), darker(grip, 0.5), 0.5)
    rim = oval(x, y, radius)
    if pen.chance(0.4):
        lip = path(f"M {x - 4} {y - radius + 0.5} Q {x + 1} {y - radius - 3.6} {x + 6} {y - radius + 0.5} Z")
        pen.part(lip, pen.colour, "flat", pen.surface, edge=0.5)
    pen.body(rim, "flat")
    inner = oval(x + 0.3, y + 0.4, radius - 3.2)
    pen.shade(inner, 0.35, 0.8)
    base = darker(pen.colour, 0.12) if pen.look.material != "cast iron" else darker(pen.colour, 0.2)
    pen.fill(inner, base, "flat", pen.surface, patterned=True, edge=0.9)
    pen.fill(oval(x + 0.6, y + 0.8, radius - 7.5), pen.colour, "flat", pen.surface, patterned=True, edge=0.4)
    for ring in range(3):
        pen.line(oval(x + 0.6, y + 0.8, radius - 11 - 5 * ring), lighter(pen.colour, 0.5), 0.35, 0.3)
    pen.glow(
        within(smooth((x - 18, y - 6), (x - 6, y - 18), (x - 3, y - 14), (x - 14, y - 3)), inner),
        0.18 + 0.3 * pen.surface.metal,
        1.6,
    )
    for dy in (-2, 2):
        pen.button(x + radius - 1.6, y + dy, 0.9, STEEL)


@silhouette("teapot", "stands", flips=True)
def teapot(pen: Pen) -> None:
    """A teapot: spout to the right, ear to the left, a lid with a knob."""
    wide, top = pen.vary(23, 26), pen.vary(40, 45)
    tone = pen.second if pen.pattern == "two-tone" else pen.colour
    spout = path("M 64 74 C 76 72 74 54 86 45 Q 89.5 44.5 90.5 47 C 82 54 86 72 70 80 Z")
    pen.part(spout, tone, "flat", pen.surface)
    if pen.look.material == "cast iron" or pen.chance(0.25):
        bail = path(
            f"M {50 - wide * 0.7} {top + 6} C {50 - wide * 0.8} 14 {50 + wide * 0.8} 14 {50 + wide * 0.7} {top + 6}"
        )
        pen.part(tube(bail, 3), mix(WOOD, INK, 0.3) if pen.chance(0.5) else RUBBER, "flat", MATT)
    else:
        ear = path(f"M {50 - wide * 0.75} {top + 7} C 4 {top - 4} 6 78 {50 - wide * 0.8} 73")
        pen.part(tube(ear, 4.2), tone, "flat", pen.surface)
    squat = pen.vary(0.9, 1.0)
    body = mirrored(
        (50, top),
        (50 + 11, top),
        (50 + wide * 1.25, top + 4, 50 + wide * 1.3, 80 * squat + 4, 50 + wide * 0.55, 84.5),
        (50, 85),
    )
    pen.body(body, "ball", edge=1.2)
    pen.glaze(body, 0.32)
    pen.glow(within(oval(40, top + 14, 4, 8), body), 0.1 + 0.45 * pen.surface.gloss, 1.4)
    pen.part(
        mirrored((50, 84), (50 + wide * 0.52, 84), (50 + wide * 0.56, 87.4), (50, 88)), tone, "upright", pen.surface
    )
    lid = mirrored((50, top - 6), (50 + 8, top - 6, 50 + 12, top - 2, 50 + 12.4, top + 0.6), (50, top + 2.4))
    pen.fill(lid, tone, "upright", pen.surface, patterned=True, edge=0.8)
    pen.part(
        oval(50, top - 8, 3, 2.8), BRASS if pen.style == "classic" and pen.chance(0.4) else tone, "ball", pen.surface
    )


@silhouette("pouch", "stands")
def pouch(pen: Pen) -> None:
    """A bag of coffee: folded top, side gussets, a label, a valve, a few beans before it."""
    wide, top = pen.vary(20, 23), pen.vary(17, 22)
    shape = mirrored(
        (50, top), (50 + wide, top), (50 + wide + 1.4, 40, 50 + wide + 0.4, 84), (50 + wide - 2, 87), (50, 88)
    )
    pen.body(shape, "flat")
    with pen.clip(shape):
        for side in (-1, 1):
            pen.fold(
                (50 + side * (wide - 4), top + 8),
                (50 + side * (wide - 5.5), 50),
                (50 + side * (wide - 3.5), 88),
                depth=1.3,
            )
        pen.fold((50 - wide, top + 16), (50 - wide * 0.4, top + 13), (50 + 2, top + 17), depth=0.8)
        pen.shade(box(20, top + 7, 80, top + 10), 0.25, 1)
    pen.part(box(50 - wide - 0.4, top - 3, 50 + wide + 0.4, top + 7, 0.8), pen.trim, "lying", pen.surface)
    if pen.chance(0.5):
        for side in (-1, 1):
            pen.part(
                box(50 + side * (wide + 0.6) - 1.6, top, 50 + side * (wide + 0.6) + 1.6, top + 3.4, 0.5),
                BRASS,
                "flat",
                METAL,
                edge=0.5,
            )
    _label(pen, wide, pen.vary(40, 44))
    for _ in range(pen.pick(0, 3, 5)):
        x, y = 50 + pen.vary(-29, 31), pen.vary(87, 92)
        bean = moved(oval(x, y, 2.6, 1.8), turn=pen.vary(0, 180), about=(x, y))
        pen.part(bean, _COFFEE, "ball", MATT, edge=0.6)
        pen.line(
            moved(path(f"M {x - 2} {y} Q {x} {y - 0.7} {x + 2} {y}"), turn=pen.vary(-40, 40), about=(x, y)),
            darker(_COFFEE, 0.7),
            0.4,
        )


def _label(pen: Pen, wide: float, top: float) -> None:
    paper = mix(PAPER, pen.accent, 0.08)
    round_one = pen.chance(0.35)
    area = oval(50, top + 17, wide * 0.68) if round_one else box(50 - wide * 0.7, top, 50 + wide * 0.7, top + 33, 1)
    pen.part(area, paper, edge=0.5)
    with pen.clip(area):
        if not round_one:
            pen.flat(box(0, top, 100, top + 5.5), pen.accent)
        if pen.pattern == "printed":
            pen.motif(50, top + 16, 7)
        else:
            for dx, turn in ((-3.4, -28), (3.4, 24)):
                pen.part(
                    moved(oval(50 + dx, top + 15, 3, 4.6), turn=turn, about=(50 + dx, top + 15)),
                    _COFFEE,
                    "ball",
                    edge=0.6,
                )
                pen.line(
                    moved(
                        path(f"M {50 + dx} {top + 11} Q {49 + dx} {top + 15} {50 + dx} {top + 19}"),
                        turn=turn,
                        about=(50 + dx, top + 15),
                    ),
                    lighter(_COFFEE, 0.3),
                    0.6,
                )
        pen.dashes(
            [(42, top + 25.5), (58, top + 25.5), (45, top + 28.5), (55, top + 28.5)], darker(pen.accent, 0.35), 0.9
        )
