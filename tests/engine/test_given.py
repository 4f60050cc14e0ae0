"""What a shop says of its products, and where tags say the same: counts that can be done by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys.engine import Engine
from recsys.engine.given import Agreement, Given, agreement, by_label
from recsys.engine.tagging import LONGEST_LABEL, MOST_LABELS, NOT_TAGGED, Tagged

TAGGED = Tagged(
    ("Red", "blue", "green"),
    np.array([0, 0, 1, 1, 0, NOT_TAGGED], np.int32),
    np.array([0.9, 0.8, 0.7, 0.6, 0.5, np.nan], np.float32),
)
COLOURS = Given("colour", (("red",), ("blue", "RED"), ("red",), ("pink",), (), ("red",)))


@pytest.fixture
def found() -> Agreement:
    return agreement(TAGGED, COLOURS)


def test_case_makes_no_difference_and_one_of_several_values_is_enough(found: Agreement) -> None:
    assert found.agrees.tolist() == [True, True, False, False, False, False]


def test_only_what_is_tagged_and_said_is_compared(found: Agreement) -> None:
    assert found.compared.tolist() == [True, True, True, True, False, False]
    assert found.differs.tolist() == [False, False, True, True, False, False]
    assert found.share == 0.5


def test_values_that_are_no_label_are_counted(found: Agreement) -> None:
    assert found.unlisted == 1  # the pink one


def test_of_nothing_compared_there_is_no_share() -> None:
    nothing = agreement(TAGGED, Given("size", ((),) * 6))
    assert np.isnan(nothing.share)
    assert not nothing.compared.any()


def test_each_label_has_its_counts(found: Agreement) -> None:
    table = by_label(TAGGED, found, COLOURS).set_index("label")
    assert table.index.tolist() == ["Red", "blue", "green"]
    assert table["products"].tolist() == [3, 2, 0]
    assert table["compared"].tolist() == [2, 2, 0]
    assert table["agree"].tolist() == [2, 0, 0]
    assert table["given"].tolist() == [3, 1, 0]
    assert table["share"].tolist()[:2] == [1.0, 0.0]
    assert table["found"].tolist()[:2] == [pytest.approx(2 / 3), 0.0]
    assert table["confidence"].tolist()[:2] == [pytest.approx(2.2 / 3), pytest.approx(0.65)]
    assert table.loc["green", ["share", "found", "confidence"]].isna().all()


def test_without_a_comparison_only_products_are_counted() -> None:
    assert by_label(TAGGED).columns.tolist() == ["label", "products", "confidence"]


def test_labels_are_the_distinct_values_the_most_common_where_there_are_too_many() -> None:
    many = [(f"value {number:04d}",) for number in range(MOST_LABELS + 5)]
    given = Given("many", (*many, ("value 0504",), ("VALUE 0001",), ("x" * (LONGEST_LABEL + 1),), ()))
    labels = given.labels()
    assert len(labels) == MOST_LABELS
    assert "value 0504" in labels
    assert list(labels) == sorted(labels)
    assert Given("colour", (("Red",), ("red",), ("blue",))).labels() == ("blue", "Red")


def test_every_shop_says_what_it_knows(any_engine: Engine) -> None:
    known = any_engine.given.values
    expected = {"outdoor": {"category", "department"}, "small_demo": {"category", "colour", "type"}, "bare": set()}
    assert expected.get(any_engine.shop.name, set()) <= set(known)
    if any_engine.shop.name == "bare":
        assert known == {}
    for name, number in list(known.items())[:4]:
        given = any_engine.given.of(name)
        assert len(given.values) == any_engine.catalogue.size
        assert len({value for values in given.values for value in values}) == number > 1


def test_what_the_shop_says_is_what_its_table_says(any_engine: Engine) -> None:
    if "category" not in any_engine.given.values:
        pytest.skip("this shop has no categories")
    said = pd.Series(any_engine.given.of("category").said())
    assert said.tolist() == any_engine.items["category"].fillna("").astype(str).str.split().str.join(" ").tolist()
