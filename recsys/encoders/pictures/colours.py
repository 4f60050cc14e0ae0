"""The colours of a picture, apart from its ground: soft histograms over CIE Lab.

Lab as in CIE 15:2004 from sRGB (IEC 61966-2-1), white D65: equal distances look about equally different. Bins are soft,
a colour counts to each centre by exp(-d^2 / (2 * WIDTH^2)), so that a shade more or less moves little.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.files.pictures import RGB
from recsys.schema import Floats

SIDE: Final = 48  # pixels: colours are of areas, and areas are there at this size
GROUND: Final = 8.0  # how far from the border's colour, in Lab, a pixel is more picture than ground
MIDDLE: Final = 0.5  # the spread of the second histogram around the middle, where half the picture is 1
WIDTH: Final = 12.0  # of a bin; 343 centres of which a screen shows some hundred
REACH: Final = 16.0  # a centre further from every colour of a screen than this is left out
COARSE: Final = 3  # bits of eight that are left out: 32 levels of a channel
_RGB_TO_XYZ: Final = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE: Final = np.array([0.95047, 1.0, 1.08883])


def lab(pixels: RGB) -> Floats:
    """(..., 3) red, green and blue of eight bits -> (..., 3) lightness, green to red, blue to yellow."""
    values = pixels / 255.0
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _RGB_TO_XYZ.T / _WHITE
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    found: Floats = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)
    return found


def _centres() -> Floats:
    """(bins, 3) the centres that some colour of a screen comes near."""
    steps = np.linspace(0, 255, 18).astype(np.uint8)
    shown = lab(np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3))  # (m, 3)
    chroma = (-60, -36, -18, 0, 18, 36, 60)
    grid = [(light, a, b) for light in (5, 20, 35, 50, 65, 80, 95) for a in chroma for b in chroma]
    centres = np.array(grid, np.float32)
    nearest = np.array([np.linalg.norm(shown - centre, axis=1).min() for centre in centres])
    return centres[nearest <= REACH]


CENTRES: Final = _centres()
DIMENSION: Final = 2 * len(CENTRES)


def colours(pixels: RGB) -> Floats:
    """(DIMENSION,) roots of two soft histograms, each of length 1: of what is not ground, and of that near the middle.

    `pixels` is (h, w, 3). A picture of one colour has no ground to tell: all of it counts.
    """
    small = _shrunk(pixels)
    seen = lab(small)  # (h, w, 3)
    height, width, _ = seen.shape
    border = np.concatenate([seen[0], seen[-1], seen[:, 0], seen[:, -1]])
    away = np.linalg.norm(seen - np.median(border, axis=0), axis=-1)  # (h, w)
    weight = 1e-3 - np.expm1(-((away / GROUND) ** 2))
    rows, columns = ((np.arange(n) + 0.5) / n * 2 - 1 for n in (height, width))
    middle = np.exp(-(rows[:, None] ** 2 + columns**2) / (2 * MIDDLE**2))
    weights = np.stack([weight.ravel(), (weight * middle).ravel()])  # (2, h w)
    shares = _spread(small.reshape(-1, 3), weights / weights.sum(axis=1, keepdims=True))
    found: Floats = np.sqrt(shares).astype(np.float32).ravel()
    return found


def _spread(pixels: RGB, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(2, bins) the weights (2, m) of pixels (m, 3) on the bins near them; colours as good as equal are one."""
    coarse = pixels >> COARSE
    keys, place = np.unique(coarse @ np.array([1 << 16, 1 << 8, 1]), return_inverse=True)
    values = np.stack([keys >> 16, keys >> 8 & 255, keys & 255], axis=-1) << COARSE
    colour = lab((values + (1 << COARSE) // 2).astype(np.uint8))  # (u, 3)
    together = np.stack([np.bincount(place, each, len(keys)) for each in weights])  # (2, u)
    distance = (colour**2).sum(1)[:, None] + (CENTRES**2).sum(1) - 2 * colour @ CENTRES.T  # (u, bins), squared
    distance -= distance.min(axis=1, keepdims=True)  # the nearest bin always counts
    near = np.exp(-distance / (2 * WIDTH**2))
    near /= near.sum(axis=1, keepdims=True)
    shares: npt.NDArray[np.float64] = together @ near
    return shares


def _shrunk(pixels: RGB) -> RGB:
    from PIL import Image

    image = Image.fromarray(pixels)
    image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(image)
