"""Budgets in whole cents: never overspent, and spread over the day where they are paced."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import BadRequestError
from recsys.scenarios.ads.pacing import NONE, PACINGS, SHADED, THROTTLED, UNLIMITED, Budgets, budget_cents

EVERYBODY = np.array([0.0])  # takes part, whatever the share


@given(
    st.integers(0, 2_000),
    st.lists(st.tuples(st.integers(0, 500), st.floats(0, 1)), max_size=60),
    st.sampled_from(PACINGS),
)
def test_a_budget_is_never_overspent(budget: int, offers: list[tuple[int, float]], pacing: str) -> None:
    budgets = Budgets(np.array([budget]), pacing)
    for turn, (bid, chance) in enumerate(offers):
        budgets.look(turn / 60, (turn + 1) / 60)
        (now,) = budgets.bids(np.array([bid]), np.array([0]), np.array([chance])).tolist()
        assert 0 <= now <= min(bid, budget - budgets.spent[0])
        budgets.pay(0, now)
    assert 0 <= budgets.spent[0] <= budget


def test_paying_more_than_is_left_is_an_error() -> None:
    budgets = Budgets(np.array([10]), NONE)
    with pytest.raises(ValueError, match="11 cents of 10 left"):
        budgets.pay(0, 11)


def test_without_pacing_a_bid_stays_as_it_is_until_nothing_is_left() -> None:
    budgets = Budgets(np.array([100]), NONE)
    assert budgets.bids(np.array([70]), np.array([0]), EVERYBODY).tolist() == [70]
    budgets.pay(0, 70)
    assert budgets.bids(np.array([70]), np.array([0]), EVERYBODY).tolist() == [30]


def test_who_spends_too_fast_takes_part_less_and_who_is_late_more() -> None:
    budgets = Budgets(np.array([100, 100]), THROTTLED)
    budgets.pay(0, 50)
    budgets.look(0.0, 0.1)  # 50 of a planned 10, and none
    assert budgets.share[0] == pytest.approx(0.5 * 0.9)
    assert budgets.share[1] == pytest.approx(0.5 * 1.1)


def test_who_spends_too_fast_bids_less_and_comes_back() -> None:
    budgets = Budgets(np.array([100]), SHADED)
    budgets.pay(0, 50)
    budgets.look(0.0, 0.1)
    assert budgets.bids(np.array([40]), np.array([0]), EVERYBODY)[0] < 40
    for turn in range(1, 10):
        budgets.look(turn / 10, (turn + 1) / 10)
    assert budgets.bids(np.array([40]), np.array([0]), EVERYBODY)[0] == 40


def test_nobody_bids_for_what_nobody_advertises() -> None:
    assert Budgets(np.array([100]), NONE).bids(np.array([40, 40]), np.array([-1, 0]), EVERYBODY).tolist() == [0, 40]
    assert Budgets(np.zeros(0, np.int64), NONE).bids(np.array([40]), np.array([-1]), np.zeros(0)).tolist() == [0]


def test_a_budget_of_zero_buys_nothing() -> None:
    assert Budgets(np.array([0]), THROTTLED).bids(np.array([40]), np.array([0]), EVERYBODY).tolist() == [0]


def test_budgets_that_cannot_be_are_refused() -> None:
    for wrong in (-1.0, float("nan"), float("-inf")):
        with pytest.raises(BadRequestError, match="what to do"):
            budget_cents(wrong, 2)
    with pytest.raises(BadRequestError, match="what to do"):
        Budgets(np.array([-1]))
    with pytest.raises(BadRequestError, match="what to do"):
        Budgets(np.array([1]), "hourly")


def test_amounts_are_whole_cents() -> None:
    assert budget_cents(12.345, 2).tolist() == [1234, 1234]
    assert budget_cents(0.0, 1).tolist() == [0]
    assert budget_cents(float("inf"), 1).tolist() == [UNLIMITED]
