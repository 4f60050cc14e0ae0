"""A plan is the size of its metric, less what is known before, more what looking costs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.anytime import looking
from recsys.evaluation.experiments.cuped import Saved
from recsys.evaluation.experiments.own_data import CONVERSION, SPEND, Baseline, own
from recsys.evaluation.experiments.planning import curve, least, planned, power, size
from recsys.evaluation.experiments.sample_size import Design, for_mean, for_rate

SPENT = Baseline(SPEND, 50.0, 100.0, 3.0, 1.0, 2_000, 70.0, 28, 112, Saved(0.25, 0.2, 0.3))
VISITS = Baseline(CONVERSION, 0.1, 0.3, 2.7, 1.5, 4_000, 150.0, 28, 112, Saved(0.1, 0.0, 0.2))


def test_a_mean_and_a_rate_take_their_sizes() -> None:
    plan = planned(SPENT, 0.1, Design())
    assert plan.change == pytest.approx(5.0)
    assert plan.plain.people == math.ceil(for_mean(100.0, 5.0))
    assert plan.plain.days == math.ceil(for_mean(100.0, 5.0) / 70)
    assert size(VISITS, 0.1, Design()) == pytest.approx(1.5 * for_rate(0.1, 0.01))


def test_what_is_known_before_saves_its_share_and_looking_costs_its_own() -> None:
    plan, costs = planned(SPENT, 0.1, Design()), looking(Design())
    whole = for_mean(100.0, 5.0)
    assert plan.cuped.people == math.ceil(0.75 * whole)
    assert plan.looked.people == math.ceil(0.75 * whole * costs.size)
    assert plan.looked_mean.people == math.ceil(0.75 * whole * costs.mean_size)


def test_who_came_in_the_watched_days_would_find_just_the_least_change() -> None:
    plan = planned(SPENT, 0.1, Design())
    assert 0.75 * size(SPENT, plan.least, Design()) == pytest.approx(2_000)
    assert math.isnan(planned(own(0.03, 100), 0.1, Design()).least)
    assert 0.9 * size(VISITS, planned(VISITS, 0.1, Design()).least, Design()) == pytest.approx(4_000)
    assert math.isnan(least(SPENT, math.inf, Design()))


def test_skewed_values_take_many_however_large_the_change() -> None:
    assert planned(SPENT, 0.9, Design()).skewed_below == 355 * 9 * 2
    assert planned(VISITS, 0.1, Design()).skewed_below == 0


def test_the_curve_rises_and_is_as_wanted_at_the_size() -> None:
    for baseline in (SPENT, VISITS):
        found = curve(baseline, 0.1, Design())
        assert (np.diff(found["plain"]) >= 0).all()
        assert (found["cuped"] >= found["plain"]).all()
        assert power(baseline, 0.1, size(baseline, 0.1, Design()), Design()) == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize("lift", [0.0, -1.0, math.nan, math.inf])
def test_changes_that_cannot_be_looked_for_are_refused(lift: float) -> None:
    with pytest.raises(BadRequestError, match="relative change"):
        planned(SPENT, lift, Design())


def test_metrics_of_which_nothing_can_be_more_are_refused() -> None:
    with pytest.raises(BadRequestError, match="cannot become"):
        planned(replace(VISITS, mean=0.8), 0.3, Design())
    with pytest.raises(BadRequestError, match="the metric is 0"):
        planned(replace(SPENT, mean=0.0), 0.3, Design())
    with pytest.raises(BadRequestError, match="same value"):
        planned(replace(SPENT, deviation=0.0), 0.3, Design())
    with pytest.raises(BadRequestError, match="the metric is nan"):
        planned(replace(SPENT, mean=math.nan), 0.3, Design())
