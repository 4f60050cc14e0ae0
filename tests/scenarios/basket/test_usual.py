"""What somebody takes again and again, when it is due, and their usual basket."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions
from recsys.scenarios.basket.usual import usual, usual_basket


def lines(*visits: tuple[int, list[int]]) -> Interactions:
    """One shopper's history: (day, products) of each visit."""
    items = [item for _, held in visits for item in held]
    baskets = [number for number, (_, held) in enumerate(visits) for _ in held]
    days = [day for day, held in visits for _ in held]
    arrays = (np.array(each, np.int32) for each in (items, baskets, days))
    return Interactions(np.array([0, len(items)], np.int64), *arrays, 10)


WEEKLY = lines((0, [3, 5]), (7, [3]), (14, [3, 5]), (21, [3]))


def test_times_intervals_and_fading_are_counted() -> None:
    found = usual(WEEKLY, 28, half_life=7.0)
    assert found.items.tolist() == [3, 5]
    assert found.times.tolist() == [4, 2]
    assert found.faded[0] == pytest.approx(1 / 16 + 1 / 8 + 1 / 4 + 1 / 2)
    assert found.every[0] == pytest.approx(7)
    assert np.isnan(found.every[1])  # two days have one interval: too few
    assert found.since.tolist() == [7, 14]


def test_due_is_one_after_one_interval_and_less_before_and_long_after() -> None:
    for day, due in ((28, 1.0), (24, 3 / 7), (35, 0.5)):
        assert usual(WEEKLY, day).due[0] == pytest.approx(due)
    assert usual(WEEKLY, 28).due[1] == 0


def test_nobody_has_nothing_usual_and_a_half_life_of_nothing_is_refused() -> None:
    assert len(usual(lines(), 5).items) == 0
    assert len(usual_basket(lines(), 5)) == 0
    with pytest.raises(ValueError, match="half_life=0"):
        usual(WEEKLY, 28, half_life=0)


def test_the_usual_basket_is_as_large_as_the_median_and_holds_what_comes_back() -> None:
    assert usual_basket(WEEKLY, 28).tolist() == [3]
    many = lines(*((7 * week, [1, 2, 3]) for week in range(4)))
    assert sorted(usual_basket(many, 28).tolist()) == [1, 2, 3]
