"""Home: lamp, cushion, rug, vase, blanket."""

from __future__ import annotations

from recsys.shops.demo_store.drawing.colours import BRASS, INK, PAPER, darker, lighter, mix
from recsys.shops.demo_store.drawing.materials import CLOTH, METAL
from recsys.shops.demo_store.drawing.paths import box, mirrored, moved, oval, path, polygon, smooth
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette


@silhouette("lamp", "stands")
def lamp(pen: Pen) -> None:
    """A table lamp: a lit shade of cloth over a foot of the lamp's material."""
    kind = pen.pick("gourd", "column", "ball", "bottle")
    neck, shade_low, shade_top = 53.0, pen.vary(46, 50), pen.vary(12, 17)
    low, high = pen.vary(21, 26), pen.vary(12, 20)
    outline = {
        "gourd": [(53, neck), (53, 57, 64, 60, 64, 72), (64, 82, 58, 85, 57, 87), (50, 87.6)],
        "column": [(53, neck), (56, 58, 57, 59), (58.5, 72, 58.5, 84), (50, 84.6)],
        "ball": [(52.4, neck), (53, 56), (68, 58, 68, 84, 56, 86.5), (50, 86.8)],
        "bottle": [(52.4, neck), (52.6, 62, 63, 62, 63, 72), (63, 84), (62, 87, 58, 87), (50, 87.4)],
    }[kind]
    foot = mirrored((50, neck), *outline)
    pen.part(box(48.7, shade_low - 3, 51.3, neck + 3), BRASS, "upright", METAL, edge=0.5)
    pen.body(foot, "upright")
    pen.part(
        mirrored((50, 85), (50 + 11, 85), (50 + 12, 88, 50 + 12, 88.6), (50, 89.2)),
        darker(pen.colour, 0.2),
        "upright",
        pen.surface,
    )
    tone = pen.pick(PAPER, mix(PAPER, pen.colour, 0.25), mix(PAPER, pen.colour, 0.55), pen.colour)
    if pen.style == "industrial":
        dome = mirrored(
            (50, shade_top + 8),
            (58, shade_top + 8, 50 + low, shade_top + 16, 50 + low + 1, shade_low),
            (50, shade_low + 0.6),
        )
        pen.part(dome, pen.colour, "upright", METAL)
        pen.part(box(47, shade_top + 3, 53, shade_top + 9, 1), darker(pen.colour, 0.3), "upright", METAL)
        pen.glow(oval(50, shade_low + 1.4, low * 0.7, 1.6), 0.9, 1.0, (255, 226, 160))
        return
    shade = mirrored(
        (50, shade_top),
        (50 + high, shade_top),
        (50 + low, shade_low),
        (50 + low * 0.6, shade_low + 2, 50, shade_low + 2),
    )
    pen.part(shade, tone, "upright", CLOTH)
    with pen.clip(shade):
        pen.glow(oval(50, shade_low - 9, low * 0.62, 15), 0.4, 5, (255, 240, 208))
        pen.line(
            path(f"M 10 {shade_low - 0.6} Q 50 {shade_low + 2.6} 90 {shade_low - 0.6}"), darker(tone, 0.25), 1.4, 0.7
        )
        pen.line(path(f"M 10 {shade_top + 0.6} L 90 {shade_top + 0.6}"), darker(tone, 0.25), 1.4, 0.7)


@silhouette("cushion", "lies", turn=5)
def cushion(pen: Pen) -> None:
    """A plump cushion: square, oblong or round, with piping, tassels or a button."""
    kind = pen.pick("square", "square", "oblong", "round")
    if kind == "round":
        shape = oval(50, 50, 32, 31)
    else:
        wide, high = (36, 24) if kind == "oblong" else (32, 31)
        pinch = pen.vary(2.5, 4.5)
        corner = (50 + wide, 50 + high)
        shape = mirrored(
            (50, 50 - high + pinch),
            (50 + wide * 0.6, 50 - high + pinch * 0.6, corner[0], 50 - high),
            (50 + wide - pinch * 0.2, 50 - high * 0.4, 50 + wide - pinch, 50),
            (50 + wide - pinch * 0.2, 50 + high * 0.4, *corner),
            (50 + wide * 0.6, 50 + high - pinch * 0.6, 50, 50 + high - pinch),
        )
        if pen.style in ("bohemian", "playful"):
            for x, y in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
                _tassel(pen, 50 + x * wide, 50 + y * high, x, y)
    pen.line(shape, pen.trim, 2.2)
    pen.body(shape, "ball", edge=1.3)
    pen.stitch(shape, darker(pen.trim, 0.4), 0.5)
    with pen.clip(shape):
        for x, y in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
            pen.fold((50 + 29 * x, 50 + 25 * y), (50 + 23 * x, 50 + 20 * y), (50 + 15 * x, 50 + 16 * y), depth=1.2)
        pen.fold((42, 76), (47, 70), (56, 69), depth=0.8)
    if kind == "round" or pen.chance(0.2):
        pen.shade(oval(50, 50, 5), 0.3, 2)
        for turn in range(0, 360, 45):
            pen.fold(*_spoke(turn), depth=0.7)
        pen.part(oval(50, 50, 2.6), pen.trim, "ball", pen.surface)


def _spoke(turn: float) -> tuple[tuple[float, float], tuple[float, float]]:
    line = moved(path("M 53 50 L 66 50"), turn=turn)
    start, end = line.getPoint(0), line.getPoint(1)
    return (start.x(), start.y()), (end.x(), end.y())


def _tassel(pen: Pen, x: float, y: float, dx: int, dy: int) -> None:
    for spread in (-1.6, 0, 1.6):
        pen.line(path(f"M {x} {y} L {x + dx * 5 + spread} {y + dy * 5 - spread * dx * dy}"), pen.trim, 1.3)
    pen.flat(oval(x + dx * 0.8, y + dy * 0.8, 1.7), darker(pen.trim, 0.15))


@silhouette("rug", "lies", turn=2)
def rug(pen: Pen) -> None:
    """A rug from above: a border, a field, fringes; or a round one."""
    if pen.chance(0.2):
        pen.body(oval(50, 50, 38, 37))
        for ring in pen.pick((34, 30), (33,), (35, 26, 16)):
            pen.line(oval(50, 50, ring, ring * 0.975), pen.accent, pen.vary(1, 2.4), 0.9)
        return
    wide, high = pen.vary(25, 30), pen.vary(36, 40)
    left, top, right, bottom = 50 - wide, 50 - high, 50 + wide, 50 + high
    if pen.chance(0.75):
        thread = lighter(mix(pen.colour, PAPER, 0.7), 0.2)
        for index in range(int(wide)):
            x = left + 0.8 + index * 2.02
            lean = pen.vary(-0.5, 0.5)
            pen.dashes([(x, top), (x + lean, top - 4), (x, bottom), (x - lean, bottom + 4)], darker(thread, 0.18), 0.9)
            pen.dashes(
                [(x - 0.2, top), (x + lean - 0.2, top - 4), (x - 0.2, bottom), (x - lean - 0.2, bottom + 4)],
                thread,
                0.5,
            )
    pen.body(box(left, top, right, bottom, 0.8))
    inset, thick = pen.vary(3, 6), pen.vary(0.8, 2.2)
    frame = box(left + inset, top + inset, right - inset, bottom - inset)
    pen.line(frame, pen.accent, thick, 0.95)
    if pen.style in ("classic", "bohemian"):
        pen.line(
            box(left + inset + 2.6, top + inset + 2.6, right - inset - 2.6, bottom - inset - 2.6), pen.accent, 0.6, 0.9
        )
        for reach, tone in ((13, pen.accent), (9.5, mix(pen.colour, PAPER, 0.4)), (5.5, darker(pen.accent, 0.3))):
            if pen.pattern == "plain":
                pen.flat(
                    polygon((50, 50 - reach * 1.5), (50 + reach, 50), (50, 50 + reach * 1.5), (50 - reach, 50)),
                    tone,
                    0.9,
                )


@silhouette("vase", "stands")
def vase(pen: Pen) -> None:
    """A vase: bottle, amphora, cylinder or globe; a lip that shows its inside."""
    kind = pen.pick("bottle", "amphora", "cylinder", "globe", "pear")
    lip, mouth, belly = pen.vary(14, 22), pen.vary(5, 9), pen.vary(17, 23)
    curves = _vase_curves(kind, lip, mouth, belly)
    top = curves[0][1]
    rim = curves[0][0] - 50
    shape = mirrored((50, top), *curves)
    if pen.chance(0.35) and kind != "globe":
        _stems(pen, top)
    if pen.surface.body < 1:
        pen.part(oval(50, top, rim, 1.6), pen.colour, "bare", pen.surface)
    pen.body(shape, "upright", edge=1.2)
    pen.glaze(shape)
    pen.part(oval(50, top, rim, rim * 0.22), lighter(pen.colour, 0.25), "flat", pen.surface, edge=0.5)
    pen.flat(
        oval(50, top + 0.15, rim * 0.84, rim * 0.16), darker(pen.colour, 0.6), 0.9 if pen.surface.body == 1 else 0.4
    )
    if pen.style == "retro" and pen.pattern == "plain":
        with pen.clip(shape):
            for y in (60, 64):
                pen.line(path(f"M 10 {y} Q 50 {y + 5} 90 {y}"), pen.accent, 1.6, 0.85)


def _vase_curves(kind: str, lip: float, mouth: float, belly: float) -> list[tuple[float, ...]]:
    """The right side of the vase, from its lip to its foot."""
    shapes: dict[str, list[tuple[float, ...]]] = {
        "bottle": [
            (50 + mouth, lip),
            (50 + mouth * 0.6, lip + 8, 50 + mouth * 0.6, 40),
            (50 + mouth * 0.8, 50, 50 + belly, 54, 50 + belly, 70),
            (50 + belly, 82, 50 + belly * 0.6, 88),
            (50, 89.4),
        ],
        "amphora": [
            (50 + mouth, lip),
            (50 + mouth * 0.7, lip + 6, 50 + mouth * 0.7, lip + 9),
            (50 + belly, lip + 14, 50 + belly + 1, 46),
            (50 + belly, 66, 50 + 9, 76, 50 + 9, 88),
            (50, 89),
        ],
        "cylinder": [
            (50 + belly * 0.7, lip + 6),
            (50 + belly * 0.62, 50, 50 + belly * 0.75, 87),
            (50 + belly * 0.5, 89, 50, 89.2),
        ],
        "globe": [
            (50 + mouth, 34),
            (50 + mouth - 1, 39),
            (50 + belly + 8, 44, 50 + belly + 8, 80, 50 + 11, 88),
            (50, 89),
        ],
        "pear": [
            (50 + mouth, lip),
            (50 + mouth * 0.5, 36, 50 + belly, 52, 50 + belly, 72),
            (50 + belly, 86, 50 + belly * 0.5, 88.6),
            (50, 89.2),
        ],
    }
    return shapes[kind]


def _stems(pen: Pen, top: float) -> None:
    """A few dry stems, for scale."""
    green = mix((120, 130, 96), PAPER, pen.vary(0.1, 0.5))
    for _ in range(pen.pick(2, 3, 3)):
        x, y = 50 + pen.vary(-13, 13), top - pen.vary(7, 11)
        pen.line(
            smooth((50 + (x - 50) * 0.2, top + 2), (50 + (x - 50) * 0.6, top - 4), (x, y), closed=False),
            darker(green, 0.2),
            0.7,
        )
        for step in range(4):
            at = (50 + (x - 50) * (0.55 + step * 0.15), top - 3 + (y - top + 3) * (0.3 + step * 0.23))
            pen.part(
                moved(oval(at[0] + 1.6, at[1], 2.2, 0.9), turn=-40 + 25 * (step % 2) * 4, about=at), green, edge=0.3
            )


@silhouette("blanket", "lies", turn=3)
def blanket(pen: Pen) -> None:
    """A throw, folded in three, with fringes on the edge in front and a corner turned."""
    wide, top, low = pen.vary(31, 35), pen.vary(24, 30), pen.vary(70, 75)
    left, right = 50 - wide, 50 + wide
    back = path(
        f"M {left + 2} {top} Q 50 {top - 2.5} {right - 1} {top + 0.5} "
        f"Q {right + 2.5} {top + 4} {right} {top + 10} L {left} {top + 10} "
        f"Q {left - 1.5} {top + 3} {left + 2} {top} Z"
    )
    pen.part(back, darker(pen.colour, 0.12), surface=pen.surface)
    if pen.chance(0.75):
        thread = pen.accent if pen.pattern != "plain" and pen.chance(0.5) else lighter(pen.colour, 0.25)
        for index in range(int(wide)):
            x = left + 1.6 + index * 2.02
            lean = pen.vary(-0.8, 0.8)
            pen.dashes(
                [(x, low - 1), (x + lean, low + 7), (x + 0.7, low - 1), (x + lean * 0.4 + 0.9, low + 6.6)],
                darker(thread, 0.25),
                0.8,
            )
            pen.dashes([(x, low - 1), (x + lean - 0.3, low + 6.4)], thread, 0.6)
    front = path(
        f"M {left} {top + 5} Q 50 {top + 1.5} {right} {top + 5.5} "
        f"C {right + 1.6} {top + 20} {right - 0.6} {low - 14} {right + 0.4} {low} "
        f"Q 50 {low + 2.2} {left - 0.4} {low} "
        f"C {left + 0.8} {low - 16} {left - 1.6} {top + 18} {left} {top + 5} Z"
    )
    pen.shade(moved(front, 0, -1.4), 0.2, 0.8)
    pen.body(front, edge=1.3)
    with pen.clip(front):
        pen.fold((left, top + 22), (50, top + 20), (right, top + 23), depth=1.5)
        pen.fold((left + 8, low), (left + 14, top + 40), (left + 12, top + 24), depth=1.1)
        pen.fold((right - 9, top + 6), (right - 14, top + 26), (right - 10, low), depth=1.1)
    if pen.chance(0.4):
        # A woven label at the corner.
        pen.part(box(right - 12, low - 9, right - 5, low - 4, 0.4), PAPER, edge=0.4)
        pen.dashes([(right - 10.6, low - 6.5), (right - 6.4, low - 6.5)], darker(pen.accent, 0.3), 0.7)
    pen.line(path(f"M {left} {top + 5} Q 50 {top + 1.5} {right} {top + 5.5}"), INK, 0.4, 0.2)
