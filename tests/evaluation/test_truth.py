"""What lists capture of the true worth, on worths that can be reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.evaluation.truth import aligned, utility_captured
from recsys.shops.contract import Worth

SECOND = 1 / np.log2(3)  # what a second place counts


def captured(slate: list[int], worth: list[float], k: int) -> float:
    return float(utility_captured(np.array([slate], np.int32), np.array([worth], np.float32), k)[0])


def test_it_is_this_arithmetic() -> None:
    best = 2 + SECOND
    assert captured([0, 2], [2, 0, 1], 2) == pytest.approx(1.0)
    assert captured([2, 0], [2, 0, 1], 2) == pytest.approx((1 + 2 * SECOND) / best)
    assert captured([1, 0], [2, 0, 1], 2) == pytest.approx(2 * SECOND / best)
    assert captured([1], [2, 0, 1], 2) == 0
    assert captured([0, 2, 1], [2, 0, 1], 1) == pytest.approx(1.0)  # the first place alone is looked at


def test_a_product_named_twice_counts_once_and_an_empty_place_adds_nothing() -> None:
    assert captured([0, 0], [2, 0, 1], 2) == pytest.approx(2 / (2 + SECOND))
    assert captured([-1, 0], [2, 0, 1], 2) == pytest.approx(2 * SECOND / (2 + SECOND))


def test_more_places_than_there_are_products_are_no_fault_and_nothing_to_want_is_not_judged() -> None:
    assert captured([1, 0], [1, 3], 5) == pytest.approx(1.0)
    assert np.isnan(captured([1, 0], [0, 0], 2))


def test_each_list_is_judged_by_the_worth_of_its_own_person() -> None:
    worth = np.array([[1, 0, 0], [0, 0, 1]], np.float32)
    assert utility_captured(np.array([[0], [0]], np.int32), worth, 1).tolist() == [1.0, 0.0]


def test_the_truth_is_put_in_the_order_of_the_tables() -> None:
    truth = Worth(("ann", "bob"), ("x", "y", "z"), np.arange(6, dtype=np.float32).reshape(2, 3))
    assert aligned(truth, ["bob", "ann"], ["z", "x"]).tolist() == [[5.0, 3.0], [2.0, 0.0]]
    with pytest.raises(BadRequestError, match="'cleo'"):
        aligned(truth, ["cleo"], ["x"])
    with pytest.raises(BadRequestError, match="prepare"):
        aligned(truth, ["ann"], ["w"])
