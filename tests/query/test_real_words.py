"""Real words in the place of others: on a shop that is known word by word."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys import schema as s
from recsys.query.real_words import FITS_BESIDE, SOUNDS_ALIKE
from recsys.query.spelling import Spelling
from recsys.query.vocabulary import Names, Vocabulary
from tests.query.understanding_shelf import WORDS

SOLD = ["Sliced bread", "Green beans", "Wheat flour", "Fresh flowers", "Tortillas & wraps", "Bell peppers",
        "Paper plates", "Cat litter", "Soft drinks, 2 liter bottles", "Beer"]  # fmt: skip
ENGLISH = dict.fromkeys(["bred", "bear", "greed", "flower", "gummy", "bell", "slices", "beast", "fresh"], 60_000)


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    columns = {
        s.NAME: SOLD,
        s.CATEGORY: ["Things"] * 10,
        s.DEPARTMENT: ["All"] * 10,
        s.BRAND: [""] * 10,
        s.SIZE: [""] * 10,
    }
    items = pd.DataFrame({**columns, s.PRICE: [1.0] * 10})
    return Spelling.of([Names.of(items[s.NAME])], Vocabulary.of(items, WORDS), ENGLISH)


@pytest.mark.parametrize(
    ("typed", "meant", "likely"),
    [
        ("bred", "bread", SOUNDS_ALIKE),
        ("bear", "beer", SOUNDS_ALIKE),
        ("sliced bred", "sliced bread", FITS_BESIDE),
        ("greed beans", "green beans", FITS_BESIDE),
        ("flower tortilla", "flour tortilla", FITS_BESIDE),
        ("wheat flower", "wheat flour", FITS_BESIDE),
        ("bell paper", "bell pepper", FITS_BESIDE),
        ("cat liter", "cat litter", FITS_BESIDE),
    ],
)
def test_a_real_word_that_does_not_fit_is_offered_another(
    spelling: Spelling, typed: str, meant: str, likely: float
) -> None:
    found = spelling.correct(typed)
    assert found is not None
    assert (found.text, found.confidence) == (meant, likely)


@pytest.mark.parametrize(
    "query",
    [
        "flower",
        "fresh flower",
        "paper",
        "paper plates",
        "gummy bear",
        "beast",
        "green beans",
        "2 liter bottles",
        "bread",
    ],
)
def test_a_real_word_that_fits_or_has_no_other_is_left_alone(spelling: Spelling, query: str) -> None:
    assert spelling.correct(query) is None
