"""The plain systems on texts whose right order is known."""

from __future__ import annotations

from recsys.evaluation.search.systems import Bm25


def test_bm25_puts_first_what_holds_the_word() -> None:
    assert Bm25(["red lamp", "oak desk", "lamp shade for a lamp"]).top("desk", 1).tolist() == [1]


def test_bm25_finds_nothing_in_texts_without_words() -> None:
    words = Bm25(["!!!", "...", "-"])
    assert words.all_scores("lamp").tolist() == [0.0, 0.0, 0.0]
    assert words.top("lamp", 2).tolist() == [0, 1]


def test_bm25_finds_nothing_for_a_word_that_no_text_holds() -> None:
    assert Bm25(["red lamp", "oak desk"]).all_scores("sofa").tolist() == [0.0, 0.0]
