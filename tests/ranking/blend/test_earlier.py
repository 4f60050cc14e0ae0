"""Earlier visits, as the shoppers stood there then."""

from __future__ import annotations

import numpy as np

from recsys.ranking.blend.earlier import earlier_visits
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
