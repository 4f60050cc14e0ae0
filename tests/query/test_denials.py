"""What a text denies, what a query wants denied, and amounts that are no size."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from recsys import schema as s
from recsys.query.claims import denials_asked
from recsys.query.denials import denied_in
from recsys.query.foreign_exclusions import exclusions_of
from recsys.query.intent import read_intent
from recsys.query.measures import measures_in
from recsys.query.parts import WithoutPart
from recsys.query.vocabulary import Vocabulary
from tests.query.understanding_shelf import WORDS, vocabulary


@pytest.mark.parametrize(
    ("name", "denied"),
    [
        ("Suntan products without SPF", {"spf"}),
        ("Non-carbonated soft drinks, bottles", {"carbonated"}),
        ("Sugar-free pies", {"sugar"}),
        ("Refrigerated fruit drinks, no juice", {"juice"}),
        ("Vinegar, except wine & rice", {"wine", "rice"}),
        ("Ready-to-drink unsweetened tea", {"sweetened"}),
        ("Boneless chicken breast", {"bone"}),
        ("Nonfat dry milk", {"fat"}),
        ("White milk", set()),
    ],
)
def test_what_a_name_denies(name: str, denied: set[str]) -> None:
    assert set(denied_in(name)) == denied


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("gluten free pasta", ["gluten-free"]),
        ("lactose-free milk", ["lactose-free"]),
        ("no salt added green beans", ["no salt added"]),
        ("applesauce without added sugar", ["no sugar added"]),
        ("non-gmo tofu", ["non-gmo"]),
        ("orange juice no pulp", ["no pulp"]),
        ("no bake cheesecake", []),
        ("buy one get one free", []),
        ("pasta no egg", []),  # the catalogue knows eggs: they are left out
    ],
)
def test_what_a_query_wants_denied(query: str, labels: list[str]) -> None:
    assert [claim.label for claim in denials_asked(query, vocabulary())] == labels


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("ibuprofen 200mg", ["200 mg"]),
        ("1% milk", ["1%"]),
        ("93/7 ground beef", ["93/7"]),
        ("24/7 candles", []),  # no share: they are not a hundred together
        ("diapers size 4", ["size 4"]),
        ("toilet paper 12 rolls", ["12 rolls"]),
        ("60 watts bulb", ["60 watts"]),
        ("60w bulb", ["60 watt"]),
        ("8-piece fried chicken", ["8 piece"]),
        ("laundry detergent 64 loads", ["64 loads"]),
        ("milk 16 oz", []),  # a size, for `sizes_in`
        ("4 in 1 shampoo", []),
        ("mp3 player", []),
    ],
)
def test_an_amount_keeps_its_unit(text: str, labels: list[str]) -> None:
    assert [claim.label for claim in measures_in(text, WORDS)] == labels


def test_the_words_of_a_claim_are_not_of_the_thing() -> None:
    intent = read_intent("gluten free pasta size 4", vocabulary())
    assert (intent.meaning, intent.thing) == ("gluten free pasta size 4", "pasta")
    assert [claim.label for claim in intent.claims] == ["gluten-free", "size 4"]


def test_a_word_that_the_shop_itself_says_goes_on_naming_the_thing() -> None:
    names = ["Wireless mouse", "Mouse with a wire", "Wireless headphones", "Headphones", "Mouse pad"]
    items = pd.DataFrame({s.NAME: names, s.TITLE: names, s.BRAND: "", s.SIZE: "", s.CATEGORY: "", s.PRICE: 9.0})
    shop = Vocabulary.of(items.assign(**{s.DEPARTMENT: "All"}), WORDS)
    assert read_intent("wireless mouse", shop).thing == "wireless mouse"
    without = items.assign(**{s.NAME: [name.replace("Wireless ", "") for name in names]})
    assert read_intent("wireless mouse", Vocabulary.of(without.assign(**{s.DEPARTMENT: "All"}), WORDS)).thing == "mouse"


@pytest.mark.parametrize(
    ("query", "code", "rest", "unwanted"),
    [
        ("galletas sin chocolate", "es", "galletas", ("chocolate",)),
        ("Brot ohne Nüsse und Eier", "de", "Brot", ("nuts", "eggs")),
        ("glutenfreie Nudeln", "de", "Nudeln", ("gluten",)),
        ("glace sans noix", "fr", "glace", ("nuts",)),
        ("pain sans lait ni oeufs", "fr", "pain", ("milk", "eggs")),
        ("不要花生的坚果", "zh", "坚果", ("peanuts",)),
        ("无巧克力饼干", "zh", "饼干", ("chocolate",)),
        ("leche entera", "es", "leche entera", ()),
        ("galletas que no tengan chocolate", "es", "galletas", ("chocolate",)),
        ("soy alérgico a los cacahuetes galletas", "es", "galletas", ("peanuts",)),
        ("Kekse die keine Schokolade enthalten", "de", "Kekse", ("chocolate",)),
        ("Brot nicht mit Nüssen", "de", "Brot", ("nuts",)),
        ("biscuits qui ne contiennent pas de chocolat", "fr", "biscuits", ("chocolate",)),
        ("不想要巧克力的饼干", "zh", "饼干", ("chocolate",)),
    ],
)
def test_exclusions_of_other_languages(query: str, code: str, rest: str, unwanted: tuple[str, ...]) -> None:
    assert exclusions_of(query, code, WORDS.glossary) == (rest, unwanted)


def test_what_is_said_seventy_times_is_read_once_and_fast() -> None:
    text = " ".join(["no egg"] * 70)
    read_intent(text, vocabulary())
    started = time.process_time()
    intent = read_intent(text, vocabulary())
    assert time.process_time() - started < 0.05
    assert len(intent.only(WithoutPart)) == 1


def test_no_more_than_a_dozen_exclusions_are_read() -> None:
    text = " ".join(f"-food{letter}" for letter in "abcdefghijklmnop")
    assert len(read_intent(text, vocabulary()).only(WithoutPart)) == 12
