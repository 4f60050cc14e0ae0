"""Whom to address within a budget, and what that brings."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.scenarios.offers.targeting import affordable, best, expected, gains


def test_a_budget_reaches_as_many_as_it_pays_for() -> None:
    assert affordable(10, 0.5, 100) == 20
    assert affordable(0.3, 0.1, 100) == 3  # though 0.3 / 0.1 is less than 3 in binary
    assert affordable(0, 0.5, 100) == 0
    assert affordable(1e300, 0.5, 100) == 100
    assert affordable(0, 0, 100) == 100
    assert affordable(5, 1, 0) == 0


@pytest.mark.parametrize(("budget", "cost"), [(-1, 1), (1, -1), (math.nan, 1), (math.inf, 1)])
def test_money_that_cannot_be_spent_is_refused_in_words(budget: float, cost: float) -> None:
    with pytest.raises(BadRequestError, match="cannot be spent"):
        affordable(budget, cost, 10)


def test_the_best_are_taken_and_ties_go_by_row() -> None:
    values = np.array([0.1, 0.9, 0.5, 0.9])
    assert best(values, np.array([0, 1, 2, 3]), 3).tolist() == [1, 3, 2]
    assert best(values, np.array([0, 2]), 5).tolist() == [2, 0]


def test_a_count_is_expected_within_bounds() -> None:
    told = expected(np.full(100, 0.5))
    assert told.value == 50
    assert told.high == pytest.approx(50 + 1.96 * 5)
    assert expected(np.empty(0)).high == 0


def test_a_gain_curve_reaches_all_and_ties_are_straight() -> None:
    shares, reached = gains(np.array([3.0, 2.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0, 0.0]), points=5)
    assert shares.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert reached.tolist() == [0, 0.5, 1, 1, 1]
    assert gains(np.zeros(4), np.array([1.0, 1.0, 0.0, 0.0]), points=5)[1].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert gains(np.zeros(4), np.zeros(4), points=5)[1].tolist() == [0] * 5
