"""Words of the data and of people, as a page shows them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.shared.wording import count, cut, ended, fact_value, marked, plain, spelt
from tests.shops.bare import BARE
from tests.shops.outdoor import OUTDOOR


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """Nothing prepared is needed here."""


@pytest.mark.parametrize("mark", [*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))])
def test_a_mark_that_turns_the_direction_of_writing_is_left_out(mark: str) -> None:
    assert plain(f"green{mark} tea") == "green tea"


@pytest.mark.parametrize(
    ("end", "sentence"),
    [("Tea", "Tea."), (cut("Premium frozen traditional meals", 28), "Premium frozen traditional…"), ("8 oz.", "8 oz.")],
)
def test_a_sentence_has_one_end(end: str, sentence: str) -> None:
    assert ended(end) == sentence
    assert ended(plain(end)).replace("\\", "") == sentence


def test_words_written_from_right_to_left_stay() -> None:
    assert plain("شاي أخضر") == "شاي أخضر"


def test_markdown_is_shown_as_it_is_spelt() -> None:
    assert plain("*a* [b](c)") == r"\*a\* \[b\]\(c\)"


def test_marked_words_stand_on_a_tinted_ground_and_the_rest_is_spelt_as_it_is() -> None:
    title = "Apple juice, *64* oz"
    assert marked(title, [], 70) == r"Apple juice, \*64\* oz"
    assert marked(title, [(0, 5)], 70) == r":primary-background[Apple] juice, \*64\* oz"
    assert marked(title, [(6, 11), (14, 16)], 70) == (
        r"Apple :primary-background[juice,] \*:primary-background[64]\* oz"
    )


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (9, ":primary-background[Apple] ju…"),  # 8 characters and the ellipsis
        (8, ":primary-background[Apple] j…"),
        (6, ":primary-background[Apple]…"),
        (4, ":primary-background[App]…"),
    ],
)
def test_what_is_cut_off_is_not_marked(length: int, expected: str) -> None:
    assert marked("Apple juices", [(0, 5)], length) == expected
    assert marked("Juice of an apple", [(12, 17)], 10) == "Juice of…"


def test_a_mark_in_a_title_that_looks_like_markdown_ends_nothing() -> None:
    assert marked("a]b [c](d)", [(0, 1), (5, 6)], 70) == (r":primary-background[a]\]b \[:primary-background[c]\]\(d\)")


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=8, unique=True), st.integers(2, 60))
def test_without_its_marks_a_marked_text_is_the_plain_one(text: str, places: list[int], length: int) -> None:
    ends = sorted(place for place in places if place <= len(text))
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    spans = [(a, b) for a, b in spans if not any(c.isspace() for c in text[a:b])]  # of words
    shown = re.sub(r":primary-background\[((?:\\.|[^\]\\])*)\]", r"\1", marked(text, spans, length))
    assert shown == plain(cut(text, length))


def test_counts_are_written_as_the_people_of_the_shop_write_them() -> None:
    assert count(1_234, "member", shop=OUTDOOR) == "1.234 members"
    assert count(1_234, "query", "queries", shop=BARE) == "1,234 queries"
    assert count(1, "member", shop=OUTDOOR) == "1 member"
    assert [spelt(10, OUTDOOR), spelt(2_000, OUTDOOR), spelt(2_000, BARE)] == ["ten", "2.000", "2,000"]


def test_a_raw_figure_is_a_count_where_it_is_whole() -> None:
    assert [fact_value(1_234.0, OUTDOOR), fact_value(1_234.0, BARE)] == ["1.234", "1,234"]
    assert fact_value(0.5, OUTDOOR) == fact_value(0.5, BARE) == "0.500"


def test_a_blank_that_keeps_a_figure_and_its_sign_together_stays_and_any_other_is_a_usual_one() -> None:
    assert plain("3.2\u00a0% to\n  5.2\u00a0%").replace("\\", "") == "3.2\u00a0% to 5.2\u00a0%"
    assert plain("\u00a0\ta\u00a0\u00a0b \u00a0c\u2003d\u00a0") == "a b c d"
