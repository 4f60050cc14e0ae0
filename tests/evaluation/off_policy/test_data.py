"""A log that cannot be used is refused, and what is wrong with it is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import DataError
from recsys.evaluation.off_policy.data import Chances, Log, checked_target

ITEMS = np.array([[0, 1], [1, 0], [2, 1]])
HALF = np.full((3, 2), 0.5)
EVEN = Chances(HALF, HALF)


@given(st.one_of(st.floats(max_value=0.0), st.floats(min_value=1.001), st.just(float("nan"))), st.integers(0, 2))
def test_a_propensity_that_is_no_chance_is_refused_with_its_row(wrong: float, row: int) -> None:
    values = HALF.copy()
    values[row, 1] = wrong
    for chances in (Chances(values, HALF), Chances(HALF, values)):
        with pytest.raises(DataError, match=rf"first in row {row + 1}.*above 0, up to 1"):
            Log(ITEMS, HALF, chances)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_reward_that_is_no_number_is_refused(wrong: float) -> None:
    rewards = HALF.copy()
    rewards[1, 0] = wrong
    with pytest.raises(DataError, match="rewards that are no numbers, the first in row 2"):
        Log(ITEMS, rewards, EVEN)


def test_a_page_that_shows_a_product_twice_is_refused() -> None:
    with pytest.raises(DataError, match="first is page 3"):
        Log(np.array([[0, 1], [1, 0], [2, 2]]), HALF, EVEN)


def test_other_shapes_and_logs_of_one_page_are_refused() -> None:
    with pytest.raises(DataError, match="one for each"):
        Log(ITEMS, HALF[:2], EVEN)
    with pytest.raises(DataError, match="at least 2"):
        Log(ITEMS[:1], HALF[:1], Chances(HALF[:1], HALF[:1]))


def test_a_policy_may_never_show_what_was_logged_but_not_more_often_than_always() -> None:
    log = Log(ITEMS, HALF, EVEN)
    zero = np.zeros((3, 2))
    assert checked_target(log, Chances(zero, zero)).rounds == 3
    with pytest.raises(DataError, match="from 0 to 1"):
        checked_target(log, Chances(zero + 1.5, zero))
    with pytest.raises(DataError, match="one for each"):
        checked_target(log, Chances(zero[:1], zero[:1]))
