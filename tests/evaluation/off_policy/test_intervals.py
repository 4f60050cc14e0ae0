"""Intervals of estimates: as wide as arithmetic says, and holding the truth as often as they promise."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.evaluation.off_policy.diagnostics import effective_share, largest_share, unseen_share
from recsys.evaluation.off_policy.estimators import Parts
from recsys.evaluation.off_policy.intervals import (
    bootstrapped,
    by_session,
    empirical_bernstein,
    share_interval,
    students_t,
)
from recsys.evaluation.significance import Sampling


def test_students_t_is_mean_and_standard_errors() -> None:
    low, high = students_t(np.array([1.0, 2.0, 3.0]))
    assert (low, high) == pytest.approx((2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5), abs=1e-5)


def test_empirical_bernstein_is_the_theorem() -> None:
    values = np.tile([0.0, 1.0], 50)
    tail = np.log(4 / 0.05)
    half = np.sqrt(2 * values.var(ddof=1) * tail / 100) + 7 * tail / (3 * 99)
    assert empirical_bernstein(values, 1.0) == pytest.approx((0.5 - half, 0.5 + half))


def test_it_holds_the_truth_where_most_samples_show_nothing_rare() -> None:
    held = {"t": 0, "bernstein": 0}
    for seed in range(200):
        values = (np.random.default_rng(seed).random(100) < 0.01).astype(float)
        for kind, (low, high) in (("t", students_t(values)), ("bernstein", empirical_bernstein(values, 1.0))):
            held[kind] += low <= 0.01 <= high
    assert held["bernstein"] == 200
    assert held["t"] < 160  # 37 in 100 samples show no success, and an interval of no width


def test_the_bootstrap_of_a_mean_is_near_students_t_and_of_a_ratio_is_that_of_the_ratio() -> None:
    rng = np.random.default_rng(1)
    values, weights = rng.normal(3.0, 1.0, (400, 1)), rng.exponential(size=(400, 1))
    mean, ratio = Parts(values), Parts(values * weights, weights)
    found = bootstrapped([mean, ratio], Sampling(1_000, 1, 0.95, 5))
    for interval, parts in zip(found, (mean, ratio), strict=True):
        assert interval == pytest.approx(students_t(parts.influence), abs=0.03)


def test_pages_of_a_session_that_are_all_alike_count_as_one() -> None:
    alone = np.tile([0.0, 1.0], 20)
    doubled, sessions = np.repeat(alone, 5), np.repeat(np.arange(40), 5)
    assert students_t(by_session(doubled, sessions)) == pytest.approx(students_t(alone))
    assert by_session(doubled, sessions).mean() == pytest.approx(doubled.mean())


def test_a_share_of_nothing_has_an_interval_with_a_width() -> None:
    low, high = share_interval(0, 50)
    assert low == pytest.approx(0.0, abs=1e-12)
    assert 0.05 < high < 0.1


def test_as_many_pages_count_as_weights_are_alike() -> None:
    assert effective_share(np.ones((10, 3))) == pytest.approx(1.0)
    assert effective_share(np.eye(10)[0]) == pytest.approx(0.1)
    assert effective_share(np.zeros(5)) == 0.0
    assert largest_share(np.array([[1.0], [3.0]])) == pytest.approx(0.75)


def test_what_the_log_never_showed_is_counted_by_how_often_the_policy_shows_it() -> None:
    target = np.array([[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]])
    seen = np.array([[True, False, True], [False, True, True]])
    assert unseen_share(target, seen) == pytest.approx((0.3 + 1.0) / 2)
