"""What the benchmark of encoders asks and counts."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.languages import authored
from benchmarks.other_languages import BEYOND, SENTENCES, sets, summary


def test_words_that_the_shop_cannot_answer_are_left_out() -> None:
    asked = sets(["White milk", "Butter sticks"])
    assert [query for query, _ in asked["german words"]] == ["Milch", "Butter"]
    assert len(asked["german sentences"]) == 2 * len(SENTENCES["german"])
    assert "ich suche Milch" in [query for query, _ in asked["german sentences"]]
    assert [query for query, _ in asked["greek words, beyond the sixteen"]] == ["γάλα", "βούτυρο"]


def test_every_further_word_has_all_languages_and_a_rule_for_what_is_right() -> None:
    rows, unseen = authored("more.csv"), authored("unseen.csv")
    assert set(BEYOND) < {*rows[0], *unseen[0]}
    assert all(all(row.values()) for row in [*rows, *unseen])
    words = {row["english"] for row in authored("groceries.csv")}
    looked_at, kept_apart = ({row["english"] for row in each} for each in (rows, unseen))
    assert looked_at | kept_apart <= words
    assert not looked_at & kept_apart


def test_hits_and_what_was_gained_query_by_query() -> None:
    found = summary({"before": np.array([2.0, 4.0]), "after": np.array([1.0, 4.0])}, "before")
    assert (found["after"]["hit_at_1"], found["after"]["hit_at_3"]) == (0.5, 0.5)
    assert found["before"]["mrr"] == pytest.approx(0.375)
    assert found["after"]["gain_ci95"] == [0.0, 1.0]
