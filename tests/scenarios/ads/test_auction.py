"""The auction of sponsored places: second prices are truthful, floors hold, nobody pays more than the bid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import BadRequestError
from recsys.scenarios.ads.auction import FIRST, NEVER, Auctioned, Bids, Rules, auctioned, places_for

K = 12


def bids_of(scores: list[float], cents: list[int], advertisers: list[int], rates: list[float] | None = None) -> Bids:
    return Bids(
        np.array(scores, np.float64),
        np.array(rates if rates is not None else [0.5] * len(scores), np.float64),
        np.array(cents, np.int64),
        np.array(advertisers, np.int32),
    )


@st.composite
def shelves(draw: st.DrawFn) -> Bids:
    """Up to 30 candidates, best first, some of which somebody bids for."""
    m = draw(st.integers(0, 30))
    scores = sorted(draw(st.lists(st.floats(0, 1), min_size=m, max_size=m)), reverse=True)
    rates = draw(st.lists(st.floats(0, 1), min_size=m, max_size=m))
    cents = draw(st.lists(st.integers(0, 500), min_size=m, max_size=m))
    advertisers = draw(st.lists(st.integers(-1, 5), min_size=m, max_size=m))
    return bids_of(scores, cents, advertisers, rates)


all_rules = st.builds(
    Rules,
    places=st.integers(0, 6),
    floor=st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]),
    reserve=st.integers(0, 300),
    price=st.sampled_from(["second", "first"]),
    ranked=st.booleans(),
    among=st.integers(0, 15),
)


@given(shelves(), all_rules)
def test_prices_are_between_the_reserve_and_the_bid(bids: Bids, rules: Rules) -> None:
    for sold in auctioned(bids, rules, K).sold:
        assert sold.bid == bids.cents[sold.candidate]
        assert max(rules.reserve, 1) <= sold.price <= sold.bid


@given(shelves(), all_rules)
def test_a_shelf_holds_each_product_once_and_the_best_of_the_rest_in_order(bids: Bids, rules: Rules) -> None:
    made = auctioned(bids, rules, K)
    assert len(made.shelf) == min(K, len(bids.scores)) == len(set(made.shelf))
    paid = {sold.candidate for sold in made.sold}
    organic = [each for each in made.shelf if each not in paid]
    assert organic == sorted(organic)


@given(shelves(), all_rules)
def test_places_are_those_for_sale_and_an_advertiser_has_one(bids: Bids, rules: Rules) -> None:
    sold = auctioned(bids, rules, K).sold
    assert {each.place for each in sold} <= set(places_for(K, rules.places))
    owners = [int(bids.advertisers[each.candidate]) for each in sold]
    assert len(owners) == len(set(owners))
    assert all(owner >= 0 for owner in owners)
    assert all(made.shelf[each.place] == each.candidate for made in [auctioned(bids, rules, K)] for each in sold)


@given(shelves(), all_rules)
def test_the_floor_is_kept(bids: Bids, rules: Rules) -> None:
    for each in auctioned(bids, rules, K).sold:
        near = bids.scores[each.candidate] >= rules.floor * bids.scores[each.displaced]
        assert near or each.candidate < rules.among
        assert each.candidate > each.displaced  # it would have stood below


@given(shelves(), st.integers(0, 29), st.integers(0, 600), st.integers(0, 600), st.integers(0, 200))
def test_with_one_place_nobody_gains_by_bidding_anything_but_what_a_click_is_worth(
    bids: Bids, who: int, worth: int, other: int, reserve: int
) -> None:
    if not len(bids.scores):
        return
    who = who % len(bids.scores)
    advertisers = bids.advertisers.copy()
    advertisers[who] = 99  # an advertiser with this product alone
    rules = Rules(places=1, floor=0.0, reserve=reserve)

    def gain(bid: int) -> float:
        cents = bids.cents.copy()
        cents[who] = bid
        made = auctioned(replace(bids, cents=cents, advertisers=advertisers), rules, K)
        return sum((worth - sold.price) * float(bids.rates[who]) for sold in made.sold if sold.candidate == who)

    assert gain(worth) >= gain(other)


def test_who_wins_pays_the_least_that_would_have_won() -> None:
    # worth of the bids: 0.5 * 0.8 * 100 = 40 and 0.5 * 0.6 * 100 = 30, so that 75 cents at 0.8 would still have won
    made = auctioned(bids_of([1.0, 0.8, 0.6], [0, 100, 100], [-1, 0, 1]), Rules(1, 0.5), K)
    assert [(sold.candidate, sold.bid, sold.price, sold.rival) for sold in made.sold] == [(1, 100, 75, 2)]
    assert made.shelf == (1, 0, 2)


def test_a_first_price_is_the_bid() -> None:
    made = auctioned(bids_of([1.0, 0.8, 0.6], [0, 100, 100], [-1, 0, 1]), Rules(1, 0.5, price=FIRST), K)
    assert [sold.price for sold in made.sold] == [100]


def test_highest_bid_first_knows_no_relevance() -> None:
    bids = bids_of([1.0, 0.9, 0.1], [0, 50, 60], [-1, 0, 1])
    assert auctioned(bids, Rules(1, 0.0), K).sold[0].candidate == 1
    assert auctioned(bids, Rules(1, 0.0, ranked=False), K).sold[0].candidate == 2


def test_a_single_bidder_pays_the_reserve_or_a_cent() -> None:
    bids = bids_of([1.0, 0.8], [0, 100], [-1, 0])
    assert [sold.price for sold in auctioned(bids, Rules(2, 0.5, 30), K).sold] == [30]
    assert [(sold.price, sold.rival) for sold in auctioned(bids, Rules(2, 0.5), K).sold] == [(1, NEVER)]


def test_ties_go_to_the_better_candidate_and_pay_the_bid() -> None:
    made = auctioned(bids_of([1.0, 0.5, 0.5], [0, 80, 80], [-1, 0, 1]), Rules(1, 0.0), K)
    assert [(sold.candidate, sold.price) for sold in made.sold] == [(1, 80)]


@pytest.mark.parametrize(
    ("bids", "rules"),
    [
        (bids_of([], [], []), Rules(4)),  # no candidates
        (bids_of([1.0, 0.9], [0, 0], [0, 1]), Rules(2)),  # no bids
        (bids_of([1.0, 0.2], [0, 90], [-1, 0]), Rules(2, 0.5)),  # nobody above the floor
        (bids_of([1.0, 0.9], [0, 90], [-1, 0]), Rules(2, 0.5, 91)),  # nobody above the reserve
        (bids_of([1.0, 0.9], [0, 90], [-1, -1]), Rules(2)),  # a bid of nobody
        (bids_of([1.0, 0.9], [90, 0], [0, 1]), Rules(2)),  # who bids stands there anyway
        (bids_of([1.0, 0.9], [0, 90], [-1, 0]), Rules(0)),  # no place
    ],
)
def test_where_nobody_qualifies_the_shelf_stays_as_it_is(bids: Bids, rules: Rules) -> None:
    assert auctioned(bids, rules, K) == Auctioned(tuple(range(len(bids.scores))), ()) or (
        auctioned(bids, rules, K).shelf == tuple(range(len(bids.scores)))
    )
    assert auctioned(bids, rules, K).sold == ()


def test_more_places_than_products_sells_what_there_is() -> None:
    made = auctioned(bids_of([1.0, 0.9, 0.8], [0, 50, 60], [-1, 0, 1]), Rules(50, 0.0), K)
    assert sorted(made.shelf) == [0, 1, 2]
    assert len(made.sold) <= 2
    assert places_for(12, 50) == (0, 3, 6, 9)
    assert places_for(0, 3) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": -1},
        {"places": 1.5},
        {"places": True},
        {"floor": -0.1},
        {"floor": 1.1},
        {"floor": float("nan")},
        {"reserve": -5},
        {"reserve": 2.5},
        {"price": "third"},
        {"among": -1},
    ],
)
def test_rules_that_cannot_be_are_refused_with_a_remedy(wrong: dict[str, object]) -> None:
    with pytest.raises(BadRequestError, match="what to do"):
        Rules(**wrong)  # type: ignore[arg-type]


def test_bids_that_cannot_be_are_refused() -> None:
    for scores, cents, rates in (
        ([1.0], [-1], [0.5]),
        ([float("nan")], [1], [0.5]),
        ([1.0], [1], [float("inf")]),
        ([-1.0], [1], [0.5]),
        ([1.0, 0.5], [1], [0.5]),
    ):
        with pytest.raises(BadRequestError, match="what to do"):
            bids_of(scores, cents, [0], rates)
