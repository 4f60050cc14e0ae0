"""What nothing proves, on a prepared shop: claims are said to be missing, names not carried, occasions colour."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from recsys.engine.unproven import Told
from recsys.query.asides import CLAIM, NAME, OCCASION, THING
from tests.engine.test_wishes import ask, missing, texts

LABELLED, NOT_CARRIED = "Nothing here is labelled", "We do not carry"
CALLED = "Nothing here is called or labelled"


@pytest.mark.parametrize("query", ["keto", "paleo", "whole30", "low carb", "halal"])
def test_a_diet_alone_is_said_to_be_on_no_label(sample_engine: Engine, query: str) -> None:
    answer = ask(sample_engine, query)
    said = f"{CALLED} \u201c{query}\u201d"
    assert missing(answer) in {
        f"{said}: what is shown is only near in meaning.",
        f"{said}; these are the nearest things.",
    }
    assert answer.notes == (missing(answer),)
    assert answer.understood is not None
    assert answer.understood.named is None


@pytest.mark.parametrize(
    ("query", "label", "thing"),
    [
        ("whole30 salad dressing", "whole30", "dressing"),
        ("paleo snacks", "paleo", "snack"),
        ("less salty chips", "less salty", "chips"),
        ("less sugar orange juice", "less sugar", "juice"),
        ("extra crunchy peanut butter", "extra crunchy", "peanut butter"),
        ("decaf tea", "decaf", "tea"),
    ],
)
def test_a_claim_beside_a_thing_is_said_and_the_thing_stays(
    sample_engine: Engine, query: str, label: str, thing: str
) -> None:
    answer = ask(sample_engine, query)
    assert f"{LABELLED} \u201c{label}\u201d" in missing(answer)
    assert thing in texts(answer)[0]


def test_a_word_with_figures_is_no_size(sample_engine: Engine) -> None:
    assert not [item.title for item in ask(sample_engine, "whole30").items if ", 30 " in item.title]


def test_less_of_something_does_not_bring_it(sample_engine: Engine) -> None:
    assert not [text for text in texts(ask(sample_engine, "less salty chips")) if "salty" in text]


@pytest.mark.parametrize(
    ("query", "thing"),
    [
        ("super bowl snacks", "snack"),
        ("tailgate chips", "chips"),
        ("picnic plates", "plates"),
        ("baby shower cake", "cake"),
        ("graduation party balloons", "balloon"),
        ("movie night popcorn", "popcorn"),
        ("camping trip soup", "soup"),
        ("christmas morning pancakes", "pancake"),
        ("chips for the super bowl", "chips"),
        ("fourth of july napkins", "napkins"),
    ],
)
def test_an_occasion_is_no_label_and_the_thing_stays(sample_engine: Engine, query: str, thing: str) -> None:
    answer = ask(sample_engine, query)
    assert missing(answer) == ""
    assert any(thing in text for text in texts(answer)[:2])
    assert answer.understood is not None
    assert thing in f"{answer.understood.meaning}s"


@pytest.mark.parametrize("query", ["birthday candles", "camping accessories"])
def test_what_the_shop_calls_so_is_no_occasion(sample_engine: Engine, query: str) -> None:
    answer = ask(sample_engine, query)
    assert answer.understood is not None
    assert answer.understood.meaning == query


@pytest.mark.parametrize(
    ("query", "name"),
    [("lysol wipes", "lysol"), ("clif bars", "clif"), ("purina cat food", "purina"), ("tostitos salsa", "tostitos")],
)
def test_a_name_that_is_not_carried_is_said_in_its_own_words(sample_engine: Engine, query: str, name: str) -> None:
    answer = ask(sample_engine, query)
    assert missing(answer) == f"{NOT_CARRIED} \u201c{name}\u201d."
    assert missing(answer) in answer.notes
    assert not [note for note in answer.notes if note.startswith("No product text holds")]


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("steak for two", "steak"),
        ("soup for 10 people", "soup"),
        ("soup for a family of 4", "soup"),
        ("soup for a crowd", "soup"),
        ("party size potato chips", "potato chips"),
        ("dog food for puppies", "dog food"),
        ("batteries for 2 remotes", "batteries for 2 remotes"),
        ("yogurt for kids", "yogurt for kids"),
    ],
)
def test_whom_and_how_many_it_is_for_are_not_searched_for(sample_engine: Engine, query: str, meaning: str) -> None:
    answer = ask(sample_engine, query)
    assert answer.understood is not None
    assert answer.understood.meaning == meaning
    assert missing(answer) == ""


def test_what_is_for_puppies_is_still_dog_food(sample_engine: Engine) -> None:
    assert "dog food" in ask(sample_engine, "dog food for puppies").items[0].title.lower()


@pytest.mark.parametrize("query", ["single serve yogurt", "family size cereal"])
def test_how_a_package_is_called_is_no_label_of_its_own(sample_engine: Engine, query: str) -> None:
    assert missing(ask(sample_engine, query)) == ""


def test_for_many_a_large_package_comes_first(sample_engine: Engine) -> None:
    filters = sample_engine._understanding.filters
    answer = ask(sample_engine, "potato chips for 20 people")
    large = filters.large(filters.holds("potato chips"))
    assert large[answer.items[0].row]
    assert 0 < large.sum() < filters.holds("potato chips").sum()


@pytest.mark.parametrize(
    ("phrase", "role"),
    [
        ("probiotic", CLAIM),
        ("grass fed", CLAIM),
        ("low glycemic", CLAIM),
        ("hypoallergenic", CLAIM),
        ("kosher", CLAIM),
        ("heinz", NAME),
        ("pampers", NAME),
        ("tostitos", NAME),
        ("bridal shower", OCCASION),
        ("mardi gras", OCCASION),
        ("pool day", OCCASION),
        ("new years eve", OCCASION),
    ],
)
def test_what_words_are_is_told_from_packaged_knowledge(sample_engine: Engine, phrase: str, role: str) -> None:
    assert sample_engine._understanding.asides.role(phrase) == role


def test_what_is_no_claim_is_not_said_to_be_on_no_label(sample_engine: Engine) -> None:
    assert sample_engine._understanding.asides.alone("ceviche") == THING
    assert missing(ask(sample_engine, "ceviche")) == ""


def test_labels_and_names_are_one_sentence_each(sample_engine: Engine) -> None:
    unproven = sample_engine._shelf.unproven
    said = unproven.sentence(
        ["lactose-free"], Told(("halal",), ("zzyzx",)), sample_engine.catalogue.prices[:0].astype(int)
    )
    assert said == (
        f"{LABELLED} \u201clactose-free\u201d or \u201chalal\u201d: check the package. {NOT_CARRIED} \u201czzyzx\u201d."
    )
