"""Electronics: headphones, speaker, keyboard, smartwatch, camera."""

from __future__ import annotations

from math import cos, radians, sin

from recsys.shops.demo_store.drawing.colours import INK, PAPER, RUBBER, STEEL, WHITE, Colour, darker, lighter, mix
from recsys.shops.demo_store.drawing.materials import HIDE, MATT, METAL, SHINY
from recsys.shops.demo_store.drawing.paths import box, mirrored, moved, oval, path, smooth, tube
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette
from recsys.shops.demo_store.drawing.shapes.garments import SIDES, side_of

_SCREEN: Colour = (22, 24, 30)


@silhouette("headphones", "floats", turn=6)
def headphones(pen: Pen) -> None:
    """Headphones from the front: a padded band, sliders, two shells with cushions turned inwards."""
    wide, top, high = pen.vary(26, 29), pen.vary(13, 17), pen.vary(14, 17)
    y = pen.vary(64, 68)
    band = path(f"M {50 - wide} {y - 8} C {50 - wide - 2} {top - 7} {50 + wide + 2} {top - 7} {50 + wide} {y - 8}")
    pen.part(tube(band, 3.2), STEEL if pen.chance(0.6) else RUBBER, "flat", METAL)
    hoop = path(
        f"M {50 - wide + 0.6} {y - 26} C {50 - wide + 4} {top - 1} {50 + wide - 4} {top - 1} {50 + wide - 0.6} {y - 26}"
    )
    pen.body(tube(hoop, pen.vary(5.5, 7)))
    pad = path(f"M 38 {top + 9} C 44 {top + 5.5} 56 {top + 5.5} 62 {top + 9}")
    pen.part(tube(pad, 4), darker(pen.colour, 0.55), "lying", HIDE)
    for side in SIDES:
        x = side_of(side, 50 + wide, 0)[0]
        cushion = moved(oval(x - side * 5, y + 1, 5, high + 0.5), turn=-5 * side, about=(x, y))
        pen.part(cushion, darker(pen.second, 0.5), "upright", HIDE)
        shell = moved(
            smooth(
                (x - side * 3, y - high + 1),
                (x + side * 7, y - high + 4),
                (x + side * 10, y),
                (x + side * 7, y + high - 2),
                (x - side * 3, y + high + 1),
                (x - side * 2, y),
            ),
            turn=-5 * side,
            about=(x, y),
        )
        pen.body(shell, "ball")
        pen.part(
            tube(path(f"M {x} {y - 22} L {x + side * 1.6} {y - 8}"), 4),
            pen.second,
            "upright",
            METAL if pen.look.material == "aluminium" else pen.surface,
        )
        ring = moved(oval(x + side * 3.4, y, 2.4, high * 0.55), turn=-5 * side, about=(x, y))
        pen.part(ring, pen.second, "ball", pen.surface, edge=0.6)
        if pen.style == "sporty":
            pen.line(moved(oval(x + side * 3.4, y, 3.4, high * 0.68), turn=-5 * side, about=(x, y)), pen.accent, 0.9)


@silhouette("speaker", "stands")
def speaker(pen: Pen) -> None:
    """A speaker: a cylinder of cloth, a box with two cones, or a portable with a strap."""
    kind = pen.pick("box", "cylinder", "portable") if pen.style != "retro" else "radio"
    if kind == "box":
        wide, top = pen.vary(19, 22), pen.vary(14, 20)
        pen.body(box(50 - wide, top, 50 + wide, 88, 3))
        pen.part(
            box(50 - wide + 2.4, top + 2.4, 50 + wide - 2.4, 85.6, 2), darker(pen.second, 0.12), "flat", MATT, edge=0.5
        )
        _cone(pen, 50, 66, wide - 6)
        _cone(pen, 50, top + 15, 6)
        pen.flat(oval(50 + wide - 5, 83, 0.7), pen.accent)
    elif kind == "cylinder":
        wide, top = pen.vary(17, 21), pen.vary(22, 30)
        tube_ = mirrored((50, top), (50 + wide, top), (50 + wide, 85), (50 + wide * 0.6, 88.6, 50, 88.6))
        pen.body(tube_, "upright")
        with pen.clip(tube_):
            _mesh(pen, 50 - wide, top + 6, 50 + wide, 82)
            pen.part(
                path("M 0 82 Q 50 87 100 82 L 100 100 L 0 100 Z"),
                pen.second,
                "upright",
                MATT,
                edge=0.6,
            )
        pen.part(oval(50, top, wide, wide * 0.24), pen.second, "flat", SHINY)
        pen.line(oval(50, top, wide * 0.74, wide * 0.17), pen.accent, 0.9)
        pen.dashes([(48, top), (52, top), (50, top - 0.9), (50, top + 0.9)], pen.ink, 0.6)
    else:
        _portable(pen, radio=kind == "radio")


def _portable(pen: Pen, *, radio: bool) -> None:
    wide, top = pen.vary(33, 37), pen.vary(42, 48)
    strap = path(
        f"M {50 - wide + 9} {top + 2} "
        f"C {50 - wide + 10} {top - 16} {50 + wide - 10} {top - 16} {50 + wide - 9} {top + 2}"
    )
    pen.part(tube(strap, 3.4), pen.trim if not radio else darker(pen.colour, 0.4), surface=HIDE)
    body = box(50 - wide, top, 50 + wide, 85, 5 if radio else 14)
    pen.body(body, "flat" if radio else "lying", edge=1.2)
    if radio:
        grille = box(50 - wide + 4, top + 5, 50 + 10, 80, 3)
        pen.part(grille, mix(PAPER, pen.colour, 0.15), surface=MATT)
        with pen.clip(grille):
            for y in range(int(top) + 6, 82, 3):
                pen.line(path(f"M 10 {y} L 62 {y}"), darker(pen.colour, 0.45), 0.8, 0.6)
        for dial in (top + 11, top + 25):
            pen.part(oval(50 + wide - 11, dial, 5.4), STEEL, "ball", METAL)
            pen.line(path(f"M {50 + wide - 11} {dial} L {50 + wide - 8.6} {dial - 3.6}"), INK, 0.8)
        return
    with pen.clip(body):
        _mesh(pen, 50 - wide + 10, top + 3, 50 + wide - 10, 82)
    for side in SIDES:
        x = side_of(side, 50 + wide - 5, 0)[0]
        pen.part(oval(x, top + 19.5, 4.6, 15), darker(pen.second, 0.25), "ball", MATT)
        pen.part(oval(x, top + 19.5, 2.4, 9), darker(pen.second, 0.5), "ball", METAL)
    pen.part(box(42, top + 15, 58, top + 24, 2), pen.second, surface=MATT, edge=0.6)
    pen.dashes([(46, top + 19.5), (54, top + 19.5)], pen.accent, 1.4)


def _mesh(pen: Pen, left: float, top: float, right: float, bottom: float) -> None:
    """The holes of a grille."""
    for y in range(int(top), int(bottom), 2):
        shift = (y // 2) % 2
        start = left + shift
        line = path(f"M {start} {y} L {right} {y}")
        pen.stitch(line, darker(pen.colour, 0.65), 0.45)


def _cone(pen: Pen, x: float, y: float, radius: float) -> None:
    pen.part(
        oval(x, y, radius + 1.4),
        STEEL if pen.style == "industrial" else darker(pen.colour, 0.35),
        "flat",
        METAL,
        edge=0.6,
    )
    pen.part(oval(x, y, radius), RUBBER, "ball", MATT)
    pen.part(oval(x, y, radius * 0.72), darker(RUBBER, 0.4), "flat", MATT)
    pen.part(
        oval(x, y, radius * 0.3), pen.accent if pen.pattern == "two-tone" else lighter(RUBBER, 0.15), "ball", SHINY
    )


@silhouette("keyboard", "lies", turn=7)
def keyboard(pen: Pen) -> None:
    """A keyboard from above: rows of caps with a lit edge, a wide space bar, keys of a second colour."""
    short = pen.chance(0.45)
    columns, rows = (13, 5) if short else (16, 5)
    high = pen.vary(31, 35)
    left, top, right = (13.0 if short else 8.0), 50 - high / 2, (87.0 if short else 92.0)
    case = box(left, top, right, top + high, 4.5 if pen.style == "retro" else 2.6)
    pen.body(case)
    pen.part(box(left + 2.2, top + 2.4, right - 2.2, top + high - 2.2, 1.2), darker(pen.colour, 0.55), "bare", edge=0.8)
    unit, step = (right - left - 5.6) / columns, (high - 6) / rows
    if pen.pattern == "backlit":
        pen.glow(box(left + 3, top + 3, right - 3, top + high - 3, 1), 0.85, 1.4, lighter(pen.accent, 0.25))
    cap = lighter(pen.colour, 0.12) if pen.style != "retro" else mix(PAPER, pen.colour, 0.3)
    space = pen.pick(3, 4)
    for row in range(rows):
        column = 0.0
        for wide in _row(row, columns, space):
            x, y = left + 2.8 + column * unit, top + 3.2 + row * step
            special = wide > 1.2 and wide < 4
            tone = (pen.accent if pen.pattern == "two-tone" or row == 0 else pen.second) if special else cap
            _key(pen, (x, y, x + wide * unit, y + step), tone)
            column += wide


def _row(row: int, columns: int, space: int) -> list[float]:
    """The widths of a row's keys, in keys."""
    if row == 4:
        side = (columns - 5.0) / 4
        return [side, side, 5.0, *([side, side] if space == 3 else [side / 2] * 4)]
    first = (1.0, 1.5, 1.75, 2.25)[row]
    middle = int(columns - first - 1)
    return [first, *[1.0] * middle, columns - first - middle]


def _key(pen: Pen, at: tuple[float, float, float, float], tone: Colour) -> None:
    left, top, right, bottom = at
    pen.flat(box(left + 0.25, top + 0.25, right - 0.25, bottom - 0.15, 0.9), darker(tone, 0.35))
    pen.flat(box(left + 0.6, top + 0.3, right - 0.6, bottom - 1.0, 0.8), lighter(tone, 0.1))
    mark = pen.accent if pen.pattern == "backlit" else darker(tone, 0.55)
    if right - left < 7:
        pen.flat(box(left + 1.5, top + 1.3, left + 2.7, top + 2.3, 0.2), lighter(mark, 0.25), 0.9)


@silhouette("watch", "floats", turn=4)
def watch(pen: Pen) -> None:
    """A smartwatch: strap, case, crown, a dial that shows something."""
    round_one, wide = pen.chance(0.45), pen.vary(17, 19)
    strap = wide * pen.vary(0.66, 0.76)
    metal = pen.look.material in ("steel", "aluminium")
    tone = pen.accent if pen.pattern == "two-tone" else pen.colour
    soft = MATT if not (metal and pen.style == "elegant") else METAL
    for side, long in ((-1, 41), (1, 43)):
        edge = 50 + side * long
        band = path(
            f"M {50 - strap} {50 + side * wide * 0.7} "
            f"C {50 - strap} {50 + side * 26} {50 - strap * 0.82} {50 + side * 32} {50 - strap * 0.78} {edge} "
            f"Q 50 {edge + side * 3} {50 + strap * 0.78} {edge} "
            f"C {50 + strap * 0.82} {50 + side * 32} {50 + strap} {50 + side * 26} "
            f"{50 + strap} {50 + side * wide * 0.7} Z"
        )
        pen.part(band, tone, "upright", soft)
        with pen.clip(band):
            if soft is METAL:
                for step in range(8):
                    pen.seam(path(f"M 20 {50 + side * (21 + 3.2 * step)} L 80 {50 + side * (21 + 3.2 * step)}"), 0.7)
            elif side > 0:
                for step in range(5):
                    pen.flat(oval(50, 74 + 4 * step, 1.3, 0.9), darker(tone, 0.6))
    pen.part(box(50 + wide - 0.6, 45, 50 + wide + 2.6, 52, 1), darker(STEEL, 0.1), "lying", METAL)
    case = oval(50, 50, wide + 1) if round_one else box(50 - wide, 50 - wide - 2, 50 + wide, 52 + wide, 7)
    pen.body(case, "flat", edge=0.8)
    glass = (
        oval(50, 50, wide - 1.8)
        if round_one
        else box(50 - wide + 2.2, 50 - wide + 0.2, 50 + wide - 2.2, 50 + wide - 0.2, 5.4)
    )
    pen.flat(glass, _SCREEN)
    with pen.clip(glass):
        _dial(pen, wide, round_one)
        pen.flat(path("M 20 20 L 58 20 L 36 80 L 20 80 Z"), WHITE, 0.07)
    pen.line(glass, INK, 0.6, 0.7)


def _dial(pen: Pen, wide: float, round_one: bool) -> None:
    light_tone = lighter(pen.accent, 0.2)
    kind = pen.pick("hands", "rings", "digits")
    if kind == "hands":
        for turn in range(0, 360, 30):
            a = radians(turn)
            far, near = wide - 4.4, wide - (7.2 if turn % 90 == 0 else 5.8)
            pen.dashes([(50 + near * cos(a), 50 + near * sin(a)), (50 + far * cos(a), 50 + far * sin(a))], PAPER, 0.7)
        for hand, long, thick in ((pen.vary(0, 360), 7.4, 1.5), (pen.vary(0, 360), 10.6, 1.0)):
            a = radians(hand)
            pen.line(path(f"M 50 50 L {50 + long * cos(a)} {50 + long * sin(a)}"), PAPER, thick)
        pen.flat(oval(50, 50, 1.3), light_tone)
    elif kind == "rings":
        for index, tone in enumerate((light_tone, lighter(pen.colour, 0.35), STEEL)):
            radius = wide - 5 - index * 3.6
            pen.line(oval(50, 50, radius), tone, 2.2, 0.25)
            arc = tube(
                path(
                    f"M 50 {50 - radius} "
                    f"C {50 + radius * 1.33} {50 - radius} {50 + radius * 1.33} {50 + radius} 50 {50 + radius}"
                ),
                2.2,
            )
            pen.flat(arc, tone)
    else:
        for index, x in enumerate((42.4, 47.2, 52.8, 57.6)):
            _digit(pen, x, 43 if round_one else 41, (index * 3 + round(pen.vary(0, 6))) % 7)
        pen.dashes([(42, 54), (42 + pen.vary(8, 16), 54)], light_tone, 1.4)
        pen.dashes([(42, 58), (42 + pen.vary(5, 14), 58)], STEEL, 1.2)


def _digit(pen: Pen, x: float, y: float, which: int) -> None:
    """A figure as segments; which one does not matter."""
    segments = {
        "a": (0, 0, 3, 0),
        "b": (3, 0, 3, 4),
        "c": (3, 4, 3, 8),
        "d": (0, 8, 3, 8),
        "e": (0, 4, 0, 8),
        "f": (0, 0, 0, 4),
        "g": (0, 4, 3, 4),
    }
    for name in ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "abc")[which]:
        a, b, c, d = segments[name]
        pen.dashes([(x - 1.5 + a, y + b), (x - 1.5 + c, y + d)], PAPER, 0.9)


@silhouette("camera", "stands")
def camera(pen: Pen) -> None:
    """A camera: a body with a grip, a prism or a viewfinder, a lens with rings and reflections."""
    wide, top = pen.vary(32, 36), pen.vary(35, 40)
    retro = pen.style in ("retro", "classic")
    plate = STEEL if retro else darker(pen.colour, 0.25)
    if retro or pen.chance(0.5):
        prism = mirrored((50, top - 11), (57, top - 11), (63, top + 2), (50, top + 2))
        pen.part(prism, plate, "flat", METAL if retro else MATT)
        pen.part(box(44, top - 5.6, 56, top - 1.4, 1), darker(plate, 0.2), edge=0.4)
    for x, w, h in ((50 - wide + 7, 3.6, 4), (50 + wide - 8, 4.4, 3.4), (50 + wide - 17, 2.2, 2.4)):
        pen.part(box(x - w, top - h, x + w, top + 2, 0.8), darker(plate, 0.15), "upright", METAL)
    body = box(50 - wide, top, 50 + wide, 82, 5 if pen.style != "industrial" else 2.4)
    pen.body(body)
    with pen.clip(body):
        pen.part(box(0, 0, 100, top + 9), plate if retro else pen.second, "lying", METAL if retro else MATT, edge=0.5)
        pen.part(box(0, 78.4, 100, 90), plate if retro else pen.second, "lying", METAL if retro else MATT, edge=0.5)
        if not retro:
            pen.part(
                smooth((50 - wide - 4, top + 9), (50 - wide + 8, top + 12), (50 - wide + 9, 74), (50 - wide - 4, 80)),
                RUBBER,
                "upright",
                HIDE,
            )
    pen.part(box(50 + wide - 15, top + 2, 50 + wide - 5, top + 7, 1.2), _SCREEN, "flat", SHINY, edge=0.6)
    pen.flat(oval(50 - wide + 6, top + 5, 1.1), pen.accent)
    x, y, radius = 50 + pen.vary(-2, 3), (top + 85) / 2, pen.vary(16, 18.5)
    pen.shade(oval(x + 1.6, y + 2, radius), 0.4, 1.6)
    for share, tone, form in (
        (1.0, RUBBER, "flat"),
        (0.92, darker(STEEL, 0.35) if retro else RUBBER, "flat"),
        (0.8, (30, 30, 34), "flat"),
    ):
        pen.part(oval(x, y, radius * share), tone, "flat" if form else "bare", METAL, edge=0.7)
    pen.line(oval(x, y, radius * 0.86), pen.accent, 0.8)
    pen.part(oval(x, y, radius * 0.6), (26, 30, 48), "ball", SHINY)
    pen.part(oval(x, y, radius * 0.34), (52, 40, 84), "ball", SHINY, edge=0.5)
    pen.flat(moved(oval(x - radius * 0.24, y - radius * 0.26, 2.6, 1.6), turn=-45, about=(x - 4, y - 4)), WHITE, 0.75)
    pen.flat(oval(x + radius * 0.22, y + radius * 0.26, 1.1), WHITE, 0.4)
