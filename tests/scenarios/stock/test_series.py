"""Weekly series: what is put right is said, weeks end on the last day, prices know nothing of later weeks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys.errors import BadRequestError
from recsys.scenarios.stock.series import (
    FARTHEST,
    Panel,
    beside_usual,
    best_sellers,
    by_group,
    check_horizon,
    check_weeks,
    cleaned,
    on_plan,
    weekly,
)


def test_the_last_week_ends_on_the_last_day_and_days_before_the_first_whole_one_are_left_out() -> None:
    # 16 days: days 0 and 1 are no whole week, 2 to 8 the first, 9 to 15 the second
    rows, days, pieces = np.array([0, 0, 0, 1, 1]), np.array([1, 2, 8, 9, 15]), np.array([9, 1, 2, 3, 4])
    assert weekly(rows, days, pieces, 2, 15).tolist() == [[3, 0], [0, 7]]


def test_returns_and_gaps_are_put_right_and_said() -> None:
    units, notes = cleaned([[5, -2, np.nan, 4], [np.nan, 1, 1, 1]])
    assert units.tolist() == [[5, 0, 0, 4], [0, 1, 1, 1]]
    assert "1 weeks in which more came back" in notes[0]
    assert "2 weeks of which nothing is known" in notes[1]


@pytest.mark.parametrize("wrong", [[], [[]], [["a"]], [[np.inf, 1]], np.zeros((2, 2, 2))])
def test_what_is_no_table_of_units_is_refused(wrong: object) -> None:
    with pytest.raises(BadRequestError) as refused:
        cleaned(wrong)  # type: ignore[arg-type]
    assert refused.value.remedy


@pytest.mark.parametrize("horizon", [0, -1, 9, 99])
def test_a_horizon_that_is_not_looked_at_is_refused(horizon: int) -> None:
    with pytest.raises(BadRequestError, match=f"{horizon} weeks ahead"):
        check_horizon(horizon)


def test_three_weeks_are_too_few() -> None:
    with pytest.raises(BadRequestError, match="3 whole weeks"):
        check_weeks(3)


def test_a_price_is_compared_with_those_before_it_alone() -> None:
    units = np.ones((1, 6))
    paid = np.array([[10.0, 10, 10, 10, 7, 20]])
    found = beside_usual(units, paid)
    assert found[0, :5].tolist() == [1, 1, 1, 1, 0.7]
    paid[0, 5] = 500.0  # what comes later changes nothing before
    assert beside_usual(units, paid)[0, :5].tolist() == found[0, :5].tolist()
    assert beside_usual(np.zeros((1, 3)), np.zeros((1, 3))).tolist() == [[1, 1, 1]]


def test_a_plan_is_the_share_of_days_on_offer_and_reaches_ahead() -> None:
    first = pd.Timestamp("2026-01-01")
    offers = pd.DataFrame(
        {
            "item": [0, 1],
            "starts": [first, first + pd.Timedelta(days=12)],
            "ends": [first + pd.Timedelta(days=6), first + pd.Timedelta(days=15)],
        }
    )
    found = on_plan(offers, 2, first, 13)
    assert found.shape == (2, 2 + FARTHEST)
    assert found[0].tolist() == [1, 0] + [0] * FARTHEST
    assert found[1, :3] == pytest.approx([0, 2 / 7, 2 / 7])


def test_groups_are_sums_and_best_sellers_come_first() -> None:
    panel = Panel(np.array([[1.0, 2], [3, 4], [0, 0]]), np.array([[1.0, 0.5], [1, 1], [1, 1]]))
    groups = by_group(panel, np.array([0, 0, 1]), 2)
    assert groups.units.tolist() == [[4, 6], [0, 0]]
    assert groups.price[0, 1] == pytest.approx((2 * 0.5 + 4) / 6)
    assert best_sellers(panel.units, 5).tolist() == [1, 0]
