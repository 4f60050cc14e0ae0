"""What shoppers call things becomes what the shop calls them, where the shop has it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys import schema as s
from recsys.query.synonyms import LONGEST, swapped
from recsys.query.vocabulary import Vocabulary
from tests.query.understanding_shelf import WORDS


def vocabulary(*names: str) -> Vocabulary:
    items = pd.DataFrame({s.NAME: names, s.CATEGORY: names, s.BRAND: "National brand", s.DEPARTMENT: "Grocery",
                          s.PRICE: 1.0, s.SIZE: "", s.BUYERS: 5})  # fmt: skip
    return Vocabulary.of(items, WORDS)


SHOP = vocabulary(
    "Soft drinks, 2-liter bottles",
    "Specialty sodas",
    "Bandages & tape",
    "Frosting",
    "Ice cream",
    "Domestic wine",
    "Red grapes",
    "Sleeping aids",
    "Baking soda",
    "Vegetarian meat alternatives",
    "Snacks",
    "White bread",
)


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("coke", "soft drinks"),
        ("Coke Zero", "soft drinks Zero"),
        ("cheap red wine", "cheap domestic wine"),
        ("band aids under $5", "bandages under $5"),
        ("soda", "soda soft drinks"),  # the shop says soda too
        ("coke cans", "soft drinks cans"),  # what it is sold in is no other thing
        ("seven up", "soft drinks"),
        ("merlot wine", "domestic wine"),  # the word after the name says what it is a kind of
        ("plasters tape", "plasters tape"),  # another thing of the shop's
        ("soda soft drinks", "soda soft drinks"),  # and says it once
        ("vegan snacks", "vegetarian snacks"),
    ],
)
def test_words_are_swapped_for_those_of_the_shop(typed: str, searched: str) -> None:
    assert swapped(typed, SHOP)[0] == searched


def test_what_was_swapped_is_told() -> None:
    assert swapped("band aids and coke", SHOP)[1] == (("band aids", "bandages"), ("coke", "soft drinks"))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ice cream",
        "Specialty sodas",
        "soda bread",  # what it is has a name of its own
        "baking soda",
        "coke frosting",  # a thing of the shop that is only told apart by it
        "nappies",  # this shop has no diapers
        "red grapes",
    ],
)
def test_everything_else_stays_as_it_was_typed(typed: str) -> None:
    assert swapped(typed, SHOP) == (typed, ())


def test_what_is_asked_for_is_no_longer_than_is_looked_for_and_never_swapped_for_itself() -> None:
    for asked, shop in WORDS.synonyms.items():
        assert len(asked) <= LONGEST
        assert " ".join(asked) != shop


@given(st.text(max_size=300))
def test_any_text_is_read_and_without_a_swap_it_is_left_alone(text: str) -> None:
    searched, swaps = swapped(text, SHOP)
    assert swaps or searched == text
    assert all(meant in searched for _, meant in swaps)
