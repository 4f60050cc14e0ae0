"""Folding keeps the best of each group and says how many stand behind it."""

from __future__ import annotations

import numpy as np

from recsys.reranking.folding import fold, representatives


def test_the_first_of_each_group_stays_in_order() -> None:
    positions, folded = fold(np.array([4, 4, 1, 4, 2], np.int32), k=10)
    assert positions.tolist() == [0, 2, 4]
    assert folded.tolist() == [2, 0, 0]


def test_at_most_k_groups_are_kept() -> None:
    positions, _ = fold(np.array([4, 1, 2], np.int32), k=2)
    assert positions.tolist() == [0, 1]


def test_an_empty_list_stays_empty() -> None:
    positions, folded = fold(np.empty(0, np.int32), k=3)
    assert len(positions) == len(folded) == 0


def stands(scores: list[float], buyers: list[int], asked_for: list[float] | None = None) -> list[int]:
    """The rows that stand for two groups, the last product being the second one."""
    groups = np.array([7] * (len(scores) - 1) + [3], np.int32)
    firm = np.zeros(len(scores)) if asked_for is None else np.array(asked_for)
    return np.flatnonzero(representatives(groups, np.array(scores), firm, np.array(buyers, np.int32))).tolist()


def test_the_most_bought_of_those_that_answer_nearly_as_well_stands_for_its_group() -> None:
    assert stands([0.80, 0.78, 0.75, 0.1], [5, 90, 40, 0]) == [1, 3]


def test_who_answers_much_worse_stands_for_nobody_however_many_buy_it() -> None:
    assert stands([0.80, 0.40, 0.1], [5, 90, 0]) == [0, 2]


def test_what_was_asked_for_itself_is_replaced_by_nothing() -> None:
    assert stands([0.80, 0.78, 0.79, 0.1], [5, 90, 40, 0], [0.2, 0.0, 0.2, 0.0]) == [2, 3]


def test_of_equally_bought_ones_the_better_score_then_the_row_decides() -> None:
    assert stands([0.78, 0.80, 0.80, -0.1], [5, 5, 5, 0]) == [1, 3]
