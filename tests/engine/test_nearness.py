"""Whether the best match is weak: said of few words and of sentences by their own bounds, and of what reads them."""

from __future__ import annotations

import pytest

from recsys.encoders import universal
from recsys.engine import nearness
from recsys.engine.nearness import NEAR_ACROSS, NEAR_OF_SENTENCES, NOTHING_CLOSE, UNSURE, near_across, weak, weak_across
from recsys.retrieval.dense import NEAR_IN_MEANING

BETWEEN = (NEAR_ACROSS + NEAR_OF_SENTENCES) / 2


@pytest.fixture(autouse=True)
def both_encoders(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that has both."""
    monkeypatch.setattr(universal, "obstacle", lambda: "")


def test_what_is_near_is_said_nothing_of() -> None:
    assert weak(NEAR_IN_MEANING) == ""
    assert weak(NEAR_IN_MEANING - 0.01) == NOTHING_CLOSE
    assert weak_across(NEAR_ACROSS, "leche", known=False) == ""


@pytest.mark.parametrize("few", ["leche", "Toilettenpapier", "手机", "婴儿尿布", "pasta de dientes"])
def test_a_few_words_must_be_nearer_than_a_sentence(few: str) -> None:
    assert weak_across(BETWEEN, few, known=True) == NOTHING_CLOSE
    assert weak_across(NEAR_OF_SENTENCES - 0.01, few, known=True) == NOTHING_CLOSE


@pytest.mark.parametrize(
    "sentence", ["¿dónde puedo encontrar leche?", "ich suche Milch für meine Familie", "请问哪里有牛奶"]
)
def test_a_sentence_may_be_farther_from_any_name(sentence: str) -> None:
    assert weak_across(BETWEEN, sentence, known=True) == ""
    assert weak_across(NEAR_OF_SENTENCES - 0.01, sentence, known=True) == NOTHING_CLOSE


def test_of_an_encoder_whose_cosines_tell_nothing_only_lists_of_words_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weak_across(0.84, "γάλα", known=True) == ""
    assert weak_across(0.84, "γάλα", known=False) == UNSURE
    monkeypatch.setattr(nearness.universal, "obstacle", lambda: "it is not here")
    assert weak_across(0.84, "leche", known=False) == UNSURE
    assert weak_across(0.84, "leche", known=True) == ""


def test_near_is_what_is_not_weak_and_nothing_where_cosines_do_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    assert near_across(NEAR_ACROSS, "ekmek")
    assert not near_across(NEAR_ACROSS - 0.01, "ekmek")
    assert near_across(NEAR_OF_SENTENCES, "ich suche Milch für meine Familie")
    assert not near_across(0.9, "γάλα")
    monkeypatch.setattr(nearness.universal, "obstacle", lambda: "it is not here")
    assert not near_across(0.9, "ekmek")
