"""Colours are those of the thing and not of its ground."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.encoders.pictures.colours import CENTRES, DIMENSION, colours, lab
from recsys.files.pictures import RGB
from recsys.schema import Floats


def thing(colour: tuple[int, int, int], ground: tuple[int, int, int], share: float = 0.5) -> RGB:
    """A square of one colour in the middle of a ground."""
    pixels = np.empty((96, 96, 3), np.uint8)
    pixels[:] = ground
    half = int(48 * share)
    pixels[48 - half : 48 + half, 48 - half : 48 + half] = colour
    return pixels


def main(histogram: Floats) -> Floats:
    """The centre with the largest share of the first histogram."""
    centre: Floats = CENTRES[histogram[: len(CENTRES)].argmax()]
    return centre


@pytest.mark.parametrize(
    ("colour", "wanted"),  # published values of the sRGB primaries in CIE Lab, D65
    [
        ((255, 255, 255), (100.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
    ],
)
def test_lab_is_as_published(colour: tuple[int, int, int], wanted: tuple[float, float, float]) -> None:
    assert np.allclose(lab(np.array([colour], np.uint8))[0], wanted, atol=0.05)


def test_both_histograms_are_of_length_one() -> None:
    found = colours(thing((200, 30, 30), (255, 255, 255)))
    assert found.shape == (DIMENSION,)
    assert np.allclose([np.linalg.norm(half) for half in np.split(found, 2)], 1, atol=1e-5)


def test_the_ground_does_not_count() -> None:
    on_white, on_blue = (colours(thing((200, 30, 30), ground)) for ground in ((255, 255, 255), (40, 60, 200)))
    green = colours(thing((30, 160, 60), (255, 255, 255)))
    assert on_white @ on_blue / 2 > 0.95
    assert on_white @ green / 2 < 0.3
    assert np.linalg.norm(main(on_white) - lab(np.array([[200, 30, 30]], np.uint8))[0]) < 18


def test_a_picture_of_one_colour_has_that_colour() -> None:
    found = colours(np.full((40, 40, 3), (20, 60, 200), np.uint8))
    assert np.isfinite(found).all()
    assert np.linalg.norm(main(found) - lab(np.array([[20, 60, 200]], np.uint8))[0]) < 40  # beyond the outer centres


def test_the_size_of_the_picture_does_not_matter() -> None:
    small = thing((200, 30, 30), (255, 255, 255))
    large = np.repeat(np.repeat(small, 5, axis=0), 5, axis=1)
    assert colours(small) @ colours(large) / 2 > 0.99
