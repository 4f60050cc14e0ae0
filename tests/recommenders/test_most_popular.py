"""Popularity over all time, of late and within a group, each on counts that can be redone by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from recsys.errors import DataError
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.most_popular import CohortPopular, MostPopular, RecentlyPopular
from tests.recommenders.recommender_contract import RecommenderContract, basket_data, sequence_data, visits_of


class TestMostPopular(RecommenderContract):
    def recommender(self) -> Recommender:
        return MostPopular()

    def test_everybody_gets_the_logarithm_of_the_counts(self) -> None:
        training = sequence_data([0, 1, 0], [0], n_items=3)
        scores = MostPopular().fit(training, SideInformation()).score(visits_of(training))
        np.testing.assert_allclose(scores, [[log(1 + 3), log(1 + 1), 0.0]] * 2, rtol=1e-6)


class TestRecentlyPopular(RecommenderContract):
    def recommender(self) -> Recommender:
        return RecentlyPopular()

    def test_a_purchase_one_half_life_ago_counts_half(self) -> None:
        training = basket_data({0: [0], 10: [1]}, {10: [1]}, n_items=3)
        fitted = RecentlyPopular(half_life_days=10.0).fit(training, SideInformation())
        scores = fitted.score(visits_of(training, day=20))
        np.testing.assert_allclose(scores, [[log(1 + 0.25), log(1 + 0.5 + 0.5), 0.0]] * 2, rtol=1e-6)

    def test_what_others_take_on_the_day_of_the_visit_or_later_is_not_known_yet(self) -> None:
        training = basket_data({5: [0], 6: [1], 7: [2]}, n_items=3)
        scores = RecentlyPopular(half_life_days=1.0).fit(training, SideInformation()).score(visits_of(training, day=6))
        np.testing.assert_allclose(scores, [[log(1 + 0.5), 0.0, 0.0]], rtol=1e-6)

    def test_without_dates_it_is_the_popularity_of_all_time(self) -> None:
        training = sequence_data([0, 1, 0], [0], n_items=3)
        recent, ever = (kind().fit(training, SideInformation()) for kind in (RecentlyPopular, MostPopular))
        np.testing.assert_allclose(recent.score(visits_of(training, day=1)), ever.score(visits_of(training)))


class TestCohortPopular(RecommenderContract):
    def recommender(self) -> Recommender:
        return CohortPopular()

    TRAINING = sequence_data([0, 0, 1], [1, 1, 1], n_items=2)
    SIDE = SideInformation(cohorts=np.array([0, 1], np.int32))

    def test_the_share_in_the_group_leans_on_the_share_among_all(self) -> None:
        scores = CohortPopular(prior=3.0).fit(self.TRAINING, self.SIDE).score(visits_of(self.TRAINING))
        # item 0: 2 of 6 among all, 2 of 3 in the first group, none of 3 in the second
        first, second = (2 + 3 * 2 / 6) / (3 + 3), (0 + 3 * 2 / 6) / (3 + 3)
        np.testing.assert_allclose(np.exp(scores), [[first, 1 - first], [second, 1 - second]], rtol=1e-5)

    @pytest.mark.parametrize("shopper", [-1, 99])
    def test_somebody_of_no_known_group_gets_what_all_take(self, shopper: int) -> None:
        visits = visits_of(sequence_data([0], n_items=2), shoppers=[shopper])
        scores = CohortPopular().fit(self.TRAINING, self.SIDE).score(visits)
        np.testing.assert_allclose(np.exp(scores), [[2 / 6, 4 / 6]], rtol=1e-5)

    def test_a_training_shopper_of_unknown_group_counts_among_all_only(self) -> None:
        side = SideInformation(cohorts=np.array([0, -1], np.int32))
        scores = CohortPopular(prior=0.0).fit(self.TRAINING, side).score(visits_of(self.TRAINING))
        np.testing.assert_allclose(np.exp(scores), [[2 / 3, 1 / 3], [2 / 6, 4 / 6]], rtol=1e-5)

    def test_one_code_per_shopper_is_asked_for(self) -> None:
        with pytest.raises(DataError, match="3 cohorts were given for 2 shoppers"):
            CohortPopular().fit(self.TRAINING, SideInformation(cohorts=np.zeros(3, np.int32)))
