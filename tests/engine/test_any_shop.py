"""What holds for the engine of every shop: the sample, one with nearly everything, next to nothing, nobody at all."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from recsys import schema as s
from recsys.engine import Engine
from recsys.errors import BadRequestError
from recsys.schema import NEW_SHOPPER, Answer, Knobs, Request
from recsys.schema.capabilities import Capability

GROCERS_WORDS = re.compile(r"household|grocer|store brand|\$", re.IGNORECASE)


def shopper_of(engine: Engine) -> str:
    """One of the shop's people; somebody new where it knows none."""
    return NEW_SHOPPER if engine.shoppers.empty else str(engine.shoppers[s.SHOPPER_ID].iloc[1])


def query_of(engine: Engine) -> str:
    """The last word of some title: every shop finds something for it."""
    return str(engine.items[s.TITLE].iloc[len(engine.items) // 3]).split()[-1]


@pytest.fixture(params=["nobody", "new", "shopper", "query", "both", "taste alone", "words alone"])
def asked(request: pytest.FixtureRequest, any_engine: Engine) -> Request:
    person, query = shopper_of(any_engine), query_of(any_engine)
    return {
        "nobody": Request(k=8),
        "new": Request(shopper=NEW_SHOPPER, k=8),
        "shopper": Request(shopper=person, k=8),
        "query": Request(query=query, k=8),
        "both": Request(shopper=person, query=query, k=8),
        "taste alone": Request(shopper=person, k=8, knobs=Knobs(exploration=1.0)),
        "words alone": Request(query=query, k=8, knobs=Knobs(meaning_weight=0.0, popularity=0.0, kind_weight=0.0)),
    }[request.param]


def said(answer: Answer) -> str:
    return "\n".join([*answer.notes, *(item.reason for item in answer.items), *(st.label for st in answer.stages)])


def test_there_is_a_full_shelf_and_every_score_is_the_sum_of_its_parts(any_engine: Engine, asked: Request) -> None:
    answer = any_engine.answer(asked)
    assert len(answer.items) == 8
    assert [item.rank for item in answer.items] == list(range(1, 9))
    assert all(item.score == sum(item.parts.values()) for item in answer.items)
    assert [item.score for item in answer.items] == sorted((item.score for item in answer.items), reverse=True)
    assert all(item.reason for item in answer.items)


def test_the_same_request_has_the_same_answer(any_engine: Engine, asked: Request) -> None:
    one, other = (any_engine.answer(asked).items for _ in range(2))
    assert one == other


def test_people_are_called_what_their_shop_calls_them(any_engine: Engine, asked: Request) -> None:
    words = said(any_engine.answer(asked))
    if any_engine.shop.people.one == "household":
        assert "member" not in words
    else:
        assert not GROCERS_WORDS.search(words), words


def test_a_price_is_there_where_the_shop_has_prices(any_engine: Engine) -> None:
    prices = [item.price for item in any_engine.answer(Request(k=8)).items]
    assert (None not in prices) is any_engine.capabilities.has(Capability.PRICES)


def test_what_was_bought_lately_is_said_in_days_where_there_are_dates(any_engine: Engine) -> None:
    request = Request(shopper=shopper_of(any_engine), k=50, knobs=Knobs(fold="none"))
    words = said(any_engine.answer(request))
    if not any_engine.capabilities.has(Capability.DATES):
        assert "days ago" not in words


def test_liking_a_product_moves_the_shelf_and_forgetting_moves_it_back(any_engine: Engine) -> None:
    request = Request(shopper=shopper_of(any_engine), k=8, visitor="tests")
    before = any_engine.answer(request)
    far = any_engine.answer(replace(request, k=50, knobs=Knobs(fold="none"))).items[-1]
    any_engine.record(request, far.item_id, "like")
    moved = any_engine.answer(request)
    any_engine.forget(request)
    assert moved.movement is not None
    assert moved.movement.likes == 1
    assert [i.item_id for i in any_engine.answer(request).items] == [i.item_id for i in before.items]


def test_the_nearest_products_are_others(any_engine: Engine) -> None:
    near = any_engine.neighbours(3, 5)
    assert len(near) == 5
    assert 3 not in near.rows
    assert (np.diff(near.scores) <= 0).all()


def test_each_map_places_every_product(any_engine: Engine) -> None:
    for found in any_engine.maps():
        places = any_engine.map_positions(found.method, found.dims)
        assert places.shape == (len(any_engine.items), found.dims)
        assert np.isfinite(places).all()


def test_the_health_of_the_catalogue_counts_every_product(any_engine: Engine) -> None:
    report = any_engine.health()
    assert report.figures[0].value.replace(",", "") == str(len(any_engine.items))
    labels = {figure.label for figure in report.figures}
    assert ("Without a price" in labels) is any_engine.capabilities.has(Capability.PRICES)
    assert ("Purchase lines" in labels) is ("Sold only once" in labels) is bool(any_engine.dataset_info["events"])
    assert ("departments" in report.figures[0].note) is any_engine.capabilities.has(Capability.DEPARTMENTS)
    assert report.departments["products"].sum() in (0, len(any_engine.items))


def test_completions_lead_to_products(any_engine: Engine) -> None:
    found = any_engine.complete(query_of(any_engine)[:4], 5)
    assert found
    assert all(one.count > 0 for one in found)


def test_people_are_found_by_their_id(any_engine: Engine) -> None:
    person = shopper_of(any_engine)
    found = any_engine.find_shoppers(person.lower())[s.SHOPPER_ID].astype(str).tolist()
    assert found == [] if any_engine.shoppers.empty else person in found


def test_an_unknown_person_is_refused_with_who_there_is(any_engine: Engine) -> None:
    with pytest.raises(BadRequestError) as caught:
        any_engine.answer(Request(shopper="nobody of that name"))
    assert ("knows nobody yet" in caught.value.allowed) is any_engine.shoppers.empty
    assert ("from the list" in caught.value.remedy) is not any_engine.shoppers.empty


def test_nobody_is_said_to_have_bought_anything_where_there_is_nobody(any_engine: Engine) -> None:
    words = said(any_engine.answer(Request(k=8)))
    assert "0 of 0" not in words
    assert ("No readers yet: the order of the catalogue" in words) is any_engine.shoppers.empty
    assert ("No query and no shopper: these are the first of the catalogue." in words) is any_engine.shoppers.empty


def test_a_query_in_another_language_is_answered(any_engine: Engine) -> None:
    assert any_engine.answer(Request(query="schwarze Lampe für die Nacht")).items


def test_an_open_engine_never_changes(any_engine: Engine) -> None:
    with pytest.raises(AttributeError, match="the engine is open: items cannot change"):
        any_engine.items = any_engine.items.head(1)
