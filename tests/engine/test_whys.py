"""Why a product stands where it stands: sums that are exact, and shelves that are made again."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.engine.whys import MOST_ASKED
from recsys.retrieval.dense import TASTE
from recsys.schema import Knobs, Request
from tests.engine.test_any_shop import query_of, shopper_of

BY_TASTE = Knobs(discovery=1.0, shopper_weight=0.8, exploration=0.5)


def by_taste(engine: Engine, *, query: bool = True, feedback: bool = False) -> Request:
    person = shopper_of(engine)
    request = Request(shopper=person, query=query_of(engine) if query else "", k=8, knobs=BY_TASTE, visitor="whys")
    if feedback:
        engine.record(request, engine.answer(request).items[3].item_id, "like")
    return request


@pytest.mark.parametrize("query", [True, False])
def test_the_points_of_taste_are_the_sum_of_what_purchases_add(any_engine: Engine, query: bool) -> None:
    request = by_taste(any_engine, query=query)
    for item in any_engine.answer(request).items:
        shares = any_engine.whys.taste(request, item.row)
        if shares is None:
            assert TASTE.name not in item.parts
            continue
        assert shares.total == item.parts.get(TASTE.name, 0.0)
        assert shares.sum == pytest.approx(shares.total, abs=1.5e-6)
        assert list(shares.points) == sorted(shares.points, reverse=True)


def test_every_shop_with_histories_has_some_product_that_a_purchase_speaks_for(any_engine: Engine) -> None:
    request = by_taste(any_engine)
    if not any_engine.whys.bought(request):
        pytest.skip("nobody has bought anything in this shop")
    found = [any_engine.whys.taste(request, item.row) for item in any_engine.answer(request).items]
    assert any(shares is not None and max(shares.points, default=0.0) > 0 for shares in found)


def test_a_rank_is_the_place_on_the_shelf(any_engine: Engine) -> None:
    for request in (by_taste(any_engine), by_taste(any_engine, query=False), Request(k=8)):
        for item in any_engine.answer(request).items:
            assert any_engine.whys.rank(request, item.row) == item.rank


def test_nothing_otherwise_is_the_same_shelf(any_engine: Engine) -> None:
    request = by_taste(any_engine)
    both = any_engine.whys.otherwise(request)
    assert both.before.items == both.after.items == any_engine.answer(request).items


def test_without_all_purchases_a_shopper_is_as_good_as_new(any_engine: Engine) -> None:
    request = by_taste(any_engine)
    bought = any_engine.whys.bought(request)
    if not bought:
        pytest.skip("nobody has bought anything in this shop")
    both = any_engine.whys.otherwise(request, [each.item_id for each in bought])
    nobody = any_engine.answer(replace(request, shopper=None))
    assert [item.row for item in both.after.items] == [item.row for item in nobody.items]
    assert all(not item.facts.get("times") for item in both.after.items)


def test_what_is_left_out_counts_no_more_and_the_rest_as_before(any_engine: Engine) -> None:
    request = by_taste(any_engine, query=False)
    bought = any_engine.whys.bought(request)
    if len(bought) < 2:
        pytest.skip("nobody has bought two things in this shop")
    left = any_engine.whys.bought(replace(request, without=(bought[0].item_id, "no such product")))
    assert left == bought[1:]


def test_a_word_less_is_the_shelf_of_the_other_words(any_engine: Engine) -> None:
    query = " ".join(str(any_engine.catalogue.titles[len(any_engine.items) // 3]).split()[-2:])
    request = Request(query=query, k=8)
    row = any_engine.answer(request).items[0].row
    for place, each in enumerate(any_engine.whys.words(request, row)):
        rest = [word for at, word in enumerate(query.split()) if at != place]
        other = any_engine.answer(replace(request, query=" ".join(rest)))
        on_shelf = {item.row: item for item in other.items}
        assert each.word == query.split()[place]
        if row in on_shelf:
            assert (each.rank, each.points) == (on_shelf[row].rank, on_shelf[row].score)
        else:
            assert each.rank is None or each.rank > 8 or each.rank in {item.rank for item in other.items}


def test_the_smallest_change_takes_the_product_off_the_shelf_indeed(any_engine: Engine) -> None:
    for request in (by_taste(any_engine), by_taste(any_engine, query=False)):
        for item in any_engine.answer(request).items[:3]:
            found = any_engine.whys.smallest(request, item.row)
            assert found.asked <= MOST_ASKED
            if not found.changes:
                continue
            without = tuple(what for kind, what in found.changes if kind == "bought")
            gone = {what for kind, what in found.changes if kind == "word"}
            query = " ".join(word for word in request.query.split() if word not in gone)
            after = any_engine.answer(replace(request, query=query, without=without))
            assert item.row not in {each.row for each in after.items}


def test_a_rival_stands_above_after_the_smallest_change_that_puts_it_there(any_engine: Engine) -> None:
    found_any = False
    for person in any_engine.shoppers["shopper_id"].astype(str).head(5):
        request = Request(shopper=person, k=8)
        for both in pairwise(any_engine.answer(request).items):
            found = any_engine.whys.smallest(request, both[0].row, both[1].row)
            if not found.changes:
                continue
            found_any = True
            after = replace(request, without=tuple(what for _, what in found.changes))
            ranks = [any_engine.whys.rank(after, item.row) for item in both]
            assert ranks[1] is not None
            assert ranks[0] is None or ranks[1] < ranks[0]
    assert found_any or any_engine.settings.shop not in ("complete_journey_sample", "small_demo")


def test_with_nothing_left_out_the_order_made_again_is_the_one_that_was_made(any_engine: Engine) -> None:
    people = any_engine._people
    for row in range(min(len(any_engine.shoppers), 12)):
        kept, again = people.shortlists.of(row), people.again.of(row, np.empty(0, np.int32))
        if kept is None:
            assert again is None
            continue
        assert again is not None
        assert again.rows.tolist() == kept.rows.tolist()
        assert all(np.array_equal(again.parts[name], kept.parts[name]) for name in kept.parts)


def test_each_purchase_is_left_out_by_making_the_shelf_again(any_engine: Engine) -> None:
    request = by_taste(any_engine, query=False)
    row = any_engine.answer(request).items[0].row
    found = any_engine.whys.purchases(request, row)
    assert bool(found) is bool(any_engine.whys.bought(request))
    for each in found:
        left_out = replace(request, without=(str(any_engine.catalogue.ids[each.row]),))
        assert each.rank == any_engine.whys.rank(left_out, row)
    ranks = [each.rank or np.inf for each in found]
    assert ranks == sorted(ranks, reverse=True)


def test_feedback_leaves_the_sum_exact(any_engine: Engine) -> None:
    request = by_taste(any_engine, feedback=True)
    try:
        for item in any_engine.answer(request).items:
            shares = any_engine.whys.taste(request, item.row)
            if shares is not None:
                assert shares.sum == pytest.approx(item.parts.get(TASTE.name, 0.0), abs=1.5e-6)
    finally:
        any_engine.forget(request)
