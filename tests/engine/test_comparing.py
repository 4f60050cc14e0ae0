"""Sides beside each other: shelves are those of the engine, and what did it is read from the scores themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recsys.engine import Engine
from recsys.engine.comparing import ABSENT, FOLDED, PART, TURNED_DOWN, WHOLE, comparison_key, request_key
from recsys.engine.sides import OF, Side
from recsys.schema import Knobs, Request, Reranking
from tests.engine.test_any_shop import query_of, shopper_of


def requests(engine: Engine) -> list[Request]:
    """What every preset asks, for a shopper with and without a query."""
    person = shopper_of(engine)
    bases = [Request(shopper=person, k=8), Request(shopper=person, query=query_of(engine), k=8)]
    return [Side(name).request(base) for base in bases for name in OF]


def test_each_side_is_what_the_engine_answers(any_engine: Engine) -> None:
    asked = requests(any_engine)
    found = any_engine.compare(asked)
    for request, side in zip(asked, found.sides, strict=True):
        assert side.answer.items == any_engine.answer(request).items
        assert side.answer.stages
        assert side.ms > 0


def test_a_side_beside_itself_agrees_wholly(any_engine: Engine) -> None:
    request = Request(shopper=shopper_of(any_engine), k=8)
    found = any_engine.compare([request, request])
    number = len(found.sides[0].answer.items)
    assert found.changes == ((),)
    assert (found.sides[1].agreement.shared, found.sides[1].agreement.overlap) == (number, 1.0)
    assert found.sides[1].agreement.rbo == pytest.approx(1.0)


def test_measures_are_those_of_the_page_of_diversity(any_engine: Engine) -> None:
    request = Request(shopper=shopper_of(any_engine), k=8, reranking=Reranking(0.6))
    side = any_engine.compare([request, request]).sides[0]
    expected = {each.measure.name: each.after for each in any_engine.diversity(request).measured}
    assert dict(side.measured) == pytest.approx(expected)


def test_what_came_and_went_are_the_differences_of_the_shelves(any_engine: Engine) -> None:
    asked = requests(any_engine)
    found = any_engine.compare(asked)
    first = [item.row for item in found.sides[0].answer.items]
    for side, changed in zip(found.sides[1:], found.changes, strict=True):
        shown = [item.row for item in side.answer.items]
        assert [change.row for change in changed if change.entered] == [row for row in shown if row not in first]
        assert [change.row for change in changed if not change.entered] == [row for row in first if row not in shown]


def test_the_part_that_did_it_is_the_one_that_differs_most_in_the_scores(any_engine: Engine) -> None:
    """Asked again with shelves so long that both show the product: their parts are the scores' own."""
    base = Request(shopper=shopper_of(any_engine), query=query_of(any_engine), k=3, knobs=Knobs(fold="none"))
    other = replace(base, knobs=Knobs(fold="none", meaning_weight=1.0, shopper_weight=0.9, kind_weight=0.0))
    changed = any_engine.compare([base, other]).changes[0]
    shelves = [any_engine._shelf.standing(request) for request in (base, other)]
    seen = 0
    for change in changed:
        parts = []
        for standing in shelves:
            at = [place for place, row in enumerate(standing.pool.rows) if row == change.row]
            parts.append({name: float(v[at[0]]) for name, v in standing.pool.scored.items()} if at else None)
        if parts[0] is None or parts[1] is None:
            assert change.cause == ABSENT
            assert (change.part, change.points) == ("", 0.0)
            continue
        steps = {name: parts[1].get(name, 0.0) - parts[0].get(name, 0.0) for name in {**parts[0], **parts[1]}}
        assert change.points == steps[change.part]
        assert abs(change.points) == max(map(abs, steps.values()))
        seen += change.cause == PART
    assert seen or not changed or all(change.cause == ABSENT for change in changed)


def test_a_query_that_taste_drowns_has_a_shelf_that_can_be_re_ranked(any_engine: Engine) -> None:
    knobs = Knobs(fold="none", meaning_weight=1.0, shopper_weight=0.9, kind_weight=0.0)
    base = Request(shopper=shopper_of(any_engine), query=query_of(any_engine), k=3, knobs=knobs)
    found = any_engine.compare([base, replace(base, reranking=Reranking(0.5))])
    assert [len(side.answer.items) for side in found.sides] == [3, 3]
    assert all(side.measured["relevance"] is not None for side in found.sides)


def test_what_re_ranking_moves_is_not_said_of_the_score(any_engine: Engine) -> None:
    base = Request(shopper=shopper_of(any_engine), k=8)
    changed = any_engine.compare([base, replace(base, reranking=Reranking(0.9))]).changes[0]
    assert all((change.cause, change.part) == (WHOLE, "") for change in changed)
    assert all((change.first is None) is False for change in changed)


def test_a_product_that_is_found_on_one_side_alone_is_no_candidate_on_the_other(any_engine: Engine) -> None:
    item = any_engine.answer(Request(k=1)).items[0]
    elsewhere = next((d for d in any_engine.items["department"].astype(str).unique() if d != item.department), None)
    if elsewhere is None:
        pytest.skip("this shop has one department")
    base = Request(k=1)
    came, went = any_engine.compare([base, replace(base, departments=(str(elsewhere),))]).changes[0]
    assert went.row == item.row
    assert (went.cause, went.other) == (ABSENT, None)
    assert came.entered


def test_what_is_folded_away_or_turned_down_is_said(any_engine: Engine) -> None:
    unfolded = Request(k=40, knobs=Knobs(fold="none"))
    changed = any_engine.compare([unfolded, Request(k=40)]).changes[0]
    titles = any_engine.catalogue.groups("kind")
    shown = {int(titles[item.row]) for item in any_engine.answer(Request(k=40)).items}
    for change in changed:
        if not change.entered and int(titles[change.row]) in shown:
            assert change.cause == FOLDED
    person = Request(shopper="new", visitor="compare", k=5)
    item = any_engine.answer(person).items[0]
    any_engine.record(person, item.item_id, "dislike")
    try:
        went = any_engine.compare([Request(k=5), person]).changes[0]
        assert TURNED_DOWN in {change.cause for change in went if change.row == item.row}
    finally:
        any_engine.forget(person)


def test_keys_follow_from_what_is_asked_and_not_from_the_order_of_the_sides() -> None:
    one, other = Request(query="milk  tea"), Request(query="tea")
    assert request_key(one) == request_key(Request(query=" milk tea"))
    assert comparison_key([one, other]) == comparison_key([other, one])
    for change in (replace(one, k=3), replace(one, live=True), replace(one, knobs=Knobs(fold="none"))):
        assert request_key(change) != request_key(one)


def test_the_key_of_the_shelves_changes_with_what_is_shown(any_engine: Engine) -> None:
    one, other = Request(k=5), Request(k=5, reranking=Reranking(0.8))
    before = any_engine.compare([one, other]).shelves
    assert before == any_engine.compare([other, one]).shelves
    assert before != any_engine.compare([replace(one, k=6), other]).shelves
