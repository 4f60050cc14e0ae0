"""Everyday words of four languages in English, on a glossary of a dozen lines and on the authored one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.query.glossary import CODES, Glossary
from recsys.query.translation import NOTHING, Translation
from tests.query.understanding_shelf import WORDS as SHOP_WORDS

ROWS = [
    ("milk", "leche", "Milch", "lait", "牛奶"),
    ("bread", "pan", "Brot", "pain", "面包"),
    ("whole grain", "integral", "Vollkorn", "complet", "全麦"),
    ("apples", "manzana", "Apfel|Äpfel", "pomme", "苹果"),
    ("potatoes", "papa", "Kartoffel", "pomme de terre", "土豆"),
    ("cake", "pastel", "Kuchen", "gâteau|gâteaux", "蛋糕"),
    ("dog", "perro", "Hund", "chien", "狗"),
    ("food", "comida", "Futter", "nourriture", "粮"),
    ("lactose free", "sin lactosa", "laktosefrei", "sans lactose", "无乳糖"),
    ("cream", "nata", "Rahm", "crème", "奶油"),
    ("eggs", "huevo", "Ei|Eier", "œuf", "鸡蛋"),
    ("water", "agua", "Wasser", "eau", "水"),
]
WORDS = Glossary(ROWS)

GLOSSARY = SHOP_WORDS.glossary


@pytest.mark.parametrize(
    ("query", "code", "english"),
    [
        ("Leche", "es", "milk"),
        ("LAIT", "fr", "milk"),
        ("牛奶", "zh", "milk"),
        ("manzanas", "es", "apples"),
        ("Kartoffeln", "de", "potatoes"),
        ("gateaux", "fr", "cake"),
        ("Aepfel", "de", "apples"),
        ("œufs", "fr", "eggs"),
        ("oeufs", "fr", "eggs"),
        ("蘋果", "zh", "apples"),
        ("de la leche", "es", "milk"),
        ("苹果的", "zh", "apples"),
        ("l\u2019eau", "fr", "water"),
    ],
)
def test_a_word_is_found_however_it_is_written_and_inflected(query: str, code: str, english: str) -> None:
    assert WORDS.read(query, code) == Translation((english,), 1.0)


def test_the_longest_phrase_is_read_first() -> None:
    assert WORDS.read("pommes de terre", "fr").phrases == ("potatoes",)
    assert WORDS.read("pomme", "fr").phrases == ("apples",)


@pytest.mark.parametrize(
    ("query", "code", "english"),
    [
        ("leche sin lactosa", "es", "lactose free milk"),
        ("pain complet", "fr", "whole grain bread"),
        ("laktosefreie Milch", "de", "lactose free milk"),
        ("全麦面包", "zh", "whole grain bread"),
    ],
)
def test_the_english_stands_in_english_order(query: str, code: str, english: str) -> None:
    assert WORDS.read(query, code).english == english
    assert WORDS.read(query, code).whole


@pytest.mark.parametrize(
    ("word", "english"),
    [("Hundefutter", ("dog", "food")), ("Apfelkuchen", ("apples", "cake")), ("Vollkornbrot", ("whole grain", "bread"))],
)
def test_a_german_compound_is_its_parts(word: str, english: tuple[str, ...]) -> None:
    assert WORDS.read(word, "de") == Translation(english, 1.0)
    assert WORDS.holds(word, "de")


def test_of_a_compound_whose_first_part_is_unknown_the_last_counts_for_its_letters() -> None:
    assert WORDS.read("Dinkelbrot", "de") == Translation(("bread",), pytest.approx(4 / 10))
    assert not WORDS.holds("Dinkelbrot", "de")


@pytest.mark.parametrize("word", ["Bilderrahmen", "Blei", "Rot"])
def test_the_end_of_another_word_is_no_part_of_it(word: str) -> None:
    assert WORDS.read(word, "de") == NOTHING


def test_a_single_character_within_unknown_ones_says_nothing() -> None:
    assert WORDS.read("水", "zh").whole
    assert WORDS.read("墨水", "zh") == NOTHING


def test_what_is_not_listed_is_left_uncovered() -> None:
    assert WORDS.read("leche azul", "es") == Translation(("milk",), pytest.approx(5 / 9))
    assert WORDS.read("azul", "es") == NOTHING
    assert WORDS.read("leche", "other") == NOTHING == WORDS.read("", "es")
    assert not WORDS.holds("leche", "other")


def test_the_authored_one_has_each_phrase_in_every_language() -> None:
    phrases = GLOSSARY.english()
    assert len(phrases) >= 400
    assert GLOSSARY.places(phrases[:3]) == [0, 1, 2]
    assert GLOSSARY.read("comida para perros", "es").english == "dog food"


def test_one_million_words_take_no_longer_than_twenty() -> None:
    started = time.process_time()
    assert GLOSSARY.read("leche " * 1_000_000, "es").english == "milk"
    assert time.process_time() - started < 1  # 0.2 ms on a quiet machine


@given(st.text(), st.sampled_from([*CODES.values(), "en", "other"]))
def test_any_text_can_be_read(text: str, code: str) -> None:
    found = GLOSSARY.read(text, code)
    assert 0 <= found.covered <= 1
    assert bool(found.phrases) == (found.covered > 0)
    GLOSSARY.holds(text, code)
