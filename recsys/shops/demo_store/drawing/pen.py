"""The pen: fills an outline with colour, pattern, surface and light, and draws what lies on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import TypeVar

import skia

from recsys.shops.demo_store.drawing import colours
from recsys.shops.demo_store.drawing.colours import INK, WHITE, Colour, argb, darker, lighter, luminance
from recsys.shops.demo_store.drawing.light import Form, light
from recsys.shops.demo_store.drawing.materials import PLAIN, Material, material
from recsys.shops.demo_store.drawing.motifs import MOTIFS
from recsys.shops.demo_store.drawing.paths import Point, moved, oval, path, smooth, within
from recsys.shops.demo_store.drawing.patterns import Layout, pattern_shader
from recsys.shops.demo_store.drawing.textures import texture_shader
from recsys.shops.demo_store.looks import Look

T = TypeVar("T")

# Which ways a pattern may lie, by degrees.
_TURNS = {"striped": (0, 0, 0, 0, 90, 45), "checked": (0, 0, 0, 45), "floral": (0, 90, 45), "dotted": (0, 45)}
# What falls or hangs looks longer with its stripes upright.
_UPRIGHT_STRIPES = frozenset({"trousers", "shirt", "skirt", "lamp", "pouch"})
# How much larger or smaller a style draws its patterns.
_PATTERN_SCALE = {"playful": 1.35, "minimal": 0.85, "elegant": 0.75, "romantic": 0.9, "retro": 1.15}


class Pen:
    """Draws one product on a transparent layer of 100 by 100 units, each of so many `pixels`.

    Every choice that the seed makes goes through `vary`, `chance` and `pick`, in the order of the drawing.
    """

    def __init__(self, canvas: skia.Canvas, look: Look, rng: Random, *, pixels: float, lit: float = 1.0) -> None:
        self.canvas, self.look, self.lit, self.pixels = canvas, look, lit, pixels
        self.vary, self.pattern, self.style = rng.uniform, look.pattern, look.style
        self._rng = rng
        self.colour = colours.photographed(colours.parsed(look.colour))
        self.accent = colours.apart(colours.photographed(colours.parsed(look.accent)), self.colour)
        self.surface = material(look.material)
        scale = _PATTERN_SCALE.get(look.style, 1.0) * rng.uniform(0.72, 1.05)
        if look.pattern == "camouflage":
            scale *= 1.7  # large patches, or the eye finds where they repeat
        turn = rng.choice(_TURNS.get(look.pattern, (0,)))
        if look.pattern == "striped" and look.silhouette in _UPRIGHT_STRIPES:
            turn = 90
        self._layout = Layout(rng.randrange(4), scale, turn, rng.uniform(0, 16), rng.uniform(0, 16))
        self._motif = rng.randrange(len(MOTIFS))

    # What the seed decides

    def chance(self, share: float) -> bool:
        """True for a share of the seeds."""
        return self._rng.random() < share

    def pick(self, *options: T) -> T:
        """One of the options."""
        return self._rng.choice(options)

    # Colours of parts

    @property
    def second(self) -> Colour:
        """The colour of second parts: the accent where the pattern is two-tone, else the product's own, in shade."""
        return self.accent if self.pattern == "two-tone" else darker(self.colour, 0.14)

    @property
    def trim(self) -> Colour:
        """The colour of edges and bands: told apart in sporty and playful things, quiet in others."""
        loud = self.style in ("sporty", "playful") or self.pattern == "two-tone"
        return self.accent if loud else darker(self.colour, 0.22)

    @property
    def ink(self) -> Colour:
        """What can be read on the product's colour."""
        return darker(self.colour, 0.7) if luminance(self.colour) > 0.45 else lighter(self.colour, 0.8)

    def hue(self, index: int) -> Colour:
        """The colour of the n-th piece of a set: all alike, or all around the wheel if it is multicoloured."""
        if self.pattern == "two-tone":
            return self.colour if index % 2 == 0 else self.accent
        if self.pattern != "multicoloured" or index == 0:
            return self.colour
        return self.accent if index == 1 else colours.turned(self.colour, (0.13, 0.38, 0.55, 0.72)[index % 4])

    # Areas

    def body(self, shape: skia.Path, form: Form = "flat", *, edge: float = 1.0) -> None:
        """A part of the product's own colour, material and pattern."""
        self.fill(shape, self.colour, form, self.surface, patterned=True, edge=edge)

    def part(
        self,
        shape: skia.Path,
        colour: Colour,
        form: Form = "flat",
        surface: Material = PLAIN,
        *,
        edge: float = 1.0,
    ) -> None:
        """A part of another colour or material: soles, handles, lids."""
        self.fill(shape, colour, form, surface, patterned=False, edge=edge)

    def fill(
        self, shape: skia.Path, colour: Colour, form: Form, surface: Material, *, patterned: bool, edge: float
    ) -> None:
        """Colour, pattern, texture, light, then the edge turning away: in the order in which an eye takes them apart.

        All of it on the upright sheet, whichever way the part is turned: the light does not turn with it, and Skia
        fills upright ten times faster.
        """
        canvas, upright = self.canvas, skia.Path(shape)
        upright.transform(canvas.getTotalMatrix())
        canvas.save()
        canvas.resetMatrix()
        canvas.drawPath(upright, skia.Paint(AntiAlias=True, Color=argb(colour, surface.body)))
        shaders = []
        if patterned:
            shaders.append(pattern_shader(self.pattern, colour, self.accent, self._layout, self.pixels))
            if self.pattern == "brushed":
                shaders.append(texture_shader("brushed", 0.2, self.pixels))
        if surface.texture is not None:
            shaders.append(texture_shader(surface.texture, surface.grain, self.pixels))
        shaders.append(light(form, surface, upright.getBounds()))
        for shader in shaders:
            if shader is not None:
                canvas.drawPath(upright, skia.Paint(AntiAlias=True, Shader=shader))
        if edge:
            self._edge(upright, colour, surface, edge * self.pixels)
        canvas.restore()

    def _edge(self, shape: skia.Path, colour: Colour, surface: Material, unit: float) -> None:
        """The rim of a part: crescents of shade on the far side, one of light on the near side, and a fine outline.

        A crescent is the part without itself moved aside. Filling it takes a third of the time of a blurred line.
        """
        dark = darker(colour, 0.85)
        shades = ((2.4, 0.05), (1.5, 0.07), (0.7, 0.1)) if surface.soft else ((1.3, 0.08), (0.6, 0.14))
        if surface.body < 1:
            shades = ((2.4, 0.16), (0.9, 0.28))
        canvas, bounds, outside = self.canvas, shape.getBounds(), skia.Path(shape)
        outside.toggleInverseFillType()
        canvas.save()
        # A smooth clip would take most of the time of a part; the outline below hides the steps of a rough one.
        canvas.clipPath(shape, False)
        small = max(bounds.width(), bounds.height()) < 9 * self.pixels or unit < 0.75 * self.pixels
        for reach, alpha in shades[1:] if small else shades:
            self._moved_fill(outside, -reach * unit * 0.75, -reach * unit, dark, alpha)
            if surface.body < 1:
                self._moved_fill(outside, reach * unit * 0.75, -reach * unit * 0.3, dark, alpha)
        self._moved_fill(outside, 0.5 * unit, 0.7 * unit, WHITE, 0.16 + 0.28 * surface.gloss)
        canvas.restore()
        self._stroke(shape, dark, 0.42 * unit, 0.34)

    def _moved_fill(self, shape: skia.Path, x: float, y: float, colour: Colour, alpha: float) -> None:
        self.canvas.translate(x, y)
        self.canvas.drawPath(shape, skia.Paint(AntiAlias=True, Color=argb(colour, alpha)))
        self.canvas.translate(-x, -y)

    # Lines and marks

    def _stroke(self, shape: skia.Path, colour: Colour, width: float, alpha: float) -> None:
        paint = skia.Paint(AntiAlias=True, Color=argb(colour, alpha), Style=skia.Paint.kStroke_Style, StrokeWidth=width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        self.canvas.drawPath(shape, paint)

    def line(self, shape: skia.Path, colour: Colour, width: float = 0.5, alpha: float = 1.0) -> None:
        """A plain line."""
        self._stroke(shape, colour, width, alpha)

    def flat(self, shape: skia.Path, colour: Colour, alpha: float = 1.0) -> None:
        """A plain area without light: a mark, a hole, a screen."""
        self.canvas.drawPath(shape, skia.Paint(AntiAlias=True, Color=argb(colour, alpha)))

    def seam(self, shape: skia.Path, alpha: float = 0.5) -> None:
        """Where two pieces meet: a dark line, and the lit lip of the lower piece."""
        self._stroke(moved(shape, 0.25 * self.lit, 0.45), WHITE, 0.5, 0.4 * alpha)
        self._stroke(shape, darker(self.colour, 0.8), 0.55, alpha)

    def stitch(self, shape: skia.Path, colour: Colour | None = None, alpha: float = 0.65) -> None:
        """A row of stitches."""
        paint = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=0.42)
        paint.setColor(argb(self.ink if colour is None else colour, alpha))
        paint.setPathEffect(skia.DashPathEffect.Make([1.1, 0.75], 0))
        self.canvas.drawPath(shape, paint)

    def shade(self, shape: skia.Path, alpha: float = 0.3, blur: float = 1.2) -> None:
        """A soft dark place."""
        self._soft(shape, INK, alpha, blur)

    def glow(self, shape: skia.Path, alpha: float = 0.4, blur: float = 0.8, colour: Colour = WHITE) -> None:
        """A soft light place."""
        self._soft(shape, colour, alpha, blur)

    def _soft(self, shape: skia.Path, colour: Colour, alpha: float, blur: float) -> None:
        bounds = shape.getBounds()
        if blur < 2.5 and bounds.width() * bounds.height() > 150:
            # A real blur of a large area takes milliseconds; a narrow one looks the same as two wider outlines.
            self.flat(shape, colour, alpha * 0.6)
            self._stroke(shape, colour, blur * 1.3, alpha * 0.28)
            self._stroke(shape, colour, blur * 3.2, alpha * 0.16)
            return
        paint = skia.Paint(AntiAlias=True, Color=argb(colour, alpha))
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.BlurStyle.kNormal_BlurStyle, blur))
        self.canvas.drawPath(shape, paint)

    def fold(self, *points: Point, depth: float = 1.0) -> None:
        """A fold in cloth along a curve: a soft valley with a lit ridge beside it."""
        line = smooth(*points, closed=False)
        for width, alpha in ((2.3, 0.07), (0.9, 0.12)):
            self._stroke(line, INK, width, alpha * depth)
        # On dark cloth a ridge as bright as on light cloth would be a chalk line.
        ridge = 0.05 + 0.08 * luminance(self.colour)
        self._stroke(moved(line, -1.3 * self.lit, -0.2), WHITE, 1.1, ridge * depth)

    def button(self, x: float, y: float, radius: float = 0.9, colour: Colour | None = None) -> None:
        """A sewn button or a rivet."""
        tone = lighter(self.colour, 0.55) if colour is None else colour
        self.flat(oval(x + 0.2, y + 0.35, radius), INK, 0.35)
        self.flat(oval(x, y, radius), tone)
        self.line(oval(x, y, radius * 0.72), darker(tone, 0.5), 0.25, 0.6)
        self.flat(oval(x, y, radius * 0.2), darker(tone, 0.6))

    def zip(self, start: Point, end: Point, colour: Colour | None = None) -> None:
        """A zip with its teeth and pull."""
        tone = darker(self.colour, 0.55) if colour is None else colour
        line = path(f"M {start[0]} {start[1]} L {end[0]} {end[1]}")
        self._stroke(line, tone, 1.5, 0.9)
        paint = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=0.8, Color=argb(colours.STEEL))
        paint.setPathEffect(skia.DashPathEffect.Make([0.4, 0.4], 0))
        self.canvas.drawPath(line, paint)

    def motif(self, x: float, y: float, size: float, *, squeeze: float = 1.0) -> None:
        """The print of a printed product, around a point."""
        if self.pattern != "printed":
            return
        self.canvas.save()
        self.canvas.translate(x, y)
        self.canvas.scale(size * squeeze * self.lit, size)
        MOTIFS[self._motif](self.canvas, self.accent, self.colour)
        self.canvas.restore()

    def glaze(self, shape: skia.Path, share: float | None = None) -> None:
        """The second glaze of a glazed pot, run down from its rim."""
        if self.pattern != "glazed":
            return
        bounds = shape.getBounds()
        left, top, wide, high = bounds.left(), bounds.top(), bounds.width(), bounds.height()
        level = top + high * (self.vary(0.2, 0.42) if share is None else share)
        run = [(left + wide * step / 8, level + self.vary(-0.05, 0.07) * high) for step in range(-1, 10)]
        with self.clip(shape):
            area = smooth(*run, (left + wide * 1.2, top - 9), (left - wide * 0.2, top - 9))
            self.part(within(area, shape), self.accent, "upright", self.surface, edge=0.6)

    # Where to draw

    @contextmanager
    def clip(self, shape: skia.Path) -> Iterator[None]:
        """Only within the outline."""
        self.canvas.save()
        self.canvas.clipPath(shape, True)
        yield
        self.canvas.restore()

    @contextmanager
    def turned(self, degrees: float, about: Point) -> Iterator[None]:
        """As if the sheet were turned about a point."""
        self.canvas.save()
        self.canvas.rotate(degrees, *about)
        yield
        self.canvas.restore()

    def dashes(self, points: Sequence[Point], colour: Colour, width: float = 0.5) -> None:
        """Short marks: pairs of ends."""
        for start, end in zip(points[::2], points[1::2], strict=True):
            self._stroke(path(f"M {start[0]} {start[1]} L {end[0]} {end[1]}"), colour, width, 1.0)
