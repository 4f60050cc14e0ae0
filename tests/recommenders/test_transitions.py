"""What follows what: counts over sequences and baskets, and the score that rests on them, by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions
from recsys.progress import silent
from recsys.recommenders import transitions
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.transitions import Transitions, following_counts
from tests.recommenders.recommender_contract import BASKETS, RecommenderContract, basket_data, sequence_data, visits_of


def counts(data: Interactions, *weights: float, kept: int = 100) -> list[list[float]]:
    table: list[list[float]] = following_counts(data, np.array(weights, np.float32), kept, silent).toarray().tolist()
    return table


def test_each_distance_counts_its_own_weight() -> None:
    assert counts(sequence_data([0, 1, 2], n_items=3), 1, 0.5) == [[0, 1, 0.5], [0, 0, 1], [0, 0, 0]]


def test_sightings_add_up_over_shoppers_and_never_cross_from_one_to_the_next() -> None:
    assert counts(sequence_data([0, 1], [0, 1], n_items=2), 1, 1) == [[0, 2], [0, 0]]


def test_items_of_one_basket_do_not_follow_each_other_but_are_followed_together() -> None:
    data = basket_data({0: [0, 1], 3: [0, 2]}, n_items=3)
    assert counts(data, 1) == [[1, 0, 1], [1, 0, 1], [0, 0, 0]]


def test_only_the_strongest_successors_are_kept() -> None:
    assert counts(sequence_data([0, 1, 2], n_items=3), 1, 0.5, kept=1) == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]


def test_counting_block_by_block_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = counts(BASKETS, 1, 0.5)
    monkeypatch.setattr(transitions, "PAIRS_AT_ONCE", 1)
    assert counts(BASKETS, 1, 0.5) == at_once


class TestTransitions(RecommenderContract):
    def recommender(self) -> Recommender:
        return Transitions()

    TRAINING = sequence_data([0, 1, 2], [0, 2], n_items=3)
    COUNTS = np.array([[0, 1, 0.5 + 1], [0, 0, 1], [0, 0, 0]])  # at distance_fading 1: d = 1 counts 1, d = 2 counts 1/2

    def scores(self, history: list[int], **settings: float) -> list[float]:
        fitted = Transitions(distance_fading=1.0, **settings).fit(self.TRAINING, SideInformation())
        return fitted.score(visits_of(sequence_data(history, n_items=3)))[0].tolist()

    def test_the_whole_history_is_summed_the_latest_weighing_most(self) -> None:
        found = self.scores([0, 1], tau=2.0, history_fading=0.5, popularity=0.0)
        first, second = np.log1p(self.COUNTS[0] / 2), np.log1p(self.COUNTS[1] / 2)
        assert found == pytest.approx((0.5 * first + second).tolist(), rel=1e-5)

    def test_popularity_is_added_with_its_weight(self) -> None:
        found = self.scores([2], popularity=-0.5)
        assert found == pytest.approx([-0.5 * log(1 + 2), -0.5 * log(1 + 1), -0.5 * log(1 + 2)], rel=1e-5)

    def test_without_a_history_it_is_popularity_whatever_its_weight(self) -> None:
        assert self.scores([], popularity=-0.5) == pytest.approx([log(3), log(2), log(3)], rel=1e-5)

    def test_the_items_of_the_latest_basket_weigh_the_same(self) -> None:
        fitted = Transitions(popularity=0.0).fit(self.TRAINING, SideInformation())
        together = fitted.score(visits_of(basket_data({0: [0, 1]}, n_items=3)))
        each = [fitted.score(visits_of(basket_data({0: [item]}, n_items=3))) for item in (0, 1)]
        np.testing.assert_allclose(together, each[0] + each[1], rtol=1e-6)
