"""Personalised PageRank against the linear system that it solves, and by hand on three items."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.personalized_pagerank import (
    UNDER_WAY,
    PersonalizedPageRank,
    PersonalizedPageRankWithFriends,
    pairs_of_steps,
)
from recsys.schema import Floats
from tests.recommenders.recommender_contract import BASKETS, SEQUENCES, RecommenderContract, sequence_data, visits_of

# shoppers 0, 2, 4 ... take three of items 0 to 3, shoppers 1, 3, 5 ... three of items 4 to 7
GROUPS = sequence_data(*[[4 * (s % 2) + (s // 2 + step) % 4 for step in range(3)] for s in range(12)])


def scores(training: list[list[int]], history: list[int], n_items: int, **settings: float) -> Floats:
    fitted = PersonalizedPageRank(**settings).fit(sequence_data(*training, n_items=n_items), SideInformation())
    return fitted.score(visits_of(sequence_data(history, n_items=n_items)))[0]


class TestPersonalizedPageRank(RecommenderContract):
    def recommender(self) -> Recommender:
        return PersonalizedPageRank()

    @pytest.mark.parametrize("damping", [0.3, 0.85])
    def test_the_shares_solve_the_linear_system(self, damping: float) -> None:
        times = BASKETS.matrix().toarray().astype(np.float64)  # (n, n_items), of which shopper 4 took nothing
        to_items = times / np.maximum(times.sum(axis=1, keepdims=True), 1)
        to_shoppers = (times / times.sum(axis=0)).T
        departures = np.array([0.5, 0, 0, 0.25, 0, 0, 0.25, 0])
        pair = to_shoppers @ to_items  # (n_items, n_items)
        expected = np.linalg.solve((np.eye(8) - damping * pair).T, (1 - damping) * departures)
        fitted = PersonalizedPageRank(damping=damping, history_fading=1.0, departure=0.0)
        found = fitted.fit(BASKETS, SideInformation()).score(visits_of(sequence_data([0, 3, 0, 6]), shoppers=[-1]))[0]
        np.testing.assert_allclose(found, expected, atol=UNDER_WAY)
        assert found.sum() == pytest.approx(1)

    def test_one_pair_of_steps_by_hand(self) -> None:
        # item 0 was taken by both shoppers: a walker goes to each with 1/2, and on to item 0 with 1/2, to the other's
        # 1 or 2 with 1/2. All items but 0 have one taker, whose next item is 0 or itself. p = .9 s + .1 p P
        found = scores([[0, 1], [0, 2]], [0], 3, damping=0.1, departure=0.0)
        pair = np.array([[1 / 2, 1 / 4, 1 / 4], [1 / 2, 1 / 2, 0], [1 / 2, 0, 1 / 2]])
        two = 0.9 * np.eye(3)[0] @ (np.eye(3) + 0.1 * pair + 0.01 * pair @ pair)
        np.testing.assert_allclose(found, two, atol=1e-3)

    def test_a_walker_goes_more_often_where_more_was_taken(self) -> None:
        # of the four things that the one shopper took 1 is three, 2 is one
        found = scores([[1, 1, 1, 2]], [2], 3, damping=0.5, departure=0.0)
        assert found.tolist() == pytest.approx([0, 0.5 * 3 / 4, 0.5 + 0.5 * 1 / 4], abs=UNDER_WAY)

    def test_departures_go_by_age_and_by_takers(self) -> None:
        # without damping a walker stays: .5 * 1 ** 2 for the older item of one taker, 1 * 3 ** 2 for the other
        found = scores([[0, 1], [1], [1]], [0, 1], 2, damping=0.0, history_fading=0.5, departure=2.0)
        assert found.tolist() == pytest.approx([0.5 / 9.5, 9 / 9.5])

    def test_bestsellers_are_held_back_by_their_takers_and_ten(self) -> None:
        training = [[0, 1], [1], [1]]
        plain, tempered = (scores(training, [0], 2, tempering=tempering) for tempering in (0.0, 0.5))
        np.testing.assert_allclose(tempered, plain / np.sqrt([1 + 10, 3 + 10]), rtol=1e-6)

    @pytest.mark.parametrize("shopper", [0, -1], ids=["training shopper", "new shopper"])
    def test_nothing_leaks_from_one_of_two_groups_to_the_other(self, shopper: int) -> None:
        fitted = PersonalizedPageRank(damping=0.9).fit(GROUPS, SideInformation())
        found = fitted.score(visits_of(sequence_data([0]), shoppers=[shopper]))[0]
        assert found[:4].min() > 0
        assert found[4:].tolist() == [0] * 4

    def test_an_item_that_nobody_took_is_a_dead_end(self) -> None:
        assert scores([[0, 1]], [2], 3, damping=0.5).tolist() == pytest.approx([0, 0, 0.5])

    def test_no_history_gives_no_opinion(self) -> None:
        assert scores([[0, 1]], [], 2).tolist() == [0, 0]

    def test_more_visits_than_walk_at_once_are_all_answered(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fitted = PersonalizedPageRank().fit(SEQUENCES, SideInformation())
        together = fitted.score(visits_of(SEQUENCES))
        monkeypatch.setattr("recsys.recommenders.personalized_pagerank.VISITS_AT_ONCE", 4)
        np.testing.assert_allclose(fitted.score(visits_of(SEQUENCES)), together, rtol=1e-5)


def test_the_walk_is_as_long_as_the_damping_needs() -> None:
    assert pairs_of_steps(0.0) == 0
    assert pairs_of_steps(0.1) == 4
    assert 0.8 ** pairs_of_steps(0.8) <= UNDER_WAY < 0.8 ** (pairs_of_steps(0.8) - 1)


# shopper 0 took item 0, shopper 1 took 1, shopper 2 took 2; 0 and 1 are friends
APART = sequence_data([0], [1], [2], n_items=3)
FRIENDS = SideInformation(friends=sparse.csr_array(np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], np.float32)))


class TestPersonalizedPageRankWithFriends(RecommenderContract):
    def recommender(self) -> Recommender:
        return PersonalizedPageRankWithFriends()

    def scores(self, history: list[int], shopper: int, **settings: float) -> list[float]:
        fitted = PersonalizedPageRankWithFriends(**{"damping": 0.5, "friends": 0.2} | settings).fit(APART, FRIENDS)
        visits = visits_of(sequence_data(history, n_items=3), shoppers=[shopper])
        return [float(score) for score in fitted.score(visits)[0]]

    def test_a_friend_is_met_on_the_way_and_at_the_start(self) -> None:
        # item 0 <-> item 1 with .2, itself with .8; leaving .8 from item 0, .2 from item 1: the linear system
        pair = np.array([[0.8, 0.2], [0.2, 0.8]])
        expected = np.linalg.solve((np.eye(2) - 0.5 * pair).T, 0.5 * np.array([0.8, 0.2]))
        assert self.scores([0], 0) == pytest.approx([*expected, 0], abs=UNDER_WAY)

    def test_somebody_new_leaves_from_the_own_history_alone(self) -> None:
        assert self.scores([0], -1, damping=0.0) == [1, 0, 0]

    def test_who_has_no_friends_walks_as_before(self) -> None:
        assert self.scores([2], 2) == pytest.approx([0, 0, 1], abs=UNDER_WAY)

    def test_who_has_no_history_leaves_from_what_the_friends_took(self) -> None:
        assert self.scores([], 0, damping=0.0) == [0, 1, 0]

    def test_without_friends_it_is_the_same_as_without_the_setting(self) -> None:
        plain, social = PersonalizedPageRank(), PersonalizedPageRankWithFriends()
        scores = [each.fit(BASKETS, SideInformation()).score(visits_of(BASKETS)) for each in (plain, social)]
        np.testing.assert_allclose(*scores, rtol=1e-6)
