"""The colours of the thing in a picture, as a soft histogram over CIE Lab: what a network for shapes says least of.

What stands apart from the colour of the border counts as the thing. Distances in Lab are near to those that people see
(CIE 1976); shares enter as square roots, so that cosines of two histograms are Bhattacharyya's coefficient.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.files.pictures import RGB, squared
from recsys.schema import Floats

SIDE: Final = 24  # pixels: colours need no more
LIGHTNESS: Final = (5, 20, 35, 50, 65, 80, 95)
GREEN_RED = BLUE_YELLOW = (-60, -36, -18, 0, 18, 36, 60)
SPREAD: Final = 12.0  # Lab units: how far a pixel's colour reaches into the bins beside its own
APART: Final = 8.0  # Lab units from the border's colour, at which a pixel is two thirds of the thing
CENTRAL: Final = 0.5  # of half a side: how far from the middle the second histogram looks


def lab(pixels: RGB) -> Floats:
    """sRGB (..., 3) of 0..255 as CIE Lab under D65 (IEC 61966-2-1, CIE 15)."""
    x = pixels.astype(np.float32) / 255
    linear = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.41246, 0.35758, 0.18044], [0.21267, 0.71515, 0.07218], [0.01933, 0.11919, 0.95030]])
    xyz = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    found = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)
    return found.astype(np.float32)


@cache
def bins() -> Floats:
    """(b, 3) the middles of the bins that some colour of a screen lies nearest to."""
    middles = np.array([(x, a, b) for x in LIGHTNESS for a in GREEN_RED for b in BLUE_YELLOW], np.float32)
    steps = np.arange(0, 256, 15)
    screen = lab(np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3).astype(np.uint8))
    nearest = _squared_distances(screen, middles).argmin(axis=1)
    return np.asarray(middles[np.unique(nearest)])


def dimension() -> int:
    """How many numbers `colours` gives."""
    return 2 * len(bins())


def colours(pixels: RGB) -> Floats:
    """(dimension(),) the colours of the thing, then those of its middle, each of length 1."""
    small = lab(squared(pixels, SIDE))
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    distance2 = ((small - np.median(border, axis=0)) ** 2).sum(axis=-1)
    thing = 1.0 - np.exp(-distance2 / APART**2) + 1e-4  # a thing of its ground's colour is all there is
    shares = np.exp(-_squared_distances(small.reshape(-1, 3), bins()) / (2 * SPREAD**2))
    shares /= shares.sum(axis=1, keepdims=True) + 1e-9
    weights = np.stack([thing, thing * _middle()]).reshape(2, -1)
    histograms = weights @ shares / weights.sum(axis=1, keepdims=True)  # (2, bins), each adds up to 1
    return np.asarray(np.sqrt(histograms), np.float32).ravel()


@cache
def _middle() -> npt.NDArray[np.float32]:
    """(SIDE, SIDE) 1 in the middle, falling off towards the border."""
    along = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    found: Floats = np.exp(-(along[:, None] ** 2 + along[None] ** 2) / (2 * CENTRAL**2)).astype(np.float32)
    return found


def _squared_distances(a: Floats, b: Floats) -> Floats:
    """(n, 3) and (m, 3) -> (n, m)."""
    found: Floats = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None] - 2 * a @ b.T
    return found
