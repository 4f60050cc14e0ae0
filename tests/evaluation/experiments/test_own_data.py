"""Baselines are what one counts by hand, and a log that says nothing of tests is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.own_data import (
    BUYERS,
    CONVERSION,
    SPEND,
    baselines,
    own,
    values,
    visits_with_purchase,
    watched_days,
)
from tests.evaluation.experiments.logs import PEOPLE, log


def test_the_metrics_are_those_that_the_data_tell() -> None:
    assert [each.name for each in baselines(log())] == [CONVERSION, BUYERS, SPEND]
    assert [each.name for each in baselines(log(visits=False, prices=False))] == [BUYERS]


def test_the_figures_are_those_that_one_counts() -> None:
    conversion, buyers, spend = baselines(log())
    assert conversion.mean == buyers.mean == 0.5
    assert conversion.people == 4 * PEOPLE  # a visit a week
    assert conversion.a_day == 4 * PEOPLE / 28
    assert buyers.people == PEOPLE
    assert buyers.a_day == PEOPLE / 28
    each = np.where(np.arange(PEOPLE) % 2 == 0, 4.0 * (np.arange(PEOPLE) + 1), 0.0)
    assert spend.mean == pytest.approx(each.mean())
    assert spend.deviation == pytest.approx(each.std(ddof=1))
    assert (spend.watched, spend.before) == (28, 56)


def test_who_did_the_same_before_is_known_beforehand() -> None:
    _, buyers, spend = baselines(log())
    found = values(log(), SPEND, 28, 56)
    assert np.array_equal(found.before[::2], 2 * found.outcome[::2])  # eight weeks against four
    assert spend.saved.share > 0.95  # odd ones bought once before
    assert buyers.saved.share > 0.9


def test_visits_of_one_person_that_all_end_alike_count_as_one() -> None:
    conversion = baselines(log())[0]
    assert conversion.inflation == pytest.approx(4.0)  # four visits each, all with a purchase or none


def test_days_with_a_purchase_stand_for_visits_where_these_are_not_known() -> None:
    _, days, bought, paid = visits_with_purchase(log(visits=False))
    assert bought.min() == 1.0
    assert len(days) == PEOPLE // 2 * 12 + PEOPLE // 2
    assert (np.diff(days) >= 0).all()
    _, _, bought, paid = visits_with_purchase(log())
    assert bought.mean() == pytest.approx((PEOPLE // 2 * 12 + PEOPLE // 2) / (12 * PEOPLE))
    assert paid.sum() == pytest.approx(float(log().amounts.sum()))


def test_a_short_log_is_watched_for_whole_weeks() -> None:
    assert watched_days(replace(log(), length=50)) == 14
    with pytest.raises(BadRequestError, match="span 20 days"):
        watched_days(replace(log(), length=20))


def test_too_few_people_are_refused() -> None:
    few = log()
    keep = few.who < 5
    with pytest.raises(BadRequestError, match="5 people"):
        baselines(replace(few, who=few.who[keep], days=few.days[keep], amounts=few.amounts[keep], came=None))


def test_figures_of_ones_own_are_a_rate_of_people_who_come_once() -> None:
    found = own(0.03, 1000)
    assert (found.mean, found.a_day, found.inflation, found.saved.share, found.people) == (0.03, 1000, 1.0, 0.0, 0)
    for rate, a_day in ((0.0, 10), (1.0, 10), (0.5, 0), (float("nan"), 10)):
        with pytest.raises(BadRequestError):
            own(rate, a_day)
