"""Pictures that people bring: looked at before they are unpacked, and brought to plain red, green and blue.

Pillow (HPND licence) decodes them. Nothing is written anywhere: bytes come in, an array goes out.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from recsys.errors import DataError
from recsys.files.bounds import MB

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
ENDINGS: Final = ("jpg", *map(str.lower, FORMATS))  # of the files' names
MAX_MB: Final = 20
MAX_BYTES: Final = MAX_MB * MB
MAX_PIXELS: Final = 50 * MB  # 150 MB unpacked; a telephone takes 12 to 50 million
LEAST_SIDE: Final = 16  # pixels: less shows nothing
MOST_SIDE: Final = 1024  # pixels of what comes out: encoders look at 224 to 384
ALLOWED: Final = f"JPEG, PNG, WebP, GIF or BMP, up to {MAX_BYTES // MB} MB and {MAX_PIXELS // MB} million pixels"

RGB = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as it is looked at. `pixels` is (height, width, 3), no side longer than MOST_SIDE."""

    pixels: RGB
    notes: tuple[str, ...] = ()  # what was left out or turned into something else, in whole sentences


def read_picture(data: bytes, name: str = "the picture", side: int = MOST_SIDE) -> Picture:
    """Decode one, no side longer than `side`.

    Raises DataError, saying what was seen, for what is none, is damaged, too large or too small.
    Who only looks at it by an encoder asks for 512 pixels: a photo of 12 million takes a quarter of the time then.
    """
    if not data:
        raise DataError(f"{name} is empty", allowed=ALLOWED, remedy="choose another file")
    if len(data) > MAX_BYTES:
        raise DataError(f"{name} has {len(data) / MB:.0f} MB", allowed=ALLOWED, remedy="save it smaller")
    from PIL import Image

    with _said(name), Image.open(BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise DataError(
                f"{name} has {width * height / MB:.0f} million pixels", allowed=ALLOWED, remedy="save it smaller"
            )
        if min(width, height) < LEAST_SIDE:
            raise DataError(
                f"{name} has {width} x {height} pixels",
                allowed=f"at least {LEAST_SIDE} pixels a side",
                remedy="choose a larger picture",
            )
        image.draft("RGB", (side, side))  # a JPEG is unpacked no larger than needed
        notes = list(_notes(image))
        return Picture(_plain(image, side), tuple(notes))


@contextmanager
def _said(name: str) -> Iterator[None]:
    """Whatever a decoder raises is said as what is wrong with the file; its warnings are not for the console."""
    from PIL import Image, UnidentifiedImageError

    unusable = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except DataError:
        raise
    except UnidentifiedImageError as error:
        raise DataError(f"{name} is no picture", allowed=ALLOWED, remedy="choose another file") from error
    except (*unusable, MemoryError, ArithmeticError, Image.DecompressionBombError) as error:
        raise DataError(f"{name} is damaged and cannot be read", allowed=ALLOWED, remedy="save it anew") from error


def _notes(image: Image) -> Iterator[str]:
    if getattr(image, "is_animated", False):
        yield "It moves: its first frame is looked at."
    if image.mode == "CMYK":
        yield "It is in printing colours (CMYK): its colours on a screen are near, not the same."
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        yield "It is transparent in part: white stands behind it."


def _plain(image: Image, side: int) -> RGB:
    """Upright, opaque, of eight bits, and no larger than needed."""
    from PIL import Image as Images
    from PIL import ImageOps

    if image.mode.startswith("I"):  # 16 bits of grey in a PNG
        grey = np.asarray(image, dtype=np.float64)
        image = Images.fromarray(np.clip(grey / 257 if grey.max() > 255 else grey, 0, 255).astype(np.uint8))
    image.thumbnail((2 * side, 2 * side), Images.Resampling.BOX)  # cheap; what follows is on less
    turned: Any = ImageOps.exif_transpose(image)
    if turned.mode not in {"RGB", "L", "CMYK"}:
        layer = turned.convert("RGBA")
        turned = Images.new("RGBA", layer.size, "white")
        turned.alpha_composite(layer)
    plain = turned.convert("RGB")
    plain.thumbnail((side, side), Images.Resampling.LANCZOS)
    return np.array(plain, dtype=np.uint8)


def squared(pixels: RGB, side: int) -> RGB:
    """The whole picture in a square of `side` pixels, (side, side, 3): what it lacks is of its border's colour."""
    from PIL import Image as Images

    height, width, _ = pixels.shape
    share = side / max(height, width)
    size = max(1, round(width * share)), max(1, round(height * share))
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.broadcast_to(np.median(border, axis=0).astype(np.uint8), (side, side, 3)).copy()
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    shrunk = np.asarray(Images.fromarray(pixels).resize(size, Images.Resampling.BICUBIC))
    ground[top : top + size[1], left : left + size[0]] = shrunk
    return ground


def jpeg(pixels: RGB, quality: int = 88) -> bytes:
    """The picture as a JPEG."""
    from PIL import Image as Images

    file = BytesIO()
    Images.fromarray(pixels).save(file, "JPEG", quality=quality)
    return file.getvalue()
