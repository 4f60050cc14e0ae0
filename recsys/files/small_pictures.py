"""Small copies of a shop's own pictures, for where many are shown at once."""

from __future__ import annotations

from io import BytesIO
from typing import Final

SIDE: Final = 96  # pixels
QUALITY: Final = 75  # of WebP: some 700 bytes a copy, where a JPEG takes 1,800


def small_copy(file: bytes, side: int = SIDE) -> bytes:
    """A picture as it lies in the shop's file (JPEG) as a WebP, no side longer than `side` pixels."""
    from PIL import Image

    made = BytesIO()
    with Image.open(BytesIO(file), formats=("JPEG",)) as image:
        image.draft("RGB", (side, side))  # unpacked at an eighth, a quarter or half of its size
        image.thumbnail((side, side), Image.Resampling.BICUBIC)
        image.convert("RGB").save(made, "WEBP", quality=QUALITY)
    return made.getvalue()
