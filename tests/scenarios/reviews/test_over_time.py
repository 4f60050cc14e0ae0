"""A change over time is found where one was made, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.scenarios.reviews.analysing import Read
from recsys.scenarios.reviews.over_time import course
from recsys.scenarios.reviews.shares import wilson


def read(good: np.ndarray, days: np.ndarray) -> Read:
    n = len(good)
    times = np.datetime64("2024-01-01", "ns") + days * np.timedelta64(1, "D")
    none, texts = np.full(n, -1), ["It is so"] * n
    mood = np.where(good, 0.9, -0.9)
    return Read(
        texts,
        np.full(n, np.nan),
        texts,
        times,
        mood,
        texts,
        np.arange(n),
        mood,
        none,
        (),
        mood,
        none > 0,
        mood,
        none,
        none,
    )


def test_a_rise_and_a_fall_are_sure_and_an_even_course_is_not() -> None:
    chance = np.random.default_rng(0)
    days = np.sort(chance.integers(0, 360, 600))
    rising = course(read(chance.random(600) < 0.3 + 0.5 * days / 360, days))
    assert rising is not None
    assert rising.unit == "month"
    assert len(rising.periods) == 12
    assert rising.change == pytest.approx(0.5, abs=0.15)
    assert rising.interval is not None
    assert rising.interval[0] > 0
    falling = course(read(chance.random(600) > 0.3 + 0.5 * days / 360, days))
    assert falling is not None
    assert falling.interval is not None
    assert falling.interval[1] < 0
    sure = 0
    for _ in range(100):
        even = course(read(chance.random(200) < 0.7, days[::3]))
        assert even is not None
        assert even.interval is not None
        sure += even.interval[0] > 0 or even.interval[1] < 0
    assert sure <= 12  # five of a hundred by chance


def test_long_times_are_told_by_quarters_and_years() -> None:
    good = np.ones(1_200, bool)
    assert course(read(good, np.arange(1_200) * 2)).unit == "quarter"  # type: ignore[union-attr]
    assert course(read(good, np.arange(1_200) * 6)).unit == "year"  # type: ignore[union-attr]


def test_of_one_month_or_few_reviews_no_change_is_told() -> None:
    assert course(read(np.ones(30, bool), np.zeros(30, int))) is None
    few = course(read(np.ones(4, bool), np.arange(4) * 40))
    assert few is not None
    assert few.change is None
    assert few.periods[0].reviews == 1


def test_an_interval_of_a_share() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(62, 100)  # as R's prop.test(62, 100, correct = FALSE) tells
    assert (round(low, 3), round(high, 3)) == (0.522, 0.709)
