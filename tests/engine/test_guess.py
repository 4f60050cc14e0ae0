"""What only comes near is called a guess on each card, in English and across languages."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from recsys.engine.nearness import NOTHING_CLOSE
from recsys.schema import Request


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
