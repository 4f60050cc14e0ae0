"""Pictures of products, drawn from what is visible of them: `picture` is the door.

The same look gives the same bytes; two seeds give two pictures. Only this package knows the library that draws.
"""

from __future__ import annotations

from io import BytesIO
from random import Random

import numpy as np
import skia
from PIL import Image

from recsys.errors import ShelfLensError
from recsys.shops.demo_store.drawing import shapes
from recsys.shops.demo_store.drawing.known import PACKAGE, check_known
from recsys.shops.demo_store.drawing.patterns import check_pattern
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import DRAWN, Silhouette
from recsys.shops.demo_store.drawing.studio import Pixels, canvas_on, check_department, photographed
from recsys.shops.demo_store.looks import Look

__all__ = ["SILHOUETTES", "picture", "shapes"]

SILHOUETTES: frozenset[str] = frozenset(DRAWN)

_QUALITY = 92  # of the JPEG: no ringing that one could see; WebP would take many times as long
_LEAST, _MOST = 16, 2048  # pixels a side


def picture(look: Look, size: int = 384) -> bytes:
    """The JPEG of a product, `size` pixels a side."""
    kind = _checked(look, size)
    # The silhouette goes into the seed, so that a shirt and a mug of one seed share no proportions.
    rng = Random(f"{look.silhouette}/{look.seed}")
    layer = np.zeros((size, size, 4), np.uint8)
    with canvas_on(layer) as canvas:
        canvas.scale(size / 100, size / 100)
        lit = _posed(canvas, look, kind, rng)
        kind.draw(Pen(canvas, look, rng, pixels=size / 100, lit=lit))
    return _encoded(photographed(layer, look.department, kind.pose))


def _encoded(pixels: Pixels) -> bytes:
    """The JPEG. Pillow writes it four times faster than Skia does, which is a third of the time of a picture."""
    height, width, _ = pixels.shape
    file = BytesIO()
    Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _checked(look: Look, size: int) -> Silhouette:
    add = f"a drawing to {PACKAGE}/shapes/"
    check_known(look.silhouette, sorted(DRAWN), lacks="drawing is known for the silhouette", add=add)
    if not _LEAST <= size <= _MOST:
        raise ShelfLensError(f"a picture of {size} pixels a side", allowed=f"{_LEAST} to {_MOST}")
    check_pattern(look.pattern)
    check_department(look.department)
    return DRAWN[look.silhouette]


def _posed(canvas: skia.Canvas, look: Look, kind: Silhouette, rng: Random) -> float:
    """Turn, mirror and size the product; the side from which the light comes for a pen that is mirrored."""
    scale = rng.uniform(0.95, 1.03)
    wide, high = scale * rng.uniform(0.975, 1.025), scale * rng.uniform(0.975, 1.025)
    if look.audience in ("girls", "boys") and look.department in ("Clothing", "Shoes"):
        wide, high = wide * 0.92, high * 0.84  # small, and round for its height
    elif look.style == "elegant":
        wide *= 0.96
    elif look.style == "retro":
        wide *= 1.03
    flip = kind.flips and rng.random() < 0.5
    canvas.translate(50, 50)
    canvas.rotate(rng.uniform(-kind.turn, kind.turn))
    canvas.scale(-wide if flip else wide, high)
    canvas.translate(-50, -50)
    return -1.0 if flip else 1.0
