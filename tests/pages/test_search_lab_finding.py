"""The sentence with which the Search lab begins: which way of searching ranks best, and whether that is luck."""

from __future__ import annotations

import pytest

from pages.lab.search_lab.finding import of_query, of_set
from recsys.evaluation.search.lab import ANYWHERE, Column, systems
from recsys.evaluation.search.lab_sets import SetRun
from recsys.shops.contract import Shop
from recsys.shops.registry import shop

QUERIES = [f"query {number}" for number in range(12)]
GRADES = {query: {"right": 2} for query in QUERIES}
FIRST, SECOND = ["right", "wrong"], ["wrong", "right"]  # nDCG 1, and 1 / log2(3) = .631


@pytest.fixture(scope="module")
def any_shop() -> Shop:
    return shop("complete_journey_sample")


def run(**lists: list[list[str]]) -> SetRun:
    """A run in which each system gave these lists, one per query."""
    found = {
        name: {query: [(item, 1.0) for item in items] for query, items in zip(QUERIES, given, strict=True)}
        for name, given in lists.items()
    }
    chosen = tuple(systems()[name] for name in lists)
    return SetRun("A set", chosen, ANYWHERE, found, {name: [1.0] * len(QUERIES) for name in lists})


def said(found: SetRun, any_shop: Shop, grades: dict[str, dict[str, int]] = GRADES) -> str:
    return of_set(found, grades, any_shop).replace("\\", "")


def test_one_that_is_better_on_every_query_is_ahead_by_more_than_luck(any_shop: Shop) -> None:
    assert said(run(words=[SECOND] * 12, fusion=[FIRST] * 12), any_shop) == (  # 1 / .631 = 1.58
        "“Fusion” ranks best on 12 graded queries of “A set”: nDCG@10 1.000, 58 % ahead of “Words”, more than luck "
        "(95 % interval 58 % to 58 %)."
    )


def test_one_that_is_better_on_a_single_query_may_be_lucky(any_shop: Shop) -> None:
    found = said(run(words=[SECOND] + [FIRST] * 11, fusion=[FIRST] * 12), any_shop)
    assert "but its lead of 3 % over “Words” may be luck" in found  # .369 / 12 = .031 of .969


def test_a_third_one_that_may_do_as_well_is_named(any_shop: Shop) -> None:
    behind = [SECOND] * 8 + [FIRST] * 4  # a little worse on eight queries: surely behind
    erratic = [["x", "y"]] * 4 + [FIRST] * 8  # nothing on four: a lower mean, of which four queries prove nothing
    found = said(run(words=erratic, meaning=behind, fusion=[FIRST] * 12), any_shop)
    assert "ahead of “Meaning”, more than luck" in found
    assert found.endswith("; “Words” may do as well.")


def test_equal_lists_are_level(any_shop: Shop) -> None:
    assert "level with “Fusion”" in said(run(words=[FIRST] * 12, fusion=[FIRST] * 12), any_shop)


def test_without_a_grade_nothing_is_best(any_shop: Shop) -> None:
    found = said(run(words=[FIRST] * 12, fusion=[FIRST] * 12), any_shop, {})
    assert found == "12 queries of “A set” were asked and none is graded: open one below and grade what it found."


def column(name: str, ids: list[str]) -> Column:
    return Column(systems()[name], (), tuple(ids), (1,) * len(ids), (), ())


def test_one_query_names_the_best_and_says_that_it_proves_nothing() -> None:
    lists = [column("words", SECOND), column("meaning", FIRST), column("fusion", FIRST)]
    assert of_query("tea", lists, {"right": 2}).replace("\\", "") == (
        "For “tea” “Meaning” and “Fusion” rank best: nDCG@10 1.000; “Words” 0.631. One query proves nothing: sets do."
    )
    assert of_query("tea", lists, {}) == ""
