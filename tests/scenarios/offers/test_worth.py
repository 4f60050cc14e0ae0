"""What a campaign is worth: sums that can be redone by hand, and intervals that hold what they are said to hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recsys.scenarios.offers.worth import Drawn, Pool, alike, compared, more
from tests.scenarios.offers.made_up import PEOPLE, given, redeems, tables

POOL = Pool(np.array([1.0, 3.0]), np.array([2.0, 10.0]), np.array([1.0, 3.0]))  # means 2, 6 and 2
CHANCE = np.array([0.9, 0.5, 0.5, 0.1])
ANYWAY = np.array([0.0, 1.0, 0.5, 0.0])


def test_what_is_expected_is_arithmetic() -> None:
    told = Drawn.of(CHANCE, ANYWAY, POOL).outcome(CHANCE, ANYWAY, POOL, 3, cost=0.25)
    assert told.redeemers.value == pytest.approx(1.9)
    assert told.redemptions.value == pytest.approx(1.9 * 2)
    assert told.sales.value == pytest.approx(1.9 * 6)
    assert told.new_sales.value == pytest.approx((0.9 + 0.25) * 6)
    assert told.discounts.value == pytest.approx(1.9 * 2)
    assert told.left.value == pytest.approx(1.15 * 6 - 1.9 * 2 - 0.75)
    for each in (told.redeemers, told.redemptions, told.sales, told.new_sales, told.discounts, told.left):
        assert each.low <= each.value <= each.high


def test_the_draws_agree_with_what_is_expected_and_hold_it() -> None:
    chance, anyway = np.full(400, 0.2), np.full(400, 0.25)
    random = np.random.default_rng(2)
    pool = Pool(*(random.gamma(2.0, 1.0, 200) for _ in range(3)))
    drawn = Drawn.of(chance, anyway, pool)
    told = drawn.outcome(chance, anyway, pool, 400, cost=0)
    assert drawn.sums(drawn.paid, 400).mean() == pytest.approx(told.sales.value, rel=0.03)
    assert drawn.sums(drawn.fresh, 400).mean() == pytest.approx(told.new_sales.value, rel=0.03)
    assert (told.redeemers.low, told.redeemers.high) == pytest.approx((80 - 15.7, 80 + 15.7), abs=2.5)
    one = Pool(pool.coupons[:2], pool.paid[:2], pool.discount[:2])  # two households say less than two hundred
    few = Drawn.of(chance, anyway, one).outcome(chance, anyway, one, 400, cost=0)
    width = [(each.sales.high - each.sales.low) / each.sales.value for each in (few, told)]
    assert width[0] != pytest.approx(width[1], rel=0.05)


def test_what_is_left_ends_where_the_outcome_of_all_does() -> None:
    drawn = Drawn.of(CHANCE, ANYWAY, POOL)
    share, left, low, high = drawn.left(CHANCE, ANYWAY, POOL, cost=0.25, points=5)
    told = drawn.outcome(CHANCE, ANYWAY, POOL, 4, cost=0.25)
    assert share.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert (left[0], low[0], high[0]) == (0, 0, 0)
    assert (left[-1], low[-1], high[-1]) == pytest.approx((told.left.value, told.left.low, told.left.high))


def test_without_money_counts_are_told_and_money_is_no_number() -> None:
    nothing = Pool(np.empty(0), np.empty(0), np.empty(0))
    told = Drawn.of(CHANCE, ANYWAY, nothing).outcome(CHANCE, ANYWAY, nothing, 4, cost=0.25)
    assert told.redemptions.value == pytest.approx(2.0)
    assert np.isnan([told.sales.value, told.new_sales.value, told.left.value, told.left.high]).all()
    nobody = Drawn.of(np.empty(0), np.empty(0), POOL).outcome(np.empty(0), np.empty(0), POOL, 0, cost=1)
    assert (nobody.redeemers.value, nobody.left.value) == (0, 0)


def test_a_pool_is_of_campaigns_that_ended_before() -> None:
    found = tables()
    pool = Pool.before(found, "plain", 100)  # three ended: of days 0, 40 and 80
    assert len(pool.coupons) == 3 * sum(redeems(row) for row in range(PEOPLE))
    assert (pool.coupons.max(), pool.paid.mean(), pool.discount.mean()) == (1, 4, 1)
    unknown = given()
    some = unknown.redemptions.assign(paid=[np.nan, *unknown.redemptions["paid"][1:]])
    assert Pool.before(tables(replace(unknown, redemptions=some)), "plain", 100).paid[0] == 4  # the mean stands for it
    assert len(Pool.before(found, "plain", 0).coupons) == 0


def test_who_is_compared_had_spent_as_much_before() -> None:
    before = np.repeat([0.0, 10.0], 100)
    sent = np.tile([True, False], 100)
    during = before + np.where(sent, 3.0, 0.0)
    each, addressed, others = more(during, sent, alike(before, np.ones(200, np.int64)))
    assert (each.value, each.low, each.high) == pytest.approx((3, 3, 3))
    assert (addressed, others) == (100, 100)
    chosen = sent & (before > 0)  # the good ones alone are sent it: a plain difference would say 13 - 5
    each, _, _ = more(np.where(chosen, 13.0, before), chosen, alike(before, np.ones(200, np.int64)))
    assert each.value == pytest.approx(3)


def test_an_interval_holds_nothing_where_there_is_nothing() -> None:
    random = np.random.default_rng(3)
    held = 0
    for seed in range(40):
        before, sent = random.gamma(1.0, 10.0, 300), random.random(300) < 0.5
        each, _, _ = more(before * random.gamma(5.0, 0.2, 300), sent, alike(before, np.ones(300, np.int64)), seed)
        held += each.low <= 0 <= each.high
    assert held >= 34  # of 40; 38 are meant


def test_nobody_to_compare_with_is_said() -> None:
    who = np.arange(4)
    lines = (who, np.zeros(4, np.int64), np.full(4, 10), np.ones(4), np.array([True]))
    assert compared(*lines, np.ones(4, bool), start=20, length=5, window=10) is None
    told = compared(
        np.arange(40), np.zeros(40, np.int64), np.full(40, 22), np.where(np.arange(40) < 20, 5.0, 2.0),
        np.array([True]), np.arange(40) < 20, start=20, length=5, window=10,
    )  # fmt: skip
    assert told is not None
    assert told.each.value == pytest.approx(3)
    assert told.before.value == pytest.approx(0)  # nobody had bought anything yet
    early = compared(*lines, np.array([True, False, False, False]), start=12, length=5, window=10)
    assert early is None  # three others are too few
