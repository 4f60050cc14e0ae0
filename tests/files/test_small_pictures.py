"""Small copies of pictures."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from recsys.files.small_pictures import SIDE, small_copy


def jpeg(width: int, height: int) -> bytes:
    made = BytesIO()
    Image.fromarray(np.full((height, width, 3), (200, 30, 40), np.uint8)).save(made, "JPEG")
    return made.getvalue()


def test_a_copy_keeps_its_shape_and_its_colour_and_is_no_larger_than_asked() -> None:
    copy = Image.open(BytesIO(small_copy(jpeg(800, 400))))
    assert (copy.format, copy.size) == ("WEBP", (SIDE, SIDE // 2))
    assert np.abs(np.asarray(copy.convert("RGB"))[10, 10].astype(int) - (200, 30, 40)).max() < 12


def test_what_is_smaller_stays_as_small_as_it_is() -> None:
    assert Image.open(BytesIO(small_copy(jpeg(40, 30)))).size == (40, 30)
