"""Sizes are those of the textbooks, power and size undo each other, and what no test can have is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.sample_size import (
    Design,
    days,
    for_mean,
    for_rate,
    for_skew,
    least_for_mean,
    least_for_rate,
    power_for_mean,
    power_for_rate,
)

SURE = Design(power=0.9)


@pytest.mark.parametrize(
    ("rate", "effect", "design", "each_group"),
    [
        (0.50, 0.25, SURE, 76.7),  # the manual of R's power.prop.test: p1 = .50, p2 = .75, power = .90
        (0.10, 0.02, Design(), 3840.8),  # R: power.prop.test(p1 = .10, p2 = .12, power = .80)
    ],
)
def test_a_rate_takes_what_r_says(rate: float, effect: float, design: Design, each_group: float) -> None:
    assert for_rate(rate, effect, design) / 2 == pytest.approx(each_group, abs=0.05)


@pytest.mark.parametrize(
    ("effect", "design", "each_group"),
    [
        (1.0, SURE, 22.02110),  # R: power.t.test(power = .90, delta = 1)
        (0.5, Design(), 63.76561),  # statsmodels: TTestIndPower().solve_power(0.5, alpha=0.05, power=0.8)
    ],
)
def test_a_mean_takes_what_r_and_statsmodels_say(effect: float, design: Design, each_group: float) -> None:
    assert for_mean(1.0, effect, design) / 2 == pytest.approx(each_group, abs=5e-5)


def test_the_power_of_twenty_in_each_group_is_that_of_r() -> None:
    assert power_for_mean(1.0, 1.0, 40) == pytest.approx(0.8689528, abs=1e-6)  # R: power.t.test(n = 20, delta = 1)


def test_a_large_test_of_a_mean_is_sixteen_times_variance_over_effect_squared() -> None:
    z = 1.959964 + 0.841621
    assert for_mean(3.0, 0.03) == pytest.approx(4 * z**2 * 100**2, rel=1e-6)  # both groups: 2 * 2 z^2 / size^2


@pytest.mark.parametrize("allocation", [0.1, 0.5, 0.7])
@pytest.mark.parametrize("effect", [0.04, -0.04])
def test_size_and_power_undo_each_other(allocation: float, effect: float) -> None:
    design = Design(0.01, 0.9, allocation)
    assert power_for_rate(0.2, effect, for_rate(0.2, effect, design), design) == pytest.approx(0.9)
    for deviation in (0.1, 2.0):  # by Student's t, and by the normal
        assert power_for_mean(deviation, effect, for_mean(deviation, effect, design), design) == pytest.approx(0.9)


def test_the_least_effect_takes_just_those_people() -> None:
    assert for_rate(0.1, least_for_rate(0.1, 7000)) == pytest.approx(7000)
    assert for_mean(2.0, least_for_mean(2.0, 900)) == pytest.approx(900)


def test_where_not_even_all_is_found_there_is_no_least_effect() -> None:
    assert math.isnan(least_for_rate(0.9, 10))


def test_half_and_half_takes_the_fewest() -> None:
    sizes = [for_mean(1.0, 0.02, Design(allocation=share)) for share in (0.1, 0.5, 0.9)]
    assert sizes[0] == pytest.approx(sizes[2])
    assert sizes[1] == pytest.approx(sizes[0] * 4 * 0.1 * 0.9)


def test_a_simulated_test_of_that_size_finds_the_change_as_often_as_it_should() -> None:
    people = math.ceil(for_rate(0.3, 0.06) / 2)
    rng = np.random.default_rng(7)
    a, b = (rng.binomial(people, rate, 20_000) / people for rate in (0.3, 0.36))
    both = (a + b) / 2
    found = np.abs(b - a) / np.sqrt(2 * both * (1 - both) / people) > 1.959964
    assert found.mean() == pytest.approx(0.8, abs=0.012)  # three standard errors of 20,000 tests, and the rounding


def test_skewed_values_take_355_for_each_squared_skewness_in_the_smaller_group() -> None:
    assert for_skew(2.0) == 355 * 4 * 2
    assert for_skew(2.0, Design(allocation=0.1)) == pytest.approx(355 * 4 * 10)
    assert for_skew(0.0) == 0


def test_days_are_whole() -> None:
    assert (days(100, 50), days(101, 50), days(1, 1_000)) == (2, 3, 1)


@pytest.mark.parametrize("wrong", [0, 1, -0.1, 1.5, math.nan, math.inf])
def test_shares_that_are_none_are_refused(wrong: float) -> None:
    for design in ({"alpha": wrong}, {"power": wrong}, {"allocation": wrong}):
        with pytest.raises(BadRequestError, match="above 0 and below 1"):
            Design(**design)
    with pytest.raises(BadRequestError, match="cannot be used"):
        for_rate(wrong, 0.01)


def test_a_power_below_the_false_alarms_is_refused() -> None:
    with pytest.raises(BadRequestError, match="not above the chance of a false alarm"):
        Design(alpha=0.5, power=0.4)


@pytest.mark.parametrize("effect", [0.0, math.nan, 0.9, -0.1])
def test_changes_of_a_rate_that_cannot_be_are_refused(effect: float) -> None:
    with pytest.raises(BadRequestError):
        for_rate(0.1, effect)


@pytest.mark.parametrize(("deviation", "effect"), [(0.0, 1.0), (math.nan, 1.0), (1.0, 0.0), (1.0, math.nan), (-1, 1)])
def test_means_that_do_not_vary_or_change_are_refused(deviation: float, effect: float) -> None:
    with pytest.raises(BadRequestError, match="cannot be used"):
        for_mean(deviation, effect)


@pytest.mark.parametrize("a_day", [0, -1, math.nan])
def test_a_shop_to_which_nobody_comes_has_no_days(a_day: float) -> None:
    with pytest.raises(BadRequestError, match="visitors a day"):
        days(100, a_day)
