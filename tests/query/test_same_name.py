"""One name, however it is joined, shortened or accented; and slips that are asked about and not put right."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from recsys.query.glossary import Glossary
from recsys.query.wording import together
from recsys.schema import Request
from recsys.schema.understood import Understood
from tests.query.understanding_shelf import WORDS


@pytest.mark.parametrize(
    "ways",
    [
        ("half and half", "half & half", "half-and-half", "half n half", "half 'n' half", "Half n' Half"),
        ("mac and cheese", "mac & cheese", "mac'n'cheese", "mac n cheese"),
        ("coca cola", "Coca-Cola", "cocacola"),
        ("7up", "7-up", "7 up"),
        ("m&ms", "m & m's", "M\u2019n\u2019Ms"),
        ("pop tarts", "pop-tarts", "poptarts"),
    ],
)
def test_a_name_is_the_same_however_it_is_joined(ways: tuple[str, ...]) -> None:
    assert {together(way) for way in ways} == {together(ways[0])}


def test_a_joining_letter_inside_a_word_stays() -> None:
    assert together("banana") == "banana"
    assert together("sand candy") == "sandcandy"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("redbull", ("red", "bull")),
        ("dr-pepper", ("dr", "pepper")),
        ("nappies", ("nappy",)),
        ("light-bulbs", ()),  # what the shop calls so itself is none of its synonyms
        ("sweet", ()),  # "sweets" are candy, and "sweet" is not
    ],
)
def test_a_name_is_found_joined_and_in_the_plural(said: str, name: tuple[str, ...]) -> None:
    found = WORDS.name_of(said)
    assert found == name or (said == "light-bulbs" and found == ("lightbulb",))


def test_accents_tell_a_word_of_a_language_from_another() -> None:
    glossary = Glossary([("pasta", "", "", "p\u00e2tes", "")])
    assert glossary.spells("p\u00e2tes", "fr")
    assert not glossary.spells("p\u00e2t\u00e9", "fr")


def read(engine: Engine, query: str) -> Understood:
    understood = engine.answer(Request(query=query, k=3)).understood
    assert understood is not None
    return understood


@pytest.mark.parametrize(
    ("query", "same_as"),
    [
        ("half & half", "half and half"),
        ("cocacola", "coca cola"),
        ("7-up", "7up"),
        ("almondmilk", "almond milk"),
        ("redbull", "red bull"),
        ("mac'n'cheese", "mac and cheese"),
        ("seven up", "7up"),
        ("tooth brush", "toothbrush"),
        ("guac", "guacamole"),  # the shop has neither
    ],
)
def test_the_same_name_finds_the_same(sample_engine: Engine, query: str, same_as: str) -> None:
    one, other = (sample_engine.answer(Request(query=q, k=3)) for q in (query, same_as))
    assert [item.item_id for item in one.items] == [item.item_id for item in other.items]


@pytest.mark.parametrize("query", ["p\u00e2t\u00e9", "jalape\u00f1o", "consomm\u00e9", "v8", "cocacola", "a&w"])
def test_english_shop_words_are_of_no_other_language(sample_engine: Engine, query: str) -> None:
    assert read(sample_engine, query).language_code == "en"


def test_the_name_of_a_food_is_no_slip_and_of_no_other_language(sample_engine: Engine) -> None:
    for query, kind in (("cheez-its", "crackers"), ("cr\u00e8me br\u00fbl\u00e9e", "pudding")):
        understood = read(sample_engine, query)
        assert (understood.corrected, understood.suggestion, understood.language_code) == ("", "", "en")
        assert understood.named is not None
        assert understood.named.kind.endswith(kind)


@pytest.mark.parametrize("query", ["caf\u00e9", "cr\u00e8me", "lait"])
def test_words_of_another_language_stay_so(sample_engine: Engine, query: str) -> None:
    assert read(sample_engine, query).language_code != "en"


@pytest.mark.parametrize(
    ("query", "meant"),
    [("chiken brest", "chicken breast"), ("brocolli and chesse", "broccoli and cheese"), ("bana", "bananas")],
)
def test_what_can_only_be_one_thing_is_put_right_and_said(sample_engine: Engine, query: str, meant: str) -> None:
    understood = read(sample_engine, query)
    assert understood.corrected == meant
    assert understood.changes


def test_an_abbreviation_is_asked_about_and_not_taken_for_a_slip(sample_engine: Engine) -> None:
    understood = read(sample_engine, "mtn dew")
    assert (understood.corrected, understood.suggestion) == ("", "mountain dew")
