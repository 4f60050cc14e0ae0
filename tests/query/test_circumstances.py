"""Occasions and company beside a thing: found in what people type, and not looked for in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recsys.query.circumstances import MOST_WORDS, circumstances_of

if TYPE_CHECKING:
    from recsys.engine import Engine


class Counted:
    """A vocabulary that counts how often it is asked whether a word names a thing."""

    def __init__(self, vocabulary: Any) -> None:
        self._vocabulary, self.asked = vocabulary, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._vocabulary, name)

    def is_product_word(self, word: str) -> bool:
        self.asked += 1
        return bool(self._vocabulary.is_product_word(word))


def test_company_and_an_occasion_are_taken_out_of_the_words(sample_engine: Engine) -> None:
    there = sample_engine._understanding
    found = circumstances_of("super bowl snacks for 10 people", there.vocabulary, there.asides, there.filters)
    assert (found.thing, found.occasion, found.people) == ("snacks", "super bowl", 10.0)


@pytest.mark.parametrize("word", ["super bowl", "not", "x", "2%", "snacks"])
def test_the_work_for_a_long_text_is_no_more_than_its_words(sample_engine: Engine, word: str) -> None:
    there = sample_engine._understanding
    vocabulary: Any = Counted(there.vocabulary)
    text = f"{word} " * 200 + "snacks"
    found = circumstances_of(text, vocabulary, there.asides, there.filters)
    assert vocabulary.asked <= 3 * len(text.split())
    assert found.occasion == ""
    assert len(text.split()) > MOST_WORDS
