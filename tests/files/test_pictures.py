"""Pictures of every kind come out as plain red, green and blue; what is none is refused with what was seen."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from recsys.errors import DataError
from recsys.files import pictures
from recsys.files.pictures import LEAST_SIDE, MOST_SIDE, jpeg, read_picture, squared

RED = (200, 30, 40)


def saved(image: Image.Image, kind: str = "PNG", **how: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def red(mode: str = "RGB", size: tuple[int, int] = (40, 60)) -> Image.Image:
    image = Image.new("RGB", size, RED)
    return image.quantize(4) if mode == "P" else image.convert(mode)


def near(pixels: pictures.RGB, colour: tuple[int, ...], within: float = 6.0) -> bool:
    return bool(np.abs(pixels.astype(int) - np.array(colour)).max() <= within)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_each_kind_of_file_is_read(kind: str) -> None:
    picture = read_picture(saved(red(), kind))
    assert picture.pixels.shape == (60, 40, 3)
    assert picture.pixels.dtype == np.uint8
    assert near(picture.pixels, RED)
    assert picture.notes == ()


@pytest.mark.parametrize(("mode", "kind"), [("L", "PNG"), ("P", "PNG"), ("1", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG")])
def test_each_way_of_writing_colours_becomes_red_green_and_blue(mode: str, kind: str) -> None:
    picture = read_picture(saved(red(mode), kind))
    assert picture.pixels.shape == (60, 40, 3)
    said = "CMYK" in " ".join(picture.notes)
    assert said == (mode == "CMYK")
    if mode in {"P", "CMYK"}:
        assert near(picture.pixels, RED, within=25)


def test_grey_of_sixteen_bits_keeps_its_brightness() -> None:
    deep = Image.fromarray(np.full((30, 30), 40_000, np.uint16))
    assert near(read_picture(saved(deep)).pixels, (155, 155, 155), within=1)  # 40,000 of 65,535


def test_behind_what_is_transparent_stands_white_and_that_is_said() -> None:
    image = Image.new("RGBA", (40, 40), (*RED, 255))
    image.paste((0, 0, 0, 0), (0, 0, 40, 20))
    picture = read_picture(saved(image))
    assert near(picture.pixels[:18], (255, 255, 255))
    assert near(picture.pixels[22:], RED)
    assert any("white" in note for note in picture.notes)


def test_of_what_moves_the_first_frame_is_looked_at() -> None:
    frames = [Image.new("RGB", (20, 20), (n % 256, 255 - n % 256, 90)) for n in range(500)]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = read_picture(moving)
    assert near(picture.pixels, (0, 255, 90), within=12)
    assert any("first frame" in note for note in picture.notes)


def test_a_photograph_taken_sideways_is_turned_upright() -> None:
    image = Image.new("RGB", (80, 40), (250, 250, 250))
    image.paste(RED, (0, 0, 40, 40))  # the left half: it is the upper one once turned
    turned = image.getexif()
    turned[0x0112] = 6  # the camera lay on its side
    pixels = read_picture(saved(image, "JPEG", exif=turned, quality=95)).pixels
    assert pixels.shape == (80, 40, 3)
    assert near(pixels[5:30], RED, within=12)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_one_comes_out_no_larger_than_needed(kind: str) -> None:
    pixels = read_picture(saved(red(size=(5000, 2500)), kind)).pixels
    assert pixels.shape == (MOST_SIDE // 2, MOST_SIDE, 3)
    assert near(pixels, RED)


def test_a_hundred_million_pixels_are_refused_before_they_are_unpacked() -> None:
    with pytest.raises(DataError, match="100 million pixels") as said:
        read_picture(saved(Image.new("1", (10_000, 10_000))), "wall.png")
    assert "50 million" in str(said.value)


def archive() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("dress.jpg", b"red")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"red dress", "is no picture"),
        (archive(), "is no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no picture"),
        (b"%PDF-1.7", "is no picture"),
        (saved(red(size=(400, 400)), "JPEG")[:900], "is damaged"),
        (saved(Image.effect_noise((90, 90), 60))[:3000], "is damaged"),
        (saved(red(size=(LEAST_SIDE - 1, 40))), "has 15 x 40 pixels"),
        (b"\xff\xd8" + bytes(pictures.MAX_BYTES), "has 20 MB"),
    ],
    ids=["empty", "text", "zip", "svg", "pdf", "half a jpeg", "half a png", "tiny", "huge"],
)
def test_what_is_no_picture_is_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(DataError, match=f"dress.jpg {said}"):
        read_picture(data, "dress.jpg")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP"]), st.data())
def test_a_file_with_wrong_bytes_is_read_or_refused_and_nothing_else(kind: str, data: st.DataObject) -> None:
    file = bytearray(saved(red(size=(24, 24)), kind))
    for _ in range(data.draw(st.integers(1, 12))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(file)))
    with suppress(DataError):
        assert read_picture(bytes(file[:cut])).pixels.shape[2] == 3


def test_a_square_holds_the_whole_picture_on_the_colour_of_its_border() -> None:
    image = np.full((30, 60, 3), (240, 230, 220), np.uint8)
    image[10:20, 20:40] = RED
    square = squared(image, 120)
    assert square.shape == (120, 120, 3)
    assert near(square[:28], (240, 230, 220))  # above and below is what stood at the border
    assert near(square[-28:], (240, 230, 220))
    assert near(square[55:65, 50:70], RED)


def test_a_jpeg_is_read_again() -> None:
    assert near(read_picture(jpeg(squared(np.array(red()), 64))).pixels, RED)
