"""The studio: a seamless background, soft light from the upper left, and the shadow of what stands in it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import skia

from recsys.shops.demo_store.drawing.colours import INK, WHITE, Colour, argb, darker, lighter
from recsys.shops.demo_store.drawing.known import PACKAGE, check_known
from recsys.shops.demo_store.drawing.registry import Pose

Pixels = npt.NDArray[np.uint8]

# One quiet tone a department: light enough for every product, told apart on a wall of many.
BACKGROUNDS: dict[str, Colour] = {
    "Clothing": (239, 236, 231),
    "Shoes": (232, 236, 240),
    "Bags": (241, 235, 226),
    "Home": (235, 238, 230),
    "Kitchen": (242, 239, 226),
    "Electronics": (230, 234, 241),
    "Toys": (245, 238, 225),
    "Sport": (228, 239, 239),
    "Beauty": (244, 233, 235),
    "Garden": (231, 240, 227),
}
_SMALL = 72  # pixels of the little picture that shadows are made from: they are blurred anyway


def check_department(name: str) -> None:
    """Say so where a department has no background."""
    add = f"a tone to {PACKAGE}/studio.py"
    check_known(name, BACKGROUNDS, lacks="background is known for the department", add=add)


@lru_cache(maxsize=64)
def _background(department: str, standing: bool, size: int) -> Pixels:
    tone = BACKGROUNDS[department]
    surface = skia.Surface(size, size)
    with surface as canvas:
        canvas.scale(size / 100, size / 100)
        canvas.clear(argb(tone))
        glow = [argb(lighter(tone, 0.55)), argb(tone), argb(darker(tone, 0.075))]
        shader = skia.GradientShader.MakeRadial(skia.Point(36, 30), 92, glow, [0.0, 0.55, 1.0])
        canvas.drawPaint(skia.Paint(Shader=shader, Dither=True))
        if standing:
            # The sweep where the wall turns into the floor: no line, only less light and then more.
            sweep = [argb(INK, 0.0), argb(INK, 0.035), argb(WHITE, 0.16), argb(WHITE, 0.3)]
            ends = [skia.Point(0, 50), skia.Point(0, 100)]
            canvas.drawPaint(skia.Paint(Shader=skia.GradientShader.MakeLinear(ends, sweep, [0.0, 0.42, 0.62, 1.0])))
    return np.array(surface.makeImageSnapshot().toarray(colorType=skia.ColorType.kBGRA_8888_ColorType))


@lru_cache(maxsize=8)
def _daylight(size: int) -> skia.Image:
    """One light over the whole picture, so that the parts of a product belong together."""
    colours = [argb(WHITE, 0.1), argb(WHITE, 0.0), argb(INK, 0.0), argb(INK, 0.09)]
    ends = [skia.Point(0.12 * size, 0.08 * size), skia.Point(0.88 * size, 0.94 * size)]
    surface = skia.Surface(size, size)
    shader = skia.GradientShader.MakeLinear(ends, colours, [0.0, 0.4, 0.55, 1.0])
    surface.getCanvas().drawPaint(skia.Paint(Shader=shader))
    return surface.makeImageSnapshot()


def canvas_on(pixels: Pixels) -> skia.Surface:
    """A surface that draws into the array."""
    return skia.Surface(pixels, skia.ColorType.kBGRA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)


def _image(pixels: Pixels) -> skia.Image:
    # A copy: Skia would not keep the array alive.
    return skia.Image.fromarray(pixels, skia.ColorType.kBGRA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)


def _little(product: Pixels) -> Pixels:
    """How opaque the product is, as a little picture."""
    places = (np.arange(_SMALL) + 0.5) * len(product) / _SMALL
    at = places.astype(np.intp)
    return np.ascontiguousarray(product[at][:, at, 3])


def _extent(little: Pixels) -> tuple[float, float, float, float, float, float]:
    """Left, top, right and bottom of what is drawn, and from where to where it touches the floor, in units."""
    alpha = little > 60
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not rows.size:
        return 0, 0, 100, 100, 0, 100
    foot = np.flatnonzero(alpha[max(0, rows[-1] - 3) : rows[-1] + 1].any(axis=0))
    unit = 100 / _SMALL
    ends = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1, foot[0], foot[-1] + 1)
    left, top, right, bottom, start, end = (float(end) * unit for end in ends)
    return left, top, right, bottom, start, end


def _darkness(little: Pixels) -> skia.Image:
    """The little picture in the colour of shadows."""
    inked = np.empty((_SMALL, _SMALL, 4), np.uint8)
    inked[:, :, :3] = (little.astype(np.uint16) * INK[0] // 255)[:, :, None]
    inked[:, :, 3] = little
    return _image(inked)


@lru_cache(maxsize=8)
def _spread(blur: float) -> npt.NDArray[np.float64]:
    """How far each row of the little picture bleeds into each other one."""
    away = np.subtract.outer(np.arange(_SMALL), np.arange(_SMALL)) / blur
    weights = np.exp(-away * away / 2)
    spread: npt.NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return spread


def _cast(shadow: skia.Canvas, little: Pixels, matrix: skia.Matrix, blur: float, alpha: float) -> None:
    """The product's own outline as a shadow, blurred by so many pixels of the little picture."""
    # Two small products take a twentieth of the time of Skia's filter.
    soft = _spread(blur) @ little @ _spread(blur).T
    shadow.save()
    shadow.concat(matrix)
    shadow.scale(100 / _SMALL, 100 / _SMALL)
    linear = skia.SamplingOptions(skia.FilterMode.kLinear)
    shadow.drawImage(_darkness(np.rint(soft * alpha).astype(np.uint8)), 0, 0, linear)
    shadow.restore()


def _pool(canvas: skia.Canvas, x: float, y: float, rx: float, ry: float, alpha: float) -> None:
    """The dark pool right under a product, where no light comes."""
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(rx, ry)
    colours = [argb(INK, alpha), argb(INK, alpha * 0.55), argb(INK, 0.0)]
    shader = skia.GradientShader.MakeRadial(skia.Point(0, 0), 1, colours, [0.0, 0.5, 1.0])
    canvas.drawRect(skia.Rect.MakeLTRB(-1, -1, 1, 1), skia.Paint(Shader=shader))
    canvas.restore()


def _shadow(little: Pixels, pose: Pose, extent: tuple[float, ...]) -> skia.Image:
    """All that darkens the studio around the product, in a little picture with a margin of an eighth."""
    _, _, _, bottom, start, end = extent
    surface = skia.Surface(_SMALL, _SMALL)
    with surface as canvas:
        canvas.scale(_SMALL / 125, _SMALL / 125)
        canvas.translate(12.5, 12.5)
        if pose == "stands":
            matrix = skia.Matrix()
            # The outline laid on the floor, backwards and to the right of where it stands.
            matrix.setAll(1.0, -0.42, 0.42 * bottom, 0.0, 0.2, 0.8 * bottom - 0.4, 0, 0, 1)
            _cast(canvas, little, matrix, 2.0, 0.26)
            middle, half = (start + end) / 2, (end - start) / 2
            _pool(canvas, middle + 1.5, bottom - 0.2, half * 1.22 + 4, 3.4, 0.34)
            _pool(canvas, middle + 0.4, bottom - 0.5, half * 1.06 + 1, 1.6, 0.6)
        else:
            far, near = ((4.5, 6.5), (1.8, 2.6)) if pose == "floats" else ((2.0, 3.0), (0.6, 1.0))
            _cast(canvas, little, skia.Matrix.Translate(*far), 2.5, 0.2)
            _cast(canvas, little, skia.Matrix.Translate(*near), 0.75, 0.3)
    return surface.makeImageSnapshot()


def photographed(product: Pixels, department: str, pose: Pose) -> Pixels:
    """The product in the middle of its background, with its shadow: rows of red, green, blue and nothing."""
    size, little = len(product), _little(product)
    extent = _extent(little)
    left, top, right, bottom = extent[:4]
    middle = 51 if pose == "stands" else 49.5
    x, y = (round(by * size / 100) for by in (50 - (left + right) / 2, middle - (top + bottom) / 2))
    pixels = _background(department, pose == "stands", size).copy()
    unit = size / 100
    with canvas_on(pixels) as canvas:
        canvas.translate(x, y)
        canvas.save()
        canvas.scale(unit, unit)
        # Stretching a picture over pixels that stay as they are would cost as much as the drawing.
        highest = bottom - 24 if pose == "stands" else top - 10
        canvas.clipRect(skia.Rect.MakeLTRB(left - 14, highest, right + 34, bottom + 20))
        whole = skia.Rect.MakeLTRB(-12.5, -12.5, 112.5, 112.5)
        canvas.drawImageRect(_shadow(little, pose, extent), whole, skia.SamplingOptions(skia.FilterMode.kLinear))
        canvas.restore()
        canvas.drawImage(_image(product), 0, 0)
        canvas.drawImage(_daylight(size), -x, -y)
    return pixels
