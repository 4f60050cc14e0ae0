"""What a picture is said to show: what the products nearest to it have in common, where any of them is near."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest

from recsys.encoders.pictures.network import HEAD
from recsys.encoders.pictures.things import Things
from recsys.engine.looking import ALIKE, NAMED, Looking, _alike
from recsys.engine.one_space import OneSpace
from recsys.files.pictures import jpeg
from recsys.retrieval.looks import LooksRetriever
from recsys.schema import Floats

ITEMS = pd.DataFrame({"category": ["Dress", "Dress", "Dress", "Lamp", "Mug"]})
ATTRIBUTES = pd.DataFrame(
    {
        "item": [0, 1, 2, 3, 4, 0],
        "attribute": ["colour"] * 5 + ["brand"],
        "value": ["red", "red", "red", "red", "blue", "Mirador"],
    }
)


NOWHERE = np.zeros((5, 2), np.float32)


def looking(attributes: pd.DataFrame | None = ATTRIBUTES, products: Floats = NOWHERE, space: object = None) -> Looking:
    return Looking(Path, cast(OneSpace, space), LooksRetriever("looks", products), ITEMS, lambda: attributes)


def said(
    rows: list[int], scores: list[float], attributes: pd.DataFrame | None = ATTRIBUTES, called: str | None = None
) -> str:
    found = np.array(scores, np.float32)
    return looking(attributes)._said(np.array(rows, np.int32), found, _alike(found), called)


def test_what_most_of_the_nearest_are_is_said() -> None:
    assert said([0, 1, 2, 3], [0.95, 0.94, 0.9, 0.6]) == "It shows, as the products nearest to it: dress, red."
    assert said([0, 1, 2], [0.95, 0.94, 0.9], None) == "It shows, as the products nearest to it: dress."


def test_what_they_do_not_agree_on_is_not_said() -> None:
    assert said([0, 3, 4], [0.9, 0.9, 0.9]) == "It shows, as the products nearest to it: red."
    assert said([0, 3, 4], [0.9, 0.9, 0.9], None) == ""


@pytest.mark.parametrize("nearest", [0.79, 0.3])
def test_where_nothing_is_near_no_kind_is_named(nearest: float) -> None:
    assert said([0, 1, 2], [nearest] * 3) == "Nothing here looks much like it. The nearest are: red."
    assert said([0, 1], [nearest] * 2, None) == "Nothing here looks much like it."


def test_a_shop_without_any_picture_near_says_so() -> None:
    assert said([], []) == "Nothing here looks much like it."


def test_what_it_is_called_is_said_where_that_counts_too() -> None:
    begun = "Nothing here looks much like it; what"
    assert said([0, 1], [0.3, 0.3], None, "jeans") == f"{begun} it may be called counts too: jeans."
    assert said([0, 1], [0.3, 0.3], None, "") == f"{begun} such photographs are called counts too."
    assert said([0, 1], [0.9, 0.9], None) == "It shows, as the products nearest to it: dress."


class Blank:
    """An encoder to which every picture is the same."""

    def encode(self, pictures: Sequence[object]) -> Floats:
        return np.zeros((len(pictures), HEAD), np.float32)


class Plane:
    """A space in which the picture lies where it is told, and all words along the second axis."""

    def __init__(self, picture: list[float]) -> None:
        self.fusion, self.picture = self, picture

    def encode(self, picture: object = None, text: object = None, query: bool = False) -> Floats:
        return np.array([[0, 1] if picture is None else self.picture], np.float32)


@pytest.mark.parametrize(
    ("picture", "named", "place"),
    [([1.0, 0.0], True, [1.0, 0.0]), ([0.6, 0.8], True, [0.42, 0.86]), ([0.6, 0.8], False, [0.6, 0.8])],
)
def test_only_a_picture_unlike_all_is_drawn_towards_its_name(
    picture: list[float], named: bool, place: list[float]
) -> None:
    assert (ALIKE, NAMED) == (0.8, 0.3)  # so the first is alike, and .7 of the second and .3 of the words are its place
    looks = looking(None, np.array([[1, 0]] * 5, np.float32), Plane(picture))
    things = Things(("jeans",), np.zeros((1, HEAD + 1), np.float32), np.ones((1, 2), np.float32))
    looks.__dict__.update(_encoder=Blank(), _things=things if named else None)
    seen = looks.look(jpeg(np.zeros((16, 16, 3), np.uint8)))
    assert seen.looks.vector == pytest.approx(np.array(place) / np.linalg.norm(place), abs=1e-6)
    assert ("counts too: jeans" in seen.sentence) == (place == [0.42, 0.86])
