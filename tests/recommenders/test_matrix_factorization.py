"""Matrix factorisation finds two groups of shoppers that share no item."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.fitted_arrays import ArrayRecommender
from recsys.recommenders.matrix_factorization import AlternatingLeastSquares, BayesianPersonalizedRanking
from tests.recommenders.recommender_contract import RecommenderContract, sequence_data, visits_of

# shoppers 0, 2, 4 ... take three of items 0 to 3, shoppers 1, 3, 5 ... three of items 4 to 7
GROUPS = sequence_data(*[[4 * (s % 2) + (s // 2 + step) % 4 for step in range(3)] for s in range(40)])


def small_als() -> AlternatingLeastSquares:
    return AlternatingLeastSquares(factors=2, iterations=5)


def small_bpr() -> BayesianPersonalizedRanking:
    return BayesianPersonalizedRanking(factors=4, iterations=50)


@pytest.mark.parametrize("recommender", [small_als(), small_bpr()], ids=["als", "bpr"])
@pytest.mark.parametrize("shopper", [0, -1], ids=["training shopper", "new shopper"])
def test_the_items_of_the_own_group_come_first(recommender: ArrayRecommender, shopper: int) -> None:
    visits = visits_of(GROUPS.take(np.array([0], np.int32)), shoppers=[shopper])
    scores = recommender.fit(GROUPS, SideInformation()).score(visits)[0]
    assert scores[:4].min() > scores[4:].max()


class TestAlternatingLeastSquares(RecommenderContract):
    def recommender(self) -> Recommender:
        return small_als()

    def test_a_changed_history_is_folded_in_whoever_the_shopper_is(self) -> None:
        fitted = small_als().fit(GROUPS, SideInformation())
        other_group = sequence_data([4, 5, 6])
        known = fitted.score(visits_of(other_group, shoppers=[0]))
        np.testing.assert_array_equal(known, fitted.score(visits_of(other_group, shoppers=[-1])))
        assert known[0, 4:].min() > known[0, :4].max()

    def test_the_taste_solves_the_weighted_least_squares_of_the_history(self) -> None:
        als = AlternatingLeastSquares(factors=2, iterations=2, confidence=5.0, regularization=0.5)
        fitted = als.fit(GROUPS, SideInformation())
        y = fitted.learned["item_factors"].astype(np.float64)
        # (Y.T C Y + 0.5 I) x = Y.T C p with C 5 for item 3 and 1 elsewhere
        left = y.T @ y + (5 - 1) * np.outer(y[3], y[3]) + 0.5 * np.eye(2)
        expected = y @ np.linalg.solve(left, 5 * y[3])
        np.testing.assert_allclose(fitted.score(visits_of(sequence_data([3])))[0], expected, rtol=1e-3, atol=1e-5)

    def test_no_history_gives_no_opinion(self) -> None:
        assert small_als().fit(GROUPS, SideInformation()).score(visits_of(sequence_data([]))).tolist() == [[0.0] * 8]


class TestBayesianPersonalizedRanking(RecommenderContract):
    def recommender(self) -> Recommender:
        return small_bpr()

    def test_a_training_shopper_keeps_the_taste_learned(self) -> None:
        fitted = small_bpr().fit(GROUPS, SideInformation())
        same = [fitted.score(visits_of(sequence_data(history), shoppers=[0])) for history in ([], [4, 5])]
        np.testing.assert_array_equal(same[0], same[1])

    def test_somebody_new_gets_the_faded_mean_of_the_items_and_every_bias(self) -> None:
        fitted = BayesianPersonalizedRanking(factors=4, iterations=5, history_fading=0.5).fit(GROUPS, SideInformation())
        items = fitted.learned["item_factors"]
        taste = (0.5 * items[1, :-1] + items[2, :-1]) / 1.5
        found = fitted.score(visits_of(sequence_data([1, 2]), shoppers=[-1]))[0]
        np.testing.assert_allclose(found, items[:, :-1] @ taste + items[:, -1], rtol=1e-4, atol=1e-6)

    def test_somebody_new_without_a_history_gets_the_biases(self) -> None:
        fitted = small_bpr().fit(GROUPS, SideInformation())
        found = fitted.score(visits_of(sequence_data([]), shoppers=[-1]))[0]
        np.testing.assert_allclose(found, fitted.learned["item_factors"][:, -1], rtol=1e-5)
