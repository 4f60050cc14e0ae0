"""Exclusions, labels and sizes on a prepared shop: the thing asked for stays, and what nothing proves is said."""

from __future__ import annotations

import pytest

from recsys.engine import Engine
from recsys.schema import Answer, Request


def ask(engine: Engine, query: str, k: int = 3) -> Answer:
    answer = engine.answer(Request(query=query, k=k))
    assert answer.items
    return answer


def texts(answer: Answer) -> list[str]:
    return [f"{item.title} | {item.category}".lower() for item in answer.items]


def missing(answer: Answer) -> str:
    assert answer.understood is not None
    return answer.understood.missing


@pytest.mark.parametrize(
    ("query", "thing", "unwanted"),
    [
        ("coffee not decaf", "coffee", "decaf"),
        ("regular coffee, no decaf", "coffee", "decaf"),
        ("nuts w/out peanuts", "nut", "| peanuts"),
        ("cheese other than shredded", "cheese", "shredded"),
        ("carbonated soft drinks", "soft drinks", "non-carbonated"),
        ("spf sunscreen", "sun", "without spf"),
        ("galletas sin chocolate", "cookie", "chocolate"),
        ("Kekse ohne Schokolade", "cookie", "chocolate"),
        ("无巧克力饼干", "cookie", "chocolate"),
    ],
)
def test_what_is_not_wanted_or_denied_is_not_shown(
    sample_engine: Engine, query: str, thing: str, unwanted: str
) -> None:
    found = texts(ask(sample_engine, query))
    assert thing in found[0]
    assert not [text for text in found if unwanted in text]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("alcohol-free beer", "non-alcoholic beer"),
        ("bouquet without roses", "without roses"),
        ("dairy free creamer", "non-dairy creamer"),
    ],
)
def test_what_denies_the_unwanted_comes_first(sample_engine: Engine, query: str, first: str) -> None:
    answer = ask(sample_engine, query)
    assert first in texts(answer)[0]
    assert missing(answer) == ""


@pytest.mark.parametrize(
    ("query", "label", "thing"),
    [
        ("lactose free milk", "lactose-free", "milk"),
        ("gluten free pasta", "gluten-free", "pasta"),
        ("low sodium soup", "low sodium", "soup"),
        ("greek yogurt", "greek", "yogurt"),
        ("unscented candles", "unscented", "candle"),
        ("leche sin lactosa", "lactose-free", "milk"),
        ("80% lean ground beef", "80%", "beef"),
    ],
)
def test_a_label_that_nothing_bears_is_said_in_one_sentence(
    sample_engine: Engine, query: str, label: str, thing: str
) -> None:
    answer = ask(sample_engine, query)
    assert f"\u201c{label}\u201d" in missing(answer)
    assert missing(answer) in answer.notes
    assert thing in texts(answer)[0]


@pytest.mark.parametrize(
    "query", ["milk", "kosher hot dogs", "unsweetened tea", "sugar free pies", "movie night snacks"]
)
def test_nothing_is_said_to_be_missing_where_it_is_there(sample_engine: Engine, query: str) -> None:
    assert missing(ask(sample_engine, query)) == ""


def test_the_shops_own_examples_say_what_they_cannot_prove(sample_engine: Engine) -> None:
    for query in sample_engine.shop.examples.queries:
        answer = ask(sample_engine, query)
        assert ("free" in query) == bool(missing(answer)), query


@pytest.mark.parametrize(
    ("query", "thing"),
    [
        ("toilet paper 12 pack", "toilet paper"),
        ("milk 3 gallons", "milk"),
        ("bottled water 37 pack", "water"),
        ("ketchup 500 oz", "ketchup"),
    ],
)
def test_a_size_gives_way_to_the_nearest_of_the_same_thing(sample_engine: Engine, query: str, thing: str) -> None:
    answer = ask(sample_engine, query)
    assert thing in texts(answer)[0]
    assert answer.understood is not None
    assert "the nearest" in answer.understood.relaxed
    assert [chip.given_up for chip in answer.understood.chips] == [True]


def test_the_size_asked_for_comes_first_and_others_of_the_thing_follow(sample_engine: Engine) -> None:
    answer = ask(sample_engine, "milk 1 gallon", k=12)
    assert "1 gallon" in answer.items[0].title
    assert all("milk" in text for text in texts(answer)[:3])


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("1% milk", "1 pint"),
        ("2% milk", "2 "),
        ("ibuprofen 200mg", "200 count"),
        ("80% lean ground beef", "80 oz"),
        ("90/10 ground beef", "10 "),
    ],
)
def test_an_amount_is_never_taken_for_another(sample_engine: Engine, query: str, wrong: str) -> None:
    assert not [item.title for item in ask(sample_engine, query).items if f", {wrong}" in item.title]


def test_a_size_class_is_found_on_labels(sample_engine: Engine) -> None:
    answer = ask(sample_engine, "diapers size 4")
    assert "diapers" in texts(answer)[0]
    assert "size 4" in answer.items[0].title or missing(answer)


def test_a_score_is_still_the_sum_of_its_parts(sample_engine: Engine) -> None:
    for item in ask(sample_engine, "alcohol-free beer").items:
        assert item.score == sum(item.parts.values())
    assert ask(sample_engine, "alcohol-free beer").items[0].parts["wished"] > 0


def test_words_of_one_label_are_said_together(sample_engine: Engine) -> None:
    assert "“heart healthy”" in missing(ask(sample_engine, "heart healthy cereal"))


def test_who_a_thing_is_for_is_no_label_of_its_own(sample_engine: Engine) -> None:
    assert "“friendly”" not in missing(ask(sample_engine, "kid friendly cereal"))


def test_a_second_word_of_a_name_is_no_label(sample_engine: Engine) -> None:
    assert missing(ask(sample_engine, "tide pods")) == ""


def test_of_what_is_counted_in_rolls_a_pack_is_so_many_rolls(sample_engine: Engine) -> None:
    items = sample_engine.items
    rolls = items[items["size"].str.fullmatch(r"[0-9]+ rolls") & items["name"].str.contains("oilet paper|aper towels")]
    assert len(rolls)
    for name, size in rolls[["name", "size"]].drop_duplicates().itertuples(index=False):
        thing = "toilet paper" if "oilet" in name else "paper towels"
        answer = ask(sample_engine, f"{thing} {size.split()[0]} pack")
        assert size in answer.items[0].title or f"{size.split()[0]} " in answer.items[0].title
        assert thing in texts(answer)[0]
        assert missing(answer) == ""
