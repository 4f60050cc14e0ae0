"""Sequential rules, by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.sequence_rules import SequenceRules
from tests.recommenders.recommender_contract import RecommenderContract, sequence_data, visits_of

TRAINING = sequence_data([0, 1, 2], [0, 2], n_items=3)  # 0 -> 1: 1, 0 -> 2: 1/2 + 1, 1 -> 2: 1


def scores(history: list[int], **settings: float) -> list[float]:
    fitted = SequenceRules(**settings).fit(TRAINING, SideInformation())
    return fitted.score(visits_of(sequence_data(history, n_items=3)))[0].tolist()


class TestSequenceRules(RecommenderContract):
    def recommender(self) -> Recommender:
        return SequenceRules()

    def test_a_rule_weighs_one_over_its_distance(self) -> None:
        assert scores([0], normalised=0.0) == pytest.approx([0, 1, 1 / 2 + 1])

    def test_a_rule_is_shared_out_over_the_times_its_first_item_was_taken(self) -> None:
        assert scores([0], normalised=1.0) == pytest.approx([0, 1 / 2, 1.5 / 2])
        assert scores([0], normalised=0.5) == pytest.approx([0, 1 / sqrt(2), 1.5 / sqrt(2)])

    def test_steps_bound_the_distance(self) -> None:
        assert scores([0], steps=1, normalised=0.0) == pytest.approx([0, 1, 1])

    def test_without_a_memory_the_last_item_alone_decides(self) -> None:
        assert scores([0, 1], history_fading=0.0, normalised=0.0) == pytest.approx([0, 0, 1])

    def test_with_a_memory_older_items_add_to_it(self) -> None:
        assert scores([0, 1], history_fading=0.5, normalised=0.0) == pytest.approx([0, 0.5 * 1, 0.5 * 1.5 + 1])

    def test_no_history_gives_no_opinion(self) -> None:
        assert scores([]) == [0, 0, 0]
