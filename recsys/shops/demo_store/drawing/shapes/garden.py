"""Garden: plant pot, watering can, chair, parasol."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians, sin

import skia

from recsys.shops.demo_store.drawing.colours import INK, LEAF, PAPER, STEEL, WHITE, WOOD, Colour, darker, lighter, mix
from recsys.shops.demo_store.drawing.materials import CLOTH, MATT, METAL, TIMBER
from recsys.shops.demo_store.drawing.paths import box, mirrored, moved, oval, path, polygon, smooth, tube
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette
from recsys.shops.demo_store.drawing.shapes.garments import SIDES, side_of

_SOIL: Colour = (84, 66, 52)


@silhouette("pot", "stands")
def pot(pen: Pen) -> None:
    """A plant pot: tapered with a rim, a bowl, a cylinder; with a saucer, with a plant or empty."""
    kind, wide = pen.pick("classic", "bowl", "cylinder"), pen.vary(24, 28)
    top, low = pen.vary(44, 50), 86.0
    shape = _pot_shape(kind, wide, top, low)
    plant = pen.chance(0.45)
    if plant:
        _plant(pen, top)
    if pen.chance(0.45):
        pen.part(
            mirrored((50, low - 2), (50 + wide * 0.8, low - 2.4), (50 + wide * 0.74, low + 2.4), (50, low + 3.2)),
            darker(pen.colour, 0.1),
            "upright",
            pen.surface,
        )
    pen.body(shape, "upright", edge=1.1)
    pen.glaze(shape)
    rim = wide - 2 if kind == "classic" else wide if kind == "bowl" else wide - 3
    if kind == "classic":
        band = mirrored((50, top - 2), (50 + wide, top - 2), (50 + wide - 1.4, top + 8), (50, top + 9))
        with pen.clip(shape):
            pen.shade(moved(band, 0.3, 1.6), 0.25, 1)
        pen.body(band, "upright", edge=0.8)
        rim = wide
    y = top - 2 if kind == "classic" else top
    if not plant:
        pen.part(oval(50, y, rim, rim * 0.16), lighter(pen.colour, 0.2), "flat", pen.surface, edge=0.5)
        pen.part(
            oval(50, y + 0.4, rim - 2, rim * 0.16 - 0.9),
            darker(pen.colour, 0.5) if pen.chance(0.5) else _SOIL,
            "bare",
            MATT,
        )


def _pot_shape(kind: str, wide: float, top: float, low: float) -> skia.Path:
    """The outline of the pot."""
    return {
        "classic": mirrored(
            (50, top),
            (50 + wide - 2, top),
            (50 + wide * 0.64, low - 1),
            (50 + wide * 0.6, low, 50 + wide * 0.55, low),
            (50, low + 0.6),
        ),
        "bowl": mirrored(
            (50, top),
            (50 + wide, top),
            (50 + wide + 3, 72, 50 + wide * 0.7, low, 50 + wide * 0.5, low),
            (50, low + 0.5),
        ),
        "cylinder": mirrored(
            (50, top),
            (50 + wide - 3, top),
            (50 + wide - 4, low - 3),
            (50 + wide - 5, low, 50 + wide - 9, low),
            (50, low + 0.8),
        ),
    }[kind]


def _plant(pen: Pen, top: float) -> None:
    """What grows in the pot: broad leaves, upright blades, or a small bush."""
    green = mix(LEAF, (60, 120, 80), pen.vary(0, 0.7))
    kind = pen.pick("broad", "blades", "bush")
    count = {"broad": 9, "blades": 9, "bush": 26}[kind]
    for index in range(count):
        lean = (index + 0.5) / count * 2 - 1
        tone = mix(green, (34, 70, 52) if index % 2 else (190, 210, 150), pen.vary(0.02, 0.3))
        if kind == "blades":
            x, y = 50 + lean * 17 + pen.vary(-2, 2), top - pen.vary(22, 36) * (1 - 0.3 * abs(lean))
            blade = path(
                f"M {50 + lean * 10 - 2} {top + 2} Q {50 + lean * 13 - 3} {(top + y) / 2} {x} {y} "
                f"Q {50 + lean * 14 + 3.4} {(top + y) / 2} {50 + lean * 10 + 2.4} {top + 2} Z"
            )
            pen.part(blade, tone, edge=0.5)
        elif kind == "broad":
            far = pen.vary(22, 33) * (1 - 0.22 * abs(lean))
            angle = radians(lean * 74)
            x, y = 50 + far * sin(angle), top + 4 - far * cos(angle)
            pen.line(
                smooth((50, top + 2), (50 + (x - 50) * 0.4, top - far * 0.4), (x, y), closed=False),
                darker(green, 0.3),
                0.9,
            )
            leaf = moved(
                mirrored((x, y - 8), (x + 6.4, y - 2, x + 4.4, y + 4), (x + 2, y + 6, x, y + 5), axis=x),
                turn=lean * 80,
                about=(x, y),
            )
            pen.part(leaf, tone, edge=0.6)
            pen.line(
                moved(path(f"M {x} {y - 6} L {x} {y + 4}"), turn=lean * 80, about=(x, y)), lighter(tone, 0.4), 0.4, 0.7
            )
        else:
            x, y = 50 + pen.vary(-20, 20), top - pen.vary(0, 22)
            if ((x - 50) / 21) ** 2 + ((y - top + 6) / 19) ** 2 < 1.1:
                pen.part(moved(oval(x, y, 4.6, 3), turn=pen.vary(0, 180), about=(x, y)), tone, edge=0.4)


@silhouette("can", "stands", flips=True)
def can(pen: Pen) -> None:
    """A watering can: spout with a rose or a long thin one, two handles or one loop."""
    wide, top, slim = pen.vary(18, 21), pen.vary(46, 50), pen.style == "minimal" or pen.chance(0.3)
    x = 42.0
    _spout(pen, x, wide, top, slim=slim)
    tone = pen.second if pen.pattern == "two-tone" else darker(pen.colour, 0.1)
    back = path(
        f"M {x - wide + 2} 78 C {x - wide - 19} 74 {x - wide - 16} {top - 6} {x - 5} {top - 11} "
        f"C {x + 6} {top - 15} {x + 13} {top - 6} {x + 14} {top + 3}"
    )
    pen.part(tube(back, 3.4), tone, "flat", pen.surface)
    body = mirrored(
        (x, top), (x + wide - 2.4, top), (x + wide - 1, 70, x + wide, 86), (x + wide * 0.6, 88.4, x, 88.4), axis=x
    )
    pen.body(body, "upright", edge=1.1)
    with pen.clip(body):
        for y in (top + 5, 82):
            pen.seam(path(f"M 0 {y} Q {x} {y + 2.6} 100 {y}"), 0.6)
        if pen.pattern == "two-tone":
            pen.part(
                path(f"M 0 74 Q {x} 77 100 74 L 100 100 L 0 100 Z"),
                pen.accent,
                "upright",
                pen.surface,
                edge=0.5,
            )
    hood = path(
        f"M {x - wide + 2.4} {top} Q {x - 4} {top - 4.4} {x + wide - 2.4} {top} "
        f"Q {x} {top + 6} {x - wide + 2.4} {top} Z"
    )
    pen.part(hood, darker(pen.colour, 0.55), "flat", edge=0.6)
    pen.part(
        path(
            f"M {x} {top - 2.4} Q {x + wide * 0.6} {top - 3.4} {x + wide - 2.4} {top} "
            f"Q {x + 8} {top + 4} {x} {top + 3} Z"
        ),
        pen.colour,
        "flat",
        pen.surface,
        edge=0.6,
    )


def _spout(pen: Pen, x: float, wide: float, top: float, *, slim: bool) -> None:
    """A long thin spout, or a short one with its rose and its stay."""
    if slim:
        spout = path(f"M {x + wide - 4} 80 C 78 80 74 44 90 34 L 92.4 35.4 C 80 46 84 86 {x + wide - 4} 86 Z")
    else:
        spout = path(f"M {x + wide - 3} 74 L 82 42 L 86 45 L {x + wide - 3} 84 Z")
    pen.part(spout, pen.second if pen.pattern == "two-tone" else pen.colour, "flat", pen.surface)
    if not slim:
        rose = moved(mirrored((84, 36), (91, 38), (87, 46), (84, 46.4), axis=84), turn=40, about=(84, 43))
        pen.part(rose, pen.second, "lying", pen.surface)
        pen.part(
            moved(oval(84, 36.6, 7.2, 2.2), turn=40, about=(84, 43)), lighter(pen.second, 0.2), "flat", METAL, edge=0.6
        )
        pen.part(
            tube(path(f"M {x + wide - 2} {top + 8} L 76 50"), 1.6),
            darker(pen.colour, 0.2),
            surface=pen.surface,
            edge=0.5,
        )


@silhouette("chair", "stands", flips=True)
def chair(pen: Pen) -> None:
    """A garden chair, three quarters from the front: legs, seat, slatted or woven back, arms."""
    frame = pen.colour if pen.look.material != "rattan" else darker(pen.colour, 0.25)
    back_top, arms = pen.vary(13, 20), pen.chance(0.6)
    woven = pen.pattern in ("braided", "striped") or pen.look.material == "rattan"
    for start, end in (((36, 62), (34, 84)), ((72, 60), (75, 82))):
        pen.part(
            tube(path(f"M {start[0]} {start[1]} L {end[0]} {end[1]}"), 2.8), darker(frame, 0.3), "upright", pen.surface
        )
    _chair_back(pen, frame, back_top, woven=woven)
    seat = path("M 34 58 L 74 55.4 L 81 66 Q 81.6 69 78 69.4 L 28 73.4 Q 24.6 73.4 25.4 70 Z")
    pen.shade(moved(seat, 0, 2), 0.25, 1.2)
    pen.body(seat, edge=0.9)
    if not woven:
        with pen.clip(seat):
            for index in range(1, 6):
                share = index / 6
                pen.seam(path(f"M {34 + 40 * share} {58 - 2.6 * share} L {25 + 57 * share} {73.6 - 4 * share}"), 0.9)
    pen.part(
        path("M 25.2 71 L 81 66.8 L 81 69.8 L 26 74.6 Z"),
        darker(frame, 0.15),
        "lying",
        pen.surface,
        edge=0.6,
    )
    for start, end in (((28, 73), (25, 90)), ((78, 69), (82, 86))):
        pen.part(tube(path(f"M {start[0]} {start[1]} L {end[0]} {end[1]}"), 3.2), frame, "upright", pen.surface)
    if arms:
        for line in (
            path("M 33.6 42 Q 22 44 21 49 L 26 72"),
            path("M 73.4 39 Q 84 41 85.4 46 L 80 67"),
        ):
            pen.part(tube(line, 2.8), frame, "flat", pen.surface)
    if pen.chance(0.35) and not arms:
        pen.part(
            path("M 35 57 L 73 54.6 Q 79 61 78 65.6 L 29 69.6 Q 28 66 35 57 Z"),
            mix(pen.accent, PAPER, 0.25),
            "flat",
            CLOTH,
        )


def _chair_back(pen: Pen, frame: Colour, back_top: float, *, woven: bool) -> None:
    """Slats or a weave, in a bent rail."""
    left, right = (33.0, back_top + 4), (71.0, back_top)
    back = polygon(left, right, (74, 56), (35, 59))
    if woven:
        pen.body(back)
    else:
        for index in range(6):
            share = (index + 0.5) / 6
            x, y = left[0] + (right[0] - left[0]) * share, left[1] + (right[1] - left[1]) * share
            pen.body(tube(path(f"M {x} {y + 2} L {35 + 39 * share + 0.6} {58 - 3 * share}"), 4.1, butt=True), edge=0.8)
    rail = tube(
        path(
            f"M 35 61 L 32.4 {back_top + 4} Q 33 {back_top} 37 {back_top - 0.4} L 67 {back_top - 3} "
            f"Q 71.6 {back_top - 3} 72 {back_top + 1} L 75 60"
        ),
        3,
    )
    pen.part(rail, frame, "flat", pen.surface)


@silhouette("parasol", "floats")
def parasol(pen: Pen) -> None:
    """An open parasol on its pole: gores, a valance, a finial, a foot."""
    wide, top, low = pen.vary(37, 42), pen.vary(13, 17), pen.vary(43, 48)
    tilt = pen.pick(0, 0, -12, 12)
    pole = pen.pick(mix(WOOD, INK, 0.08), PAPER, STEEL)
    pen.part(box(48.7, low - 4, 51.3, 90, 1), pole, "upright", TIMBER if pole not in (PAPER, STEEL) else METAL)
    pen.part(box(47.6, 63, 52.4, 66, 0.8), darker(pole, 0.35), "upright", METAL, edge=0.5)
    pen.part(mirrored((50, 86), (54, 86), (64, 90, 65, 92), (50, 93)), darker(STEEL, 0.45), "upright", MATT)
    with pen.turned(tilt, (50, low)):
        under = smooth((50 - wide, low), (50, low + 3.4), (50 + wide, low), (50, low - 3))
        pen.part(under, darker(pen.colour, 0.5), "bare")
        dome = mirrored(
            (50, top),
            (50 + wide * 0.5, top + 3, 50 + wide * 0.88, low - 15, 50 + wide, low),
            (50 + wide * 0.5, low + 4, 50, low + 4),
        )
        pen.body(dome, edge=1.1)
        _gores(pen, wide, top, low, dome)
        pen.part(
            mirrored((50, top - 5), (51.4, top - 4.6, 51.2, top), (53, top + 1.6), (50, top + 2)),
            pole,
            "upright",
            METAL,
            edge=0.5,
        )


def _gores(pen: Pen, wide: float, top: float, low: float, dome: skia.Path) -> None:
    """The panels between the ribs, each with its own light, and the valance below."""
    edges = [-1.0, -0.78, -0.38, 0.06, 0.5, 0.85, 1.0]
    with pen.clip(dome):
        for index, (start, end) in enumerate(pairwise(edges)):
            gore = path(
                f"M 50 {top} Q {50 + wide * start * 0.62} {top + 8} {50 + wide * start} {low + 5} "
                f"L {50 + wide * end} {low + 5} Q {50 + wide * end * 0.62} {top + 8} 50 {top} Z"
            )
            if pen.pattern == "two-tone" and index % 2:
                pen.part(gore, pen.accent, "flat", pen.surface, edge=0.5)
            else:
                pen.flat(gore, WHITE if index < 2 else INK, (0.1, 0.05, 0.0, 0.05, 0.1, 0.15)[index])
        for edge in edges[1:-1]:
            pen.seam(path(f"M 50 {top} Q {50 + wide * edge * 0.62} {top + 8} {50 + wide * edge} {low + 5}"), 0.6)
    for side in SIDES:
        for start, end in ((0.0, 0.34), (0.34, 0.68), (0.68, 1.0)):
            (a, b), (c, d) = (
                side_of(side, 50 + wide * start, low + 3.6 * (1 - start**2)),
                side_of(side, 50 + wide * end, low + 3.6 * (1 - end**2)),
            )
            flap = path(
                f"M {a} {b - 0.6} L {c} {d - 0.6} L {c} {d + 2.4} Q {(a + c) / 2} {(b + d) / 2 + 5.2} {a} {b + 2.4} Z"
            )
            pen.part(
                flap,
                pen.accent if pen.pattern == "two-tone" else darker(pen.colour, 0.06),
                surface=pen.surface,
                edge=0.5,
            )
