"""Pictures of products: told apart within a shelf, the same everywhere, and nothing of the data runs in them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from recsys.plots.picture import ARRANGEMENTS, PATTERNS, TURNS, looks, picture_svg
from recsys.shops.registry import shops


def test_no_two_products_of_a_shelf_look_alike() -> None:
    shelf = [(item, "🍱") for item in range(40)]
    drawn = [picture_svg("🍱", "#4477AA", look) for look in looks(shelf)]
    assert len(set(drawn)) == len(shelf)
    plainly = {(look.turn, look.arrangement) for look in looks(shelf)}
    assert len(plainly) == len(shelf)  # not the pattern alone tells them apart


def test_a_product_looks_the_same_wherever_it_stands() -> None:
    alone = looks([("A1", "🥛")])[0]
    assert looks([("B7", "🍞"), ("A1", "🥛")])[1] == alone


def test_more_products_than_there_are_looks_are_drawn_too() -> None:
    shelf = looks((item, "🥛") for item in range(len(TURNS) * len(ARRANGEMENTS) + 3))
    assert all(picture_svg("🥛", "#4477AA", look) for look in shelf)


def test_an_emoji_is_drawn_from_its_file_and_by_no_font() -> None:
    svg = picture_svg("🍌", "#228833", looks([(1, "🍌")])[0])
    assert "data:image/png;base64," in svg
    assert "<text" not in svg


@pytest.mark.parametrize("icon", ["<script>alert(1)</script>", '"/><image href="x', "../../x", "\x00", ""])
def test_whatever_stands_for_an_icon_is_text_in_a_picture(icon: str) -> None:
    svg = picture_svg(icon, "#228833", looks([(1, icon)])[0])
    assert "<script" not in svg
    tree = ElementTree.fromstring(svg.replace("\x00", ""))
    assert [piece for piece in tree.iter() if piece.tag.endswith("image")] == []


def test_every_icon_that_a_pack_names_for_its_departments_has_a_file() -> None:
    for shop in shops():
        for icon in {shop.icon, *shop.department_icons.values()}:
            assert "<text" not in picture_svg(icon, "#228833", looks([(1, icon)])[0]), (shop.name, icon)


def test_every_pattern_and_arrangement_is_a_picture_of_its_own() -> None:
    assert len(set(PATTERNS)) == len(PATTERNS)
    assert len(set(ARRANGEMENTS)) == len(ARRANGEMENTS)
