"""Whatever is typed is read, bounded and told honestly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.query.cleaning import READ_OF_ADDRESS, Query, read_query, without_addresses
from recsys.schema import MAX_QUERY_CHARS


@given(st.text(max_size=2000))
def test_any_text_is_read_without_an_error_and_bounded(text: str) -> None:
    query = read_query(text)
    assert len(query.text) <= 2 * MAX_QUERY_CHARS
    assert query.text == " ".join(query.text.split())
    assert query.text == "" or any(c.isalnum() for c in query.text)
    query.text.encode("utf-8")


def test_a_plain_query_is_left_as_it_is() -> None:
    assert read_query("  quick  dinner for kids ").text == "quick dinner for kids"
    assert read_query("quick dinner for kids").notes == ()


def test_a_very_long_query_is_cut_and_said() -> None:
    query = read_query("pasta " * 2000)
    assert len(query.text) <= MAX_QUERY_CHARS
    assert "12,000 characters" in query.notes[0]
    assert "Shorten it" in query.notes[0]


def test_a_picture_is_read_as_its_name() -> None:
    query = read_query("\U0001f355")
    assert query.text == "slice of pizza"
    assert "slice of pizza" in query.notes[0]


def test_only_punctuation_is_nothing_to_search_for() -> None:
    query = read_query("?!...")
    assert query.text == ""
    assert "no letter or number" in query.notes[0]


def test_an_empty_query_is_empty_and_needs_no_note() -> None:
    assert read_query(" \t\n") == read_query("")


def test_hidden_control_characters_are_left_out() -> None:
    assert read_query("pas\u200bta\x00 sauce").text == "pasta sauce"


@pytest.mark.parametrize("mark", ["\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060", "\u202e"])
def test_what_has_no_width_parts_no_word(mark: str) -> None:
    assert read_query(mark.join("milk") + " bread").text == "milk bread"


def test_what_could_not_be_read_is_no_picture() -> None:
    assert read_query("\ufffd\ufffd milk \ufffc") == Query("milk")
    assert read_query("\ufffd").text == ""


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://shop.example/p/coffee-beans?ref=1#top", "p coffee beans"),
        ("cheap www.example.com/ground_coffee%20dark today", "cheap ground coffee dark today"),
        ("https://www.example.com", ""),
        ("HTTPS://example.com/\u00e9clair", "\u00e9clair"),
    ],
)
def test_of_a_web_address_only_the_words_of_its_path_are_read(typed: str, read: str) -> None:
    query = without_addresses(read_query(typed))
    assert query.text == read
    assert query.notes == (READ_OF_ADDRESS,)


def test_what_is_no_web_address_is_left_alone() -> None:
    for text in ("m&m's 2.5 oz", "a/b c", "http", "wwwhat"):
        assert without_addresses(read_query(text)) == read_query(text)


def test_a_query_from_right_to_left_keeps_its_letters() -> None:
    assert read_query("\u062d\u0644\u064a\u0628").text == "\u062d\u0644\u064a\u0628"
