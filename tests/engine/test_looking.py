"""What a picture is said to show: what the products nearest to it have in common, where any of them is near."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest

from recsys.engine.looking import Looking
from recsys.engine.one_space import OneSpace
from recsys.retrieval.looks import LooksRetriever

ITEMS = pd.DataFrame({"category": ["Dress", "Dress", "Dress", "Lamp", "Mug"]})
ATTRIBUTES = pd.DataFrame(
    {
        "item": [0, 1, 2, 3, 4, 0],
        "attribute": ["colour"] * 5 + ["brand"],
        "value": ["red", "red", "red", "red", "blue", "Mirador"],
    }
)


def looking(attributes: pd.DataFrame | None = ATTRIBUTES) -> Looking:
    nothing = LooksRetriever("looks", np.zeros((5, 2), np.float32))
    return Looking(Path, cast(OneSpace, None), nothing, ITEMS, lambda: attributes)


def said(rows: list[int], scores: list[float], attributes: pd.DataFrame | None = ATTRIBUTES) -> str:
    return looking(attributes)._said(np.array(rows, np.int32), np.array(scores, np.float32))


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
