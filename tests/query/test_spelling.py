"""Did you mean: slips are mended, words are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys import schema as s
from recsys.query.edits import cost, deletions, distance, one_slip_away
from recsys.query.spelling import Spelling, english_words
from recsys.query.vocabulary import Names, Vocabulary
from recsys.query.wording import words_of
from tests.query.understanding_shelf import ENGLISH, WORDS, shelf, spelling, vocabulary

MEANT = [
    ("bannana", "banana"), ("strawberrys", "strawberries"), ("tomatos", "tomatoes"), ("chese", "cheese"),
    ("spagetti", "spaghetti"), ("choclate milk", "chocolate milk"), ("mlik", "milk"), ("icecream", "ice cream"),
    ("peanutbutter", "peanut butter"), ("papertowels", "paper towels"), ("tooth paste", "toothpaste"),
    ("noodels with chese", "noodles with cheese"), ("Orage juice", "orange juice"), ("oninos", "onions"),
    ("almnods", "almonds"), ("quinoah", "quinoa"), ("cheerois", "cheerios"),
]  # fmt: skip
RIGHT = [
    "milk", "2% milk", "egg noodles", "quick dinner for kids", "spaghetti", "quinoa", "7up", "A1", "WH-1000XM4",
    "breed", "16 oz", "peanut", "tomato", "牛奶", "über", "half gallon", "", "a b c",
    "cola", "covid-19", "chest", "under", "without",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), MEANT)
def test_a_slip_is_mended(typed: str, meant: str) -> None:
    found = spelling().correct(typed)
    assert found is not None
    assert found.text == meant
    assert 0.5 <= found.confidence <= 1


@pytest.mark.parametrize("query", RIGHT)
def test_words_and_numbers_are_left_alone(query: str) -> None:
    assert spelling().correct(query) is None


def test_the_last_word_may_be_half_typed() -> None:
    # all that "chocol" begins is chocolate
    found = spelling().correct("frozen chocol")
    assert found is not None
    assert found.text == "frozen chocolate"
    assert found.confidence == pytest.approx(0.95)


def test_a_word_that_the_shop_does_not_have_is_completed_where_that_is_all_but_certain() -> None:
    items = shelf()
    tables = [Names.of(items[column]) for column in (s.NAME, s.CATEGORY, s.BRAND)]
    knowing = Spelling.of(tables, vocabulary(), {**ENGLISH, "choc": 60, "straw": 9_000, "pan": 60})
    rare, everyday = knowing.correct("milk choc"), knowing.correct("straw")
    assert rare is not None
    assert everyday is not None
    assert (rare.text, everyday.text) == ("milk chocolate", "strawberries")
    assert rare.completes
    assert rare.confidence > everyday.confidence  # it may be meant as it stands, and is asked about
    assert knowing.correct("choc milk") is None or not knowing.correct("choc milk").completes  # type: ignore[union-attr]
    assert knowing.correct("milk") is None


def test_what_was_changed_is_told() -> None:
    found = spelling().correct("bread, chese, 2% mlik")
    assert found is not None
    assert found.changes == (("chese", "cheese"), ("mlik", "milk"))
    assert found.text == "bread, cheese, 2% milk"


def test_the_neighbour_decides_between_two_readings() -> None:
    # one slip from both "red" and "bread"; the shelf has onions only beside "red"
    alone = dict(spelling().candidates("rfed"))
    beside = dict(spelling().candidates("rfed", after="onions"))
    assert beside["red"] > alone["red"]


def test_what_stands_in_quotes_or_brackets_is_meant_as_it_stands() -> None:
    assert spelling().correct('"chese" [tomatos]') is None
    found = spelling().correct('"chese" tomatos')
    assert found is not None
    assert found.text == '"chese" tomatoes'


def test_what_nobody_can_mean_is_left_alone() -> None:
    assert spelling().correct("xqzvkwj") is None


def test_a_word_that_only_looks_like_an_ending_is_not_joined() -> None:
    assert spelling().correct("toothpaste red") is None


@given(st.text(max_size=600))
def test_any_text_can_be_asked(text: str) -> None:
    found = spelling().correct(text)
    assert found is None or found.text != text


@given(st.lists(st.sampled_from(sorted({w for name in shelf()[s.NAME] for w in words_of(name)})), max_size=6))
def test_a_query_of_the_catalogues_own_words_is_never_changed(words: list[str]) -> None:
    assert spelling().correct(" ".join(words)) is None


def test_spelling_on_disk_is_the_same(tmp_path: Path) -> None:
    spelling().save(tmp_path)
    loaded = Spelling.load(tmp_path, vocabulary())
    assert [loaded.correct(typed) for typed, _ in MEANT] == [spelling().correct(typed) for typed, _ in MEANT]


def test_english_words_come_with_their_frequency() -> None:
    words = english_words()
    assert words["the"] > words["spaghetti"] > 0
    assert "spagetti" not in words


def full_distance(a: str, b: str) -> int:
    """Optimal string alignment by the textbook's table."""
    d = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            d[i][j] = min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                d[i][j] = min(d[i][j], d[i - 2][j - 2] + 1)
    return d[-1][-1]


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_distance_is_that_of_the_textbook(a: str, b: str) -> None:
    assert distance(a, b, 20) == full_distance(a, b)
    assert distance(a, b, 2) == min(full_distance(a, b), 3)


def test_common_slips_cost_less_than_rare_ones() -> None:
    assert cost("milk", "milk") == 0
    assert cost("mikl", "milk") == pytest.approx(0.6)  # neighbours swapped
    assert cost("millk", "milk") == pytest.approx(0.35)  # a letter doubled
    assert cost("melk", "milk") == pytest.approx(0.6)  # a vowel for a vowel
    assert cost("mixk", "milk") == 1  # any other letter
    assert cost("zilk", "milk") == pytest.approx(1 + 1.2)  # the first letter


def test_deletions_and_slips_of_a_short_word() -> None:
    assert deletions("abc", 1) == {"abc", "bc", "ac", "ab"}
    slips = one_slip_away("ab")
    assert {"ba", "a", "ac", "acb"} <= slips
    assert "ab" not in slips
    assert "cb" not in slips  # the first letter is taken to be right


def test_two_words_that_the_shop_writes_as_one_are_joined_and_asked_about_where_it_has_both() -> None:
    # "tooth" is in "toothbrushes" only, "smart" and "watch" are sold by themselves, a hair brush is written apart too
    names = ["Toothbrushes", "Kitchen brush", "Hair brush", "Hairbrush sets", "Smartwatch", "Smart plug", "Watch"]
    items = shelf().head(len(names)).assign(**{s.NAME: names, s.CATEGORY: "Care"})
    joining = Spelling.of([Names.of(items[s.NAME])], Vocabulary.of(items, WORDS), {})
    found = {typed: joining.correct(typed) for typed in ("tooth brush", "smart watch", "hair brush")}
    said = {typed: (one.text, one.confidence) if one else None for typed, one in found.items()}
    assert said == {"tooth brush": ("toothbrush", 0.9), "smart watch": ("smartwatch", 0.75), "hair brush": None}
