"""The figures of portraits, on purchases whose right answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions
from recsys.interest.alike import Alike
from recsys.interest.habits import habits, on_offer, price_levels, standing
from recsys.interest.interests import interests
from recsys.interest.rhythm import needs, rhythm
from recsys.interest.segments import NAMES, NOBODY_YET, fifths, moves, segments
from recsys.interest.tastes import APART, tastes

Bought = list[tuple[int, int, int]]  # (item, day, basket), oldest first


N_ITEMS = 5


def table(*shoppers: Bought) -> Interactions:
    rows = [line for lines in shoppers for line in lines]
    columns = np.array(rows, np.int32).reshape(-1, 3)
    sizes = [len(lines) for lines in shoppers]
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Interactions(indptr, columns[:, 0], columns[:, 2], columns[:, 1], N_ITEMS)


def lines(*bought: tuple[int, int, int]) -> Interactions:
    return table(list(bought))


def test_the_rhythm_counts_baskets_days_and_weekdays() -> None:
    found = rhythm(lines((1, 0, 0), (2, 0, 0), (1, 7, 1), (3, 9, 2)), first_weekday=0)  # Monday, Monday, Wednesday
    assert found is not None
    assert (found.baskets, found.last_day, found.days_between) == (3, 9, 4.5)
    assert found.lines_per_basket == pytest.approx(4 / 3)
    assert found.weekdays == pytest.approx(np.array([2, 0, 1, 0, 0, 0, 0]) / 3)


def test_one_basket_has_no_interval_and_nothing_has_no_rhythm() -> None:
    once = rhythm(lines((1, 5, 0)), None)
    assert once is not None
    assert np.isnan(once.days_between)
    assert once.weekdays is None
    assert rhythm(lines(), None) is None


def test_what_comes_every_ten_days_is_due_ten_days_after_the_last() -> None:
    milk = [(1, day, at) for at, day in enumerate((0, 10, 20, 30))]
    found = needs(lines(*milk), today=35)
    assert [(need.item, need.times, need.every, need.due, need.overdue(35)) for need in found] == [(1, 4, 10.0, 40, -5)]
    assert (found[0].earliest, found[0].latest) == (40, 40)


def test_what_was_bought_twice_or_given_up_is_no_need() -> None:
    assert needs(lines((1, 0, 0), (1, 10, 1)), today=12) == ()
    milk = [(1, day, at) for at, day in enumerate((0, 10, 20))]
    assert needs(lines(*milk), today=40)
    assert needs(lines(*milk), today=41) == ()
    assert needs(lines((1, 0, 0), (1, 0, 1), (1, 0, 2)), today=0) == ()  # thrice on one day is no rhythm


def test_staples_stand_in_the_order_in_which_they_are_due() -> None:
    weekly = [(1, 7 * at, at) for at in range(5)]
    daily = [(2, 24 + at, 4 + at) for at in range(5)]
    found = needs(lines(*sorted(weekly + daily, key=lambda line: line[1])), today=28)
    assert [need.item for need in found] == [2, 1]
    assert [need.item for need in needs(lines(*weekly, *daily), today=28, most=1)] == [2]


def test_interests_are_shares_and_how_they_moved() -> None:
    departments, categories = np.array([0, 0, 1], np.int32), np.array([0, 1, 2], np.int32)
    found = interests(lines((0, 0, 0), (1, 0, 0), (2, 5, 1), (2, 6, 1)), departments, categories)
    assert [(each.department, each.category, each.lines, each.share) for each in found] == [
        (1, 2, 2, 0.5), (0, 0, 1, 0.25), (0, 1, 1, 0.25),
    ]  # fmt: skip
    assert [each.trend for each in found] == [1.0, -0.5, -0.5]
    assert np.isnan(interests(lines((0, 0, 0)), departments, categories)[0].trend)
    assert interests(lines(), departments, categories) == ()


def test_price_levels_go_from_the_cheapest_to_the_dearest_of_a_category() -> None:
    prices = np.array([1.0, 2.0, 2.0, 4.0, 9.0, np.nan, 5.0])
    levels = price_levels(prices, np.array([0, 0, 0, 0, 0, 0, 1], np.int32))
    assert levels[:5] == pytest.approx([0, 0.375, 0.375, 0.75, 1])
    assert np.isnan(levels[5:]).all()  # no price, and a category too small to compare in


def test_habits_of_somebody_loyal_and_of_somebody_curious() -> None:
    prices, kinds = np.array([1.0, 2, 3, 4]), np.zeros(4, np.int32)
    brands = np.array([0, 0, 1, 1], np.int32)
    loyal = [(0, 0, 0), (0, 5, 1), (1, 9, 2)]
    curious = [(0, 0, 0), (1, 2, 1), (2, 4, 2), (3, 6, 3)]
    found = habits(table(loyal, curious, []), prices, kinds, brands, brands == 1)
    assert found.loyalty[:2] == pytest.approx([1.0, 0.5])
    assert found.variety[:2] == pytest.approx([0.5, 1.0])
    assert found.price_level[:2] == pytest.approx([1 / 9, 0.5])
    assert found.house_brand[:2] == pytest.approx([0.0, 0.5])
    assert found.breadth[:2] == pytest.approx([1.0, 1.0])
    assert all(np.isnan(getattr(found, name)[2]) for name in ("loyalty", "variety", "price_level", "breadth"))


def test_where_there_is_one_brand_nobody_is_loyal_to_it_and_a_shop_without_brands_has_no_figure() -> None:
    bought, prices = table([(0, 0, 0), (1, 1, 1)]), np.array([1.0, 2.0])
    one = habits(bought, prices, np.zeros(2, np.int32), np.zeros(2, np.int32), None)
    assert np.isnan(one.loyalty).all()
    none = habits(bought, prices, None, None, None)
    assert all(np.isnan(each).all() for each in (none.loyalty, none.price_level, none.house_brand, none.breadth))


def test_deals_are_lines_bought_on_a_day_of_an_offer_of_that_product() -> None:
    bought = table([(0, 0, 0), (0, 5, 1), (1, 5, 1), (0, 9, 2)], [(1, 3, 0), (0, 4, 0)], [])
    # product 0 on offer from day 4 to 5 and, overlapping, from 5 to 8; product 1 never, product 2 always
    offers = np.array([0, 0, 2], np.int32), np.array([4, 5, -9], np.int32), np.array([5, 8, 99], np.int32)
    mask = on_offer(bought, *offers)
    assert mask.tolist() == [False, True, False, False, False, True]
    found = habits(bought, np.ones(3), None, None, None, mask)
    assert found.deals[:2] == pytest.approx([0.25, 0.5])
    assert np.isnan(found.deals[2])
    none = np.empty(0, np.int32)
    assert not on_offer(bought, none, none, none).any()


def test_stars_are_the_mean_of_those_given_and_nobody_s_reviews_count_for_nobody() -> None:
    who, stars = np.array([1, 1, -1], np.int32), np.array([5.0, 2.0, 1.0])
    found = habits(table([(0, 0, 0)], [(0, 0, 0)]), np.ones(1), None, None, None, None, (who, stars))
    assert np.isnan(found.stars[0])
    assert found.stars[1] == pytest.approx(3.5)


def test_breadth_is_the_number_of_categories_bought_alike() -> None:
    found = habits(table([(0, 0, 0), (1, 0, 0), (2, 0, 0)]), np.ones(3), np.arange(3, dtype=np.int32), None, None)
    assert found.breadth == pytest.approx([3.0])


def test_standing_is_the_share_of_the_others_below() -> None:
    values = np.array([1.0, 2.0, 2.0, 4.0, np.nan])
    assert [standing(values, at) for at in range(4)] == pytest.approx([0, 0.5, 0.5, 1])
    assert np.isnan(standing(values, 4))
    assert np.isnan(standing(np.array([1.0]), 0))


def test_fifths_go_from_one_to_five_and_equal_values_are_alike() -> None:
    known = np.array([True] * 5 + [False])
    assert fifths(np.array([10.0, 20, 30, 40, 50, 0]), known).tolist() == [1, 2, 3, 4, 5, 0]
    assert len(set(fifths(np.full(4, 7.0), np.ones(4, bool)).tolist())) == 1


def test_segments_follow_from_how_lately_and_how_often() -> None:
    often_lately = [(0, 90 + at, at) for at in range(10)]
    often_long_ago = [(0, at, at) for at in range(9)]
    once_lately = [(0, 98, 0)]
    once_long_ago = [(0, 1, 0)]
    middle = [(0, 50, 0), (0, 60, 1)]
    found = segments(table(often_lately, often_long_ago, once_lately, once_long_ago, middle, []), np.full(23, 2.0), 99)
    names = [NAMES[code] if code >= 0 else "" for code in found.codes]
    assert names[:4] == ["Champions", "At risk", "New or rare", "Lost"]
    assert found.codes[5] == NOBODY_YET
    assert found.money[:3].tolist() == [20.0, 18.0, 2.0]
    assert found.recency[:2].tolist() == [0.0, 91.0]
    assert found.frequency.tolist() == [10, 9, 1, 1, 2, 0]


def test_a_look_back_sees_nothing_of_later_and_everybody_is_in_a_segment() -> None:
    rng = np.random.default_rng(0)
    people = [
        sorted((0, int(day), at) for at, day in enumerate(rng.integers(0, 100, rng.integers(0, 9)))) for _ in range(60)
    ]
    people = [[(item, day, at) for at, (item, day, _) in enumerate(lines)] for lines in people]
    whole = table(*people)
    early = segments(whole, None, 40)
    assert early.frequency.tolist() == [sum(day <= 40 for _, day, _ in lines) for lines in people]
    assert ((early.codes >= 0) == (early.frequency > 0)).all()
    assert np.isnan(early.money).all()
    moved = moves(early.codes, segments(whole, None, 99).codes)
    assert moved.sum() == 60
    assert moved[-1].sum() == (early.frequency == 0).sum()


def test_two_crowds_are_two_tastes_and_one_crowd_is_one() -> None:
    rng = np.random.default_rng(0)

    def crowd(axis: int, n: int) -> np.ndarray:
        points = np.eye(8)[axis] + 0.1 * rng.normal(size=(n, 8))
        return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), np.float32)

    both = np.concatenate([crowd(0, 20), crowd(1, 10)])
    found = tastes(both, np.ones(30, np.float32))
    assert found is not None
    assert found.shares == pytest.approx([2 / 3, 1 / 3])
    assert found.of.tolist() == [0] * 20 + [1] * 10
    assert found.silhouette > APART
    assert found.vectors[0] @ np.eye(8)[0] > 0.95
    alone = tastes(np.tile(crowd(2, 1), (12, 1)), np.ones(12, np.float32))
    assert alone is not None
    assert (len(alone.vectors), alone.shares.tolist()) == (1, [1.0])
    assert np.isnan(alone.silhouette)
    assert tastes(both[:0], np.ones(0, np.float32)) is None


def test_who_buys_the_same_rare_things_is_alike_and_what_they_buy_is_missing() -> None:
    bought = table([(0, 0, 0), (1, 0, 0)], [(0, 0, 0), (1, 0, 0), (2, 0, 0)], [(0, 0, 0), (3, 0, 0)], [(4, 0, 0)], [])
    alike = Alike.of(bought)
    rows, cosines = alike.nearest(0)
    assert rows.tolist() == [1, 2]
    assert cosines[0] > cosines[1] > 0
    assert alike.missing(0, 5, rows, cosines) == [(2, 1), (3, 1)]
    assert alike.nearest(3)[0].tolist() == []
    assert alike.missing(3, 5, *alike.nearest(3)) == []
    assert alike.nearest(4)[0].tolist() == []
