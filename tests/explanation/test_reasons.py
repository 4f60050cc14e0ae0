"""A reason names the parts that put the product there, the larger first."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from recsys.explanation import reasons
from recsys.retrieval.part import Grounds, Voice
from recsys.schema.capabilities import Capabilities, Capability
from recsys.schema.money import Money
from recsys.shops.contract import People

FACTS = {"times": 14.0, "days_ago": 9.0, "cosine_query": 0.62, "buyers": 812.0, "shoppers": 2469.0}
WORDS = {"matched": "\u201cpasta\u201d", "like": "Frozen pizza", "feedback": "Garlic bread"}

HOUSEHOLDS = Voice(People("household", "households"))
EUROS = Money("EUR", "de_DE")
READERS = Voice(People("reader", "readers"), Capabilities(frozenset({Capability.VIEWS})))  # nobody knows when


def reason(
    scored: Mapping[str, float], facts: Mapping[str, float], names: Mapping[str, str], voice: Voice = HOUSEHOLDS
) -> str:
    return reasons.reason(scored, Grounds(facts, names, voice))


def habit(scored: Mapping[str, float], facts: Mapping[str, float]) -> str:
    return reasons.habit(scored, Grounds(facts, {}, HOUSEHOLDS))


def test_the_larger_part_is_named_first() -> None:
    line = reason({"words": 0.1, "repeat": 0.4}, FACTS, WORDS)
    assert line == "Bought 14 times, last 9 days ago \u00b7 has \u201cpasta\u201d"


def test_a_small_part_is_not_named() -> None:
    assert reason({"meaning": 0.9, "repeat": 0.05}, FACTS, WORDS) == "Close in meaning to the query (0.62 of 1)"


def test_at_most_two_parts_are_named() -> None:
    assert reason({"words": 0.3, "meaning": 0.3, "repeat": 0.3}, FACTS, WORDS).count("\u00b7") == 1


def test_taste_names_what_the_household_buys() -> None:
    assert reason({"taste": 0.4}, FACTS | {"times": 0.0}, WORDS) == "Like the frozen pizza they buy"


def test_taste_points_to_no_other_product_when_this_one_was_bought() -> None:
    assert reason({"taste": 0.4}, FACTS, WORDS) == "Fits what they buy"


def test_popularity_says_how_many_of_how_many() -> None:
    assert reason({"popular": 1.0}, FACTS, WORDS) == "Bought by 812 of 2,469 households"


def test_counts_are_written_as_in_the_shop_s_country() -> None:
    voice = Voice(People("member", "members"), money=EUROS)
    assert reason({"popular": 1.0}, FACTS, {}, voice) == "Bought by 812 of 2.469 members"


def test_feedback_names_what_was_picked() -> None:
    assert reason({"feedback": 0.4}, FACTS, WORDS) == "Close to what you picked: garlic bread"


def test_what_was_picked_itself_says_so() -> None:
    assert reason({"feedback": 0.4}, FACTS, WORDS | {"own": "own"}) == "You picked it"


def test_a_product_pushed_down_by_feedback_is_explained_by_its_other_parts() -> None:
    assert reason({"words": 0.5, "feedback": -0.2}, FACTS, WORDS) == "Has \u201cpasta\u201d"


def test_once_and_twice_are_words() -> None:
    once = reason({"repeat": 1.0}, {"times": 1.0, "days_ago": 1.0}, {})
    assert once == "Bought once, last a day ago"


def test_what_the_learned_order_knows_is_said_in_plain_words() -> None:
    parts = {"repeat": 0.5, "others": 0.3}
    assert reason(parts, FACTS, WORDS) == "Bought 14 times, last 9 days ago \u00b7 bought by households like this one"
    assert reason({"due": 0.4, "together": 0.3}, FACTS, WORDS) == "About due again \u00b7 goes with what they buy"
    assert reason({"price": 0.4}, FACTS, WORDS) == "In their range of prices"


def test_what_was_never_bought_is_not_said_to_be_bought_again() -> None:
    never = FACTS | {"times": 0.0}
    assert reason({"repeat": 0.5, "due": 0.3}, never, WORDS) == "Not bought before: new to them"
    assert spoken({"repeat": 0.5, "due": 0.3}, never) == "New to you"


def test_what_the_learned_order_makes_of_its_kind_is_said_of_its_kind() -> None:
    alike = FACTS | {"times": 0.0, "kind_times": 3.0}
    line = reason({"repeat": 0.5, "due": 0.3}, alike, WORDS)
    assert line == "Not bought itself, others of its kind 3 times \u00b7 fits when its kind was last bought"
    line = spoken({"repeat": 0.5, "due": 0.3}, alike)
    assert line == "New to you, but you bought others of its kind; it fits when you last bought its kind"


def test_what_a_shortlist_starts_with_hides_no_reason_and_is_none() -> None:
    parts = {"shortlist": 0.55, "others": 0.1, "repeat": 0.05, "popular": 0.02}
    assert reason(parts, FACTS, WORDS) == "Bought by households like this one \u00b7 bought 14 times, last 9 days ago"


def test_where_nothing_large_has_words_the_largest_that_has_some_is_said() -> None:
    assert reason({"shortlist": 0.5, "unnamed": 0.4, "price": 0.01}, FACTS, WORDS) == "In their range of prices"


def test_a_habit_is_what_was_bought_or_the_taste_whichever_counts_more() -> None:
    assert habit({"repeat": 0.2, "taste": 0.1, "words": 0.5}, FACTS) == "bought 14 times, last 9 days ago"
    assert habit({"repeat": 0.0, "taste": 0.1}, FACTS | {"times": 0.0}) == "fits the household's taste"


def test_a_shops_people_are_called_by_its_own_words() -> None:
    assert reason({"popular": 1.0}, FACTS, {}, READERS) == "Chosen by 812 of 2,469 readers"
    assert reason({"others": 1.0}, FACTS, {}, READERS) == "Chosen by readers like this one"
    assert reason({"taste": 1.0}, {}, {}, READERS) == "Fits the reader's taste"
    assert reason({"taste": 1.0}, {}, WORDS, READERS) == "Like the frozen pizza they choose"


def test_where_nobody_knows_when_no_days_are_claimed() -> None:
    assert reason({"repeat": 1.0}, FACTS, {}, READERS) == "Chosen 14 times"
    assert reason({"due": 1.0}, FACTS, {}, READERS) == "Chosen by 812 of 2,469 readers"


def spoken(scored: Mapping[str, float], facts: Mapping[str, float] = FACTS) -> str:
    return reasons.spoken(scored, Grounds(facts, WORDS, HOUSEHOLDS))


def test_a_spoken_reason_speaks_to_the_shopper() -> None:
    assert spoken({"repeat": 0.8, "due": 0.1, "popular": 0.1}) == "You bought it 14 times; due again"
    larger_first = spoken({"repeat": 0.5, "due": 0.1, "others": 0.4})
    assert larger_first == "You bought it 14 times; households like you buy it"


@pytest.mark.parametrize(("due", "said"), [(0.3, True), (0.1, True), (0.09, False), (0.0, False), (-0.1, False)])
def test_the_shopper_and_the_analyst_are_told_by_one_rule_that_it_is_due(due: float, said: bool) -> None:
    rest = {"others": 0.19, "together": 0.19, "price": 0.12 - max(due, 0.0)}  # each of them too small to be said
    scored = {"repeat": 0.5, "due": due, **rest} if due < 0.12 else {"repeat": 0.7, "due": due}
    assert ("due again" in spoken(scored)) is said
    assert ("due again" in reason(scored, FACTS, WORDS)) is said


def test_a_spoken_reason_says_once_that_it_answers_the_query_and_gives_no_figure_of_it() -> None:
    assert spoken({"meaning": 0.5, "kind": 0.3, "words": 0.3}) == "Close to what you asked for"


def test_what_is_far_from_the_query_is_called_a_guess() -> None:
    assert spoken({"meaning": 0.5}, FACTS | {"cosine_query": 0.31}) == "A guess: nearest to what you asked for"


def test_a_spoken_reason_without_anything_to_say_tells_how_many_buy_it() -> None:
    assert spoken({"shortlist": 0.3}, FACTS | {"times": 0.0}) == "Bought by 812 of 2,469 households"


def test_words_that_only_its_shelf_has_are_said_of_the_shelf() -> None:
    names = {"matched": "", "shelf": "Pain relievers"}
    assert reason({"words": 0.4}, FACTS, names) == "Stands among \u201cPain relievers\u201d"
    assert reason({"words": 0.4}, FACTS, names | {"matched": "\u201cpain\u201d"}) == "Has \u201cpain\u201d"
