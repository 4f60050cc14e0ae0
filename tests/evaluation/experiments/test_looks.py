"""Random groups that are treated alike: the usual test is right once, and a built-in lift is held by its interval."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.evaluation.experiments.anytime import WAIT
from recsys.evaluation.experiments.looks import alarms, daily, halves, share_of
from recsys.evaluation.experiments.own_data import Values

SPLITS = 1_000


def test_looked_at_once_five_of_a_hundred_ring_and_daily_many_more() -> None:
    rng = np.random.default_rng(4)
    values, days = rng.exponential(1.0, 3_000), np.repeat(np.arange(60, dtype=np.int32), 50)
    found = daily(values, days, SPLITS, 1)
    assert found["looks"] == 60 - WAIT // 50 + 1  # the first once there are enough
    assert found["once"]["share"] == pytest.approx(0.05, abs=0.025)
    assert found["usual"]["share"] > 0.15
    assert found["anytime"]["share"] <= 0.05
    assert found == daily(values, days, SPLITS, 1)


def test_sums_over_days_are_those_over_visits() -> None:
    """A single look at the end is the same however the visits before are put together."""
    values = np.random.default_rng(2).exponential(1.0, WAIT)
    once = [alarms(values, np.array(starts), 300, 7)["once"] for starts in ([0], [0, 30, 60], list(range(WAIT)))]
    assert once[0] == once[1] == once[2]


def test_halves_have_uniform_p_and_intervals_that_hold_a_lift() -> None:
    rng = np.random.default_rng(6)
    before = rng.exponential(1.0, 600)
    found = halves(Values(before + rng.exponential(1.0, 600), before), SPLITS, 3)
    for told in found.values():
        assert told["uniform_p"] > 0.001
        assert told["below"]["share"] == pytest.approx(0.05, abs=0.025)
        assert told["covered"]["share"] == pytest.approx(0.95, abs=0.025)


def test_nothing_rings_where_everything_is_alike() -> None:
    found = alarms(np.ones(300), np.arange(300), 100, 1)
    assert [found[how]["share"] for how in ("once", "usual", "anytime")] == [0.0, 0.0, 0.0]


def test_a_share_has_the_interval_of_wilson() -> None:
    assert share_of(9, 14) == {"share": 0.6429, "share_ci95": [0.3876, 0.8366]}
