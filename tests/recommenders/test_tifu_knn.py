"""TIFU-KNN: the weight of each basket, the neighbours and their mean, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.tifu_knn import TIFUKNN, basket_weights
from tests.recommenders.recommender_contract import RecommenderContract, basket_data, sequence_data, visits_of


def test_baskets_fade_within_their_group_and_groups_fade_too() -> None:
    four = sequence_data([0, 0, 0, 0])
    # groups {0, 1} and {2, 3}: within .5, across .1
    expected = [0.5 / 2 * 0.1 / 2, 1 / 2 * 0.1 / 2, 0.5 / 2 / 2, 1 / 2 / 2]
    np.testing.assert_allclose(basket_weights(four, 2, 0.5, 0.1), expected, rtol=1e-6)


def test_where_baskets_do_not_go_up_evenly_the_latest_groups_hold_one_more() -> None:
    five = sequence_data([0, 0, 0, 0, 0])
    expected = [0.5 / 2 * 0.1 / 2, 1 / 2 * 0.1 / 2, 0.25 / 3 / 2, 0.5 / 3 / 2, 1 / 3 / 2]
    np.testing.assert_allclose(basket_weights(five, 2, 0.5, 0.1), expected, rtol=1e-6)


def test_with_fewer_baskets_than_groups_each_is_a_group() -> None:
    two = sequence_data([0, 0])
    np.testing.assert_allclose(basket_weights(two, 7, 0.5, 0.1), [0.1 / 2, 1 / 2], rtol=1e-6)


def test_all_items_of_a_basket_weigh_the_same() -> None:
    data = basket_data({0: [0, 1], 1: [1]})
    np.testing.assert_allclose(basket_weights(data, 1, 0.5, 1.0), [0.5 / 2, 0.5 / 2, 1 / 2], rtol=1e-6)


class TestTIFUKNN(RecommenderContract):
    def recommender(self) -> Recommender:
        return TIFUKNN(neighbours=2)

    # one basket each: the frequencies are the baskets
    TRAINING = basket_data({0: [0, 1]}, {0: [0, 1, 2]}, {0: [3]}, n_items=4)

    def scores(self, history: dict[int, list[int]], shopper: int, **settings: float) -> list[float]:
        fitted = TIFUKNN(**settings).fit(self.TRAINING, SideInformation())
        return fitted.score(visits_of(basket_data(history, n_items=4), shoppers=[shopper]))[0].tolist()

    def test_the_own_frequencies_are_mixed_with_those_of_the_nearest_other_shopper(self) -> None:
        found = self.scores({0: [0, 1]}, shopper=0, neighbours=1, alpha=0.75)
        assert found == pytest.approx([0.75 + 0.25, 0.75 + 0.25, 0.25, 0])

    def test_somebody_new_may_have_a_twin_among_the_training_shoppers(self) -> None:
        assert self.scores({0: [3]}, shopper=-1, neighbours=1, alpha=0.0) == pytest.approx([0, 0, 0, 1])

    def test_neighbours_count_alike(self) -> None:
        found = self.scores({0: [0, 1]}, shopper=0, neighbours=2, alpha=0.0)
        assert found == pytest.approx([0.5, 0.5, 0.5, 0.5])

    def test_more_neighbours_than_shoppers_are_all_the_others(self) -> None:
        assert self.scores({0: [0, 1]}, shopper=0, neighbours=900) == self.scores({0: [0, 1]}, shopper=0, neighbours=2)

    def test_without_a_history_it_is_the_mean_of_everybody(self) -> None:
        assert self.scores({}, shopper=-1, alpha=0.0) == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1 / 3])

    def test_alone_there_are_no_neighbours(self) -> None:
        alone = basket_data({0: [0]}, n_items=2)
        scores = TIFUKNN(alpha=0.75).fit(alone, SideInformation()).score(visits_of(alone))
        assert scores.tolist() == [[0.75, 0]]
