"""Surfaces seen from close by: small tiles of light and shade that repeat without a seam."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import skia

Field = npt.NDArray[np.float64]

SIDE = 128  # pixels of a tile
UNITS = SIDE / 3.84  # its side in the picture's units: one to one at 384 pixels

_y, _x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)


def _noise(seed: int, *, wide: int = 0, high: int = 0) -> Field:
    """Seamless noise from -1 to 1, smeared over as many pixels to either side as asked."""
    field = np.random.default_rng(seed).normal(size=(SIDE, SIDE))
    for reach, axis in ((wide, 1), (high, 0)):
        if reach:
            field = sum((np.roll(field, step, axis) for step in range(-reach, reach + 1)), np.zeros_like(field))
    clipped: Field = np.clip(field / (2.2 * field.std()), -1, 1)
    return clipped


def _waves(along: Field, period: float) -> Field:
    return np.cos(2 * np.pi * along / period)


def _weave() -> Field:
    over: Field = ((_x // 2 + _y // 2) % 2) * 2 - 1
    return 0.55 * over + 0.45 * _noise(1, wide=1)


def _linen() -> Field:
    return 0.5 * _noise(2, wide=9) + 0.5 * _noise(3, high=9)


def _knit() -> Field:
    bent: Field = np.abs((_x % 8) - 4) * 0.9
    stitches: Field = 0.75 * _waves(_y + bent, 6.4) * (0.5 + 0.5 * np.abs(_waves(_x, 16))) - 0.4 * (_x % 8 < 1)
    return stitches


def _twill() -> Field:
    return 0.55 * _waves(_x + _y, 4) + 0.6 * _noise(4, wide=1, high=1)


def _cord() -> Field:
    return _waves(_x, 8) * 0.9 + 0.2 * _noise(5)


def _fuzz() -> Field:
    return 0.6 * _noise(6, wide=1, high=1) + 0.5 * _noise(7, wide=3, high=3)


def _nap() -> Field:
    return 0.5 * _noise(8, wide=2, high=1) + 0.6 * _noise(9, wide=7, high=7)


def _hide() -> Field:
    cells = _noise(10, wide=1, high=1)
    return np.clip((np.roll(cells, 1, 0) - cells + np.roll(cells, 1, 1) - cells) * 0.8, -1, 1)


def _wood() -> Field:
    rings = _waves(_y + 5 * _noise(11, wide=24, high=5), 16)
    return 0.5 * rings + 0.5 * _noise(12, wide=16)


def _cork() -> Field:
    spots = _noise(13, wide=1, high=1)
    return np.where(spots < -0.62, -1.0, np.where(spots > 0.7, 0.7, 0.25 * _noise(14)))


def _grit() -> Field:
    spots = _noise(15, wide=1, high=1)
    return np.where(np.abs(spots) > 0.8, spots, 0.3 * _noise(16, wide=4, high=4))


def _wicker() -> Field:
    cell = 8
    across = (_x // cell + _y // cell) % 2 == 0
    arch: Field = np.where(across, np.sin(np.pi * (_y % cell) / cell), np.sin(np.pi * (_x % cell) / cell))
    return 1.7 * arch - 1.15 + 0.15 * _noise(17)


def _brushed() -> Field:
    return _noise(18, wide=30)


def _carbon() -> Field:
    across = (_x // 4 + _y // 4) % 2 == 0
    return np.where(across, _waves(_x, 4) * 0.3 + 0.4, _waves(_y, 4) * 0.3 - 0.4)


def _glitter() -> Field:
    spots = _noise(19)
    return np.where(spots > 0.7, 1.0, np.where(spots < -0.8, -0.7, 0.0))


def _hammered() -> Field:
    return _noise(20, wide=5, high=5) * 0.8 + 0.2 * _noise(21)


_FIELDS: dict[str, Callable[[], Field]] = {
    "weave": _weave,
    "linen": _linen,
    "knit": _knit,
    "twill": _twill,
    "cord": _cord,
    "fuzz": _fuzz,
    "nap": _nap,
    "hide": _hide,
    "wood": _wood,
    "cork": _cork,
    "grit": _grit,
    "wicker": _wicker,
    "brushed": _brushed,
    "carbon": _carbon,
    "glitter": _glitter,
    "hammered": _hammered,
}


@lru_cache(maxsize=64)
def texture(name: str, strength: float) -> skia.Image:
    """The tile as an overlay: white where it is light, black where it is dark, clear between."""
    field = np.clip(_FIELDS[name](), -1, 1)
    alpha = np.round(np.abs(field) * strength * 255).astype(np.uint8)
    tone = np.where(field > 0, alpha, 0).astype(np.uint8)  # premultiplied: white is its own alpha
    pixels = np.ascontiguousarray(np.stack([tone, tone, tone, alpha], axis=-1))
    made = skia.Image.fromarray(pixels, skia.ColorType.kBGRA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)
    surface = skia.Surface(SIDE, SIDE)
    surface.getCanvas().drawImage(made, 0, 0)
    return surface.makeImageSnapshot()


@lru_cache(maxsize=64)
def texture_shader(name: str, strength: float, pixels: float) -> skia.Shader:
    """The tile repeated over a picture of so many pixels a unit; at 384 pixels a side it is one to one."""
    matrix = skia.Matrix()
    scale = UNITS * pixels / SIDE
    if abs(scale - 1) > 0.01:
        matrix.setScale(scale, scale)
    repeat = skia.TileMode.kRepeat
    return texture(name, strength).makeShader(repeat, repeat, skia.SamplingOptions(skia.FilterMode.kLinear), matrix)
