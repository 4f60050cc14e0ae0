"""Queries graded by rules: what a rule says of a product, and by which grades lists are judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.errors import DataError
from recsys.evaluation.search.graded import FILE, GradedQuery, RuledGrades, graded_queries, grades
from recsys.shops.registry import shop, shops

TEA = GradedQuery("Tea", r"\btea\b", "coffee")
ITEMS = pd.DataFrame(
    {
        s.ITEM_ID: ["1", "2", "3", "4", "5"],
        s.NAME: ["Green Tea", "Green Tea", "Black Tea", "Coffee", "Steak"],
        s.CATEGORY: ["Tea", "Tea", "Tea", "Hot Drinks", "Meat"],
    }
)
KINDS = np.array([0, 0, 1, 2, 3])


def test_what_answers_is_two_what_would_do_is_one_and_the_rest_nothing() -> None:
    assert grades(TEA, ITEMS).tolist() == [2, 2, 2, 1, 0]


def test_lists_are_judged_by_what_they_show_and_one_product_of_every_other_kind() -> None:
    ruled = RuledGrades.of([TEA], ITEMS, KINDS)
    assert ruled.for_lists("tea", ["2", "5"]) == {"2": 2, "5": 0, "3": 2, "4": 1}
    assert ruled.for_lists("tea", []) == {"1": 2, "3": 2, "4": 1}
    assert ruled.for_lists("steak", ["5"]) == {}


def test_every_rule_that_came_with_a_shop_can_be_read_and_answers_something() -> None:
    with_rules = [each for each in shops() if graded_queries(each)]
    assert with_rules
    for each in with_rules:
        asked = graded_queries(each)
        assert len({query.text for query in asked}) == len(asked) >= 12
        for query in asked:
            grades(query, ITEMS)  # the expressions are sound


def test_a_shop_without_a_folder_or_a_file_has_none(tmp_path: Path) -> None:
    any_shop = shop("complete_journey_sample")
    assert graded_queries(replace(any_shop, built_in=None)) == ()
    assert graded_queries(replace(any_shop, built_in=tmp_path)) == ()


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("query,answers\nx,y\n", encoding="utf-8")
    with pytest.raises(DataError, match="other columns"):
        graded_queries(replace(shop("complete_journey_sample"), built_in=tmp_path))
