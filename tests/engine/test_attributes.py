"""The attributes by which products are told apart at a glance."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys import schema as s
from recsys.engine.attributes import MOST_VALUES, Attributes


def table(*rows: tuple[int, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[s.ITEM, s.ATTRIBUTE, s.VALUE])


def test_each_product_has_the_first_of_its_values_and_one_without_has_none() -> None:
    found = Attributes(lambda: table((0, "colour", "red"), (2, "colour", "blue"), (2, "colour", "green")), 4)
    assert found.names == ("colour",)
    assert found.of("colour").tolist() == ["red", "", "blue", ""]


def test_an_attribute_of_one_value_of_too_many_or_of_hardly_any_product_is_none() -> None:
    many = [(row, "serial", f"number {row}") for row in range(MOST_VALUES + 1)]
    same = [(row, "made in", "here") for row in range(40)]
    few = [(0, "rare", "a"), (1, "rare", "b")]
    some = [(row, "style", "ab"[row % 2]) for row in range(40)]
    assert Attributes(lambda: table(*many, *same, *few, *some), 200).names == ("style",)


def test_a_shop_without_attributes_has_none() -> None:
    found = Attributes(lambda: None, 3)
    assert found.names == ()
    with pytest.raises(KeyError):
        found.of("colour")
