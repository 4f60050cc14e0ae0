"""Features of what everybody takes, and that none of them looks ahead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.ranking.blend.popularity import Popularity, RecentPopularity
from recsys.recommenders.contract import SideInformation
from tests.ranking.blend.made import all_items, on_day, shopping

NAMES = [column.name for column in RecentPopularity.columns]


def test_buyers_who_came_back_are_a_share_of_buyers() -> None:
    training = shopping([(0, [0]), (1, [0])], [(0, [0])], n_items=2)  # 3 times, 2 buyers, 1 of them again
    visits = on_day(training, 5, 5)
    values = Popularity().fit(training, SideInformation()).values(visits, all_items(visits))
    assert values[0].tolist() == pytest.approx([np.log(4), np.log(3), 1 / 2, 3 / 2])
    assert values[1].tolist() == [0, 0, 0, 0]


def test_windows_end_the_day_before_the_visit() -> None:
    # item 0 on days 1, 8, 9 and 10; seen from day 10 the day itself does not count
    training = shopping([(1, [0]), (8, [0]), (9, [0]), (10, [0])], n_items=2)
    visits = on_day(training, 10)
    known = dict(
        zip(
            NAMES, RecentPopularity().fit(training, SideInformation()).values(visits, all_items(visits))[0], strict=True
        )
    )
    assert np.expm1(known["log times taken in the last 3 days"]) == pytest.approx(2)  # days 8 and 9
    assert np.expm1(known["log times taken in the last 7 days"]) == pytest.approx(2)
    assert np.expm1(known["log times taken in the last 14 days"]) == pytest.approx(3)  # and day 1
    assert known["days since anybody took it"] == 10 - 9
    assert known["trend: 7 days against 28"] == pytest.approx(4 * 2 / 3)


def test_an_item_nobody_took_yet_was_taken_long_ago_at_best() -> None:
    training = shopping([(20, [0])], n_items=2)
    visits = on_day(training, 10)
    values = RecentPopularity().fit(training, SideInformation()).values(visits, all_items(visits))
    assert values[0, :5].tolist() == [0] * 5
    assert values[:, NAMES.index("days since anybody took it")].tolist() == [999, 999]


@given(st.lists(st.tuples(st.integers(10, 40), st.integers(0, 2)), max_size=20))
def test_nothing_taken_on_the_day_of_the_visit_or_later_changes_a_window(later: list[tuple[int, int]]) -> None:
    before = [(2, [0, 1]), (8, [0]), (9, [2])]
    visits = on_day(shopping(before, n_items=3), 10)
    past, future = shopping(before, n_items=3), shopping(before, [(day, [item]) for day, item in later], n_items=3)
    then = RecentPopularity().fit(past, SideInformation()).values(visits, all_items(visits))
    now = RecentPopularity().fit(future, SideInformation()).values(visits, all_items(visits))
    windows = slice(0, NAMES.index("share of its sales on this weekday"))
    assert np.array_equal(then[:, windows], now[:, windows])


def test_undated_data_has_no_now() -> None:
    training = shopping([(0, [0])])
    undated = type(training)(training.indptr, training.items, training.baskets, training.days, 6, dated=False)
    assert not RecentPopularity.fits(undated, SideInformation())
