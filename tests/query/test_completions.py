"""What is offered while a person types, and what narrows a query down."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys import schema as s
from recsys.errors import ArtifactError
from recsys.query.completions import CATEGORY, DEPARTMENT, Completion, Completions
from recsys.query.vocabulary import Names
from recsys.query.wording import WordList, words_of
from tests.query.understanding_shelf import shelf

COMPLETIONS = Completions.of(
    Names.of(shelf()[s.NAME]),
    {CATEGORY: Names.of(shelf()[s.CATEGORY]), DEPARTMENT: Names.of(shelf()[s.DEPARTMENT])},
)


def texts(typed: str, k: int = 8) -> list[str]:
    return [found.text for found in COMPLETIONS.complete(typed, k)]


def test_a_completion_says_what_it_is_and_how_many_products_it_leads_to() -> None:
    assert COMPLETIONS.complete("pasta n", 1) == [Completion("Pasta & ramen noodles", "product", 20)]
    assert COMPLETIONS.complete("produ", 1) == [Completion("Produce", "department", 12)]
    assert COMPLETIONS.complete("nut", 2)[0] == Completion("Nuts", "category", 10)


def test_any_word_of_a_name_may_be_begun() -> None:
    assert "Pasta & ramen noodles" in texts("nood")
    assert texts("towe") == ["Paper towels"]


def test_words_may_come_in_any_order() -> None:
    assert texts("sauce pas")[0] == "Pasta sauce"


def test_what_begins_like_it_stands_above_what_holds_it() -> None:
    # log(1 + 20) + 1.5 for what begins with "pasta" against log(1 + 24) for "Dry noodles & pasta"
    assert texts("pasta")[0] == "Pasta & ramen noodles"
    assert texts("cream")[0] == "Milk & creamers"  # nothing begins with it: 13 products against 6


def test_more_products_come_first() -> None:
    # begins with "soft drinks": 20 in the category, 9 in 2-liter bottles, 9 in cans, 2 in bottles
    assert texts("soft") == ["Soft drinks", "Soft drinks, 2-liter bottles", "Soft drinks, cans", "Soft drinks, bottles"]


def test_a_typo_in_the_last_word_is_forgiven() -> None:
    assert "Strawberries" in texts("strwab")
    assert "Cheese slices" in texts("chese")
    assert texts("paper twoel") == ["Paper towels"]
    assert "Strawberries" in texts("strawberies")


def test_what_is_right_stands_above_what_needs_a_typo() -> None:
    # "pera" is one slip from "pear" and "peas", but begins nothing here; "pean" begins three names
    assert texts("pean")[:3] == ["Peanut butter", "Peanut butter & jelly", "Peanuts"]


def test_past_searches_are_offered_with_how_often_they_were_asked() -> None:
    past = COMPLETIONS.with_past({"gluten free pasta": 40, "  ": 3, "never": 0})
    assert past.complete("glu") == [Completion("gluten free pasta", "search", 40)]
    assert past.complete("never") == []
    assert COMPLETIONS.complete("glu") == []


def test_a_suggestion_is_offered_once() -> None:
    past = COMPLETIONS.with_past({"Pasta Sauce": 900})
    assert [found.text.lower() for found in past.complete("pasta sauce")].count("pasta sauce") == 1


@pytest.mark.parametrize("typed", ["", "  ", "?", "&", "xyzzy", "牛", "a" * 5000, "milk " * 2000])
def test_nothing_to_complete_is_nothing(typed: str) -> None:
    assert len(texts(typed)) <= 8


@given(st.text(max_size=60))
def test_any_text_can_be_completed(typed: str) -> None:
    found = COMPLETIONS.complete(typed, 5)
    assert len(found) <= 5
    assert all(one.count > 0 for one in found)
    COMPLETIONS.related(typed)


def test_related_searches_hold_the_query_and_more() -> None:
    # products with "pasta sauce" in their name: 8; "ramen noodles" and "egg noodles": 20 and 4
    assert [(r.text, r.count) for r in COMPLETIONS.related("pasta")] == [("pasta sauce", 8)]
    assert [(r.text, r.count) for r in COMPLETIONS.related("noodles")] == [("ramen noodles", 20), ("egg noodles", 4)]
    assert COMPLETIONS.related("xyzzy") == []


def test_related_searches_know_other_forms_of_the_word() -> None:
    assert "large eggs" in [r.text for r in COMPLETIONS.related("egg")]


def test_related_searches_hold_past_ones() -> None:
    past = COMPLETIONS.with_past({"gluten free pasta": 40, "pasta": 90})
    assert [r.text for r in past.related("pasta")] == ["gluten free pasta", "pasta sauce"]


def test_completions_on_disk_are_the_same(tmp_path: Path) -> None:
    COMPLETIONS.save(tmp_path)
    loaded = Completions.load(tmp_path)
    for typed in ("p", "pasta s", "chese", "ice c"):
        assert loaded.complete(typed) == COMPLETIONS.complete(typed)
    assert loaded.related("noodles") == COMPLETIONS.related("noodles")


def test_missing_completions_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="prepare"):
        Completions.load(tmp_path)


def test_an_empty_catalogue_completes_nothing() -> None:
    empty = Completions.of(Names.of(pd.Series([], dtype=object)), {})
    assert (empty.complete("milk"), empty.related("milk")) == ([], [])


@given(st.lists(st.text("abé牛", min_size=1, max_size=12), unique=True), st.text("abé牛", max_size=12))
def test_a_word_list_finds_what_begins_with_a_text(words: list[str], start: str) -> None:
    ordered = sorted(words)
    found = WordList(WordList.arrays(ordered))
    low, high = found.prefixed(start)
    assert [found.word(at) for at in range(low, high)] == [word for word in ordered if word.startswith(start)]
    assert [found.find(word) for word in ordered] == list(range(len(ordered)))


def test_words_are_folded() -> None:
    assert words_of("Crème Brûlée, L'eggs & M&M’s 2%") == ["creme", "brulee", "leggs", "m", "ms", "2"]
