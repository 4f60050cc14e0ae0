"""Sport: yoga mat, dumbbell, helmet, bottle."""

from __future__ import annotations

from recsys.shops.demo_store.drawing.colours import INK, RUBBER, STEEL, WHITE, WOOD, darker, lighter, mix
from recsys.shops.demo_store.drawing.materials import MATT, METAL, TIMBER
from recsys.shops.demo_store.drawing.paths import box, mirrored, moved, oval, path, polygon, smooth, tube, within
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette


@silhouette("mat", "stands", flips=True)
def mat(pen: Pen) -> None:
    """A yoga mat, rolled: the roll lies, its end shows the spiral, a flap or straps hold it."""
    radius, x, y = pen.vary(15, 18), pen.vary(24, 27), 66.0
    right = pen.vary(84, 88)
    inner = pen.accent if pen.pattern == "two-tone" else darker(pen.colour, 0.22)
    roll = path(
        f"M {x} {y - radius} L {right} {y - radius - 2} "
        f"C {right + radius * 0.7} {y - radius} {right + radius * 0.7} {y + radius - 4} {right} {y + radius - 3} "
        f"L {x} {y + radius} Z"
    )
    if pen.chance(0.6):
        sheet = path(
            f"M {x} {y + radius} L {right} {y + radius - 3} L {right + 7} {y + radius + 4} "
            f"L {x + 10} {y + radius + 8} Z"
        )
        pen.body(sheet)
        pen.part(
            path(
                f"M {x + 10} {y + radius + 8} L {right + 7} {y + radius + 4} L {right + 7} {y + radius + 5.2} "
                f"L {x + 10} {y + radius + 9.4} Z"
            ),
            inner,
            "bare",
            edge=0.4,
        )
    pen.body(roll, "lying", edge=1.2)
    if pen.chance(0.65):
        _mat_straps(pen, x, y, right, radius)
    end = oval(x, y, radius * 0.72, radius)
    pen.part(end, inner, "flat", pen.surface)
    for ring in range(4):
        share = 0.84 - ring * 0.2
        pen.line(oval(x + ring * 0.4, y, radius * 0.72 * share, radius * share), pen.colour, radius * 0.075)
        pen.line(oval(x + ring * 0.4, y, radius * 0.72 * (share - 0.07), radius * (share - 0.07)), INK, 0.4, 0.4)
    pen.flat(oval(x + 1.2, y, radius * 0.1, radius * 0.14), darker(inner, 0.7))


def _mat_straps(pen: Pen, x: float, y: float, right: float, radius: float) -> None:
    """Two straps and what they are carried by."""
    for at in (0.26, 0.74):
        sx = x + (right - x) * at
        strap = path(
            f"M {sx - 2} {y - radius - 0.8} "
            f"C {sx + 5} {y - radius * 0.5} {sx + 5} {y + radius * 0.5} {sx - 2} {y + radius - 0.6} "
            f"L {sx + 2} {y + radius - 0.8} "
            f"C {sx + 9} {y + radius * 0.5} {sx + 9} {y - radius * 0.5} {sx + 2} {y - radius - 1} Z"
        )
        pen.part(strap, pen.trim, "lying", MATT)
    carry = path(
        f"M {x + (right - x) * 0.26} {y - radius} "
        f"C {x + 20} {y - radius - 20} {right - 22} {y - radius - 20} {x + (right - x) * 0.74} {y - radius - 1}"
    )
    pen.part(tube(carry, 2.6), pen.trim, surface=MATT)


@silhouette("dumbbell", "lies", turn=24)
def dumbbell(pen: Pen) -> None:
    """A dumbbell: hexagonal heads, round heads or plates, on a knurled bar."""
    kind = pen.pick("hex", "plates", "round")
    bar = pen.vary(4.2, 5.2)
    high = pen.vary(17, 21)
    pen.part(
        box(26, 50 - bar, 74, 50 + bar, 2),
        STEEL if pen.look.material != "neoprene" else pen.second,
        "lying",
        METAL if pen.look.material != "neoprene" else pen.surface,
    )
    grip = box(36, 50 - bar - 0.4, 64, 50 + bar + 0.4, 1.6)
    with pen.clip(grip):
        for x in range(26, 74, 2):
            pen.line(path(f"M {x} 42 L {x + 8} 58"), INK, 0.4, 0.35)
            pen.line(path(f"M {x + 8} 42 L {x} 58"), INK, 0.4, 0.3)
    for side in (-1, 1):
        if kind == "plates":
            _plates(pen, side, high, bar)
            continue
        _head(pen, kind, side, high)


def _plates(pen: Pen, side: int, high: float, bar: float) -> None:
    """Three plates and the end of the bar."""
    for offset, share in ((16, 1.15), (22, 1.0), (28, 0.78)):
        x = 50 + side * (offset + 2)
        pen.fill(
            box(x - 3, 50 - high * share, x + 3, 50 + high * share, 2.2),
            pen.second if offset == 22 else pen.colour,
            "lying",
            pen.surface,
            patterned=True,
            edge=1,
        )
    pen.part(box(50 + side * 36 - 3, 50 - bar * 0.9, 50 + side * 36 + 3, 50 + bar * 0.9, 1), STEEL, "lying", METAL)


def _head(pen: Pen, kind: str, side: int, high: float) -> None:
    """A head cast in one piece: with six edges or round."""
    inner, outer = 50 + side * 15, 50 + side * 39
    bevel = 4.0 if kind == "hex" else 6.0
    head = polygon(
        (inner, 50 - high * 0.8),
        (inner + side * bevel, 50 - high),
        (outer - side * bevel, 50 - high),
        (outer, 50 - high * 0.8),
        (outer, 50 + high * 0.8),
        (outer - side * bevel, 50 + high),
        (inner + side * bevel, 50 + high),
        (inner, 50 + high * 0.8),
    )
    if kind == "round":
        head = box(min(inner, outer), 50 - high, max(inner, outer), 50 + high, 7)
    pen.body(head, "lying", edge=1.2)
    with pen.clip(head):
        if kind == "hex":
            pen.flat(box(0, 50 - high, 100, 50 - high * 0.42), WHITE, 0.12)
            pen.flat(box(0, 50 + high * 0.42, 100, 50 + high), INK, 0.22)
            for y in (50 - high * 0.42, 50 + high * 0.42):
                pen.seam(path(f"M 0 {y} L 100 {y}"), 0.5)
        pen.part(
            box(min(inner, inner + side * 4), 0, max(inner, inner + side * 4), 100),
            pen.second,
            "lying",
            pen.surface,
            edge=0.5,
        )
    middle = (inner + outer) / 2 + side * 1.6
    pen.dashes(
        [(middle - 3, 50 - 1.5), (middle + 3, 50 - 1.5), (middle - 2, 50 + 1.8), (middle + 2, 50 + 1.8)],
        lighter(pen.colour, 0.6),
        1.0,
    )


@silhouette("helmet", "stands", flips=True)
def helmet(pen: Pen) -> None:
    """A bicycle helmet from the side: shell, vents or slots, a visor, straps."""
    strap, urban, top = darker(pen.second, 0.5), pen.style in ("retro", "minimal"), pen.vary(19, 24)
    for start, bend, end in (
        ((30, 60), (36, 74), (47, 82)),
        ((60, 56), (58, 70), (49, 82)),
        ((48, 81), (51, 86), (50, 91)),
    ):
        pen.line(path("M", *start, "Q", *bend, *end), strap, 1.8)
    pen.part(box(45, 79, 51.6, 84, 1), RUBBER, "flat", MATT, edge=0.5)
    pen.part(path("M 14 59 Q 32 70 46 65 Q 64 58 88 56 L 86 60 Q 64 64 48 69 Q 30 74 16 64 Z"), RUBBER, "lying", MATT)
    if pen.chance(0.45):
        visor = path("M 80 46 Q 92 47 99 57 Q 90 58 81 55.6 Z")
        pen.part(visor, darker(pen.second, 0.35), "lying", pen.surface)
    front = f"C 88 {top + 14} 92 46 91 54 Q 90.6 57.4 86 57.4"
    crown = (
        f"C 10 36 26 {top} 50 {top} C 66 {top} 82 {top + 6} 86.6 {top + 18}"
        if urban
        else (
            f"C 6 42 14 33 24 {top + 8} C 34 {top + 1} 46 {top - 1} 56 {top} C 70 {top + 1} 80 {top + 7} 86 {top + 17}"
        )
    )
    shell = path(f"M 11 57 {crown} {front} C 66 57 56 61 46 64.6 Q 28 69 14 62.6 Q 10.6 61 11 57 Z")
    pen.body(shell, "ball", edge=1.2)
    with pen.clip(shell):
        rim = path("M 4 56 Q 28 65 46 59.6 Q 64 53 96 50.4 L 96 80 L 4 80 Z")
        pen.part(rim, pen.second, "lying", pen.surface, edge=0.6)
        _vents(pen, top, urban=urban)
        if pen.style == "sporty":
            pen.line(path(f"M 8 50 C 26 40 60 {top + 16} 94 46"), pen.accent, 2.0)
    pen.motif(36, 45, 7.5)


def _vents(pen: Pen, top: float, *, urban: bool) -> None:
    """Openings swept back as the air flows; a few round ones in a helmet for the city."""
    if urban:
        for x in (34, 44, 54, 64):
            pen.part(box(x, top + 9, x + 4.4, top + 12.4, 1.7), darker(pen.colour, 0.75), "bare", edge=0.4)
        return
    rows = [
        ((27, top + 10), (40, top + 3.6), (58, top + 4), (46, top + 8)),
        ((62, top + 4.6), (74, top + 8), (82, top + 17), (71, top + 11)),
        ((15, top + 24), (24, top + 15), (44, top + 12), (31, top + 20)),
        ((49, top + 11.4), (64, top + 12), (78, top + 20), (61, top + 18)),
        ((24, top + 34), (34, top + 25), (54, top + 22), (42, top + 32)),
    ]
    for row in rows if pen.pattern != "printed" else rows[:2]:
        vent = smooth(*row)
        pen.flat(moved(vent, 0.7 * pen.lit, 1.0), lighter(pen.colour, 0.5), 0.55)
        pen.part(vent, darker(pen.colour, 0.8), "bare", edge=0.5)


@silhouette("bottle", "stands")
def bottle(pen: Pen) -> None:
    """A water bottle: screw cap with a loop, sports cap or wooden cap; shoulders; a band."""
    wide, top, cap = pen.vary(12.5, 15.5), pen.vary(25, 31), pen.pick("loop", "sport", "wood", "steel")
    neck = wide * pen.vary(0.5, 0.72)
    body = mirrored(
        (50, top),
        (50 + neck, top),
        (50 + neck, top + 3),
        (50 + neck + 0.4, top + 8, 50 + wide, top + 8, 50 + wide, top + 15),
        (50 + wide, 85),
        (50 + wide, 89, 50 + wide - 4, 89),
        (50, 89.4),
    )
    if pen.surface.body < 1:
        pen.part(
            within(body, box(0, 50, 100, 100)), mix(pen.colour, (170, 205, 220), 0.4), "upright", pen.surface, edge=0
        )
    pen.body(body, "upright", edge=1.1)
    with pen.clip(body):
        if pen.pattern == "two-tone":
            pen.part(box(0, pen.vary(64, 74), 100, 100), pen.accent, "upright", pen.surface, edge=0.5)
        elif pen.style == "sporty":
            for y in (74, 77.5):
                pen.part(box(0, y, 100, y + 2), pen.accent, "upright", edge=0.3)
    _bottle_cap(pen, cap, neck, top)
    pen.motif(50, 60, wide * 0.62)
    if pen.pattern == "plain" and pen.chance(0.5):
        pen.dashes([(50, 54), (50, 66)], pen.ink, 1.2)


def _bottle_cap(pen: Pen, cap: str, neck: float, top: float) -> None:
    """The cap, with what it is carried or drunk by."""
    tone = {"wood": WOOD, "steel": STEEL, "loop": darker(pen.second, 0.3), "sport": RUBBER}[cap]
    surface = {"wood": TIMBER, "steel": METAL}.get(cap, MATT)
    if cap == "loop":
        pen.part(
            tube(
                path(
                    f"M {50 - neck + 2} {top - 6} "
                    f"C {50 - neck} {top - 18} {50 + neck} {top - 18} {50 + neck - 2} {top - 6}"
                ),
                2.6,
            ),
            tone,
            "flat",
            MATT,
        )
    elif cap == "sport":
        pen.part(box(46.4, top - 15, 53.6, top - 6, 2), pen.accent, "upright")
        pen.part(mirrored((50, top - 10), (55, top - 10), (50 + neck, top - 5), (50, top - 4)), tone, "upright", MATT)
    pen.part(box(50 - neck - 1, top - 7.4, 50 + neck + 1, top + 1.6, 1.4), tone, "upright", surface)
    for index in range(9):
        if cap in ("loop", "steel"):
            x = 50 - neck + index * neck / 4
            pen.line(path(f"M {x} {top - 5.6} L {x} {top}"), INK, 0.4, 0.3)
