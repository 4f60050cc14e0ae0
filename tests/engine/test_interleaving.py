"""One shelf of two rankings in every shop: whole, credited to the right side, undone and forgotten."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from recsys.engine.interleaving import FURTHER, NOT_YET, A, B, pair_of, ranked
from recsys.engine.sides import Side
from recsys.schema import NEW_SHOPPER, Knobs, Request
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS

POPULAR = Side("popular")
SOMEBODY = Request(shopper=NEW_SHOPPER, visitor="somebody", query="a")
DRAFT = "0123456789abcdef" * 2


@pytest.fixture
def engine(made_shop: Settings) -> Engine:
    """A shop in whose log nothing stands yet."""
    return Engine.open(made_shop)


def drafts(number: int) -> list[str]:
    return [f"{each:032x}"[::-1] for each in range(1, number + 1)]


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_the_shelf_holds_the_best_of_both_in_their_order_and_nothing_twice(engine: Engine) -> None:
    first = engine.answer(SOMEBODY)
    mixed = engine.interleaving.mixed(first, POPULAR, DRAFT)
    rows = [item.row for item in mixed.answer.items]
    groups = engine.catalogue.groups(SOMEBODY.knobs.fold)[rows]
    assert len(set(groups.tolist())) == len(rows) == len(first.items)
    assert [item.rank for item in mixed.answer.items] == list(range(1, len(rows) + 1))
    for side, answer in zip((A, B), mixed.alone, strict=True):
        own = [item.row for item in mixed.answer.items if mixed.side_of[str(item.item_id)] == side]
        assert own == [item.row for item in answer.items if item.row in own]
    assert engine.interleaving.mixed(first, POPULAR, DRAFT).side_of == mixed.side_of


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_other_coins_give_other_shelves_and_both_sides_begin(engine: Engine) -> None:
    first = engine.answer(SOMEBODY)
    shelves = [engine.interleaving.mixed(first, POPULAR, draft) for draft in drafts(20)]
    assert len({tuple(mixed.side_of.items()) for mixed in shelves}) > 1
    assert {next(iter(mixed.side_of.values())) for mixed in shelves} == {A, B}
    assert not shelves[0].alike


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_same_ranking_twice_is_said_to_be_alike(engine: Engine) -> None:
    assert engine.interleaving.mixed(engine.answer(SOMEBODY), Side(), DRAFT).alike


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_what_is_taken_counts_for_its_side_until_it_is_undone_or_forgotten(engine: Engine) -> None:
    pair = pair_of(SOMEBODY, POPULAR)
    item = str(engine.catalogue.ids[0])
    for number, draft in enumerate(drafts(9)):
        who = Request(shopper=NEW_SHOPPER, visitor=f"visitor {number}")
        engine.record(who, item, "like")
        engine.credit(who, item, "like", pair, draft, B)
        engine.credit(who, item, "dislike", pair, draft, A)  # counts for nobody
    now = engine.interleaving.standing(pair)
    assert (now.verdict.a, now.verdict.b, now.people, now.acts, now.ties) == (0, 9, 9, (0, 9), 0)
    assert (now.verdict.says, now.verdict.better, now.more) == (FURTHER, B, 0)
    engine.undo(Request(shopper=NEW_SHOPPER, visitor="visitor 0"), item, "like")
    assert engine.interleaving.standing(pair).verdict.says == NOT_YET
    engine.forget(Request(shopper=NEW_SHOPPER, visitor="visitor 1"))
    assert engine.interleaving.standing(pair).verdict.b == 7


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_shelf_from_which_as_many_were_taken_of_both_is_a_tie(engine: Engine) -> None:
    pair = pair_of(SOMEBODY, POPULAR)
    for row, side in ((0, A), (1, B)):
        engine.credit(SOMEBODY, str(engine.catalogue.ids[row]), "like", pair, DRAFT, side)
    now = engine.interleaving.standing(pair)
    assert (now.verdict.a, now.verdict.b, now.ties, now.acts) == (0, 0, 1, (1, 1))


def test_a_pair_is_the_same_for_everybody_and_everything_asked() -> None:
    pair = pair_of(SOMEBODY, POPULAR)
    assert pair == pair_of(Request(shopper="1", query="tea", k=3, departments=("Tea",)), POPULAR)
    assert pair != pair_of(SOMEBODY, Side("diverse"))
    assert pair != pair_of(Request(knobs=Knobs(popularity=0.4)), POPULAR)


def test_a_side_ranks_for_who_is_on_the_shelf() -> None:
    side = ranked(Side("diverse", shopper="7", query="tea", settings={"diversity": 0.2}))
    assert (side.preset, side.shopper, side.query, dict(side.settings)) == ("diverse", None, None, {"diversity": 0.2})
