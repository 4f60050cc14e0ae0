"""The words of a query are marked where they stand in a title, in any form of theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.engine import Engine
from recsys.engine.marking import marks
from recsys.query.tokens import Tokenizer
from recsys.schema import Request

TOKENIZER = Tokenizer()


def marked(title: str, query: str) -> list[str]:
    """The marked pieces of a title."""
    return [title[a:b] for a, b in marks(title, frozenset(TOKENIZER.tokens(query)), TOKENIZER)]


@pytest.mark.parametrize(
    ("title", "query", "expected"),
    [
        ("Apple juice, 64 oz", "apples", ["Apple"]),
        ("Apple & apples", "apple", ["Apple", "apples"]),
        ("Pineapple juice", "apple", []),
        ("Kids' cereal", "kid", ["Kids"]),
        ("Children's Motrin", "childrens", ["Children's"]),
        ("Crème brûlée", "creme brulee", ["Crème", "brûlée"]),
        ("Cre\u0300me bru\u0302le\u0301e", "creme brulee", ["Cre\u0300me", "bru\u0302le\u0301e"]),
        ("Milk 2% 1.5 l", "2 1.5", ["2", "1.5"]),
        ("16oz can", "oz", ["oz"]),
        ("Salt and pepper", "and", []),  # no word to search for
        ("", "milk", []),
        ("Milk", "", []),
    ],
)
def test_a_word_is_marked_in_any_form_of_it(title: str, query: str, expected: list[str]) -> None:
    assert marked(title, query) == expected


@given(st.text(max_size=80), st.text(max_size=20))
def test_in_any_title_marks_go_from_left_to_right_and_hold_something(title: str, query: str) -> None:
    ends = [0]
    for start, end in marks(title, frozenset(TOKENIZER.tokens(query)), TOKENIZER):
        assert ends[-1] <= start < end <= len(title)
        ends.append(end)


def test_the_products_of_a_query_carry_the_places_of_its_words(sample_engine: Engine) -> None:
    items = sample_engine.answer(Request(query="pastas")).items
    said = {item.title[a:b].lower() for item in items for a, b in item.marks}
    assert said == {"pasta"}
    assert all(item.marks == () for item in sample_engine.answer(Request()).items)
