"""What only comes near is a guess on each card and in one line above them, in English and across languages."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from recsys.engine.nearness import ACROSS, NOTHING_CLOSE, not_called
from recsys.schema import Answer, Request


def failures(answer: Answer) -> list[str]:
    """The lines above the shelf that say that what was typed is not here, or ask what else it may be."""
    read = answer.understood
    asked = [read.named.name] if read is not None and read.named is not None and not read.named.sure else []
    return [note for note in answer.notes if note != ACROSS] + asked


@pytest.mark.parametrize("query", ["qwrtzpl", "keto"])
def test_what_nothing_is_called_is_a_guess_on_every_card(sample_engine: Engine, query: str) -> None:
    items = sample_engine.answer(Request(query=query, k=6)).items
    assert items
    assert all(item.spoken.startswith("A guess") for item in items)


def test_what_is_sold_is_no_guess(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="milk", k=6))
    assert NOTHING_CLOSE not in answer.notes
    assert not [item for item in answer.items if "guess" in item.facts or item.spoken.startswith("A guess")]


def test_what_is_missing_is_said_once(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="keto", k=6))
    assert len([note for note in answer.notes if "keto" in note.lower() or "these words" in note]) == 1


@pytest.mark.parametrize(
    "query", ["qwrtzpl", "asdfgh", "keto", "hammer", "destornillador", "Fahrradschloss", "\u5409\u4ed6"]
)
def test_one_failure_is_one_line_and_the_cards_say_the_same(sample_engine: Engine, query: str) -> None:
    answer = sample_engine.answer(Request(query=query, k=6))
    assert len(failures(answer)) == 1
    assert answer.items
    assert all("guess" in item.facts and item.spoken.startswith("A guess") for item in answer.items)


@pytest.mark.parametrize("query", ["milk", "leche", "Milch", "\u725b\u5976", "ekmek", "toilet paper"])
def test_where_the_cards_are_sure_no_line_says_otherwise(sample_engine: Engine, query: str) -> None:
    answer = sample_engine.answer(Request(query=query, k=6))
    assert failures(answer) == []
    assert not [item for item in answer.items if "guess" in item.facts]


def test_a_thing_that_no_text_names_is_said_to_be_called_nothing(sample_engine: Engine) -> None:
    assert sample_engine.answer(Request(query="hammer", k=6)).notes == (not_called("hammer"),)
    assert "no label" not in not_called("hammer")
    assert len(not_called("x" * 500)) < 200


def test_what_nothing_is_close_to_is_asked_about_as_no_kind(sample_engine: Engine) -> None:
    for query in ("scissors", "diapers", "laptop", "trampoline", "stapler", "xylophone", "qwrtzpl"):
        answer = sample_engine.answer(Request(query=query, k=6))
        assert answer.understood is not None
        if NOTHING_CLOSE in answer.notes:
            assert answer.understood.named is None
            assert answer.understood.missing == ""


@pytest.mark.parametrize(("query", "meant"), [("ekmek", "bread"), ("domates", "tomato"), ("mleko", "milk")])
def test_words_that_no_list_holds_are_read_across_languages(sample_engine: Engine, query: str, meant: str) -> None:
    answer = sample_engine.answer(Request(query=query, k=6))
    assert answer.understood is not None
    assert answer.understood.language_code == "other"
    assert any(meant in item.title.lower() for item in answer.items)


@pytest.mark.parametrize(
    "request_", [Request(query="ekmek", language="en"), Request(query="ekmek", verbatim=True), Request(query="qwrtzpl")]
)
def test_who_says_otherwise_and_what_nothing_comes_near_stay_english(sample_engine: Engine, request_: Request) -> None:
    answer = sample_engine.answer(request_)
    assert answer.understood is not None
    assert answer.understood.language_code == "en"
