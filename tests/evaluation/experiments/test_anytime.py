"""What may be looked at any time rings as rarely as promised, where a usual test rings far too often."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.anytime import (
    WAIT,
    coin_evidence,
    coin_interval,
    half_width,
    looking,
    p_values,
    weight_for,
)
from recsys.evaluation.experiments.sample_size import Design

TESTS, PEOPLE = 2_000, 2_000


def running(values: np.ndarray, arms: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(difference of the means, its standard error, people) after each person from WAIT on; (tests, looks)."""
    found = []
    for arm in (0, 1):
        here = arms == arm
        n, total, squares = (np.cumsum(here * part, axis=1)[:, WAIT - 1 :] for part in (1.0, values, values**2))
        mean = total / n
        found.append((mean, (squares / n - mean**2) / (n - 1)))
    people = np.broadcast_to(np.arange(WAIT, values.shape[1] + 1), found[0][0].shape)
    return found[1][0] - found[0][0], np.sqrt(found[0][1] + found[1][1]), people


@pytest.fixture(scope="module", params=["skewed", "rate"])
def null_tests(request: pytest.FixtureRequest) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tests of two groups that differ in nothing, looked at after each person."""
    rng = np.random.default_rng(11)
    shape = (TESTS, PEOPLE)
    values = rng.exponential(1.0, shape) if request.param == "skewed" else (rng.random(shape) < 0.2).astype(float)
    return running(values, rng.integers(0, 2, shape))


def test_a_usual_test_that_is_looked_at_each_time_rings_far_too_often(
    null_tests: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    difference, error, _ = null_tests
    usual = 2 * ndtr(-np.abs(difference / error))
    assert (usual[:, -1] < 0.05).mean() == pytest.approx(0.05, abs=0.02)  # looked at once it is right
    assert (usual < 0.05).any(axis=1).mean() > 0.2


def test_the_anytime_test_rings_in_five_of_a_hundred_at_most(
    null_tests: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    difference, error, people = null_tests
    rho = weight_for(PEOPLE / 2)
    rang = (p_values(difference, error, people, rho) < 0.05).any(axis=1).mean()
    assert rang <= 0.05
    covered = (np.abs(difference) <= half_width(error, people, rho)).all(axis=1).mean()
    assert covered >= 0.95
    assert rang == pytest.approx(1 - covered)  # the interval leaves 0 where p falls below alpha


def test_the_interval_is_narrowest_where_it_was_planned_to_be() -> None:
    widths = [float(half_width(1.0, 500.0, weight_for(planned))) for planned in (50, 250, 500, 1000, 5000)]
    assert widths[2] == min(widths)
    y = widths[2] ** 2  # y exp(-y) = alpha^2 / e
    assert y * math.exp(-y) == pytest.approx(0.05**2 / math.e)


def test_an_effect_that_is_there_is_found() -> None:
    rng = np.random.default_rng(5)
    arms = rng.integers(0, 2, (200, PEOPLE))
    values = rng.exponential(1.0, arms.shape) + 0.5 * arms
    assert (p_values(*running(values, arms), weight_for(500))[:, -1] < 0.05).all()


def test_p_never_rises_again_and_is_one_where_nothing_varies() -> None:
    p = p_values([0.0, 5.0, 0.0], [1.0, 1.0, 1.0], [100, 101, 102], 0.1)
    assert p[0] == 1.0
    assert p[1] == p[2] < 0.05
    assert p_values([1.0], [0.0], [100], 0.1)[0] == 1.0


def test_what_looking_costs_is_what_a_brownian_motion_says() -> None:
    found = looking(Design())
    assert found.wider == pytest.approx(float(half_width(1.0, 1.0, weight_for(1.0))) / float(ndtri(0.975)))
    assert 1.5 < found.wider < 1.6
    assert found.usual_stop < found.mean_size < found.size < 2.0
    assert found.false_alarms <= 0.05
    strict = looking(Design(alpha=0.01, power=0.99))
    assert strict.false_alarms <= 0.01


# --- a coin -----------------------------------------------------------------------------------------------------


def test_the_wager_on_a_fair_coin_is_fair() -> None:
    """Expected after ten throws: exactly the 1 that it began with."""
    ways = [math.comb(10, wins) * 0.5**10 for wins in range(11)]
    evidence = np.exp(coin_evidence(np.arange(11), 10 - np.arange(11)))
    assert float(ways @ evidence) == pytest.approx(1.0)


def test_a_fair_coin_that_is_looked_at_after_each_throw_is_called_unfair_in_five_of_a_hundred_at_most() -> None:
    wins = np.cumsum(np.random.default_rng(3).random((4_000, 1_000)) < 0.5, axis=1)
    throws = np.arange(1, 1_001)
    assert (coin_evidence(wins, throws - wins) >= math.log(20)).any(axis=1).mean() <= 0.05


def test_the_interval_of_a_coin_ends_where_the_evidence_reaches_its_edge() -> None:
    low, high = coin_interval(12, 4)
    for end in (low, high):
        assert float(coin_evidence(12, 4, end)) == pytest.approx(math.log(20))
    assert low < 0.75 < high
    assert coin_interval(4, 12) == (pytest.approx(1 - high), pytest.approx(1 - low))
    assert coin_interval(0, 0) == (0.0, 1.0)
    assert coin_interval(0, 30)[0] == 0.0
    assert coin_interval(30, 0)[1] == 1.0


def test_the_interval_holds_the_share_at_all_looks_of_nearly_all_tests() -> None:
    rng = np.random.default_rng(9)
    wins = np.cumsum(rng.random((2_000, 500)) < 0.7, axis=1)
    throws = np.arange(1, 501)
    outside = coin_evidence(wins, throws - wins, 0.7) >= math.log(20)
    assert outside.any(axis=1).mean() <= 0.05


@pytest.mark.parametrize("wrong", [0.0, 1.0, -1.0, math.nan])
def test_a_chance_that_is_none_is_refused(wrong: float) -> None:
    for ask in (
        lambda: coin_interval(1, 1, wrong),
        lambda: half_width(1.0, 10, 0.1, wrong),
        lambda: weight_for(9, wrong),
    ):
        with pytest.raises(BadRequestError, match="false alarm"):
            ask()


def test_wins_and_looks_that_cannot_be_are_refused() -> None:
    for wins in (-1, math.nan):
        with pytest.raises(BadRequestError, match="wins below 0"):
            coin_evidence(wins, 1)
    for people in ([0], [math.nan], [-5]):
        with pytest.raises(BadRequestError, match="no people"):
            half_width(1.0, people, 0.1)
    with pytest.raises(BadRequestError, match="rho"):
        half_width(1.0, 10, 0.0)
