"""Words around what is asked for name nothing, and what is not wanted may be said with a verb."""

from __future__ import annotations

import pytest

from recsys.query.framing import framing_in
from recsys.query.intent import read_intent
from recsys.query.parts import SizePart, WithoutPart
from tests.query.understanding_shelf import vocabulary


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("do you have almonds please", "almonds"),
        ("I'm looking for some dog food", "dog food"),
        ("can I get paper towels, thanks", "paper towels"),
        ("show me white milk", "white milk"),
        ("a bag of potato chips", "potato chips"),
        ("box of cookies", "cookies"),
        ("a large box of cookies", "cookies"),
        ("family size pasta sauce", "family pasta sauce"),
        ("wine bottle", "wine bottle"),  # without "of" it may be what is asked for
        ("please", "please"),  # nothing else is left
    ],
)
def test_only_the_thing_is_searched_for(query: str, meaning: str) -> None:
    assert read_intent(query, vocabulary()).meaning == meaning


def test_a_size_class_with_a_number_is_left_to_the_amounts() -> None:
    assert list(framing_in("dog food size 4", vocabulary())) == []


def test_a_container_keeps_the_size_before_it() -> None:
    intent = read_intent("10 lb bag of red onions", vocabulary())
    assert intent.meaning == "red onions"
    assert [part.label for part in intent.only(SizePart)] == ["10 lb"]


@pytest.mark.parametrize(
    ("query", "meaning", "unwanted"),
    [
        ("cookies that don't have raisins", "cookies", "raisins"),
        ("cookies which does not contain any raisins", "cookies", "raisins"),
        ("noodles not made with egg", "noodles", "egg"),
        ("i can\u2019t eat peanuts, nuts", "nuts", "peanuts"),
        ("mixed nuts rather than peanuts", "mixed nuts", "peanuts"),
        ("nuts i'm allergic to almonds", "nuts", "almonds"),
        ("milk that isn't chocolate", "milk", "chocolate"),
        ("pasta sauce -tomatoes", "pasta sauce", "tomatoes"),
        ("cookies -raisins", "cookies", "raisins"),  # the whole is a name of the shop's, but for the sign
    ],
)
def test_what_is_not_wanted_is_said_with_a_verb_or_a_sign(query: str, meaning: str, unwanted: str) -> None:
    intent = read_intent(query, vocabulary())
    assert (intent.meaning, [part.words for part in intent.only(WithoutPart)]) == (meaning, [unwanted])
