"""Toys: teddy bear, building blocks, car, kite."""

from __future__ import annotations

from recsys.shops.demo_store.drawing.colours import INK, PAPER, RUBBER, STEEL, WHITE, WOOD, Colour, darker, lighter, mix
from recsys.shops.demo_store.drawing.materials import MATT, METAL, SHINY, TIMBER
from recsys.shops.demo_store.drawing.motifs import MOTIFS
from recsys.shops.demo_store.drawing.paths import Point, box, mirrored, moved, oval, path, polygon, smooth
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette
from recsys.shops.demo_store.drawing.shapes.garments import SIDES, side_of


@silhouette("teddy", "stands")
def teddy(pen: Pen) -> None:
    """A sitting bear: soles, belly, muzzle, stitched nose, a bow or a scarf."""
    pale = lighter(mix(pen.colour, PAPER, 0.55), 0.1)
    ear, head, belly = pen.vary(6.5, 8.5), pen.vary(18, 20), pen.vary(19, 22)
    for side in SIDES:
        arm = [side_of(side, x, y) for x, y in ((62, 48), (75, 52), (80, 64), (75, 71), (67, 66), (60, 60))]
        pen.body(smooth(*arm), "ball")
    pen.body(oval(50, 66, belly, 20), "ball")
    pen.part(oval(50, 67, belly * 0.62, 14), pale, "ball", pen.surface, edge=0.5)
    pen.seam(path("M 50 52 L 50 82"), 0.25)
    for side in SIDES:
        x, y = side_of(side, 69, 80)
        pen.body(oval(x, y, 11.5, 10.5), "ball")
        pen.part(oval(x + side * 0.6, y + 1, 7.4, 7), pale, "ball", pen.surface, edge=0.6)
        pen.stitch(oval(x + side * 0.6, y + 1, 7.4, 7), darker(pen.colour, 0.5), 0.5)
        ex, ey = side_of(side, 50 + head * 0.78, 34 - head * 0.72)
        pen.body(oval(ex, ey, ear), "ball")
        pen.part(oval(ex, ey + 0.8, ear * 0.58), pale, "ball", pen.surface, edge=0.4)
    pen.shade(oval(50, 50, 13, 4), 0.3, 1.6)
    pen.body(
        smooth(
            (50, 34 - head),
            (50 + head * 0.85, 34 - head * 0.6),
            (50 + head * 1.08, 36),
            (50 + head * 0.7, 34 + head * 0.72),
            (50, 34 + head * 0.86),
            (50 - head * 0.7, 34 + head * 0.72),
            (50 - head * 1.08, 36),
            (50 - head * 0.85, 34 - head * 0.6),
        ),
        "ball",
    )
    _bear_face(pen, pale)
    if pen.chance(0.75):
        for side in SIDES:
            loop = [side_of(side, x, y) for x, y in ((50, 53), (58, 49), (62, 53.4), (58, 58))]
            pen.part(smooth(*loop), pen.accent, "flat", pen.surface)
        pen.part(oval(50, 53.4, 2.6), darker(pen.accent, 0.12), "ball", pen.surface)


def _bear_face(pen: Pen, pale: Colour) -> None:
    pen.part(oval(50, 41, 8.6, 6.8), pale, "ball", pen.surface, edge=0.5)
    wide = pen.vary(7, 8.6)
    for side in SIDES:
        x, y = side_of(side, 50 + wide, 32.5)
        pen.part(oval(x, y, 1.9), (30, 24, 24), "ball", SHINY, edge=0)
        pen.flat(oval(x - 0.6, y - 0.6, 0.55), WHITE)
    pen.part(mirrored((50, 36.6), (53.6, 36.4, 53.4, 39), (52, 40.6, 50, 40.8)), (42, 30, 30), "ball", SHINY, edge=0.4)
    pen.line(path("M 46.4 44 Q 48.6 45.8 50 43.6 Q 51.4 45.8 53.6 44"), (60, 42, 40), 0.7)
    pen.line(path("M 50 40.6 L 50 43.6"), (60, 42, 40), 0.7)


@silhouette("blocks", "stands")
def blocks(pen: Pen) -> None:
    """A small building of blocks: cubes, an arch or a bridge, a roof, a pillar."""
    unit = pen.vary(17, 18.5)
    base, left = 88.0, 50 - 1.75 * unit
    plan = pen.pick(("cube", "cube", "cube"), ("arch", "cube"), ("cube", "arch"))
    x, index = left, 0
    for kind in plan:
        wide = 2 * unit if kind == "arch" else unit
        _block(pen, kind, x, base, wide, unit, index)
        x, index = x + wide + 0.6, index + 1
    second = pen.pick(("cube", "gap", "pillar"), ("pillar", "cube"), ("cube", "cube"))
    x = left + pen.vary(0, unit * 0.5)
    for kind in second:
        if kind != "gap":
            _block(pen, kind, x, base - unit - 0.4, unit, unit, index)
        x, index = x + unit + 0.8, index + 1
    top = base - 2 * unit - 0.8
    x = left + unit * pen.vary(0.2, 0.6)
    _block(pen, pen.pick("slab", "roof", "arch"), x, top, 2 * unit, unit * 0.8, index)
    roof = pen.pick("roof", "ball", "roof")
    _block(pen, roof, x + unit * 0.5, top - unit * 0.8 - 0.3, unit, unit * 0.85, index + 1)


def _block(pen: Pen, kind: str, x: float, base: float, wide: float, high: float, index: int) -> None:
    tone = pen.hue(index) if pen.pattern == "multicoloured" else (pen.colour, pen.colour, pen.second)[index % 3]
    top, middle = base - high, x + wide / 2
    if kind == "ball":
        pen.part(oval(middle, base - wide * 0.4, wide * 0.4), tone, "ball", pen.surface)
        return
    shape = {
        "arch": path(
            f"M {x} {base} L {x} {top} L {x + wide} {top} L {x + wide} {base} L {middle + wide * 0.24} {base} "
            f"C {middle + wide * 0.24} {base - high * 0.8} {middle - wide * 0.24} {base - high * 0.8} "
            f"{middle - wide * 0.24} {base} Z"
        ),
        "roof": polygon((x, base), (middle, top), (x + wide, base)),
        "pillar": box(x + wide * 0.18, top, x + wide * 0.82, base, 0.8),
    }.get(kind, box(x, top, x + wide, base, 1.2))
    pen.part(shape, tone, "upright" if kind == "pillar" else "flat", pen.surface)
    if kind == "cube":
        pen.line(box(x + 1.6, top + 1.6, x + wide - 1.6, base - 1.6, 0.8), darker(tone, 0.3), 0.5, 0.7)
        if pen.pattern == "printed":
            _stamp(pen, middle, base - high / 2, wide * 0.27, pen.accent, index)
        elif pen.chance(0.5) and pen.look.material != "plastic":
            pen.flat(oval(middle, base - high / 2, wide * 0.16), darker(tone, 0.25), 0.8)
    elif kind == "slab" and pen.look.material == "plastic":
        for step in range(4):
            pen.part(
                box(x + 2 + step * wide / 4, top - 1.8, x + wide / 4 - 2 + step * wide / 4, top + 0.4, 0.5),
                tone,
                "upright",
                pen.surface,
                edge=0.4,
            )


def _stamp(pen: Pen, x: float, y: float, size: float, ink: Colour, which: int) -> None:
    pen.canvas.save()
    pen.canvas.translate(x, y)
    pen.canvas.scale(size, size)
    MOTIFS[which % len(MOTIFS)](pen.canvas, ink, pen.colour)
    pen.canvas.restore()


@silhouette("car", "stands", flips=True)
def car(pen: Pen) -> None:
    """A toy car: a beetle, a van or a racer, with windows, lamps, wheels."""
    kind = pen.pick("beetle", "van", "racer") if pen.style != "sporty" else "racer"
    body, windows = {
        "beetle": (
            path("M 9 72 C 8 58 16 54 26 52 C 32 36 44 33 54 33 C 66 33 72 42 76 52 C 86 53 92 60 91 72 Z"),
            [smooth((33, 51), (37, 41), (48, 37.5), (49, 51)), smooth((53, 51), (53, 37.6), (63, 39.5), (69.5, 51))],
        ),
        "van": (
            path("M 10 73 L 10 36 Q 10 31 15 31 L 68 31 C 76 31 80 42 83 50 C 90 52 92 56 92 62 L 92 73 Z"),
            [box(16, 37, 32, 50, 2), box(36, 37, 53, 50, 2), path("M 57 37 L 69 37 Q 74 42 77 50 L 57 50 Z")],
        ),
        "racer": (
            path("M 7 71 L 8 58 L 13 56 C 26 55 30 55 36 53 C 40 44 56 44 61 53 C 76 55 90 60 94 71 Z"),
            [path("M 41 53 C 43 47 54 47 57 53 Z")],
        ),
    }[kind]
    if kind == "racer":
        pen.part(box(7, 47, 20, 50, 1), pen.second, "lying", pen.surface)
        pen.part(box(12, 49, 14.6, 58), darker(pen.colour, 0.3), edge=0.4)
    pen.body(body, "flat", edge=1.1)
    with pen.clip(body):
        if pen.pattern == "two-tone":
            pen.part(box(0, 61, 100, 80), pen.accent, "lying", pen.surface, edge=0.6)
        pen.shade(box(0, 70, 100, 76), 0.3, 1.2)
        if kind != "racer":
            pen.seam(path("M 51 34 L 51 72"), 0.5)
            pen.seam(path("M 32 52 L 34 70"), 0.3)
    for window in windows:
        pen.part(window, mix((150, 186, 204), pen.colour, 0.08), "flat", SHINY, edge=0.6)
    _car_details(pen, kind)
    radius = pen.vary(8.6, 10.4)
    for x in (27.0, 73.5):
        _wheel(pen, x, 73.5, radius)


def _car_details(pen: Pen, kind: str) -> None:
    y = 61.0 if kind != "racer" else 63.5
    pen.part(oval(88.5, y, 2.2, 2.8), (255, 236, 178), "ball", SHINY, edge=0.5)
    pen.part(box(8, y - 2, 11, y + 2, 1), (190, 48, 44), "flat", SHINY, edge=0.4)
    pen.part(box(5.6, 69, 17, 72.6, 1.6), STEEL, "lying", METAL, edge=0.5)
    pen.part(box(84, 69, 95, 72.6, 1.6), STEEL, "lying", METAL, edge=0.5)
    if kind != "racer":
        pen.dashes([(44, 57), (48, 57)], darker(pen.colour, 0.5), 1.0)
    if pen.style in ("sporty", "retro") or kind == "racer":
        pen.part(oval(45 if kind == "racer" else 40, 62.4, 5), PAPER, edge=0.5)
        _stamp(pen, 45 if kind == "racer" else 40, 62.4, 2.8, pen.accent, round(pen.vary(0, 7)))
    pen.motif(46, 61.5, 6.5)


def _wheel(pen: Pen, x: float, y: float, radius: float) -> None:
    wood = pen.look.material == "wood"
    pen.flat(oval(x, y - 1.2, radius + 1.8), INK, 0.5)
    pen.part(oval(x, y, radius), mix(WOOD, WHITE, 0.1) if wood else RUBBER, "ball", TIMBER if wood else MATT)
    pen.part(
        oval(x, y, radius * 0.58),
        pen.accent if pen.style == "playful" else STEEL,
        "flat",
        METAL if not wood else TIMBER,
    )
    if not wood:
        for turn in range(0, 360, 60):
            pen.line(
                moved(path(f"M {x} {y} L {x + radius * 0.5} {y}"), turn=turn, about=(x, y)),
                darker(STEEL, 0.5),
                0.6,
                0.7,
            )
    pen.part(oval(x, y, radius * 0.2), darker(pen.accent, 0.2), "ball", SHINY, edge=0.4)


@silhouette("kite", "floats", turn=10, flips=True)
def kite(pen: Pen) -> None:
    """A kite: a diamond or a delta of panels, spars, and a tail with bows."""
    delta = pen.chance(0.35)
    if delta:
        tip, left, right, low = (50.0, 14.0), (12.0, 58.0), (88.0, 58.0), (50.0, 52.0)
        middle = (50.0, 44.0)
    else:
        across = pen.vary(34, 38)
        tip, low, middle = (50.0, 9.0), (50.0, pen.vary(68, 73)), (50.0, across)
        left, right = (50 - pen.vary(24, 28), across), (50 + pen.vary(24, 28), across)
    tail: list[Point] = (
        [low, (56, 78), (46, 84), (57, 90), (48, 96)] if not delta else [low, (54, 66), (46, 76), (55, 86), (48, 95)]
    )
    pen.line(smooth(*tail, closed=False), darker(pen.accent, 0.2), 0.8)
    for index, (x, y) in enumerate(tail[1:]):
        tone = pen.hue(index + 1) if pen.pattern == "multicoloured" else (pen.accent, pen.colour)[index % 2]
        for side in SIDES:
            pen.part(polygon((x, y), (x + side * 4.6, y - 2.4), (x + side * 4.6, y + 2.4)), tone, edge=0.4)
    whole = polygon(tip, right, low, left)
    pen.body(whole)
    if pen.pattern in ("multicoloured", "plain"):
        panels = ((tip, right, middle), (right, low, middle), (low, left, middle), (left, tip, middle))
        for index, panel in enumerate(panels):
            tone = (
                pen.hue(index)
                if pen.pattern == "multicoloured"
                else (pen.colour, darker(pen.colour, 0.1), pen.colour, pen.colour)[index]
            )
            pen.part(polygon(*panel), tone, "flat", pen.surface, edge=0.5)
    pen.line(whole, pen.trim, 1.4)
    pen.stitch(whole, lighter(pen.trim, 0.5), 0.5)
    for start, end in ((tip, low), (left, middle), (middle, right)):
        pen.line(
            path(f"M {start[0]} {start[1]} L {end[0]} {end[1]}"), darker(mix(WOOD, pen.colour, 0.2), 0.35), 0.9, 0.8
        )
    pen.flat(oval(*middle, 1.4), pen.accent)
