"""What compares two states of the project sees a change where there is one, and none where there is none."""

from __future__ import annotations

from typing import Any

from benchmarks.same_answers import differences
from benchmarks.two_checkouts import compared

ANSWER: dict[str, Any] = {"query": "tea", "shopper": None, "knobs": {}, "items": ["1", "2"], "scores": [1.0, 0.5]}


def test_ratios_are_of_the_pairs_of_a_round() -> None:
    rounds = [({"ms": 10.0}, {"ms": 11.0}), ({"ms": 20.0}, {"ms": 20.0}), ({"ms": 30.0}, {"ms": 27.0})]
    (row,) = compared(rounds)
    assert (row["before"], row["after"]) == (20.0, 20.0)
    assert (row["least"], row["ratio"], row["greatest"]) == (0.9, 1.0, 1.1)


def test_the_same_answers_differ_in_nothing() -> None:
    assert differences([ANSWER], [{**ANSWER, "scores": [1.0, 0.5 + 5e-7]}]) == []


def test_another_item_another_score_and_a_missing_answer_are_seen() -> None:
    assert "other items" in differences([ANSWER], [{**ANSWER, "items": ["2", "1"]}])[0]
    assert "scores differ" in differences([ANSWER], [{**ANSWER, "scores": [1.0, 0.5 + 2e-6]}])[0]
    assert differences([ANSWER, ANSWER], [ANSWER]) == ["2 requests before, 1 now"]
