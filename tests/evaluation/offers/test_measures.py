"""Measures of a ranking, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.evaluation.offers.measures import Judged, calibration_error, debiased_error, error_by_luck


def test_lift_and_precision_by_hand() -> None:
    hits = np.array([1, 0, 1, 0, 0, 0, 0, 0, 0, 0.0])
    judged = Judged.of(np.arange(10, 0, -1.0), hits)
    assert judged.lift(np.ones(10)) == pytest.approx((1 / 1) / (2 / 10))
    assert judged.pr_auc(np.ones(10)) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_ties_stand_in_no_order() -> None:
    judged = Judged.of(np.zeros(10), np.array([1.0, *[0.0] * 9]))
    assert judged.lift(np.ones(10)) == pytest.approx(1)
    assert judged.pr_auc(np.ones(10)) == pytest.approx(0.1)


def test_a_weight_counts_as_so_many() -> None:
    values, hits = np.array([3.0, 2.0, 1.0]), np.array([1.0, 0.0, 1.0])
    twice = Judged.of(np.array([3.0, 3.0, 2.0, 1.0]), np.array([1.0, 1.0, 0.0, 1.0]))
    assert Judged.of(values, hits).pr_auc(np.array([2.0, 1.0, 1.0])) == pytest.approx(twice.pr_auc(np.ones(4)))


def test_nothing_redeemed_is_no_number() -> None:
    judged = Judged.of(np.arange(3.0), np.zeros(3))
    assert np.isnan(judged.lift(np.ones(3)))
    assert np.isnan(judged.pr_auc(np.ones(3)))


def test_calibration_error_by_hand_and_by_luck() -> None:
    chances = np.array([0.2] * 10 + [0.8] * 10)
    hits = np.array([1.0] * 2 + [0.0] * 8 + [1.0] * 6 + [0.0] * 4)
    assert calibration_error(chances, hits, bins=2) == pytest.approx((0 + 0.2) / 2)
    mean, most = error_by_luck(np.full(1_000, 0.1), draws=100)
    assert 0 < mean < most < 0.05


def test_what_luck_adds_to_the_error_is_taken_off() -> None:
    hits = np.array([1.0] * 2 + [0.0] * 8 + [1.0] * 6 + [0.0] * 4)
    chances = np.array([0.2] * 10 + [0.9] * 10)
    luck = (0.2 * 0.8 / 9 + 0.6 * 0.4 / 9) / 2
    assert debiased_error(chances, hits, bins=2) == pytest.approx(np.sqrt((0 + 0.3**2) / 2 - luck))
    assert debiased_error(np.array([0.2] * 10 + [0.6] * 10), hits, bins=2) == 0  # right, and less than luck allows
