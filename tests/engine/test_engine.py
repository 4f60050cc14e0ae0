"""The engine on a real sample: what an answer promises, and every kind of bad input."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recsys import schema as s
from recsys.engine import Engine
from recsys.engine.nearness import NOTHING_CLOSE
from recsys.errors import BadRequestError
from recsys.ranking.parts import PARTS
from recsys.ranking.shortlists import LOWEST, Shortlist, Shortlists
from recsys.schema import NEW_SHOPPER, Knobs, Request


@pytest.fixture(scope="module")
def household(sample_engine: Engine) -> str:
    featured = sample_engine.shoppers.sort_values(s.FEATURED)
    return str(featured[featured[s.FEATURED] >= 0][s.SHOPPER_ID].iloc[0])


REQUESTS = [
    Request(),
    Request(query="gluten free pasta"),
    Request(query="quick dinner for kids", k=30),
    Request(shopper=NEW_SHOPPER),
    Request(shopper="HOUSEHOLD"),
    Request(shopper="HOUSEHOLD", query="quick dinner for kids"),
    Request(shopper="HOUSEHOLD", query="milk", knobs=Knobs(fold="none", discovery=1.0), k=50),
]


@pytest.fixture(params=REQUESTS, ids=lambda r: f"{r.shopper}-{r.query}")
def request_(request: pytest.FixtureRequest, household: str) -> Request:
    asked: Request = request.param
    return replace(asked, shopper=household) if asked.shopper == "HOUSEHOLD" else asked


def test_each_score_is_exactly_the_sum_of_its_named_parts(sample_engine: Engine, request_: Request) -> None:
    for item in sample_engine.answer(request_).items:
        assert item.score == sum(item.parts.values())
        assert item.score == sum(reversed(item.parts.values()))
        assert set(item.parts) <= set(PARTS.labels)


def test_products_come_in_order_of_score_with_ranks_from_one(sample_engine: Engine, request_: Request) -> None:
    items = sample_engine.answer(request_).items
    assert len(items) == request_.k
    assert [i.rank for i in items] == list(range(1, request_.k + 1))
    assert [i.score for i in items] == sorted((i.score for i in items), reverse=True)


def test_each_product_has_a_title_a_reason_and_known_figures(sample_engine: Engine, request_: Request) -> None:
    for item in sample_engine.answer(request_).items:
        assert item.title
        assert item.reason
        assert item.icon
        assert item.price is None or item.price > 0
        assert sample_engine.catalogue.row(item.item_id) == item.row


def test_no_two_products_are_of_one_kind_when_folded(sample_engine: Engine) -> None:
    items = sample_engine.answer(Request(query="pasta", k=20)).items
    kinds = [int(sample_engine.catalogue.kinds[i.row]) for i in items]
    assert len(set(kinds)) == len(kinds)


def test_every_stage_says_what_it_kept_and_took(sample_engine: Engine, request_: Request) -> None:
    stages = sample_engine.answer(request_).stages
    assert len(stages) >= 4
    assert all(stage.ms >= 0 and stage.kept >= 0 for stage in stages)
    assert stages[-1].name == "explain"
    assert stages[-1].kept == request_.k


def test_the_same_request_gets_the_same_answer(sample_engine: Engine, request_: Request) -> None:
    first, second = sample_engine.answer(request_), sample_engine.answer(request_)
    assert first.items == second.items


def test_a_query_finds_what_it_names(sample_engine: Engine) -> None:
    items = sample_engine.answer(Request(query="dog food", k=5)).items
    assert all("dog" in f"{i.title} {i.category}".lower() for i in items)


def test_at_shopper_weight_one_the_query_adds_nothing(sample_engine: Engine, household: str) -> None:
    with_query = sample_engine.answer(Request(shopper=household, query="dog food", knobs=Knobs(shopper_weight=1.0)))
    without = sample_engine.answer(Request(shopper=household))
    assert [i.item_id for i in with_query.items] == [i.item_id for i in without.items]


def test_at_shopper_weight_zero_the_shopper_adds_nothing(sample_engine: Engine, household: str) -> None:
    knobs = Knobs(shopper_weight=0.0)
    with_shopper = sample_engine.answer(Request(shopper=household, query="dog food", knobs=knobs))
    without = sample_engine.answer(Request(query="dog food"))
    assert [i.item_id for i in with_shopper.items] == [i.item_id for i in without.items]
    assert [i.score for i in with_shopper.items] == [i.score for i in without.items]


def shortlist_of(engine: Engine, household: str) -> Shortlist:
    found = Shortlists.load(engine.plan.open("order")).of(engine._people.row(household))
    assert found is not None
    return found


def test_a_households_shelf_is_the_learned_order(sample_engine: Engine, household: str) -> None:
    learned = shortlist_of(sample_engine, household)
    items = sample_engine.answer(Request(shopper=household, k=20, knobs=Knobs(fold="none"))).items
    assert [i.row for i in items] == learned.rows[:20].tolist()
    scores = sum(learned.parts.values())[:20]
    assert [i.score for i in items] == pytest.approx(scores.tolist(), abs=1e-4)


def test_a_long_shelf_goes_on_by_taste_below_the_shortlist(sample_engine: Engine, household: str) -> None:
    learned = shortlist_of(sample_engine, household)
    departments = tuple(sample_engine.items[s.DEPARTMENT].value_counts().index[:1])
    request = Request(shopper=household, k=100, departments=departments, knobs=Knobs(fold="none"))
    items = sample_engine.answer(request).items
    listed = [i.row in learned.rows for i in items]
    assert 0 < sum(listed) < 100
    assert listed == sorted(listed, reverse=True)
    assert all(set(i.parts) == {"taste"} or i.score <= LOWEST + 1e-6 for i in items[sum(listed) :])


def test_exploration_leaves_the_learned_order_for_taste(sample_engine: Engine, household: str) -> None:
    items = sample_engine.answer(Request(shopper=household, knobs=Knobs(exploration=1.0))).items
    assert {part for i in items for part, value in i.parts.items() if value} == {"taste"}


def test_beside_a_query_the_learned_order_is_silent(sample_engine: Engine, household: str) -> None:
    answer = sample_engine.answer(Request(shopper=household, query="milk"))
    assert "learned" not in [stage.name for stage in answer.stages]
    assert not {part for i in answer.items for part in i.parts} & {"due", "others", "together", "price", "shortlist"}


def test_usuals_alone_beside_a_query_are_repeats(sample_engine: Engine, household: str) -> None:
    knobs = Knobs(discovery=0.0, shopper_weight=0.95)
    items = sample_engine.answer(Request(shopper=household, query="milk", knobs=knobs)).items
    assert items[0].facts["times"] >= 1
    assert all("taste" not in i.parts for i in items)


def test_a_department_filter_lets_nothing_else_through(sample_engine: Engine) -> None:
    department = str(sample_engine.items[s.DEPARTMENT].mode()[0])
    items = sample_engine.answer(Request(query="fresh", departments=(department,))).items
    assert {i.department for i in items} == {department}


def test_an_unknown_department_is_left_out_and_said(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="fresh", departments=("Nowhere",)))
    assert len(answer.items) == 12
    assert any("Nowhere" in note for note in answer.notes)


def test_the_answer_is_plain_json(sample_engine: Engine, request_: Request) -> None:
    answer = sample_engine.answer(request_)
    again = json.loads(json.dumps(answer.as_json()))
    assert [i["score"] for i in again["items"]] == [i.score for i in answer.items]
    assert set(again["items"][0]) >= {"item_id", "title", "price", "rank", "score", "parts", "reason"}
    assert set(again["stages"][0]) >= {"name", "kept", "ms"}


# --- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [0, -1, 10**9, 101, True, 3.5])
def test_an_impossible_k_is_refused_with_what_is_allowed(sample_engine: Engine, k: int) -> None:
    with pytest.raises(BadRequestError, match="1 to 100"):
        sample_engine.answer(Request(query="milk", k=k))


@pytest.mark.parametrize("shopper", ["999999999", "abc", "1; DROP TABLE", "\U0001f600", "-1"])
def test_an_unknown_shopper_is_refused_with_examples(sample_engine: Engine, shopper: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        sample_engine.answer(Request(shopper=shopper))
    assert "ids such as" in caught.value.allowed
    assert "pick a household" in caught.value.remedy


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "No query and no shopper"),
        ("   ", "No query and no shopper"),
        ("pasta " * 1700, "characters; the first 500 were read"),
        ("\U0001f355\U0001f355", "slice of pizza"),
        ("\u062d\u0644\u064a\u0628 \u0637\u0627\u0632\u062c", "ranked by meaning alone"),
        ("?!?", "no letter or number"),
        ("zzzxqq pasta", "We do not carry \u201czzzxqq\u201d"),
    ],
    ids=["empty", "blank", "10,000 characters", "emoji", "right to left", "punctuation", "unknown word"],
)
def test_an_odd_query_is_answered_and_the_fallback_is_said(sample_engine: Engine, query: str, said: str) -> None:
    answer = sample_engine.answer(Request(query=query))
    assert len(answer.items) == 12
    assert any(said in note for note in answer.notes)


@given(st.text(max_size=300))
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gets_a_full_shelf_or_what_its_filters_leave(sample_engine: Engine, query: str) -> None:
    answer = sample_engine.answer(Request(query=query))
    filtered = answer.understood is not None and answer.understood.matching is not None  # "4L" asks for that size
    assert len(answer.items) == 12 or (filtered and answer.items)


def test_sql_in_a_query_is_only_text(sample_engine: Engine) -> None:
    request = Request(shopper=NEW_SHOPPER, query="'; DROP TABLE feedback; --", visitor="sql")
    item = sample_engine.answer(request).items[0]
    sample_engine.record(request, item.item_id, "like")
    assert len(sample_engine.feedback_of(request)) == 1
    sample_engine.forget(request)


def test_twenty_threads_get_the_same_answers_as_one(sample_engine: Engine, household: str) -> None:
    request = Request(shopper=household, query="quick dinner for kids")
    expected = [i.item_id for i in sample_engine.answer(request).items]
    got: list[list[object]] = []
    threads = [
        threading.Thread(target=lambda: got.append([i.item_id for i in sample_engine.answer(request).items]))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [expected] * 20


# --- feedback -----------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(sample_engine: Engine) -> Request:
    request = Request(shopper=NEW_SHOPPER, visitor="test-visitor")
    sample_engine.forget(request)
    return request


def test_likes_move_a_new_shoppers_shelf_and_say_why(sample_engine: Engine, visitor: Request) -> None:
    before = [i.item_id for i in sample_engine.answer(visitor).items]
    dog = sample_engine.answer(Request(query="dog food")).items[0]
    sample_engine.record(visitor, dog.item_id, "like")
    answer = sample_engine.answer(visitor)
    assert [i.item_id for i in answer.items] != before
    assert answer.movement is not None
    assert answer.movement.likes == 1
    assert answer.movement.entered
    assert any("feedback" in i.parts for i in answer.items)
    assert sample_engine.forget(visitor).feedback == 1
    assert [i.item_id for i in sample_engine.answer(visitor).items] == before


def test_feedback_turns_a_households_interest_vector(sample_engine: Engine, household: str) -> None:
    request = Request(shopper=household)
    sample_engine.forget(request)
    try:
        dog = sample_engine.answer(Request(query="dog food")).items[0]
        sample_engine.record(request, dog.item_id, "like")
        movement = sample_engine.answer(request).movement
        assert movement is not None
        assert 1 < movement.degrees < 40
        assert "liked 1 product" in movement.summary
    finally:
        sample_engine.forget(request)
    assert sample_engine.answer(request).movement is None


def test_not_for_me_takes_the_product_and_its_look_alikes_off(sample_engine: Engine, visitor: Request) -> None:
    item = sample_engine.answer(visitor).items[0]
    sample_engine.record(visitor, item.item_id, "dislike")
    kinds = [int(sample_engine.catalogue.kinds[i.row]) for i in sample_engine.answer(visitor).items]
    assert int(sample_engine.catalogue.kinds[item.row]) not in kinds
    sample_engine.undo(visitor, item.item_id, "dislike")
    assert sample_engine.answer(visitor).items[0].item_id == item.item_id


def test_nobody_cannot_leave_feedback(sample_engine: Engine) -> None:
    item = sample_engine.answer(Request()).items[0]
    with pytest.raises(BadRequestError, match="needs a person"):
        sample_engine.record(Request(), item.item_id, "like")


def test_feedback_on_an_unknown_product_is_refused(sample_engine: Engine, visitor: Request) -> None:
    with pytest.raises(BadRequestError, match="there is no product"):
        sample_engine.record(visitor, "no-such-id", "like")


# --- looking closer -----------------------------------------------------------------------------------------


def test_similarities_are_cosines_of_all_products(sample_engine: Engine) -> None:
    found = sample_engine.similarities(sample_engine.answer(Request(query="dog food")))
    assert found is not None
    assert found.to == "query"
    assert found.values.shape == (len(sample_engine.items),)
    assert -1.0 <= float(found.values.min()) < float(found.values.max()) <= 1.0 + 1e-6
    top = sample_engine.answer(
        Request(query="dog food", knobs=Knobs(meaning_weight=1.0, kind_weight=0.0, popularity=0.0, fold="none"))
    ).items[0]
    assert top.similarity == pytest.approx(float(found.values.max()), abs=1e-4)


def test_nobody_and_no_query_have_no_similarities(sample_engine: Engine) -> None:
    assert sample_engine.similarities(sample_engine.answer(Request())) is None


def test_neighbours_leave_the_product_itself_out_and_come_best_first(sample_engine: Engine) -> None:
    near = sample_engine.neighbours(3, 10)
    assert len(near) == 10
    assert 3 not in near.rows
    assert np.all(np.diff(near.scores) <= 0)


def test_households_are_found_by_id_and_by_label(sample_engine: Engine) -> None:
    first = sample_engine.shoppers.iloc[5]
    assert str(sample_engine.find_shoppers(str(first[s.SHOPPER_ID])).iloc[0][s.SHOPPER_ID]) == str(first[s.SHOPPER_ID])
    word = str(first[s.LABEL]).split()[0].lower()
    assert len(sample_engine.find_shoppers(word)) >= 1
    assert len(sample_engine.find_shoppers("zzzz-nobody")) == 0
    assert (sample_engine.find_shoppers("", 12)[s.FEATURED] >= 0).all()


def test_history_lists_what_was_bought_most_first(sample_engine: Engine, household: str) -> None:
    history = sample_engine.history(household, 10)
    assert len(history) == 10
    assert history["times"].is_monotonic_decreasing
    assert (history["days_ago"] >= 0).all()


@pytest.mark.parametrize("dims", [2, 3])
def test_a_known_product_placed_anew_lands_near_itself(sample_engine: Engine, dims: int) -> None:
    for info in sample_engine.maps():
        if info.dims != dims:
            continue
        everything = sample_engine.map_positions(info.method, dims)
        assert everything.shape == (len(sample_engine.items), dims)
        placed = sample_engine.place(info.method, dims, sample_engine.index.vectors_at(np.array([100], np.int32)))
        spread = np.ptp(everything, axis=0).max()
        assert np.linalg.norm(placed[0] - everything[100]) < 0.35 * spread


def test_feedback_never_speaks_where_the_query_has_all_the_weight(sample_engine: Engine, household: str) -> None:
    request = Request(shopper=household, query="milk", knobs=Knobs(shopper_weight=0.0))
    sample_engine.forget(request)
    before = [i.item_id for i in sample_engine.answer(request).items]
    dog = sample_engine.answer(Request(query="dog food")).items[0]
    try:
        sample_engine.record(request, dog.item_id, "like")
        assert [i.item_id for i in sample_engine.answer(request).items] == before
    finally:
        sample_engine.forget(request)


def test_two_likes_change_the_shelf_of_a_query_visibly(sample_engine: Engine, household: str) -> None:
    request = Request(shopper=household, query="quick dinner for kids")
    sample_engine.forget(request)
    items = sample_engine.answer(request).items
    try:
        for item in items[5:7]:
            sample_engine.record(request, item.item_id, "like")
        after = sample_engine.answer(request)
        ranks = {item.item_id: item.rank for item in after.items}
        liked = items[5:7]
        assert sum(ranks[i.item_id] for i in liked) < sum(i.rank for i in liked)
        assert after.movement is not None
        assert any(i.was_rank != i.rank for i in after.items)
        assert all(i.score == sum(i.parts.values()) for i in after.items)
    finally:
        sample_engine.forget(request)


def test_gibberish_is_answered_but_called_a_guess(sample_engine: Engine) -> None:
    answer = sample_engine.answer(Request(query="asdfghjkl qwerty"))
    assert answer.notes[0] == NOTHING_CLOSE
    assert not any(note == NOTHING_CLOSE for note in sample_engine.answer(Request(query="dog food")).notes)


def test_the_second_look_brings_what_is_of_the_kind_asked_for_together(sample_engine: Engine) -> None:
    """With it, the shelf's products lie nearer to each other in meaning than without it."""

    def nearness(kind_weight: float) -> float:
        knobs = Knobs(kind_weight=kind_weight, fold="none")
        rows = [i.row for i in sample_engine.answer(Request(query="dog food", k=30, knobs=knobs)).items]
        vectors = sample_engine.index.vectors_at(np.array(rows, np.int32))
        return float((vectors @ vectors.T).mean())

    assert nearness(0.5) > nearness(0.0)


def test_any_product_has_the_score_that_the_shelf_would_give_it(sample_engine: Engine) -> None:
    request = Request(query="frozen pizza", k=30, knobs=Knobs(fold="none"))
    shown = sample_engine.answer(request).items
    rows = np.array([item.row for item in shown], np.int32)[::-1]
    assert sample_engine.scores(request, rows).tolist() == [item.score for item in shown][::-1]
    others = np.setdiff1d(np.arange(sample_engine.catalogue.size, dtype=np.int32), rows)
    assert sample_engine.scores(request, others).max() <= shown[-1].score
    assert len(sample_engine.scores(request, np.empty(0, np.int32))) == 0


def test_what_the_filters_of_a_query_leave_out_stands_below_all_the_rest(sample_engine: Engine) -> None:
    request = Request(query="pizza under $5", knobs=Knobs(fold="none"))
    everything = np.arange(sample_engine.catalogue.size, dtype=np.int32)
    scores, cheap = sample_engine.scores(request, everything), sample_engine.catalogue.prices < 5
    assert 0 < cheap.sum() < len(cheap)
    assert scores[~cheap].max() < scores[cheap].min()
    pizza = np.array(["pizza" in title.lower() for title in sample_engine.catalogue.titles])
    assert scores[~cheap & pizza].mean() > scores[~cheap & ~pizza].mean()  # nearness to the query orders them


@pytest.mark.parametrize("query", ["peanut butter", "milk", "beer", "pain relievers", "frozen pizza"])
def test_a_product_is_said_to_have_the_words_of_its_title_alone(sample_engine: Engine, query: str) -> None:
    items = sample_engine.answer(Request(query=query, k=30)).items
    reasons = [part for item in items for part in item.spoken.split("; ")]
    assert any("as \u201c" in reason for reason in reasons)
    for item in items:
        words = {word.strip("\u201c\u201d").lower()[:4] for word in re.findall("\u201c[^\u201d]*\u201d", item.spoken)}
        if "as \u201c" in item.spoken.split("; ")[0] and item.spoken.startswith("Has"):
            assert all(word in item.title.lower() for word in words), item
        if item.spoken.startswith("Stands among"):
            assert item.spoken.startswith(f"Stands among \u201c{item.category}\u201d")
            assert not any(re.search(rf"\b{word[:4]}", item.title.lower()) for word in query.split())
