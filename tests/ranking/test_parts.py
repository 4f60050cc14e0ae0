"""A part of a score is said in one place, and the list of them is whole."""

from __future__ import annotations

import pytest

from recsys.ranking.parts import PARTS, PartRegistry
from recsys.retrieval.part import Grounds, Part, Voice
from recsys.retrieval.popularity import POPULAR
from recsys.schema.capabilities import Capabilities, Capability
from recsys.shops.contract import People

NEW = Part("new", "New here", "#123456")


def test_parts_are_found_by_name_in_the_order_of_the_list() -> None:
    assert PARTS["popular"] is POPULAR
    assert list(PARTS.labels) == list(PARTS.colours) == [part.name for part in PARTS]
    assert "popular" in PARTS
    assert "unpopular" not in PARTS


def test_a_part_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="no part 'unpopular'; known are words, meaning"):
        PARTS["unpopular"]


def test_a_part_more_makes_another_list_and_leaves_this_one() -> None:
    more = PARTS.adding(NEW)
    assert (more.labels["new"], more.colours["new"]) == ("New here", "#123456")
    assert "new" not in PARTS
    assert PARTS.adding() is PARTS


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="popular"):
        PARTS.adding(POPULAR)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_part_has_its_words(part: Part) -> None:
    voice = Voice(People("reader", "readers"), Capabilities(frozenset({Capability.VIEWS})))
    said = " ".join((part.label, voice.say(part.stage), part.phrase(Grounds({"times": 3.0}, {}, voice))))
    assert part.label
    assert not {"household", "households", "{", "}"} & set(said.split())
    assert (part.retriever is None) or part.stage


def test_what_is_sought_for_a_query_says_how_well_it_answers() -> None:
    assert [part.name for part in PARTS if part.answers] == ["words", "meaning", "languages", "looks", "shown"]


def test_a_list_of_no_parts_is_a_list() -> None:
    assert len(PartRegistry(())) == 0
