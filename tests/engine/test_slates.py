"""Re-ranking as the engine does it: on every shop, in every request, and never when it is off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recsys.engine import Engine
from recsys.reranking.measures import MEASURES
from recsys.schema import Knobs, Request, Reranking
from recsys.schema.capabilities import Capability
from tests.engine.test_any_shop import query_of, shopper_of

SETTINGS = {
    "diversity": Reranking(diversity=0.6),
    "mmr as picked": Reranking(diversity=0.9, diversify="mmr", arranged="picked"),
    "dpp": Reranking(diversity=0.6, diversify="dpp"),
    "calibration": Reranking(calibration=0.9),
    "by price": Reranking(calibration=0.9, calibrate_to="price"),
    "caps": Reranking(category_cap=1, brand_cap=1),
    "floors": Reranking(tail_share=0.5, new_share=0.5),
    "everything": Reranking(
        0.5, "dpp", 0.5, "price", 1, 1, 1.0, 1.0, ("no such",), ("calibration", "diversity", "exposure", "caps")
    ),
}


def requests(engine: Engine, k: int = 8) -> list[Request]:
    person, query = shopper_of(engine), query_of(engine)
    return [
        Request(k=k),
        Request(shopper="new", k=k),
        Request(shopper=person, k=k),
        Request(query=query, k=k),
        Request(query=query, shopper=person, k=k),
        Request(shopper=person, k=1),
    ]


@pytest.mark.parametrize("name", list(SETTINGS))
def test_the_shelf_is_full_scores_are_sums_and_each_product_says_where_it_stood(any_engine: Engine, name: str) -> None:
    for request in requests(any_engine):
        answer = any_engine.answer(replace(request, reranking=SETTINGS[name]))
        assert len(answer.items) == len(any_engine.answer(request).items)
        assert [item.rank for item in answer.items] == list(range(1, len(answer.items) + 1))
        for item in answer.items:
            assert item.score == sum(item.parts.values())
            assert item.rank_before is not None
        stage = next(stage for stage in answer.stages if stage.name == "rerank")
        assert stage.kept == len(answer.items)
        assert stage.ms > 0
        assert "came onto the shelf" in stage.detail


def test_the_rank_before_is_that_of_the_shelf_that_is_not_re_ranked(any_engine: Engine) -> None:
    request = Request(shopper=shopper_of(any_engine), k=10, reranking=Reranking(diversity=0.6))
    found = any_engine.diversity(request)
    stood = {item.item_id: item.rank for item in found.before.items}
    for item in found.after.items:
        if item.item_id in stood:
            assert item.rank_before == stood[item.item_id]
        else:
            assert item.rank_before is not None
            assert item.rank_before > 10


def test_off_is_no_stage_and_no_rank_before(any_engine: Engine) -> None:
    for request in requests(any_engine):
        answer = any_engine.answer(request)
        assert "rerank" not in {stage.name for stage in answer.stages}
        assert {item.rank_before for item in answer.items} <= {None}
        assert not any("rank_before" in item for item in answer.as_json()["items"])


@pytest.mark.parametrize("name", list(SETTINGS))
def test_both_shelves_are_weighed_by_every_measure_that_the_shop_knows(any_engine: Engine, name: str) -> None:
    has = any_engine.capabilities.has
    for request in requests(any_engine):
        found = any_engine.diversity(replace(request, reranking=SETTINGS[name]))
        assert [each.measure for each in found.measured] == list(MEASURES)
        assert found.of("relevance").before == pytest.approx(1.0)
        assert (found.of("price").after is not None) <= has(Capability.PRICES)
        assert (found.of("margin").after is not None) <= has(Capability.COSTS)
        assert (found.of("calibration").after is None) >= (request.shopper in (None, "new"))
        assert found.current is None or found.current.relevance == found.of("relevance").after
        assert request.k == 1 or len(found.frontier) == 21


def test_caps_hold_on_the_shelf(sample_engine: Engine) -> None:
    request = Request(shopper=shopper_of(sample_engine), k=12, reranking=Reranking(category_cap=1))
    categories = [item.category for item in sample_engine.answer(request).items]
    assert len(set(categories)) == 12


def test_more_diversity_costs_relevance_and_brings_diversity(sample_engine: Engine) -> None:
    found = sample_engine.diversity(
        Request(shopper=shopper_of(sample_engine), k=12, knobs=Knobs(fold="none"), reranking=Reranking(diversity=0.9))
    )
    diversity, relevance = found.of("diversity"), found.of("relevance")
    assert diversity.before is not None
    assert diversity.after is not None
    assert diversity.after > diversity.before
    assert relevance.after is not None
    assert relevance.after < 1.0


def test_a_query_is_answered_by_what_answers_it(sample_engine: Engine) -> None:
    """Diversity at its most brings no product that does not answer the query at least half as well as the best."""
    query = Request(query="dog food", k=10)
    found = sample_engine.answer(replace(query, reranking=Reranking(diversity=1.0)))
    departments = {item.department for item in sample_engine.answer(replace(query, k=40)).items}
    assert {item.department for item in found.items} <= departments


def test_a_shelf_in_another_order_is_not_re_ranked_and_says_so(sample_engine: Engine) -> None:
    if not sample_engine.capabilities.has(Capability.PRICES):
        pytest.skip("the sample has no prices")
    request = Request(query="milk", k=8, sort="price")
    answer = sample_engine.answer(replace(request, reranking=Reranking(diversity=0.9)))
    assert [i.item_id for i in answer.items] == [i.item_id for i in sample_engine.answer(request).items]
    assert "Cheapest first: a shelf in that order is not re-ranked." in answer.notes


def test_what_could_not_be_done_is_among_the_notes(any_engine: Engine) -> None:
    answer = any_engine.answer(Request(k=8, reranking=Reranking(calibration=0.5)))
    assert any(note.startswith("Calibration was left out") for note in answer.notes)
    answer = any_engine.answer(Request(k=8, reranking=Reranking(chosen=("no such product",))))
    assert any("At least 1 chosen product could not be shown" in note for note in answer.notes)


def test_a_chosen_product_is_shown_from_wherever_it_stands(sample_engine: Engine) -> None:
    request = Request(shopper=shopper_of(sample_engine), k=8, knobs=Knobs(fold="none"))
    last = sample_engine.answer(replace(request, k=96)).items[-1]
    settings = Reranking(chosen=(str(last.item_id),), candidates=20)
    shown = sample_engine.answer(replace(request, reranking=settings)).items
    assert str(last.item_id) in [str(item.item_id) for item in shown]
