"""What runs out, first weeks of new products and discounts: by arithmetic a reader can redo."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.scenarios.stock.launches import FAR, MONTH, Beginnings, expected
from recsys.scenarios.stock.promoted import uplift
from recsys.scenarios.stock.running_out import running_out, together
from recsys.scenarios.stock.series import Panel

CERTAIN = np.repeat(np.array([[[5.0], [10.0]]]), 99, axis=2)  # 5 pieces in a week, 10 in two, for sure


def test_what_is_missing_is_demand_beyond_the_stock() -> None:
    until = np.concatenate([CERTAIN, CERTAIN, CERTAIN])
    found = running_out(until, np.array([7.0, 12.0, np.nan]), 2)
    assert found.short.tolist() == [[3, 3, 3], [0, 0, 0], [10, 10, 10]]
    assert found.chance.tolist() == [1, 0, 1]
    assert found.out_in.tolist() == [2, 0, 1]
    assert together(until, np.array([7.0, 12, 0]), np.array([2.0, 1, 1]), 2) == pytest.approx((16, 16, 16))


@pytest.mark.parametrize("lead", [0, 3, 99])
def test_a_lead_time_that_is_not_looked_ahead_is_refused(lead: int) -> None:
    with pytest.raises(BadRequestError, match=f"{lead} weeks"):
        running_out(CERTAIN, np.array([1.0]), lead)


def test_nothing_to_look_at_lacks_nothing() -> None:
    assert together(np.zeros((0, 2, 99)), np.zeros(0), np.zeros(0), 1) == (0, 0, 0)


def test_first_purchases_of_the_first_month_tell_of_no_launch() -> None:
    items, days = np.array([0, 1, 1, 2]), np.array([3, 40, 45, 95])
    begun = Beginnings.of(items, days, np.array([1, 2, 3, 1]), None, 4, 99)
    assert begun.begun.tolist() == [3, 40, 95, FAR]
    assert begun.known_by(100).tolist() == [1]
    assert begun.begun_in(70, 99).tolist() == [2]
    assert begun.sold(np.array([1], np.int32))[0, [0, 4, 5, 29]].tolist() == [2, 2, 5, 5]


def test_expected_is_what_the_nearest_sold_at_the_same_age() -> None:
    vectors = np.repeat(np.eye(2, dtype=np.float32), [40, 41], axis=0)  # two kinds of products
    known = np.arange(80, dtype=np.int32)
    sold = np.repeat(np.array([[2.0], [8.0]]), 40, axis=0) * np.ones((1, MONTH))
    found = expected(np.array([80], np.int32), known, sold, vectors)
    assert found is not None
    assert found.mean[0, -1] == found.low[0, -1] == found.high[0, -1] == 8
    assert (found.like >= 40).all()
    assert expected(np.array([80], np.int32), known[:5], sold[:5], vectors) is None


def test_discounts_go_with_twice_the_sales() -> None:
    price = np.ones((20, 20))
    price[:, ::4] = 0.7
    units = np.where(price < 1, 10.0, 5.0)
    told = uplift(Panel(units, price))
    assert told is not None
    assert told["change"] == pytest.approx(1.0)
    assert told["ci95"] == pytest.approx([1.0, 1.0])
    assert uplift(Panel(units, np.ones((20, 20)))) is None
