"""Series whose next weeks are known by construction: constant, rising, of a season, of now and then."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.scenarios.stock.foretelling import farthest, foretell
from recsys.scenarios.stock.intervals import HIGH, LOW, Spread
from recsys.scenarios.stock.learned import SMOOTHED, over_all
from recsys.scenarios.stock.methods import METHODS, chosen, origins_before, tried, wape
from recsys.scenarios.stock.series import Doubles, Panel
from recsys.scenarios.stock.simple import moving_average, moving_median, seasonal_naive


def panel(units: Doubles) -> Panel:
    return Panel(units, np.ones_like(units))


def test_the_simple_ways_are_what_they_say() -> None:
    units = np.array([[1.0, 2, 3, 8]])
    assert seasonal_naive(units, 3, 1).tolist() == [[8, 8, 8]]
    assert seasonal_naive(units, 5, 4).tolist() == [[1, 2, 3, 8, 1]]
    assert seasonal_naive(units[:, :2], 2, 4).tolist() == [[2, 2]]  # too short for the season: the last week
    assert moving_average(units, 2, 2).tolist() == [[5.5, 5.5]]
    assert moving_median(units, 1, 8).tolist() == [[2.5]]


@pytest.mark.parametrize("name", [*METHODS])
def test_of_a_constant_every_method_foretells_the_constant(name: str) -> None:
    found = METHODS[name](panel(np.full((80, 30), 6.0)), 4)
    assert found is not None
    # Croston's method with the correction of Syntetos and Boylan foretells 1 - a/2 of the mean, a = 0.1
    assert found == pytest.approx(5.7 if name == "croston" else 6.0, abs=0.05)


@pytest.mark.parametrize("name", [*METHODS])
def test_no_method_sees_what_comes_after_the_origin(name: str) -> None:
    rng = np.random.default_rng(0)
    units = rng.poisson(5, (60, 40)).astype(float)
    other = units.copy()
    other[:, 30:] = 500
    prices = np.ones_like(units)
    cheap = prices.copy()
    cheap[:, 30:] = 0.3
    one = METHODS[name](Panel(units, prices).until(30), 4)
    two = METHODS[name](Panel(other, cheap).until(30), 4)
    assert one is not None
    assert two is not None
    assert np.array_equal(one, two)


def test_a_season_of_four_weeks_is_found_by_the_seasonal_naive() -> None:
    units = np.tile([2.0, 9, 4, 1], (20, 10))
    trial = tried(panel(units), origins_before(40, 4), 4)
    assert trial.wape("month-ago") == 0
    assert chosen(trial).season == "month-ago"
    assert chosen(trial).together == ("month-ago",)


def test_one_model_over_all_learns_a_rise_that_a_mean_misses() -> None:
    rng = np.random.default_rng(1)
    rise = np.arange(40) * rng.uniform(0.2, 1.0, (150, 1)) + 5
    told = over_all(panel(rise[:, :32]), 4)
    assert told is not None
    assert wape(told, rise[:, 32:36]) < 0.5 * wape(moving_average(rise[:, :32], 4, 13), rise[:, 32:36])


def test_sales_of_now_and_then_are_foretold_at_their_rate() -> None:
    units = np.zeros((10, 60))
    units[:, ::5] = 4.0  # four pieces every fifth week: 0.8 a week
    for name in ("tsb", "croston"):
        assert SMOOTHED[name](panel(units), 2).mean() == pytest.approx(0.8, abs=0.35)


def test_promotions_that_are_planned_are_foretold() -> None:
    rng = np.random.default_rng(2)
    planned = (rng.random((200, 48)) < 0.3).astype(float)
    units = rng.poisson(10 + 20 * planned[:, :40]).astype(float)
    known = Panel(units, 1 - 0.3 * planned[:, :40], planned)
    told = over_all(known, 4)
    assert told is not None
    on = planned[:, 40:44] > 0
    assert told[on].mean() > 1.8 * told[~on].mean()  # 30 beside 10


@pytest.mark.parametrize("units", [np.zeros((3, 20)), np.full((1, 9), 2.0), np.eye(5, 24)])
def test_zeros_one_product_and_few_weeks_are_foretold_without_a_number_that_is_none(units: Doubles) -> None:
    found = foretell(panel(units))
    assert found.forecast.shape == (len(units), farthest(units.shape[1]))
    assert np.isfinite(found.forecast).all()
    assert (found.forecast >= 0).all()
    assert np.isfinite(found.spread.until(found.forecast)).all()


def test_too_few_weeks_and_too_far_ahead_are_refused() -> None:
    with pytest.raises(BadRequestError, match="3 whole weeks"):
        foretell(panel(np.ones((4, 3))))
    for horizon in (0, 99):
        with pytest.raises(BadRequestError, match=f"{horizon} weeks ahead"):
            foretell(panel(np.ones((4, 30))), horizon)


def test_the_weeks_that_are_tried_end_before_the_one_that_is_asked_for() -> None:
    assert origins_before(40, 8) == (32, 28, 24)
    for week in range(9, 60):
        for horizon in range(1, 9):
            assert all(4 <= origin <= week - horizon for origin in origins_before(week, horizon))


def test_what_foretells_nothing_is_not_chosen_where_something_else_is_level() -> None:
    rng = np.random.default_rng(3)
    units = (rng.random((300, 30)) < 0.15).astype(float)  # nothing in most weeks: zero errs least
    trial = tried(panel(units), origins_before(30, 4), 4)
    assert trial.wape("median-8") <= trial.wape("mean-8")
    best = chosen(trial)
    assert abs(trial.leaning(trial.mean_of(best.together))) <= 0.25


def test_ranges_hold_as_often_as_they_are_meant_to() -> None:
    rng = np.random.default_rng(4)
    mean = rng.uniform(1, 40, (600, 1))
    came = rng.poisson(mean, (600, 12)).astype(float)
    forecasts = np.repeat(mean, 4, axis=1)
    earlier = np.stack([came[:, :4], came[:, 4:8]])
    spread = Spread.of(np.stack([forecasts, forecasts]), earlier)
    levels, sums = spread.weekly(forecasts), spread.until(forecasts)
    later = came[:, 8:]
    inside = (later >= levels[..., LOW]) & (later <= levels[..., HIGH])
    assert 0.74 <= inside.mean() <= 0.86
    total = later.cumsum(axis=1)
    inside = (total >= sums[..., LOW]) & (total <= sums[..., HIGH])
    assert 0.74 <= inside.mean() <= 0.86
    assert (np.diff(levels, axis=2) >= -1e-9).all()


@pytest.mark.parametrize("weeks", range(8, 22))
@pytest.mark.parametrize("series", [1, 6])
def test_from_the_fewest_weeks_on_every_length_is_foretold(weeks: int, series: int) -> None:
    found = foretell(panel(np.random.default_rng(weeks).poisson(5, (series, weeks)).astype(float)))
    assert np.isfinite(found.forecast).all()
    assert np.isfinite(found.spread.until(found.forecast)).all()


def test_a_method_that_needs_more_weeks_is_left_out_and_one_that_fits_nothing_tells_the_mean() -> None:
    assert SMOOTHED["ets"](panel(np.array([[1.0, 2, 3, 5]] * 2)), 2) is None
    huge = SMOOTHED["ets"](panel(np.array([[1e300, 3e300] * 20])), 2)
    assert huge is not None
    assert huge == pytest.approx(np.full((1, 2), 2e300))


def test_one_week_alone_is_not_taken_for_what_comes() -> None:
    units = np.zeros((3, 40))
    units[:, -1] = 13
    assert foretell(panel(units)).forecast == pytest.approx(1.0)
