"""A picture is unpacked no larger than who looks at it asks for."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.files.pictures import MOST_SIDE, jpeg, read_picture


def photo(height: int, width: int) -> bytes:
    """Left half black, right half white."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, width // 2 :] = 255
    return jpeg(pixels)


@pytest.mark.parametrize("side", [512, MOST_SIDE])
def test_no_side_is_longer_than_asked_for(side: int) -> None:
    seen = read_picture(photo(1500, 2000), side=side).pixels
    assert seen.shape == (side * 3 // 4, side, 3)
    assert seen[:, : side // 2 - 4].max() < 10
    assert seen[:, side // 2 + 4 :].min() > 245


def test_a_small_picture_stays_as_it_is() -> None:
    assert read_picture(photo(80, 60), side=512).pixels.shape == (80, 60, 3)
