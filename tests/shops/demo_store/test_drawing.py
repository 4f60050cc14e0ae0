"""Pictures of products: every silhouette draws, looks like no other, and shows the colour that the product has."""

from __future__ import annotations

import colorsys
import csv
import subprocess
import sys
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from recsys.errors import ShelfLensError
from recsys.shops.demo_store.looks import Look

pytest.importorskip(
    "skia",
    reason="NO PICTURE WAS DRAWN: skia needs libGL and libEGL (Debian: apt-get install libgl1 libegl1)",
    exc_type=ImportError,
)
from recsys.shops.demo_store.drawing import SILHOUETTES, picture

TABLE = Path(__file__).resolve().parents[3] / "recsys/shops/demo_store/tables/types.csv"
COLOURS = ("#C0392B", "#2E6DA4", "#3F7D58", "#D9A441", "#7D5BA6")
Pixels = npt.NDArray[np.float64]


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TYPES = {row["silhouette"]: row for row in rows()}
# Footbeds, lamp shades and plants have colours of their own.
OF_MORE_COLOURS = {"sandal", "lamp", "pot"}
OF_ONE_COLOUR = set(TYPES) - OF_MORE_COLOURS


def plain(silhouette: str, colour: str = "#2E6DA4", seed: int = 1) -> Look:
    row = TYPES[silhouette]
    first = {name: row[f"{name}s"].split("|")[0] for name in ("material", "style", "audience")}
    return Look(silhouette, colour, "#E8E4DA", pattern="plain", department=row["department"], seed=seed, **first)


def pixels(look: Look, size: int = 96) -> Pixels:
    with Image.open(BytesIO(picture(look, size))) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)


@cache
def first_pictures() -> dict[str, Pixels]:
    return {name: pixels(plain(name)) for name in sorted(SILHOUETTES)}


def hue_of(image: Pixels) -> float:
    """The hue that most of the saturated pixels of the middle have, in degrees."""
    side = len(image)
    middle = image[side // 8 : -side // 8, side // 8 : -side // 8].reshape(-1, 3) / 255
    weights = np.zeros(72)
    for red, green, blue in middle:
        hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
        if saturation > 0.22 and value > 0.15:
            weights[int(hue * 72) % 72] += saturation
    # The light makes one colour a few neighbouring hues.
    spread = weights + np.roll(weights, 1) + np.roll(weights, -1)
    return float((np.argmax(spread) + 0.5) * 5)


def test_every_silhouette_of_the_table_is_drawn_and_no_other() -> None:
    assert set(TYPES) == SILHOUETTES


@pytest.mark.parametrize("silhouette", sorted(TYPES))
def test_every_pattern_and_material_of_a_type_is_drawn(silhouette: str) -> None:
    row = TYPES[silhouette]
    patterns, materials, styles, audiences = (
        row[name].split("|") for name in ("patterns", "materials", "styles", "audiences")
    )
    for index in range(max(map(len, (patterns, materials, styles, audiences)))):
        look = replace(
            plain(silhouette, COLOURS[index % len(COLOURS)], seed=index),
            pattern=patterns[index % len(patterns)],
            material=materials[index % len(materials)],
            style=styles[index % len(styles)],
            audience=audiences[index % len(audiences)],
        )
        assert pixels(look).std() > 8, look  # more than a background


def test_no_two_silhouettes_look_alike() -> None:
    images = list(first_pictures().items())
    for at, (one, first) in enumerate(images):
        for other, second in images[at + 1 :]:
            assert np.abs(first - second).mean() > 3, (one, other)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("silhouette", sorted(OF_ONE_COLOUR))
def test_the_colour_of_the_product_can_be_measured(silhouette: str, colour: str) -> None:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    wanted = colorsys.rgb_to_hsv(red, green, blue)[0] * 360
    for seed in (3, 4):
        seen = hue_of(pixels(plain(silhouette, colour, seed)))
        assert min(abs(seen - wanted), 360 - abs(seen - wanted)) <= 14, (seed, seen, wanted)


@pytest.mark.parametrize("colour", ["#F4F4F2", "#2B2B30", "#9A9A9A"])
def test_white_grey_and_black_stay_without_hue(colour: str) -> None:
    for silhouette in ("tshirt", "mug", "suitcase", "ball"):
        middle = pixels(replace(plain(silhouette, colour), accent="#888888"))[36:60, 36:60].reshape(-1, 3)
        assert np.median(middle.max(axis=1) - middle.min(axis=1)) < 26
        wanted = int(colour[1:3], 16)
        assert abs(float(np.median(middle)) - wanted) < 48


def test_the_same_look_gives_the_same_bytes() -> None:
    for silhouette in ("shirt", "ball", "pot", "vase"):
        look = plain(silhouette)
        assert picture(look) == picture(look)


def test_a_picture_does_not_depend_on_what_was_drawn_before() -> None:
    code = (
        "import hashlib; from recsys.shops.demo_store.drawing import picture;"
        "from recsys.shops.demo_store.looks import Look;"
        "look = Look('dress', '#C0392B', '#E8E4DA', 'cotton', 'floral', 'romantic', 'women', 'Clothing', 5);"
        "print(hashlib.sha256(picture(look)).hexdigest())"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout


@pytest.mark.parametrize("silhouette", sorted(TYPES))
def test_seeds_tell_equal_products_apart(silhouette: str) -> None:
    seen = [pixels(plain(silhouette, seed=seed)) for seed in range(4)]
    for at, first in enumerate(seen):
        for second in seen[at + 1 :]:
            assert np.abs(first - second).mean() > 0.8


def test_departments_have_light_backgrounds_of_their_own() -> None:
    corners = {}
    for silhouette, row in TYPES.items():
        corner = first_pictures()[silhouette][2:6, 2:6].mean(axis=(0, 1))
        assert corner.min() > 215, silhouette
        corners.setdefault(row["department"], corner)
    assert len(corners) == 10
    assert len({tuple(np.round(corner)) for corner in corners.values()}) == 10


@pytest.mark.parametrize("size", [64, 160, 384, 512])
def test_the_size_is_as_asked(size: int) -> None:
    with Image.open(BytesIO(picture(plain("mug"), size))) as image:
        assert image.size == (size, size)
        assert image.format == "JPEG"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"silhouette": "spaceship"}, "silhouette 'spaceship'"),
        ({"colour": "red"}, "'red'"),
        ({"accent": "#12345"}, "'#12345'"),
        ({"pattern": "paisley"}, "pattern 'paisley'"),
        ({"material": "unobtainium"}, "material 'unobtainium'"),
        ({"department": "Weapons"}, "department 'Weapons'"),
    ],
)
def test_what_cannot_be_drawn_is_named_with_what_can(change: dict[str, str], said: str) -> None:
    with pytest.raises(ShelfLensError) as caught:
        picture(replace(plain("mug"), **change))
    assert said in caught.value.seen
    assert caught.value.allowed
    assert caught.value.remedy


@pytest.mark.parametrize("size", [0, 15, 5000])
def test_a_size_out_of_bounds_is_refused(size: int) -> None:
    with pytest.raises(ShelfLensError, match="16 to 2048"):
        picture(plain("mug"), size)


def test_the_shop_itself_does_not_load_the_drawing_library() -> None:
    code = "import sys; import recsys.shops.demo_store, recsys.shops.demo_store.looks; sys.exit('skia' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
