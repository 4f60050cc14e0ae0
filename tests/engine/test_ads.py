"""The door of sponsored places: one shelf, what days of it bring, the frontier, and what is refused."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from recsys.engine.ads import FLOORS, PLACES, Choice, K
from recsys.errors import BadRequestError
from recsys.progress import Stopped
from recsys.settings import Settings

pytestmark = pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)


def test_a_shelf_names_who_pays_what_and_what_fell_off(made_shop: Settings) -> None:
    ads = Engine.open(made_shop).ads
    found = ads.shelf(None, Choice(places=3, floor=0.0, reserve=0.0))
    plain = ads.shelf(None, Choice(places=0))
    assert len(found.shelf) == len(plain.shelf) <= K
    assert [each.row for each in plain.shelf if each.row not in {p.row for p in found.shelf}] == list(found.gone)
    assert all(1 <= won.price <= won.bid for won in found.winners)
    assert plain.kept == 1 >= found.kept


def test_nothing_sold_earns_nothing_and_more_places_keep_less(made_shop: Settings) -> None:
    ads = Engine.open(made_shop).ads
    none, four = ads.earned(Choice(places=0)), ads.earned(Choice(places=4, floor=0.0, budget=0.0))
    assert none.money.mean == 0
    assert none.kept.mean == none.clicks.mean == 1
    assert four.money.mean > 0
    assert four.kept.mean < 1
    assert ads.earned(Choice(places=0)) is none  # remembered


def test_a_frontier_that_was_ended_goes_on_where_it_was(made_shop: Settings) -> None:
    ads, told = Engine.open(made_shop).ads, []

    def impatient(done: int, total: int, note: str = "") -> None:
        told.append(done)
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        ads.frontier(Choice(), impatient)
    assert not ads.is_found(Choice())
    points = ads.frontier(Choice())
    assert ads.is_found(Choice())
    assert [(point.places, point.floor) for point in points] == [(p, f) for p in PLACES for f in FLOORS]


@pytest.mark.parametrize("wrong", [{"budget": -1.0}, {"budget": float("nan")}, {"reserve": -0.1}, {"cap": -1}])
def test_what_cannot_be_is_refused_with_a_remedy(made_shop: Settings, wrong: dict[str, float]) -> None:
    with pytest.raises(BadRequestError, match="what to do"):
        Choice(**wrong)  # type: ignore[arg-type]


def test_an_unknown_shopper_is_refused(made_shop: Settings) -> None:
    with pytest.raises(BadRequestError, match="no shopper"):
        Engine.open(made_shop).ads.shelf("nobody of that name", Choice())
