"""What the sections of the Catalogue health page say first, on four products whose figures can be counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pages.understand.catalogue_health.finding import sentence
from pages.understand.catalogue_health.sections import SECTIONS
from recsys import schema as s
from recsys.datasets import health
from recsys.datasets.contract import CleaningRule
from recsys.shops.contract import Shop
from recsys.shops.registry import shop

TITLES = ["Lamp", "Lamp", "Tent", "Boot"]
RULES = (
    CleaningRule("no name", "purchase lines", 200, 10, "nothing to read"),
    CleaningRule("fuel", "purchase lines", 190, 30, "no shelf has it"),
)


@pytest.fixture(scope="module")
def any_shop() -> Shop:
    return shop("complete_journey_sample")


def report(rules: tuple[CleaningRule, ...] = RULES, **columns: Any) -> health.HealthReport:
    items = pd.DataFrame(
        {
            s.ITEM: range(4), s.ITEM_ID: list("abcd"), s.TITLE: TITLES, s.NAME: TITLES, s.CATEGORY: "Gear",
            s.DEPARTMENT: ["Camp", "Camp", "Camp", "Shoes"], s.PRICE: [1.0, 1.0, 2.0, 3.0], s.PURCHASES: [8, 1, 1, 0],
            s.BUYERS: 1, s.SOURCE_TEXT: TITLES, s.SIZE: "1", s.ICON: "x", s.BRAND: "",
        }
    ).assign(**columns)  # fmt: skip
    return health.report(items, rules)


def said(section: str, found: health.HealthReport, in_shop: Shop) -> str:
    return sentence(section, found, in_shop).replace("\\", "")


def test_what_was_dropped_is_told_with_the_rule_that_took_most(any_shop: Shop) -> None:
    assert said("loaded", report(), any_shop) == (
        "Of 200 purchase lines 40 (20 %) were dropped, most of them as “fuel” (30); 4 products are in the shop."
    )


@pytest.mark.parametrize(
    ("largest", "said_of_it"),  # of 100 that were dropped
    [
        (100, "all of them"), (93, "nearly all of them"), (75, "most of them"), (55, "a little more than half of them"),
        (50, "half of them"), (49, "nearly half of them"), (40, "the largest part of them"),
    ],
)  # fmt: skip
def test_how_much_one_rule_took_is_called_by_its_number(any_shop: Shop, largest: int, said_of_it: str) -> None:
    rest = [largest, (100 - largest) // 2, 100 - largest - (100 - largest) // 2]
    rules = tuple(CleaningRule(f"rule {n}", "purchase lines", 200, gone, "") for n, gone in enumerate(rest))
    assert f"were dropped, {said_of_it} as “rule 0” ({largest})" in said("loaded", report(rules), any_shop)


def test_nothing_dropped_is_a_finding_too(any_shop: Shop) -> None:
    assert said("loaded", report(()), any_shop) == "Nothing was dropped: 4 products are in the shop."


def test_the_column_with_most_holes_is_named(any_shop: Shop) -> None:
    found = report(**{s.PRICE: [None, 1.0, 2.0, 3.0]})
    assert said("missing", found, any_shop) == "1 of 4 products (25 %) have no price; 5 of 6 columns are complete."
    assert said("missing", report(), any_shop).startswith("Nothing is missing: all 4 products")


def test_products_of_one_title_are_counted(any_shop: Shop) -> None:
    assert said("duplicates", report(), any_shop) == (
        "2 products (50 %) share their title with another one: 1 title for several products."
    )
    assert said("duplicates", report(**{s.TITLE: list("abcd")}), any_shop).startswith("Every one of 4 products")


def test_the_largest_department_and_the_head_of_sales_are_told(any_shop: Shop) -> None:
    assert said("departments", report(), any_shop) == (
        "“Camp” is the largest of 2 departments: 3 products, 75 % of all."
    )
    assert said("tail", report(), any_shop) == (  # the first of four is its best-selling tenth
        "The best-selling tenth of products makes 80 % of all purchases, and 2 products (50 %) were sold only once."
    )
    assert said("outliers", report(), any_shop) == "No price is far from what is usual in its category."


def test_every_section_has_its_finding(any_shop: Shop) -> None:
    assert all(said(section, report(), any_shop) for section in SECTIONS)
