"""Beauty: lipstick, perfume, shampoo, nail polish."""

from __future__ import annotations

import skia

from recsys.shops.demo_store.drawing.colours import BRASS, INK, PAPER, STEEL, WHITE, Colour, darker, lighter, mix
from recsys.shops.demo_store.drawing.materials import CLEAR, METAL, SHINY
from recsys.shops.demo_store.drawing.paths import box, mirrored, oval, path, smooth, tube
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette


def _case(pen: Pen) -> Colour:
    """The colour of caps and tubes."""
    return pen.pick(STEEL, (40, 38, 42), (232, 226, 214), mix(BRASS, STEEL, 0.5), darker(pen.colour, 0.4))


@silhouette("lipstick", "stands", flips=True)
def lipstick(pen: Pen) -> None:
    """A lipstick turned out of its tube, the cap beside it."""
    case, x, wide = _case(pen), pen.pick(40.0, 42.0, 44.0), pen.vary(9.5, 11.5)
    bullet_top = pen.vary(14, 20)
    surface = METAL if case != (40, 38, 42) else SHINY
    bullet = path(
        f"M {x - wide + 2.4} 54 L {x - wide + 2.4} {bullet_top + 14} "
        f"C {x - wide + 3} {bullet_top + 6} {x + 1} {bullet_top - 1} {x + wide - 4} {bullet_top} "
        f"C {x + wide - 2} {bullet_top + 3} {x + wide - 2.4} {bullet_top + 8} {x + wide - 2.4} 54 Z"
    )
    pen.body(bullet, "upright", edge=1.1)
    face = path(
        f"M {x - wide + 3} {bullet_top + 14} "
        f"C {x - wide + 4} {bullet_top + 7} {x} {bullet_top + 1} {x + wide - 4.4} {bullet_top + 1.4} "
        f"C {x + wide - 4} {bullet_top + 8} {x - 3} {bullet_top + 17} {x - wide + 3} {bullet_top + 14} Z"
    )
    pen.part(face, lighter(pen.colour, 0.14), "flat", pen.surface, edge=0.5)
    pen.part(box(x - wide + 0.8, 47, x + wide - 0.8, 66, 0.8), lighter(case, 0.25), "upright", METAL)
    base = box(x - wide - 0.6, 63, x + wide + 0.6, 88, 1.4)
    pen.fill(base, case, "upright", surface, patterned=pen.pattern == "ribbed", edge=1)
    pen.part(box(x - wide - 0.6, 64.5, x + wide + 0.6, 67.5), pen.colour, "upright", pen.surface, edge=0.4)
    cap_x, cap_wide = x + wide * 2 + 9, wide + 0.8
    if pen.chance(0.75):
        top = pen.vary(50, 55)
        cap = mirrored(
            (cap_x, top),
            (cap_x + cap_wide - 2, top, cap_x + cap_wide, top, cap_x + cap_wide, top + 3),
            (cap_x + cap_wide, 88),
            (cap_x, 88.6),
            axis=cap_x,
        )
        pen.fill(cap, case, "upright", surface, patterned=pen.pattern == "ribbed", edge=1)
        pen.part(box(cap_x - cap_wide, 82, cap_x + cap_wide, 84.4), pen.colour, "upright", edge=0.4)


@silhouette("perfume", "stands")
def perfume(pen: Pen) -> None:
    """A flacon: thick glass, the scent in it, a collar, a heavy stopper, a small label."""
    kind = pen.pick("square", "round", "tall", "shoulder")
    wide, top = pen.vary(20, 25), 42.0
    if kind == "tall":
        wide, top = wide * 0.72, 32.0
    outer = _flacon(kind, wide, top)
    pen.part(outer, mix(pen.colour, WHITE, 0.75), "upright", CLEAR, edge=1.2)
    pen.canvas.save()
    pen.canvas.translate(50, 66)
    pen.canvas.scale(0.86, 0.86)
    pen.canvas.translate(-50, -66.6)
    pen.body(outer, "upright", edge=0.8)
    pen.canvas.restore()
    with pen.clip(outer):
        pen.flat(box(50 - wide * 0.74, top, 50 - wide * 0.6, 100, 1), WHITE, 0.4)
        pen.glow(oval(50 + wide * 0.55, 84, wide * 0.3, 2.4), 0.6, 1.0)
    case = _case(pen)
    pen.part(box(44.6, top - 6, 55.4, top + 0.6, 0.8), lighter(case, 0.2), "upright", METAL)
    cap_top = top - pen.vary(17, 22)
    cap = {
        "square": box(42.4, cap_top, 57.6, top - 5, 1.6),
        "round": oval(50, (cap_top + top - 5) / 2, 8.6, (top - 5 - cap_top) / 2),
        "tall": box(44, cap_top + 2, 56, top - 5, 1.0),
        "shoulder": mirrored((50, cap_top), (55, cap_top), (59, cap_top + 4), (57, top - 5), (50, top - 5)),
    }[kind]
    pen.part(cap, case, "ball" if kind == "round" else "upright", SHINY if pen.chance(0.5) else METAL)
    _perfume_label(pen, wide, top)


def _flacon(kind: str, wide: float, top: float) -> skia.Path:
    """The outline of the glass."""
    return {
        "square": box(50 - wide, top, 50 + wide, 88, 3),
        "tall": box(50 - wide, top, 50 + wide, 88, 2.4),
        "round": mirrored(
            (50, top - 2),
            (50 + 9, top - 2, 50 + wide + 4, 50, 50 + wide + 4, 66),
            (50 + wide + 4, 80, 62, 88, 58, 88),
            (50, 88.4),
        ),
        "shoulder": mirrored(
            (50, top - 2),
            (56, top - 2),
            (60, top + 6, 50 + wide, top + 4, 50 + wide, top + 14),
            (50 + wide - 3, 87),
            (50 + wide - 4, 88.6, 50, 88.6),
        ),
    }[kind]


def _perfume_label(pen: Pen, wide: float, top: float) -> None:
    """The label, and a ribbon around the neck."""
    if pen.pattern != "faceted" or pen.chance(0.4):
        label = box(50 - wide * 0.45, 62, 50 + wide * 0.45, 76, 0.6) if pen.chance(0.6) else oval(50, 68, wide * 0.4, 7)
        pen.part(label, PAPER, "bare", edge=0.4)
        pen.dashes([(45.5, 67.6), (54.5, 67.6), (47, 70.8), (53, 70.8)], darker(pen.colour, 0.5), 0.7)
    if pen.style in ("romantic", "bohemian"):
        pen.line(path(f"M 45 {top - 2} L 55 {top - 2}"), pen.accent, 2.2)
        for side in (-1, 1):
            pen.part(
                smooth(
                    (50, top - 2), (50 + side * 5, top - 5.4), (50 + side * 7, top - 1.6), (50 + side * 4.4, top + 1.4)
                ),
                pen.accent,
                edge=0.5,
            )


@silhouette("pump", "stands", flips=True)
def pump(pen: Pen) -> None:
    """A bottle of shampoo with a pump or a flip cap, and a large label."""
    wide, top = pen.vary(16, 20), pen.vary(36, 41)
    cap = pen.pick(PAPER, (44, 44, 48), darker(pen.colour, 0.35), mix(BRASS, PAPER, 0.3))
    if pen.chance(0.72):
        pen.part(box(48.6, top - 15, 51.4, top - 3), lighter(cap, 0.2), "upright", edge=0.5)
        nozzle = path(
            f"M 44 {top - 19} L 56 {top - 20} C 66 {top - 20} 71 {top - 19} 72 {top - 12} L 68.6 {top - 12} "
            f"C 68 {top - 15} 64 {top - 15.4} 57 {top - 14.4} L 44 {top - 13.6} Q 42 {top - 16} 44 {top - 19} Z"
        )
        pen.part(nozzle, cap, "lying")
        pen.part(box(43.6, top - 7, 56.4, top + 1, 1.2), cap, "upright")
        for x in range(45, 57, 2):
            pen.line(path(f"M {x} {top - 5.6} L {x} {top - 0.4}"), INK, 0.4, 0.3)
    else:
        pen.part(box(41, top - 8, 59, top + 1, 2), cap, "upright")
        pen.seam(path(f"M 41 {top - 3.4} L 59 {top - 3.4}"), 0.5)
    round_one = pen.chance(0.5)
    body = (
        mirrored(
            (50, top),
            (56, top),
            (50 + wide, top + 2, 50 + wide, top + 12, 50 + wide, top + 18),
            (50 + wide, 84),
            (50 + wide, 88.6, 50 + wide - 4, 88.6),
            (50, 89),
        )
        if round_one
        else mirrored(
            (50, top),
            (50 + wide - 3, top),
            (50 + wide, top, 50 + wide, top + 3),
            (50 + wide, 86),
            (50 + wide, 88.8, 50 + wide - 3, 88.8),
            (50, 89),
        )
    )
    pen.body(body, "upright", edge=1.1)
    _shampoo_label(pen, wide, body_top=top)


def _shampoo_label(pen: Pen, wide: float, body_top: float) -> None:
    top = pen.vary(body_top + 16, body_top + 19)
    paper = PAPER if pen.chance(0.6) else mix(pen.accent, PAPER, 0.55)
    share = pen.vary(0.66, 0.8)
    label = box(50 - wide * share, top, 50 + wide * share, top + 24, 0.8)
    pen.part(label, paper, "upright", edge=0.4)
    ink = darker(pen.accent, 0.25)
    with pen.clip(label):
        if pen.pattern == "printed":
            pen.motif(50, top + 9, 6)
        else:
            leaf = pen.look.material in ("aloe", "tea tree")
            for turn in (-32, 0, 32) if leaf else (0,):
                with pen.turned(turn, (50, top + 13)):
                    pen.flat(mirrored((50, top + 3), (52.6, top + 7, 50, top + 13)), ink) if leaf else pen.flat(
                        mirrored((50, top + 3), (54.6, top + 9.6, 52.6, top + 13), (51.4, top + 13.6, 50, top + 13.6)),
                        ink,
                    )
        pen.dashes(
            [
                (50 - wide * 0.45, top + 17),
                (50 + wide * 0.45, top + 17),
                (50 - wide * 0.3, top + 20.4),
                (50 + wide * 0.3, top + 20.4),
            ],
            ink,
            0.9,
        )


@silhouette("polish", "stands")
def polish(pen: Pen) -> None:
    """A bottle of nail polish: thick glass around the colour, a tall cap."""
    kind, wide = pen.pick("square", "round", "bell"), pen.vary(18, 22)
    top = pen.vary(52, 56)
    glass = {
        "square": box(50 - wide, top, 50 + wide, 88, 4),
        "round": mirrored(
            (50, top - 1), (56, top - 1), (50 + wide + 3, top, 50 + wide + 3, 87, 50 + wide * 0.5, 88), (50, 88.4)
        ),
        "bell": mirrored(
            (50, top - 1),
            (57, top - 1),
            (58, top + 10, 50 + wide, top + 14, 50 + wide + 1, 85),
            (50 + wide - 1, 88.4, 50, 88.4),
        ),
    }[kind]
    pen.part(glass, mix(pen.colour, WHITE, 0.6), "upright", CLEAR, edge=1.0)
    pen.canvas.save()
    pen.canvas.translate(50, 72)
    pen.canvas.scale(0.91, 0.9)
    pen.canvas.translate(-50, -72.4)
    pen.fill(glass, pen.colour, "upright", pen.surface, patterned=False, edge=0.9)
    pen.canvas.restore()
    with pen.clip(glass):
        pen.flat(box(50 - wide * 0.72, top + 5, 50 - wide * 0.56, 84, 1.4), WHITE, 0.45)
        pen.glow(oval(50 + wide * 0.5, 85, wide * 0.3, 1.6), 0.5, 0.9)
    case = _case(pen)
    high, foot = pen.vary(11, 17), pen.vary(8, 9.5)
    cap = mirrored(
        (50, high),
        (50 + foot - 2.4, high, 50 + foot - 1.4, high + 1, 50 + foot - 1, high + 4),
        (50 + foot, top),
        (50, top + 0.8),
    )
    pen.fill(
        cap, case, "upright", METAL if case in (BRASS, STEEL) else SHINY, patterned=pen.pattern == "ribbed", edge=1
    )
    pen.part(
        box(50 - foot - 0.4, top - 4, 50 + foot + 0.4, top + 0.6, 0.6), lighter(case, 0.25), "upright", METAL, edge=0.5
    )
    if pen.style == "playful" and pen.chance(0.5):
        pen.part(oval(50, high + 12, 2.6), pen.accent, "ball", SHINY, edge=0.4)
    if pen.chance(0.4):
        pen.line(tube(path("M 44 72 L 56 72"), 0.6), WHITE, 0.5, 0.8)
