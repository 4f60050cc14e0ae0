"""What a history weighs, by baskets and by days, and the score that rests on it."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.errors import SettingsError
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.personal_frequency import PersonalFrequency, baskets_ago, days_faded_history, fading_history
from tests.recommenders.recommender_contract import RecommenderContract, basket_data, sequence_data, visits_of

THREE_BASKETS = basket_data({0: [0, 1], 5: [0], 9: [1, 2]}, {3: [2]}, n_items=3)


def test_baskets_are_counted_back_from_each_shoppers_latest() -> None:
    assert baskets_ago(THREE_BASKETS).tolist() == [2, 2, 1, 0, 0, 0]


def test_an_entry_weighs_the_fading_to_the_power_of_the_baskets_since() -> None:
    expected = [[0.25 + 0.5, 0.25 + 1, 1], [0, 0, 1]]
    assert fading_history(THREE_BASKETS, 0.5).toarray().tolist() == expected


def test_a_fading_of_one_counts_and_of_zero_keeps_the_latest_basket() -> None:
    assert fading_history(THREE_BASKETS, 1.0).toarray()[0].tolist() == [2, 2, 1]
    assert fading_history(THREE_BASKETS, 0.0).toarray()[0].tolist() == [0, 1, 1]


def test_what_weighs_next_to_nothing_is_dropped() -> None:
    eleven = sequence_data([0, *[1] * 10], n_items=2)  # 0.5 ** 10 < 0.001
    assert fading_history(eleven, 0.5).toarray()[0, 0] == 0


def test_days_fade_from_the_day_of_the_visit() -> None:
    faded = days_faded_history(visits_of(THREE_BASKETS, day=10), half_life_days=5.0).toarray()
    np.testing.assert_allclose(faded[0], [0.5**2 + 0.5**1, 0.5**2 + 0.5**0.2, 0.5**0.2], rtol=1e-6)


class TestPersonalFrequency(RecommenderContract):
    def recommender(self) -> Recommender:
        return PersonalFrequency()

    def test_the_own_faded_count_plus_a_little_popularity(self) -> None:
        training = basket_data({0: [0], 8: [0]}, {0: [1]}, {0: [1], 1: [1], 2: [1]}, n_items=3)
        fitted = PersonalFrequency(half_life_days=4.0, popularity=0.1).fit(training, SideInformation())
        scores = fitted.score(visits_of(training, day=8))
        popularity = [0.1 * 2 / 4, 0.1 * 4 / 4, 0]  # against the most popular
        np.testing.assert_allclose(scores[0], [0.5**2 + 1 + popularity[0], *popularity[1:]], rtol=1e-6)
        np.testing.assert_allclose(scores[1], [popularity[0], 0.5**2 + popularity[1], 0], rtol=1e-6)

    def test_without_a_history_popularity_decides(self) -> None:
        training = sequence_data([1, 1, 0], n_items=3)
        scores = (
            PersonalFrequency(popularity=1.0)
            .fit(training, SideInformation())
            .score(visits_of(sequence_data([], n_items=3)))
        )
        np.testing.assert_allclose(scores, [[0.5, 1, 0]], rtol=1e-6)

    def test_a_step_is_a_day_where_there_are_no_dates(self) -> None:
        training = sequence_data([0, 1], n_items=2)
        fitted = PersonalFrequency(half_life_days=1.0, popularity=0.0).fit(training, SideInformation())
        assert fitted.score(visits_of(training, day=2)).tolist() == [[0.25, 0.5]]

    def test_a_half_life_that_is_not_positive_is_refused(self) -> None:
        with pytest.raises(SettingsError, match="half_life_days=0"):
            PersonalFrequency(half_life_days=0.0)
