"""Scores are exactly the sum of their parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.ranking.parts import PARTS
from recsys.ranking.weighted_parts import GRAIN, Weights, on_grain, order, to_unit_range
from recsys.retrieval.part import Known, Part
from recsys.schema import Knobs


def shared(knobs: Knobs, **known: bool) -> Weights:
    return Weights.of(PARTS, Known(knobs, **known))


shares = st.floats(0, 1).map(lambda x: round(x, 3))


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=6), st.randoms())
def test_parts_on_the_grain_add_up_exactly_in_any_order(values: list[float], random: object) -> None:
    parts = on_grain(np.array(values)).tolist()
    shuffled = sorted(parts, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert sum(parts) == sum(shuffled)


def test_the_grain_is_about_a_millionth() -> None:
    assert on_grain(np.array([0.3]))[0] == pytest.approx(0.3, abs=GRAIN)


@given(shares, shares, shares, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_weights_are_shares_of_one(
    shopper: float,
    meaning: float,
    discovery: float,
    query: bool,
    words: bool,
    history: bool,
    interest: bool,
    shortlist: bool,
) -> None:
    knobs = Knobs(shopper_weight=shopper, meaning_weight=meaning, discovery=discovery, exploration=discovery)
    w = shared(
        knobs, query=query, words=words, history=history, interest=interest and history, shortlist=shortlist and history
    )
    values = [*w.of_part.values(), w.learned]
    assert min(values) >= 0
    assert sum(values) == pytest.approx(1.0)


def test_where_parts_ask_for_more_than_all_of_it_each_gets_less() -> None:
    more = PARTS.adding(Part("new", "New", "#000000", weight=lambda known: 0.25))
    w = Weights.of(more, Known(Knobs()))
    assert (w["popular"], w["new"]) == pytest.approx((1.0 / 1.25, 0.25 / 1.25))


def test_across_languages_the_share_of_meaning_goes_to_the_other_vectors() -> None:
    here, across = (Weights.of(PARTS, Known(Knobs(), query=True, across=across)) for across in (False, True))
    assert (here["meaning"], here["languages"]) == (across["languages"], across["meaning"])
    assert here["meaning"] > 0 == here["languages"]


def test_a_query_alone_is_words_and_meaning() -> None:
    knobs = Knobs(meaning_weight=0.75, popularity=0.0, kind_weight=0.0)
    w = shared(knobs, query=True, words=True, history=False, interest=False)
    assert (w["words"], w["meaning"]) == (0.25, 0.75)


def test_a_query_without_a_known_word_is_meaning_alone() -> None:
    w = shared(Knobs(popularity=0.0, kind_weight=0.0), query=True, words=False, history=False, interest=False)
    assert (w["words"], w["meaning"]) == (0.0, 1.0)


def test_query_and_shopper_share_by_the_visible_weight() -> None:
    w = shared(
        Knobs(shopper_weight=0.25, discovery=0.5, popularity=0.0), query=True, words=True, history=True, interest=True
    )
    assert w["words"] + w["meaning"] + w["kind"] == pytest.approx(0.75)
    assert w["repeat"] == w["taste"] == pytest.approx(0.125)


def test_the_learned_order_alone_makes_the_shelf_where_there_is_one() -> None:
    w = shared(Knobs(), query=False, words=False, history=True, interest=True, shortlist=True)
    assert w == Weights(learned=1.0)


def test_exploration_gives_the_learned_orders_share_to_taste() -> None:
    w = shared(Knobs(exploration=0.25), query=False, words=False, history=True, interest=True, shortlist=True)
    assert w == Weights({"taste": 0.25}, learned=0.75)


def test_beside_a_query_repeats_and_taste_speak_for_the_shopper_and_not_the_learned_order() -> None:
    known = {"query": True, "words": True, "history": True, "interest": True}
    assert shared(Knobs(), shortlist=True, **known) == shared(Knobs(), **known)


def test_where_only_the_shopper_counts_it_is_as_if_nothing_had_been_asked() -> None:
    known = {"words": True, "history": True, "interest": True, "shortlist": True}
    assert shared(Knobs(shopper_weight=1.0), query=True, **known) == shared(Knobs(), query=False, **known)


def test_the_kind_asked_for_takes_its_share_from_words_and_meaning() -> None:
    knobs = Knobs(meaning_weight=0.5, popularity=0.0, kind_weight=0.2)
    w = shared(knobs, query=True, words=True, history=False, interest=False)
    assert (w["words"], w["meaning"], w["kind"]) == pytest.approx((0.4, 0.4, 0.2))


def test_popularity_takes_its_share_from_all_the_others() -> None:
    w = shared(
        Knobs(popularity=0.2, meaning_weight=0.5, kind_weight=0.0),
        query=True,
        words=True,
        history=False,
        interest=False,
    )
    assert (w["words"], w["meaning"], w["popular"]) == pytest.approx((0.4, 0.4, 0.2))


def test_nothing_known_is_popularity() -> None:
    w = shared(Knobs(), query=False, words=False, history=False, interest=False)
    assert w == Weights({"popular": 1.0})


def test_scaling_puts_the_floor_at_zero_and_the_best_at_one() -> None:
    scaled = to_unit_range(np.array([0.2, 0.4, 0.6, 0.1], np.float32), 0.2)
    assert scaled == pytest.approx([0.0, 0.5, 1.0, 0.0], abs=1e-6)


def test_scaling_equal_scores_or_none_gives_zeros() -> None:
    assert to_unit_range(np.array([0.5, 0.5], np.float32), 0.5).tolist() == [0.0, 0.0]
    assert to_unit_range(np.empty(0, np.float32), 0.0).tolist() == []


def test_ties_go_by_row() -> None:
    assert order(np.array([0.5, 0.9, 0.5]), np.array([7, 3, 2], np.int32)).tolist() == [1, 2, 0]
