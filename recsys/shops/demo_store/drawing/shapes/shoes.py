"""Shoes, seen from the side, the toe to the right: sneaker, boot, sandal, heel."""

from __future__ import annotations

import skia

from recsys.shops.demo_store.drawing.colours import PAPER, RUBBER, STEEL, WHITE, WOOD, Colour, darker, lighter, mix
from recsys.shops.demo_store.drawing.materials import MATERIALS, MATT, METAL
from recsys.shops.demo_store.drawing.paths import Point, box, moved, oval, path, smooth, tube, within
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette


def _sole_colour(pen: Pen) -> Colour:
    return pen.pick(PAPER, PAPER, mix(WOOD, WHITE, 0.35), RUBBER) if pen.style != "minimal" else PAPER


@silhouette("sneaker", "stands", flips=True)
def sneaker(pen: Pen) -> None:
    """A low or high sneaker: sole, toe cap, heel, tongue, laces, a stripe on the side."""
    high = pen.vary(29, 33) if pen.chance(0.22) else pen.vary(44.5, 48)
    toe, base, back = pen.vary(90, 93), 73.0, (15.5 if high < 40 else 11.5)
    pen.part(
        path(f"M 36 {high + 4} C 35 {high - 6} 40 {high - 9} 46 {high - 4.5} L 58 53 L 46 57 Z"),
        pen.second,
        surface=pen.surface,
    )
    inside = path(f"M {back + 1.5} {high} Q 25 {high - 4} 40 {high} L 38 {high + 9} L 16 {high + 9} Z")
    pen.part(inside, darker(pen.colour, 0.55), "bare", edge=0.5)
    upper = path(
        f"M 10.5 {base} C 8.5 64 {back - 3} {high + 8} {back} {high} "
        f"C {back + 1.5} {high - 3} 17 {high - 3} 19 {high + 0.5} "
        f"C 24 {high + 6.5} 34 {high + 6} 40 {high + 0.5} L 44 {high + 1} C 50 53.5 56 56 64 57.5 "
        f"C 76 58.5 {toe - 1} 60 {toe} {base - 3.5} L {toe - 0.6} {base} Z"
    )
    pen.body(upper)
    with pen.clip(upper):
        heel_tab = smooth((5, high - 4), (15, high - 2), (17.5, 58), (23, 80), (4, 80))
        pen.part(heel_tab, pen.second, surface=pen.surface, edge=0.7)
        cap = path("M 74 80 C 73 69 76 62 84 57 L 97 58 L 97 80 Z")
        pen.part(cap, pen.second, surface=pen.surface, edge=0.7)
        pen.stitch(path("M 72.6 77 C 71.6 68 74.6 61 82 56.5"))
        pen.stitch(path(f"M 19 {base} C 24 66 34 62 42 63"), alpha=0.35)
        pen.shade(box(8, base - 3.4, 93, base + 2), 0.18, 1.2)
    _sneaker_side(pen, high, base)
    _sneaker_sole(pen, toe, base)


def _sneaker_sole(pen: Pen, toe: float, base: float) -> None:
    thick, tone = pen.vary(6, 9), _sole_colour(pen)
    sole = path(
        f"M 8.6 {base - 2} Q 30 {base - 0.6} 56 {base - 1} Q 78 {base - 1.6} {toe + 1} {base - 4.4} "
        f"Q {toe + 3.4} {base - 2} {toe + 1.4} {base + 1} Q {toe - 2} {base + thick - 1} {toe - 12} {base + thick} "
        f"L 14 {base + thick} Q 6.6 {base + thick} 7.4 {base + 1} Z"
    )
    pen.part(sole, tone, "lying", MATT)
    middle = base + thick * 0.4
    pen.line(path(f"M 8.4 {middle} Q 56 {middle + 1} {toe + 1.6} {base - 0.6}"), pen.trim, 1.0, 0.85)
    with pen.clip(sole):
        low = base + thick
        pen.flat(box(5, low - 1.7, 96, low + 1), darker(tone, 0.35))
        pen.dashes([(x, low - (i % 2) * 1.8) for x in range(11, 88, 4) for i in (1, 2)], darker(tone, 0.6), 0.8)


def _sneaker_side(pen: Pen, high: float, base: float) -> None:
    """Laces over the tongue, eyelets, and a mark on the side."""
    facing = path(
        f"M 39.6 {high + 1} L 44 {high + 1} C 50 53.5 56 56 64.5 57.6 Q 63 62.5 58 62 C 50 61 42 57 36.6 {high + 6.4} Z"
    )
    pen.part(facing, pen.second, surface=pen.surface, edge=0.7)
    pen.stitch(path(f"M 37.6 {high + 7} C 43 58 50 61.6 58 62.4"))
    lace = WHITE if pen.chance(0.7) else pen.accent
    count = 6 if high < 40 else 5
    for index in range(count):
        share = (index + 0.4) / count
        x, y = 41 + 19 * share**1.15, high + 4 + (56.6 - high) * share**0.85
        pen.flat(oval(x - 1.2, y + 2, 0.75), darker(pen.colour, 0.75))
        pen.part(tube(path(f"M {x - 1.2} {y + 1.9} Q {x + 1.4} {y - 2.2} {x + 5} {y - 2.6}"), 1.55), lace, edge=0.4)
    mark = pen.pick("swoop", "bars", "none" if pen.style == "minimal" else "disc")
    if mark == "swoop":
        swoop = path("M 24 63 C 34 67 48 66 62 63.4 C 52 70 36 74.5 27 70 Q 23.6 67.4 24 63 Z")
        pen.part(swoop, pen.accent, edge=0.5)
    elif mark == "bars":
        for index in range(3):
            x = 37 + index * 6
            bar = path(f"M {x} {59 + index} L {x + 3.2} {60 + index} L {x - 1} {base - 1} L {x - 4.4} {base - 1} Z")
            pen.part(bar, pen.accent, edge=0.45)
    elif mark == "disc" and pen.pattern != "printed":
        pen.part(oval(28, 62.5, 3.6), pen.accent, edge=0.5)
    pen.motif(29, 63, 5)
    rim = path(
        f"M {15.5 if high < 40 else 12.5} {high + 0.5} C 16 {high - 3} 19 {high + 1} 22 {high + 4} "
        f"C 27 {high + 6.6} 34 {high + 6} 39 {high + 1.6}"
    )
    pen.part(tube(rim, 2.4), pen.trim, "lying", pen.surface, edge=0.5)


@silhouette("boot", "stands", flips=True)
def boot(pen: Pen) -> None:
    """An ankle boot: laced, or with an elastic insert, or a zip; a flat or a stacked heel."""
    top, kind = pen.vary(17, 24), pen.pick("laced", "chelsea", "laced")
    base, heel = 78.0, pen.vary(5.5, 9)
    upper = path(
        f"M 19 {base} C 17 64 19 40 20 {top + 1} C 28 {top - 2} 40 {top - 2} 48 {top} C 47 34 48 46 53 52 "
        f"C 62 56 82 58 86 70 Q 87 74 86 {base} Z"
    )
    pen.part(oval(34, top + 0.3, 14, 2.4), darker(pen.colour, 0.6), "bare")
    pen.body(upper)
    with pen.clip(upper):
        pen.part(
            path("M 66 84 C 64 70 67 60 73 55 L 92 56 L 92 84 Z"),
            pen.second,
            surface=pen.surface,
            edge=0.7,
        )
        pen.part(smooth((12, 55), (24, 56), (29, 66), (30, 84), (12, 84)), pen.second, surface=pen.surface, edge=0.7)
        for y in (44, 50):
            pen.fold((24, y + 2), (34, y + 3.4), (46, y), depth=1.1)
    if kind == "laced":
        _boot_laces(pen, top)
    else:
        side = path(f"M 27 {top - 0.6} L 39 {top - 1} C 40 36 38 48 33.5 56 C 29 48 27 36 27 {top} Z")
        pen.part(side, darker(pen.colour, 0.5), "upright", MATERIALS["fabric"])
        for x in range(28, 40, 2):
            pen.dashes([(x, top + 1), (x * 0.6 + 13.4, 50)], darker(pen.colour, 0.75), 0.4)
    loop = tube(path(f"M 20.5 {top + 6} C 16 {top} 17 {top - 6} 21.5 {top - 1}"), 1.7)
    pen.part(loop, pen.trim, surface=pen.surface, edge=0.5)
    tone = RUBBER if pen.look.material != "suede" or pen.chance(0.5) else mix(WOOD, WHITE, 0.1)
    rise, floor = heel * 0.6, base + 4.5 + heel * 0.6
    sole = path(
        f"M 17 {base - 1} L 87 {base - 2} Q 91.5 {base + 1} 86 {floor - 0.6} L 80 {floor} L 56 {floor} "
        f"Q 49 {floor - rise * 0.3} 46.4 {floor - rise} L 43.4 {floor - rise} L 42.6 {floor} L 17.5 {floor} "
        f"Q 16 {base + 3} 17 {base - 1} Z"
    )
    pen.part(sole, tone, "lying", MATT)
    pen.stitch(path(f"M 19 {base + 0.6} L 86 {base - 0.2}"), lighter(tone, 0.65), 0.8)


def _boot_laces(pen: Pen, top: float) -> None:
    pen.part(
        path(f"M 39 {top - 1} L 49 {top - 0.6} C 48 34 49 46 54.5 52.5 L 58 58 C 46 57 40 48 39 {top} Z"),
        pen.second,
        surface=pen.surface,
        edge=0.7,
    )
    lace = pen.accent if pen.style in ("industrial", "casual") else darker(pen.colour, 0.65)
    for index in range(6):
        y = top + 4 + index * (50 - top) / 6.4
        x = 42.4 + max(0, index - 3) * 2.6
        pen.flat(oval(x, y, 1.0), STEEL)
        pen.part(tube(path(f"M {x} {y} Q {x + 4} {y + 0.4} {x + 7} {y - 2}"), 1.3), lace, edge=0.4)


@silhouette("sandal", "lies", turn=4)
def sandal(pen: Pen) -> None:
    """A pair of sandals from above: footbeds and what holds the foot."""
    kind, wide = pen.pick("slide", "cross", "thong", "buckles"), pen.vary(0.9, 1.0)
    # Thin straps leave little of the product's colour, so that its footbed has it too; broad ones may lie on any.
    own = darker(pen.colour, 0.3)
    bed = own if kind == "thong" else pen.pick(own, (222, 213, 198), RUBBER)
    for side in (-1, 1):
        # Each shoe in its own right half, a hand's breadth apart and a little splayed.
        points = [_sandal_point(side, wide, x, y) for x, y in _SOLE]
        sole = smooth(*points)
        pen.part(moved(sole, 0.5, 1.4), darker(bed, 0.5), "bare", edge=0.4)
        pen.part(sole, bed, "flat", MATERIALS["cork"] if bed != RUBBER else MATT)
        inner = smooth(*((_mid(points)[0] + (x - _mid(points)[0]) * 0.86, 50 + (y - 50) * 0.93) for x, y in points))
        pen.stitch(inner, lighter(bed, 0.5), 0.4)
        pen.shade(oval(*_sandal_point(side, wide, 68, 79), 6, 6), 0.12, 2)
        for strap in _STRAPS[kind]:
            shape = _strap(strap, side, wide)
            with pen.clip(sole):
                pen.shade(moved(shape, 0.6, 2.0), 0.35, 1.0)
            pen.fill(shape, pen.colour, "flat", pen.surface, patterned=True, edge=0.9)
            pen.stitch(shape, alpha=0.25)
        _sandal_metal(pen, kind, side, wide)


_SOLE = (
    (67, 9), (78, 13), (83, 25), (81, 42), (77.5, 57), (79, 72), (77.5, 85), (69, 91), (60.5, 86),
    (58, 72), (58, 57), (55.5, 42), (54.5, 26), (58, 13),
)  # fmt: skip
_STRAPS: dict[str, tuple[str, ...]] = {
    "slide": ("M 53 28 Q 68 17 84.6 27 L 82 52 Q 68 44 54.6 52 Z",),
    "buckles": (
        "M 53 25 Q 68 17 84.6 24 L 83.6 36 Q 68 29 53.6 37 Z",
        "M 54 43 Q 68 35 83 42 L 81 54 Q 68 47 55.6 55 Z",
    ),
    "cross": (
        "M 52.8 26 L 60 21 Q 74 32 83 45 L 80.4 54 Q 66 40 53.4 34 Z",
        "M 84.8 25 L 77 20.4 Q 64 32 54.6 45 L 56 54 Q 70 41 84.4 33 Z",
        "M 57 67 Q 68 60 80 66.6 L 79.6 71 Q 68 65 57.4 71.4 Z",
    ),
    "thong": (
        "M 65.6 20 Q 68 17.6 70 20 Q 70.6 27 83 43 L 81.6 51 Q 70 38 67.8 29 "
        "Q 65 38 55.6 52 L 54.8 44 Q 65 30 65.6 20 Z",
    ),
}


def _sandal_point(side: int, wide: float, x: float, y: float) -> Point:
    return 50 + side * (4 + (x - 54) * wide), y


def _mid(points: list[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), 50


def _strap(outline: str, side: int, wide: float) -> skia.Path:
    """An outline drawn for the right shoe, on either."""
    words, numbers = outline.split(), list[float]()
    placed: list[str | float] = []
    for word in words:
        if word.isalpha():
            placed.append(word)
            continue
        numbers.append(float(word))
        if len(numbers) == 2:
            placed.extend(_sandal_point(side, wide, *numbers))
            numbers = []
    return path(*placed)


def _sandal_metal(pen: Pen, kind: str, side: int, wide: float) -> None:
    if kind == "buckles":
        for y in (29.0, 47.0):
            x, at = _sandal_point(side, wide, 77.5, y)
            pen.part(box(x - 2.6, at - 2.6, x + 2.6, at + 3.4, 0.9), STEEL, "flat", METAL, edge=0.5)
            pen.flat(box(x - 1.3, at - 1.2, x + 1.3, at + 2.0, 0.4), pen.second)
    elif kind == "thong":
        x, y = _sandal_point(side, wide, 67.8, 20.6)
        pen.part(oval(x, y, 1.8), pen.trim, "ball", MATT, edge=0.4)
    elif kind == "slide":
        ends = (_sandal_point(side, wide, 56, 40), _sandal_point(side, wide, 82.6, 39))
        pen.line(
            path(f"M {ends[0][0]} {ends[0][1]} Q {(ends[0][0] + ends[1][0]) / 2} 31 {ends[1][0]} {ends[1][1]}"),
            pen.trim,
            2.4,
            0.9,
        )


@silhouette("heel", "stands", flips=True)
def heel(pen: Pen) -> None:
    """A high heel: a pointed or round toe, a thin or a block heel, perhaps an ankle strap."""
    base, block = 82.0, pen.chance(0.35)
    tip = pen.vary(91, 94)
    if pen.chance(0.45):
        ring = tube(path("M 18 32 C 22 23 40 22 44 29 C 42 36 24 38 18 32 Z"), 2.6)
        pen.part(ring, pen.second, surface=pen.surface, edge=0.6)
        pen.part(tube(path("M 17.5 48 L 19 32"), 2.8), pen.second, surface=pen.surface, edge=0.6)
        pen.flat(box(30.6, 33.6, 34.2, 37.2, 0.7), STEEL)
    wide = 6.5 if block else 1.5
    stem = path(f"M 15 50 C 15 62 17 70 18.5 {base} L {19.5 + wide} {base} C {20 + wide * 1.2} 72 26 64 36 60 Z")
    pen.part(stem, pen.second, "upright", pen.surface)
    pen.part(path(f"M 18 {base - 1.5} L {20 + wide} {base - 1.5} L {20 + wide} {base} L 18 {base} Z"), RUBBER, "bare")
    sole = path(
        f"M 17 52 C 34 58 50 76 62 {base} L {tip} {base} C {tip + 1} {base - 2} 84 78 72 78 C 60 76 40 54 20 48 Z"
    )
    pen.part(sole, darker(mix(pen.accent, RUBBER, 0.3), 0.25), "lying", MATT, edge=0.5)
    inner = path("M 14 42 C 22 46 34 52 46 62 C 54 68 62 69 70 66 C 62 60 56 62 50 58 C 40 50 28 40 15 37 Z")
    pen.part(inner, darker(pen.colour, 0.5), "bare")
    upper = path(
        f"M 14.5 37 C 12 44 13 52 17 54 C 36 60 50 76 62 {base - 1.4} L {tip} {base - 1.4} "
        f"C {tip + 0.5} {base - 6} 82 70 70 65.5 C 64 70 56 70 48 64 C 38 54 28 45 14.5 37 Z"
    )
    pen.body(within(upper, box(0, 0, 100, 100)))
    pen.glow(
        path("M 66 73 C 74 71 82 75 87 78 C 80 77 74 75 66 75 Z"),
        0.15 + 0.4 * pen.surface.gloss,
        1.0,
    )
    if pen.style == "romantic" or pen.chance(0.25):
        for side in (-1, 1):
            pen.part(
                smooth((70, 67), (70 + side * 4.4, 62.6), (70 + side * 6, 66.6), (70 + side * 3.6, 69.4)),
                pen.second,
                surface=pen.surface,
                edge=0.5,
            )
        pen.button(70, 66.8, 1.3, STEEL)
