"""Features of the shopper's own purchases, by arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.ranking.blend.family import Family
from recsys.ranking.blend.own_purchases import NEVER, PRIOR_GAPS, OwnKinds, OwnPurchases, mean_gaps
from recsys.recommenders.contract import SideInformation, Visits
from tests.ranking.blend.made import all_items, on_day, shopping

# one shopper: item 0 on days 0, 10 and 20, item 1 on day 20; the visit is on day 30, after 3 baskets
ONE = shopping([(0, [0]), (10, [0]), (20, [0, 1])], n_items=3)
VISIT = on_day(ONE, 30)


def of(family: Family, visits: Visits, item: int) -> dict[str, float]:
    values = family.values(visits, all_items(visits))
    names = [column.name for column in family.columns]
    return dict(zip(names, values[item].tolist(), strict=True))


def test_counts_fade_by_half_each_half_life() -> None:
    known = of(OwnPurchases().fit(ONE, SideInformation()), VISIT, 0)
    assert known["times taken"] == 3
    assert known["times taken, half-life 20 days"] == pytest.approx(0.5**1.5 + 0.5**1 + 0.5**0.5)
    assert known["share of baskets"] == 1


def test_rhythm_is_days_since_over_the_mean_gap() -> None:
    known = of(OwnPurchases().fit(ONE, SideInformation()), VISIT, 0)
    assert known["days since last taken"] == 30 - 20
    assert known["days since first taken"] == 30 - 0
    assert known["own mean gap"] == (20 - 0) / 2
    assert known["days since over own gap"] == 10 / 10
    assert known["times taken per week since the first"] == pytest.approx(3 / (30 / 7))


def test_one_basket_ago_is_the_last_basket() -> None:
    family = OwnPurchases().fit(ONE, SideInformation())
    assert of(family, VISIT, 1)["baskets since last taken"] == 1
    assert of(family, VISIT, 1)["half-life 60 against the favourite"] < 1


def test_what_was_never_taken_is_never_and_not_zero_days_ago() -> None:
    known = of(OwnPurchases().fit(ONE, SideInformation()), VISIT, 2)
    assert known["times taken"] == 0
    assert known["days since last taken"] == NEVER


def test_a_rarely_seen_gap_leans_on_the_gap_of_all_items() -> None:
    # 2 gaps of 10 days in all, both of item 0: the overall gap is 10 as well
    gaps = mean_gaps(ONE, ONE.items, 3)
    assert gaps[0] == pytest.approx((20 + PRIOR_GAPS * 10) / (2 + PRIOR_GAPS))
    assert gaps[2] == 10


def test_kinds_join_the_items_that_share_them() -> None:
    side = SideInformation(kinds=np.array([7, 7, 9], np.int32))  # items 0 and 1 are of one kind
    known = of(OwnKinds().fit(ONE, side), VISIT, 1)
    assert known["kind: times taken"] == 4
    assert known["item's share of its kind"] == 1 / 4
    assert known["kind: days since last taken"] == 10
    assert of(OwnKinds().fit(ONE, side), VISIT, 2)["kind: times taken"] == 0


def test_kinds_need_kinds() -> None:
    assert not OwnKinds.fits(ONE, SideInformation())


@pytest.mark.parametrize("family", [OwnPurchases, OwnKinds])
def test_an_empty_history_has_taken_nothing(family: type[Family]) -> None:
    side = SideInformation(kinds=np.array([7, 7, 9], np.int32))
    nobody = on_day(shopping([], n_items=3), 30)
    values = family().fit(ONE, side).values(nobody, all_items(nobody))
    assert values.shape == (3, len(family.columns))
    assert np.isfinite(values).all()
    assert values[:, 0].tolist() == [0, 0, 0]


def test_two_visitors_do_not_share_their_purchases() -> None:
    both = on_day(shopping([(0, [0])], [(1, [1])], n_items=2), 5, 5)
    values = OwnPurchases().fit(both.histories, SideInformation()).values(both, all_items(both))
    assert values[:, 0].tolist() == [1, 0, 0, 1]
