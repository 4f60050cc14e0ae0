"""A simulated day: budgets, caps and floors hold, and it is the same for the same seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recsys.scenarios.ads.auction import Rules
from recsys.scenarios.ads.clicks import ClickModel
from recsys.scenarios.ads.day import Day, Selling, Standing, drawn_visits, hour_of, relevance_kept, simulated
from recsys.scenarios.ads.figures import interval
from recsys.scenarios.ads.market import Joining, drawn_market, makers_of
from recsys.scenarios.ads.pacing import NONE, PACINGS, THROTTLED, UNLIMITED
from recsys.scenarios.ads.shelves import OUTSIDE, outsiders, with_outsiders
from recsys.schema import Rows
from tests.scenarios.ads.a_shop import HAS, items, shelves

EAGER = ClickModel(0.5, 0.5, 1.0, "for tests")
VISITS = 300


def standing(people: int = 5, n: int = 40) -> Standing:
    table = items(n)
    market = drawn_market(makers_of(table, HAS, converts=0.1), Joining(share=1.0))
    return Standing(shelves(table, people), market, EAGER)


def lived(selling: Selling, budget: int = UNLIMITED, people: int = 5, seed: int = 0) -> Day:
    of = standing(people)
    visits = drawn_visits(of.shelves.activity, VISITS, seed)
    return simulated(of, visits, selling, np.full(len(of.market.names), budget, np.int64), seed)


@pytest.mark.parametrize("pacing", PACINGS)
@pytest.mark.parametrize("budget", [0, 1, 500, 20_000])
def test_nobody_spends_more_than_the_budget(pacing: str, budget: int) -> None:
    day = lived(Selling(Rules(3, 0.0), pacing), budget)
    assert (day.spent.sum(axis=1) <= budget).all()
    assert day.earned == day.spent.sum()
    assert (day.earned == 0) == (budget == 0)


def test_payments_never_exceed_what_clicks_are_worth() -> None:
    day = lived(Selling(Rules(3, 0.0), NONE, cap=0))
    assert (day.spent.sum(axis=1) <= day.worth).all()


@pytest.mark.parametrize("cap", [1, 2, 7])
def test_a_product_is_shown_to_a_shopper_no_more_often_than_the_cap(cap: int) -> None:
    day = lived(Selling(Rules(3, 0.0), NONE, cap=cap))
    assert day.most_shown == cap
    of = standing()
    who = drawn_visits(of.shelves.activity, VISITS, 0).who
    pairs = [
        (int(p), int(row)) for p, rows, on in zip(who, day.shelves, day.sponsored, strict=True) for row in rows[on]
    ]
    assert max(pairs.count(pair) for pair in set(pairs)) == cap


def test_pacing_leaves_more_for_the_evening() -> None:
    late = {
        pacing: (lambda spent: spent[:, 18:].sum() / max(spent.sum(), 1))(
            lived(Selling(Rules(3, 0.0), pacing, cap=0), 40_000).spent
        )
        for pacing in PACINGS
    }
    assert late[THROTTLED] > late[NONE]


def test_the_same_seed_gives_the_same_day() -> None:
    first, again, other = (lived(Selling(Rules(2, 0.3)), 5_000, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first.shelves, again.shelves)
    assert np.array_equal(first.spent, again.spent)
    assert not np.array_equal(first.shelves, other.shelves)


def test_without_places_the_shelves_are_the_best_ones_and_nothing_is_earned() -> None:
    day = lived(Selling(Rules(0)))
    assert (day.shelves == np.arange(12)).all()
    assert (day.kept == 1).all()
    assert day.earned == 0


def test_a_higher_floor_keeps_more_relevance() -> None:
    kept = [lived(Selling(Rules(4, floor), NONE, cap=0)).kept.mean() for floor in (0.0, 0.5, 0.9)]
    assert kept == sorted(kept)
    assert kept[0] < kept[-1]


def test_who_is_not_known_has_no_cap_and_sees_what_most_take() -> None:
    day = lived(Selling(Rules(1, 0.0), NONE, cap=1), people=0)
    assert day.most_shown == 0
    assert day.sponsored[:, 0].all()


def test_people_who_act_themselves_take_the_place_of_the_click_model() -> None:
    of = standing()

    def never(who: int, rows: Rows, rng: np.random.Generator) -> np.ndarray:
        return np.zeros(len(rows), np.bool_)

    day = simulated(
        of, drawn_visits(of.shelves.activity, 20, 0), Selling(), np.full(len(of.market.names), UNLIMITED), 0, never
    )
    assert day.sponsored.any()
    assert day.earned == 0


def test_a_shop_of_two_products_has_a_shelf_of_two() -> None:
    of = standing(n=2)
    day = simulated(
        of, drawn_visits(of.shelves.activity, 20, 0), replace(Selling(), rules=Rules(4, 0.0)),
        np.full(len(of.market.names), UNLIMITED), 0,
    )  # fmt: skip
    assert (np.sort(day.shelves, axis=1)[:, -2:] == [0, 1]).all()
    assert (day.shelves[:, 2:] == -1).all()


def test_relevance_kept_is_one_for_the_best_order_and_discounted_below_it() -> None:
    scores = np.array([1.0, 0.5, 0.0])
    assert relevance_kept((0, 1), scores) == 1
    discount = 1 / np.log2(3)
    assert relevance_kept((1, 0), scores) == pytest.approx((0.5 + discount) / (1 + 0.5 * discount))
    assert relevance_kept((), scores) == 1
    assert relevance_kept((0,), np.zeros(1)) == 1


def test_outsiders_stand_below_the_last_of_the_pool() -> None:
    of = shelves(items(200))
    some = outsiders(np.arange(200), np.arange(200, dtype=np.int32) % 3)
    assert some.tolist() == [199, 198, 197]  # the best paid of each of three
    pool = with_outsiders(of.popular, some)
    assert pool.rows[-3:].tolist() == [199, 198, 197]
    assert (pool.scores[-3:] == OUTSIDE).all()
    assert (np.diff(pool.scores) <= 0).all()


def test_hours_follow_the_visits() -> None:
    assert hour_of(0.0) == 0
    assert hour_of(1.0) == 24
    assert 12 < float(hour_of(0.5)) < 21


def test_intervals_are_students_t() -> None:
    found = interval([1.0, 2.0, 3.0])  # mean 2, standard deviation 1, t(2) = 4.3027
    assert found.mean == 2
    assert found.high - 2 == pytest.approx(4.3027 / 3**0.5, abs=1e-4)
    assert interval([5.0]) == (5.0, 5.0, 5.0)
