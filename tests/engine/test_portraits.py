"""Portraits of every shop's people: whole figures, and nothing where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.engine.portraits import SEGMENTS
from recsys.errors import BadRequestError
from recsys.schema import SHOPPER_ID, Request
from recsys.schema.capabilities import Capability


def people(engine: Engine) -> list[str]:
    return engine.shoppers[SHOPPER_ID].astype(str).head(8).tolist()


def test_everybody_with_purchases_has_a_portrait(any_engine: Engine) -> None:
    for shopper in people(any_engine):
        portrait = any_engine.portraits.of(shopper)
        bought = any_engine.whys.bought(Request(shopper=shopper))
        assert (portrait is not None) == bool(bought)
        if portrait is None:
            continue
        assert sum(each.lines for each in portrait.interests) == len(portrait.lines.items)
        assert sum(each.share for each in portrait.interests) == pytest.approx(1)
        assert 0 <= portrait.segment < len(SEGMENTS)
        assert portrait.frequency.value == portrait.rhythm.baskets
        assert all(0 <= each.above <= 1 for each in portrait.habits.values() if not np.isnan(each.above))
        assert {item for item, _ in portrait.missing}.isdisjoint(portrait.lines.items.tolist())


def test_a_shop_says_nothing_of_what_it_does_not_know(any_engine: Engine) -> None:
    has = any_engine.capabilities.has
    for shopper in people(any_engine):
        portrait = any_engine.portraits.of(shopper)
        if portrait is None:
            continue
        if not has(Capability.DATES):
            assert portrait.rhythm.weekdays is None
            assert portrait.needs == ()
        if not has(Capability.CATEGORIES):
            assert "price_level" not in portrait.habits
        assert (portrait.money is not None) == has(Capability.PRICES)


def test_segments_hold_everybody_at_every_look(any_engine: Engine) -> None:
    for look in any_engine.portraits.looks:
        assert len(look.segments.codes) == len(any_engine.shoppers)
    if (moved := any_engine.portraits.moves()) is not None:
        assert moved.sum() == len(any_engine.shoppers)


def test_tastes_share_out_all_that_was_bought_and_lead_to_something_new(any_engine: Engine) -> None:
    for shopper in people(any_engine)[:3]:
        found = any_engine.portraits.tastes(Request(shopper=shopper))
        if found is None:
            continue
        items, groups = found
        assert groups.shares.sum() == pytest.approx(1)
        assert np.linalg.norm(groups.vectors, axis=1) == pytest.approx(np.ones(len(groups.vectors)), abs=1e-5)
        near = any_engine.portraits.nearest(groups.vectors[0], 5, items)
        kinds = any_engine.catalogue.kinds
        assert set(kinds[near]).isdisjoint(kinds[items])
        assert len(set(kinds[near])) == len(near)


def test_a_path_is_as_long_as_the_history_and_goes_on_in_time(any_engine: Engine) -> None:
    for shopper in people(any_engine)[:3]:
        path = any_engine.portraits.path(shopper)
        if path is not None:
            days, vectors = path
            assert len(days) == len(vectors) <= 6
            assert (np.diff(days) >= 0).all()


def test_somebody_unknown_is_an_error(any_engine: Engine) -> None:
    with pytest.raises(BadRequestError, match="no shopper"):
        any_engine.portraits.of("nobody of that name")


def test_beside_everybody_else_is_the_portrait_and_beside_nobody_there_is_no_standing(any_engine: Engine) -> None:
    for row, shopper in enumerate(any_engine.shoppers[SHOPPER_ID].astype(str).head(5)):
        portrait = any_engine.portraits.of(shopper)
        if portrait is None:
            continue
        everybody = np.ones(len(any_engine.shoppers), np.bool_)
        beside = any_engine.portraits.beside(row, everybody)
        assert {name: each.value for name, each in beside.items()} == {
            name: each.value for name, each in portrait.habits.items()
        }
        assert [each.above for each in beside.values()] == [each.above for each in portrait.habits.values()]
        alone = any_engine.portraits.beside(row, ~everybody)
        assert all(np.isnan(each.above) for each in alone.values())
