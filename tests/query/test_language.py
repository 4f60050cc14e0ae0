"""Which language a query is in, on words whose language is known."""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import ArtifactError, BadRequestError, DataError
from recsys.query.glossary import Glossary
from recsys.query.language import (
    ENGLISH,
    LABELS,
    NEIGHBOURS,
    Language,
    LanguageDetector,
    chosen_language,
    english_shop_words,
    subtitle_words,
    with_newswire,
    words_of,
)
from recsys.settings import PROJECT
from recsys.shops.complete_journey import HERE
from tests.query.understanding_shelf import WORDS

COUNTS = {
    "en": {"whole": 50, "grain": 10, "with": 400, "pan": 5},
    "es": {"leche": 50, "pan": 40, "sin": 200, "queso": 30, "niño": 20},
    "de": {"milch": 50, "ohne": 200, "brot": 30, "käse": 20},
    "fr": {"lait": 50, "pain": 40, "sans": 200, "fromage": 30},
    "it": {"latte": 50, "pane": 40, "senza": 200, "formaggio": 30},
    "pt": {"leite": 50, "sem": 200, "queijo": 30},
    "nl": {"melk": 50, "zonder": 200, "brood": 30, "kaas": 20},
}
TINY = LanguageDetector.of(["Whole milk", "Pasta & bread"], COUNTS, WORDS.glossary)


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    """The detector with real words, over the readable names of the grocery catalogue."""
    with (HERE / "tables" / "product_names.csv").open(encoding="utf-8", newline="") as handle:
        names = [row[-1] for row in csv.reader(handle)]
    return LanguageDetector.of(names, subtitle_words(), WORDS.glossary)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("leche", "es"),
        ("pan", "es"),
        ("Milch", "de"),
        ("KÄSE", "de"),
        ("lait", "fr"),
        ("l’lait", "fr"),
        ("queso sin leche", "es"),
        ("brot ohne milch", "de"),
        ("whole grain", "en"),
        ("latte senza formaggio", "it"),
        ("queijo sem leite", "pt"),
        ("brood zonder kaas", "nl"),
    ],
)
def test_a_word_is_of_the_language_that_uses_it_most(query: str, code: str) -> None:
    assert TINY.detect(query).code == code


def test_words_of_the_catalogue_are_english_whoever_else_uses_them() -> None:
    assert TINY.detect("pasta milk") == ENGLISH


def test_the_plural_that_the_catalogue_says_makes_the_singular_english() -> None:
    detector = LanguageDetector.of(["Bananas"], COUNTS, WORDS.glossary)
    assert detector.detect("banana") == ENGLISH


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Hundefutter", "de"),
        ("Katzenstreu", "de"),
        ("arroz", "es"),
        ("pilas", "es"),
        ("shampoing", "fr"),
        ("pain sans gluten", "fr"),
        ("salsa de soja", "es"),
        ("papier toilette", "fr"),
    ],
)
def test_words_of_the_glossary_are_of_its_language(detector: LanguageDetector, query: str, code: str) -> None:
    assert detector.detect(query).code == code


@pytest.mark.parametrize("query", ["oreo", "quinoa", "banana", "deodorant", "parmesan", "kombucha"])
def test_words_that_shoppers_type_in_english_are_english(query: str) -> None:
    detector = LanguageDetector.of(["Bananas", *english_shop_words(WORDS)], subtitle_words(), WORDS.glossary)
    assert detector.detect(query) == ENGLISH


def test_a_word_that_means_the_same_in_two_languages_is_english_too() -> None:
    assert {"parmesan", "quinoa"} <= english_shop_words(WORDS)
    assert not {"leche", "arroz", "milch", "pan"} & english_shop_words(WORDS)


@pytest.mark.parametrize(
    ("query", "code", "known"),
    [
        ("whole leche", "es", True),
        ("zxqv wkkz", "es", False),
        ("zxqv wkkz leche", "es", False),
        ("泥", "zh", False),
        ("牛奶", "zh", True),
        ("молоко", "other", False),
    ],
)
def test_a_query_is_known_when_lists_hold_half_of_its_words(query: str, code: str, known: bool) -> None:
    assert TINY.knows(query, code) is known


@pytest.mark.parametrize("query", ["", "   ", "12 oz", "2%", "!?", "\0", "🍕"])
def test_what_has_no_letters_is_english(query: str) -> None:
    assert TINY.detect(query) == ENGLISH


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("牛奶", "zh"),
        ("無糖酸奶 500 ml", "zh"),
        ("牛奶 milk", "zh"),
        ("milk 牛 whole milk", "en"),
        ("お米", "other"),
        ("ミルク", "other"),
        ("우유", "other"),
        ("молоко", "other"),
        ("حليب", "other"),
        ("γάλα", "other"),
        ("mleko łaciate", "other"),
    ],
)
def test_other_letters_tell_the_language(query: str, code: str) -> None:
    assert TINY.detect(query).code == code


def test_an_accent_may_be_a_character_of_its_own() -> None:
    assert TINY.detect("ka\u0308se") == TINY.detect("k\u00e4se")


def test_the_confidence_is_the_posterior_of_naive_bayes() -> None:
    # "sin" is listed in Spanish alone; the others have its letters, with the share of unlisted words
    found = TINY.detect("sin")
    assert found.code == "es"
    assert 0.9 < found.confidence <= 1.0
    assert found.foreign
    assert found.label == "Spanish"


def test_a_person_can_say_which_it_is() -> None:
    assert chosen_language("fr") == Language("fr", 1.0, chosen=True)
    with pytest.raises(BadRequestError, match="en, es, de, fr, zh, it, pt, nl, other"):
        chosen_language("klingon")


def test_french_articles_are_no_words() -> None:
    assert words_of("l'eau d’olive qu'il") == ["eau", "olive", "il"]


@pytest.mark.parametrize(
    ("word", "code", "has"),
    [("blancas", "es", True), ("zapatos", "es", True), ("schwarze", "de", True), ("choclate", "es", False),
     ("tomatos", "es", False), ("blacks", "es", False), ("blancas", "zh", False), ("sandalias", "es", True),
     ("bottines", "fr", True), ("cuscino", "it", True), ("groen", "nl", False), ("sandals", "es", False)],
)  # fmt: skip
def test_a_word_that_a_language_surely_has_is_told(detector: LanguageDetector, word: str, code: str, has: bool) -> None:
    assert detector.has(word, code) is has


@pytest.mark.parametrize(
    ("text", "code", "speaks"),
    [("sac à dos", "fr", True), ("pull en laine", "fr", True), ("comida para perros", "es", True),
     ("pâté", "fr", False), ("crème brûlée", "fr", False), ("blue jeans", "fr", False), ("sac à dos", "zh", False)],
)  # fmt: skip
def test_small_words_tell_that_a_language_is_spoken(
    detector: LanguageDetector, text: str, code: str, speaks: bool
) -> None:
    assert detector.speaks(text, code) is speaks


@pytest.mark.parametrize(
    ("query", "code"),
    [("Kaugummiautomat", "de"), ("Schlafzimmerschrank", "de"), ("Hundebett", "de"), ("tuinstoelkussen", "nl"),
     ("birdhouse", "en"), ("bookstand", "en"), ("abcdefghijkl", "en")],
)  # fmt: skip
def test_a_word_that_no_list_holds_may_be_made_of_two_that_one_does(
    detector: LanguageDetector, query: str, code: str
) -> None:
    assert detector.detect(query).code == code


@pytest.mark.parametrize("query", ["ketchup", "bacon", "magazine", "chocolate"])
def test_what_is_not_sold_is_english_where_english_surely_has_its_words(query: str) -> None:
    bare = LanguageDetector.of(["Blue shirt"], subtitle_words(), Glossary([]))
    assert bare.detect(query).code == "en"


def test_a_word_of_the_shop_may_be_lent_to_another_language() -> None:
    bare = LanguageDetector.of(["Jersey", "Blue shirt"], subtitle_words(), Glossary([]))
    assert bare.detect("jersey de algodón").code == "es"
    assert bare.detect("camiseta jersey verde").code == "es"
    assert bare.detect("green jersey").code == "en"


def test_the_neighbours_words_of_the_least_count_are_left_out() -> None:
    counts = subtitle_words()
    assert all(min(counts[code].values()) > 50 for code in NEIGHBOURS)
    assert {"zaino", "mochila", "rugzak"} <= {word for code in NEIGHBOURS for word in counts[code]}


@pytest.mark.parametrize("query", ["smartphone", "webcam", "smartphones"])
def test_english_words_that_no_film_knows_are_english(detector: LanguageDetector, query: str) -> None:
    assert not detector.detect(query).foreign


def test_words_of_newswire_have_the_chance_of_their_rank() -> None:
    counts = with_newswire({"the": 1_000_000, "umbrella": 10}, ["the", "of", "smartphone", "x1"])
    harmonic = math.log(4) + float(np.euler_gamma)
    assert counts == {"the": 1_000_000, "umbrella": 10, "smartphone": round(1_000_010 / (3 * harmonic))}


def test_without_newswire_the_counts_stay() -> None:
    assert with_newswire({"the": 3}, []) == {"the": 3}


def test_a_language_without_words_is_a_data_error() -> None:
    with pytest.raises(DataError, match="German"):
        LanguageDetector.of(["milk"], COUNTS | {"de": {}}, WORDS.glossary)


@pytest.mark.parametrize(
    ("language", "least"), [("en", 0.9), ("es", 0.9), ("de", 0.9), ("fr", 0.9), ("zh", 1.0), ("other", 1.0)]
)
def test_authored_queries_are_told_apart(detector: LanguageDetector, language: str, least: float) -> None:
    path = PROJECT / "benchmarks" / "languages" / "queries.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        queries = [row["query"] for row in csv.DictReader(handle) if row["language"] == language]
    assert np.mean([detector.detect(query).code == language for query in queries]) >= least


def test_one_million_words_take_no_longer_than_twenty(detector: LanguageDetector) -> None:
    started = time.process_time()
    assert detector.detect("leche entera " * 500_000).code == "es"
    assert time.process_time() - started < 1  # 1 ms on a quiet machine


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    found = TINY.detect(text)
    assert found.code in LABELS
    assert 0 < found.confidence <= 1 + 1e-9


@given(st.text(alphabet="aeioußñçüé' \u0301牛ł\ufdfa0", max_size=60))
def test_any_mix_of_letters_has_a_language(text: str) -> None:
    assert TINY.detect(text).label


def test_a_saved_detector_answers_as_before(tmp_path: Path) -> None:
    TINY.save(tmp_path)
    loaded = LanguageDetector.load(tmp_path, WORDS.glossary)
    for query in ("leche", "pasta ohne milch", "whole milk", "xyzzy"):
        assert loaded.detect(query) == TINY.detect(query)


@pytest.mark.parametrize("damage", ["missing", "truncated", "of another alphabet"])
def test_a_damaged_detector_is_an_artifact_error(tmp_path: Path, damage: str) -> None:
    TINY.save(tmp_path)
    if damage == "missing":
        (tmp_path / "language_codes.npy").unlink()
    elif damage == "truncated":
        whole = (tmp_path / "language_letters.npy").read_bytes()
        (tmp_path / "language_letters.npy").write_bytes(whole[:100])
    else:
        text = (tmp_path / "language.json").read_text(encoding="utf-8")
        (tmp_path / "language.json").write_text(text.replace("abc", "acb"), encoding="utf-8")
    with pytest.raises(ArtifactError, match="recsys prepare"):
        LanguageDetector.load(tmp_path, WORDS.glossary)
