"""Queries made of attributes, on products whose attributes are known."""

from __future__ import annotations

from recsys.evaluation.search.attribute_queries import ALL, FEWEST, KIND_ALONE, NEARLY, NEITHER, attribute_queries

PRODUCTS = [
    {"kind": kind, "colour": colour} for kind in ("Dress", "Shoe") for colour in ("Navy", "Red") for _ in range(4)
]
WAYS = [("kind",), ("colour", "kind")]


def test_a_query_says_its_attributes_in_their_order_and_in_small_letters() -> None:
    made = attribute_queries(PRODUCTS, WAYS, "kind", 6)
    assert set(made) == {"dress", "shoe", "navy dress", "red dress", "navy shoe", "red shoe"}


def test_all_attributes_the_kind_alone_and_neither_are_told_apart() -> None:
    graded = attribute_queries(PRODUCTS, WAYS, "kind", 6)["navy dress"]
    assert [graded[row] for row in range(8)] == [ALL] * 4 + [KIND_ALONE] * 4
    assert {row: grade for row, grade in graded.items() if row >= 8} == dict.fromkeys(range(8, 12), NEITHER)


def test_where_only_the_kind_is_asked_the_others_are_of_other_kinds() -> None:
    graded = attribute_queries(PRODUCTS, [("kind",)], "kind", 2)["shoe"]
    assert {row for row, grade in graded.items() if grade == ALL} == set(range(8, 16))
    assert {row for row, grade in graded.items() if grade == NEITHER} == set(range(8))


def test_the_same_seed_gives_the_same_and_never_more_than_asked_for() -> None:
    first = attribute_queries(PRODUCTS, WAYS, "kind", 3, seed=4)
    assert len(first) == 3
    assert first == attribute_queries(PRODUCTS, WAYS, "kind", 3, seed=4)


def test_what_few_products_are_or_do_not_say_is_not_asked() -> None:
    few = [{"kind": "Hat"}] * (FEWEST - 1) + [{"kind": ""}] * 10
    assert attribute_queries(few, [("kind",)], "kind", 5) == {}
    assert attribute_queries([], [("kind",)], "kind", 5) == {}


def test_a_bounded_number_of_others_is_judged() -> None:
    many = PRODUCTS + [{"kind": f"Bag {i}", "colour": "Navy"} for i in range(3 * NEARLY)]
    graded = attribute_queries(many, WAYS, "kind", 6)["navy dress"]
    assert sum(grade == NEITHER for grade in graded.values()) == NEARLY
