"""Advertisers: bids from margins, nobody for the shop's own make, and what is missing said."""

from __future__ import annotations

import numpy as np
import pytest

from recsys import schema as s
from recsys.errors import BadRequestError
from recsys.scenarios.ads.market import CONVERSION, Joining, conversion_of, drawn_market, makers_of
from recsys.schema.capabilities import Capabilities, Capability
from tests.scenarios.ads.a_shop import HAS, items

EVERYBODY = Joining(share=1.0, spread=0.0)


def test_a_bid_is_the_margin_times_the_chance_that_a_click_sells() -> None:
    has = Capabilities(HAS.there | {Capability.COSTS})
    makers = makers_of(items(3, **{s.COST: [4.0, 15.0, 30.0]}), has, converts=0.1)
    assert makers.value == pytest.approx([60.0, 50.0, 0.0])  # (10 - 4) * 100 cents * 0.1; the third earns nothing
    assert drawn_market(makers, EVERYBODY).cents.tolist() == [60, 50, 0]


def test_what_is_assumed_is_said() -> None:
    said = " ".join(makers_of(items(), HAS).said)
    assert "30% of a price" in said
    assert f"{CONVERSION:.0%} is taken" in said


def test_prices_that_are_negative_missing_or_no_number_are_not_bid_for() -> None:
    makers = makers_of(items(5, **{s.PRICE: [-5.0, float("nan"), 0.0, float("inf"), 10.0]}), HAS, converts=0.1)
    assert drawn_market(makers, EVERYBODY).cents.tolist() == [0, 0, 0, 0, 30]


def test_the_shops_own_make_does_not_bid_against_itself() -> None:
    market = drawn_market(makers_of(items(6), HAS, house="A"), EVERYBODY)
    assert market.names == ("B", "C")
    assert market.advertisers.tolist() == [-1, 0, 1, -1, 0, 1]
    assert market.cents[0] == 0


def test_where_makers_are_not_told_apart_each_category_has_a_supplier() -> None:
    makers = makers_of(items(4, **{s.BRAND: ["own", "other", "own", "other"]}), HAS, house="own", other="other")
    assert makers.names == ("cups",)  # of the shop's own make nobody else is the supplier
    assert makers.codes.tolist() == [-1, 0, -1, 0]
    assert "made up for each category" in makers.said[0]


def test_a_shop_without_prices_or_names_is_refused_with_a_remedy() -> None:
    with pytest.raises(BadRequestError, match=r"no prices.*what to do"):
        makers_of(items(), Capabilities(frozenset()))
    empty = items(2, **{s.BRAND: ["", ""], s.CATEGORY: ["", ""]})
    with pytest.raises(BadRequestError, match=r"nobody could advertise.*what to do"):
        makers_of(empty, HAS)


def test_the_same_seed_draws_the_same_market_and_another_does_not() -> None:
    makers = makers_of(items(), HAS)
    first, again, other = (drawn_market(makers, Joining(seed=seed)) for seed in (1, 1, 2))
    assert first.cents.tolist() == again.cents.tolist()
    assert first.cents.tolist() != other.cents.tolist()


def test_somebody_joins_even_where_nobody_would() -> None:
    assert (drawn_market(makers_of(items(), HAS), Joining(share=0.0)).cents > 0).any()


def test_lowered_bids_are_whole_cents_of_at_least_one() -> None:
    market = drawn_market(makers_of(items(3), HAS, converts=0.01), EVERYBODY)
    assert market.cents.tolist() == [3, 6, 9]
    assert market.lowered_by(np.array([0.1, 0.5, 1.0])).tolist() == [1, 3, 9]


def test_conversion_needs_looks_and_purchases() -> None:
    assert conversion_of({"events_by_kind": {"view": 200, "purchase": 10}}) == 0.05
    assert conversion_of({"events_by_kind": {"purchase": 10}}) is None
    assert conversion_of({}) is None
