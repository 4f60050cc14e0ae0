"""Earlier visits, as the shoppers stood there then."""

from __future__ import annotations

import numpy as np

from recsys.ranking.blend.earlier import earlier_visits, joined_visits
from tests.ranking.blend.made import shopping


def test_each_round_asks_about_one_basket_further_back() -> None:
    training = shopping([(0, [0]), (3, [1, 2]), (9, [3])], [(5, [4])], n_items=5)
    (first, taken_first), (second, taken_second) = earlier_visits(training, np.array([0, 1], np.int32), 2)
    assert first.shoppers.tolist() == [0]  # the other one has no basket before the last
    assert first.days.tolist() == [9]
    assert first.histories.items.tolist() == [0, 1, 2]
    assert taken_first.toarray().tolist() == [[0, 0, 0, 1, 0]]
    assert second.days.tolist() == [3]
    assert second.histories.items.tolist() == [0]
    assert taken_second.toarray().tolist() == [[0, 1, 1, 0, 0]]


def test_rounds_stand_one_below_the_other() -> None:
    training = shopping([(0, [0]), (3, [1, 2]), (9, [3])], [(5, [4]), (6, [0])], n_items=5)
    visits, taken = joined_visits(list(earlier_visits(training, np.array([0, 1], np.int32), 2)))
    assert visits.shoppers.tolist() == [0, 1, 0]
    assert visits.days.tolist() == [9, 6, 3]
    assert [visits.histories.take(np.array([row])).items.tolist() for row in range(3)] == [[0, 1, 2], [4], [0]]
    assert taken.toarray().tolist() == [[0, 0, 0, 1, 0], [1, 0, 0, 0, 0], [0, 1, 1, 0, 0]]
