"""Queries are read by the words and the money of their shop, side by side with those of any other shop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.engine.reading import price_bands
from recsys.query.filters import ItemFilters
from recsys.query.intent import Intent, read_intent
from recsys.query.parts import MakePart, PricePart
from recsys.query.synonyms import swapped
from recsys.query.understanding import Understanding
from recsys.query.vocabulary import Vocabulary
from recsys.query.words import ShopWords
from recsys.schema.capabilities import Capability
from recsys.schema.money import DOLLARS, Money
from recsys.shops import registry
from tests.query.understanding_shelf import ENGLISH, WORDS, vocabulary
from tests.shops import outdoor

EUROS = ShopWords(None, Money("EUR", "de_DE"))
GEAR = outdoor.items().assign(**{s.SIZE: ""})  # 200 things of four makes, none of which stands in a name
TITLES = GEAR.assign(**{s.NAME: GEAR[s.TITLE], s.BRAND: "", s.CATEGORY: "", s.DEPARTMENT: "", s.PRICE: np.nan})


def read(text: str, words: ShopWords = EUROS, items: pd.DataFrame = GEAR) -> Intent:
    return read_intent(text, Vocabulary.of(items, words))


def write(folder: Path, **tables: str) -> Path:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_two_shops_are_read_in_one_process_each_by_its_own_words(tmp_path: Path) -> None:
    write(tmp_path, synonyms="asked,shop\ncoke,charcoal\n", brands="phrase,brand\nour own,Kumo\n")
    ours = ShopWords(tmp_path, Money("EUR", "de_DE"), house_brand="Kumo")
    coal = pd.DataFrame([GEAR.iloc[1].to_dict() | {s.NAME: "charcoal"}])
    both = {
        "theirs": (vocabulary(), "store brand under $3", ["store brand", "price below $3.00"], "soft drinks"),
        "ours": (
            Vocabulary.of(pd.concat([GEAR, coal]).reset_index(drop=True), ours),
            "our own under 3,50 €",
            ["kumo", "price below 3,50\xa0€"],
            "charcoal",
        ),
    }
    for _ in range(2):  # the second time after the other has been read
        for words, query, labels, meant in both.values():
            assert [part.label for part in read_intent(query, words).parts] == labels
            assert swapped("coke", words) == (meant, (("coke", meant),))
    assert read_intent("store brand tent", both["ours"][0]).parts == ()
    assert read_intent("our own milk", both["theirs"][0]).parts == ()


def test_patterns_are_compiled_once_for_a_shop_and_anew_for_another() -> None:
    made = []

    def make(words: ShopWords) -> ShopWords:
        made.append(words)
        return words

    other = ShopWords(None, DOLLARS)
    assert EUROS.once(make) is EUROS.once(make) is EUROS
    assert other.once(make) is other
    assert made == [EUROS, other]


EURO_AMOUNTS = [
    ("tent under 3 €", None, 3.0),
    ("tent under 3€", None, 3.0),
    ("tent 3 euros", None, 3.0),
    ("€5 tent", None, 5.0),
    ("tent 5 EUR", None, 5.0),
    ("EUR 5 tent", None, 5.0),
    ("tent under 12,50 €", None, 12.5),
    ("tent under 2.50", None, 2.5),
    ("tent under 1.000 euros", None, 1000.0),
    ("tent over 1.234,50 €", 1234.5, None),
    ("tent 20 € to 40 €", 20.0, 40.0),
    ("tent 3 euros and 50 cents", None, 3.5),
]


@pytest.mark.parametrize(("query", "low", "high"), EURO_AMOUNTS)
def test_an_amount_is_read_in_the_money_of_the_shop_as_its_people_write_it(
    query: str, low: float | None, high: float | None
) -> None:
    intent = read(query)
    (part,) = intent.only(PricePart)
    assert (part.low, part.high, intent.meaning, intent.notes) == (low, high, "tent", ())


@pytest.mark.parametrize(
    ("money", "query", "label"),
    [
        (Money("GBP", "en_GB"), "tent £5", "price up to £5.00"),
        (Money("GBP", "en_GB"), "tent under 5 pounds", "price below £5.00"),
        (Money("GBP", "en_GB"), "tent 50 pence", "price up to £0.50"),
        (Money("CHF", "de_CH"), "tent under CHF 1'000", "price below CHF\xa01'000.00"),
        (Money("EUR", "fr_FR"), "tent under 1 000 €", "price below 1\u202f000,00\xa0€"),
        (Money("EUR", "en_IE"), "tent under €1,000", "price below €1,000.00"),
        (Money("DKK", "da_DK"), "tent under 5 kr.", "price below 5,00\xa0kr."),
        (Money("JPY", "ja_JP"), "tent 500 yen", "price up to \uffe5500"),
        (DOLLARS, "tent 5 USD", "price up to $5.00"),
    ],
)
def test_any_money_is_read_and_written(money: Money, query: str, label: str) -> None:
    intent = read(query, ShopWords(None, money))
    assert [part.label for part in intent.parts] == [label]
    assert (intent.meaning, intent.notes) == ("tent", ())


@pytest.mark.parametrize(
    ("money", "query", "note"),
    [
        (Money("EUR", "de_DE"), "tent under $5", "Prices are in euros; the amount was read as euros."),
        (Money("GBP", "en_GB"), "tent 5 euros", "Prices are in British pounds; the amount was read as pounds."),
        (DOLLARS, "tent £5", "Prices are in US dollars; the amount was read as dollars."),
    ],
)
def test_other_money_is_read_as_the_shops_and_said(money: Money, query: str, note: str) -> None:
    intent = read(query, ShopWords(None, money))
    assert [part.kind for part in intent.parts] == ["price"]
    assert intent.notes == (note,)


def test_pounds_are_a_weight_where_they_are_no_money() -> None:
    sized = GEAR.assign(**{s.SIZE: "5 lb"})
    assert [part.label for part in read("rice 5 pounds", EUROS, sized).parts] == ["5 lb"]
    pounds = ShopWords(None, Money("GBP", "en_GB"))
    assert [part.label for part in read("rice 5 pounds", pounds, sized).parts] == ["price up to £5.00"]
    assert [part.label for part in read("rice 5 lb", pounds, sized).parts] == ["5 lb"]
    assert read("quarter pound burgers", pounds, sized).parts == ()


@pytest.mark.parametrize("locale", ["de_DE", "fr_FR", "en_IE", "nl_NL", "fi_FI", "es_ES"])
def test_a_price_band_is_a_filter_that_a_query_can_hold(locale: str) -> None:
    words = ShopWords(None, Money("EUR", locale))
    prices = GEAR[s.PRICE].to_numpy() * 30  # bands end beyond a thousand
    known, filters = Vocabulary.of(GEAR, words), ItemFilters.of(GEAR.assign(**{s.PRICE: prices}), words)
    bands = price_bands(prices, words.money)
    assert len(bands) == 3
    for band, count in bands:
        intent = read_intent(f"tent {band}", known)
        (part,) = intent.parts
        mask = filters.mask(part)
        assert mask is not None
        assert (intent.meaning, int(mask.sum())) == ("tent", count)


def chosen(filters: ItemFilters, intent: Intent) -> list[bool]:
    """What the first part of the intent leaves."""
    mask = filters.mask(intent.parts[0])
    assert mask is not None
    return list(map(bool, mask))


def test_a_make_is_a_chip_and_can_be_left_out() -> None:
    filters = ItemFilters.of(GEAR, EUROS)
    makes = GEAR[s.BRAND]
    wanted = read("kumo tent under 200 €")
    assert [part.label for part in wanted.parts] == ["brand Kumo", "price below 200,00\xa0€"]
    assert wanted.meaning == "kumo tent"
    assert chosen(filters, wanted) == (makes == "Kumo").tolist()
    for query in ("tent without Kumo", "tent not kumo", "tent -kumo"):
        intent = read(query)
        assert [part.label for part in intent.parts] == ["without kumo"], query
        assert intent.meaning == "tent"
        assert chosen(filters, intent) == (makes != "Kumo").tolist()
    two = read("tent without Kumo or Solano")
    assert [part.label for part in two.parts] == ["without kumo", "without solano"]


@pytest.mark.parametrize(
    ("make", "names"),
    [
        ("Orange", ["orange lantern", "orange tent", "rope", "stove", "lamp"]),  # a colour of others' things
        ("Lantern", ["oil", "wick", "tent", "stove", "lamp"]),  # a category
        ("Kettles", ["kettle", "steel kettle", "kettle lid", "stove", "lamp"]),  # one form of a word of others
    ],
)
def test_a_make_that_is_an_ordinary_word_of_names_is_a_word(make: str, names: list[str]) -> None:
    items = GEAR.head(5).assign(**{s.NAME: names, s.BRAND: [make, *"BCDE"], s.CATEGORY: "Lanterns"})
    known = Vocabulary.of(items, EUROS)
    assert read_intent(f"{make} thing", known).only(MakePart) == ()
    assert not known.reads_brand(make)


def test_a_shops_own_table_says_what_a_make_is_called(tmp_path: Path) -> None:
    write(tmp_path, brands="phrase,brand\nthe bear people,Tarnbeck\nnobody here,Acme\n")
    words = ShopWords(tmp_path, Money("EUR", "de_DE"))
    assert [part.label for part in read("the bear people tent", words).parts] == ["brand Tarnbeck"]
    assert read("nobody here tent", words).parts == ()


def test_a_shop_adds_units_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, units="spelling,unit,grams,milliliters,count,alone\nstone,stone,6350.29,,,no\n")
    words = ShopWords(tmp_path, Money("GBP", "en_GB"))
    assert words.units["stone"].grams == 6350.29
    assert words.units["kg"].grams == EUROS.units["kg"].grams == 1000
    assert "stone" not in EUROS.units


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("tent under 30 €", Capability.PRICES),
        ("tent between 20 and 40 euros", Capability.PRICES),
        ("sleeping bag 500 g", Capability.SIZES),
    ],
)
def test_what_a_shop_lacks_is_no_filter_and_its_words_are_searched_for(query: str, missing: Capability) -> None:
    intent = read(query, EUROS, TITLES)
    assert (intent.parts, intent.meaning, intent.notes) == ((), query, (missing.missing,))


@pytest.mark.parametrize("query", ["cheap tent", "kumo tent", "store brand tent", "tent in the footwear section", ""])
def test_a_shop_of_titles_alone_takes_words_for_words(query: str) -> None:
    intent = read(query, EUROS, TITLES)
    assert (intent.parts, intent.meaning, intent.notes) == ((), query, ())


def test_a_shop_of_titles_alone_is_understood_saved_and_opened(tmp_path: Path) -> None:
    Understanding.of(TITLES, ENGLISH, EUROS).save(tmp_path)
    opened = Understanding.load(tmp_path, EUROS)
    assert opened.completions.complete("fjell")[0].text.lower().startswith("fjellvik")
    assert opened.spelling.correct("kumo tnet") is not None
    assert [part.label for part in opened.read("tent -sand").parts] == ["without sand"]
    assert price_bands(TITLES[s.PRICE].to_numpy(), EUROS.money) == []


def test_words_without_a_folder_are_plain_english() -> None:
    assert not any((EUROS.brands, EUROS.synonyms, EUROS.sound_alikes))
    assert EUROS.shopper_words == frozenset()
    assert EUROS.glossary.english() == []
    assert EUROS.numbers == WORDS.numbers
    assert not EUROS.glossary.holds("leche", "es")


def test_other_words_are_another_version(tmp_path: Path) -> None:
    write(tmp_path, synonyms="asked,shop\ncoke,soft drinks\n")
    before = ShopWords(tmp_path, DOLLARS).version
    assert before == ShopWords(tmp_path, DOLLARS).version != ShopWords(None, DOLLARS).version
    assert ShopWords(tmp_path, DOLLARS, "Store brand").version != before
    write(tmp_path, synonyms="asked,shop\ncoke,charcoal\n")
    assert ShopWords(tmp_path, DOLLARS).version != before


def test_the_tables_of_every_shop_are_whole() -> None:
    for each in registry.shops():
        words = ShopWords.of(each)
        assert set(words.brands.values()) >= {words.house_brand, words.other_brand} - {""}
        assert words.glossary.english() == list(dict.fromkeys(words.glossary.english()))
        assert len(words.files()) >= (5 if each.words.folder else 4)  # of plain English, and of the shop
