"""Narrowing what was found by category and size: the counts are true, and a choice that leaves nothing gives way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.engine import Engine
from recsys.engine.facets import DIMENSIONS, MOST_CATEGORIES, MOST_SIZES, Sizes
from recsys.query.filters import ItemFilters
from recsys.schema import NEW_SHOPPER, Answer, Knobs, Request
from recsys.schema.capabilities import Capability
from recsys.schema.understood import Facet
from tests.query.understanding_shelf import WORDS

EVERYTHING = Knobs(fold="none")


def facets_of(answer: Answer, field: str) -> list[Facet]:
    """The values of one facet, as they are offered."""
    assert answer.understood is not None
    return [facet for facet in answer.understood.facets if facet.field == field]


def counts_of(answer: Answer, field: str) -> dict[str, int]:
    return {facet.label: facet.count for facet in facets_of(answer, field)}


def query_of(engine: Engine) -> str:
    """A word of some title: every shop finds something for it."""
    return str(engine.items[s.TITLE].iloc[len(engine.items) // 3]).split()[-1]


# --- for every shop -----------------------------------------------------------------------------------------


def test_a_count_is_how_many_products_the_choice_leaves(any_engine: Engine) -> None:
    request = Request(query=query_of(any_engine), k=100, knobs=EVERYTHING)
    for field, name in (("category", "categories"), ("size", "sizes")):
        for facet in facets_of(any_engine.answer(request), field)[:4]:
            answer = any_engine.answer(replace(request, **{name: (facet.label,)}))
            assert answer.narrowed is not None
            assert answer.narrowed.matching == facet.count
            assert len(answer.items) == min(facet.count, 100)


def test_what_a_shop_lacks_is_no_facet_and_a_choice_of_it_is_said(any_engine: Engine) -> None:
    request = Request(query=query_of(any_engine), categories=("Nonsense",), sizes=("17 stone",))
    answer = any_engine.answer(request)
    assert answer.narrowed is None
    assert [i.item_id for i in answer.items] == [
        i.item_id for i in any_engine.answer(Request(query=request.query)).items
    ]
    assert "No product here has the category \u201cNonsense\u201d; it was left out." in answer.notes
    assert "No product here has the size \u201c17 stone\u201d; it was left out." in answer.notes
    needs = {"category": Capability.CATEGORIES, "size": Capability.SIZES}
    for field, needed in needs.items():
        assert any_engine.capabilities.has(needed) or not facets_of(answer, field)


# --- on the sample ------------------------------------------------------------------------------------------


def test_the_fullest_categories_come_first_and_few_of_them(sample_engine: Engine) -> None:
    counts = list(counts_of(sample_engine.answer(Request(query="bread")), "category").values())
    assert 1 < len(counts) <= MOST_CATEGORIES
    assert counts == sorted(counts, reverse=True)


def test_only_what_answers_counts_as_found(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="shampoo"))
    assert facets_of(answer, "category") == []  # all of it is hair care: there is nothing to choose between
    assert sum(counts_of(answer, "size").values()) < 476  # hair care of any kind


def test_the_products_shown_are_of_the_category_and_the_size_chosen(sample_engine: Engine) -> None:
    request = Request(query="milk", categories=("Milk & creamers",), sizes=("64 oz", "1 gallon"))
    answer = sample_engine.answer(request)
    shown = sample_engine.items.iloc[[item.row for item in answer.items]]
    assert set(shown[s.CATEGORY]) == {"Milk & creamers"}
    assert set(shown[s.SIZE]) == {"64 oz", "1 gallon"}
    assert answer.stages[-3].name == "narrow"


def test_a_choice_does_not_hide_the_other_values_of_its_facet(sample_engine: Engine) -> None:
    free = counts_of(sample_engine.answer(Request(query="milk")), "size")
    kept = sample_engine.answer(Request(query="milk", sizes=("64 oz",)))
    assert counts_of(kept, "size") == free
    assert [facet.label for facet in facets_of(kept, "size") if facet.chosen] == ["64 oz"]


def test_the_other_facets_count_what_the_choice_left(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="milk", sizes=("64 oz",)))
    assert answer.narrowed is not None
    assert sum(counts_of(answer, "category").values()) == answer.narrowed.matching
    assert answer.understood is not None
    assert sum(f.count for f in answer.understood.facets if f.group == "Brand") == answer.narrowed.matching


def test_narrowing_keeps_the_order_and_the_scores(sample_engine: Engine) -> None:
    request = Request(query="milk", k=100, knobs=EVERYTHING)
    all_of_it = [(i.item_id, i.score) for i in sample_engine.answer(request).items if i.category == "Milk & creamers"]
    kept = sample_engine.answer(replace(request, categories=("Milk & creamers",))).items
    assert [(i.item_id, i.score) for i in kept][: len(all_of_it)] == all_of_it


def test_a_choice_that_leaves_nothing_gives_way_and_says_so(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="milk", categories=("Hair care",), sizes=("64 oz",)))
    assert answer.narrowed is not None
    assert answer.narrowed.left_out == ("Hair care",)
    assert answer.narrowed.sentence in answer.notes
    assert "\u201cHair care\u201d was left out; without it, 29 products match." in answer.narrowed.sentence
    assert {str(sample_engine.items[s.SIZE].iloc[item.row]) for item in answer.items} == {"64 oz"}


@pytest.mark.parametrize("shopper", [None, NEW_SHOPPER])
def test_without_a_query_all_products_are_narrowed(sample_engine: Engine, shopper: str | None) -> None:
    answer = sample_engine.answer(Request(shopper=shopper, categories=("Hair care",)))
    assert {item.category for item in answer.items} == {"Hair care"}
    assert answer.narrowed is not None
    assert answer.narrowed.matching == int((sample_engine.items[s.CATEGORY] == "Hair care").sum())


def test_feedback_says_the_ranks_of_what_is_left(sample_engine: Engine) -> None:
    request = Request(shopper=NEW_SHOPPER, visitor="narrow", query="milk", sizes=("64 oz",))
    liked = sample_engine.answer(request).items[-1]
    sample_engine.record(request, liked.item_id, "like")
    answer = sample_engine.answer(request)
    sample_engine.forget(request)
    assert all(item.was_rank is not None and item.was_rank <= 29 for item in answer.items)


def test_a_size_that_the_query_says_is_not_offered_again(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="milk 64 oz"))
    assert facets_of(answer, "size") == []
    assert facets_of(answer, "category") != []


def test_sizes_of_a_dimension_are_few_and_grow(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="cola"))
    assert answer.understood is not None
    found = [f for f in answer.understood.facets if f.group == "Volume"]
    assert [f.label for f in found] == ["12 oz", "12 x 12 oz", "16 oz", "20 oz", "24 oz", "2 liter"]
    assert len(found) <= MOST_SIZES
    assert {f.group for f in answer.understood.facets if f.field == "size"} <= set(DIMENSIONS)


# --- sizes alone --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sizes() -> Sizes:
    labels = [
        "1/2 gallon",
        "0.5 gallon",
        "0.5 gallon",
        "64 oz",
        "16 oz",
        "1 lb",
        "12 x 12 oz",
        "12 pack",
        "assorted",
        "",
    ]
    columns = {s.NAME: "thing", s.TITLE: "thing 3 lb", s.BRAND: "", s.CATEGORY: "", s.DEPARTMENT: "", s.PRICE: np.nan}
    items = pd.DataFrame({s.SIZE: labels, **columns})
    return Sizes(items, ItemFilters.of(items, WORDS))


def test_one_size_has_one_name_however_it_is_spelled(sizes: Sizes) -> None:
    assert sizes.codes[0] == sizes.codes[1] == sizes.code_of["1/2 gallon"]
    assert sizes.names[sizes.codes[0]] == "0.5 gallon"  # what two of the three say
    assert sizes.codes[3] != sizes.codes[0]  # an ounce may be a weight


def test_what_says_no_amount_has_no_size(sizes: Sizes) -> None:
    assert sizes.codes.tolist()[-2:] == [-1, -1]  # a size in the title alone is none that the shop tells


def test_an_ounce_is_what_the_other_sizes_are(sizes: Sizes) -> None:
    counts = np.zeros(len(sizes.names), np.int64)
    ounces, gallon, pound, pack = (sizes.code_of[text] for text in ("16 oz", "0.5 gallon", "1 lb", "12 pack"))
    counts[gallon] = 2
    assert DIMENSIONS[sizes.dimensions(counts)[ounces]] == "Volume"
    counts[pound] = 3
    assert DIMENSIONS[sizes.dimensions(counts)[ounces]] == "Weight"
    assert DIMENSIONS[sizes.dimensions(counts)[pack]] == "Count"
