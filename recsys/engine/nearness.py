"""Whether the best match is weak: the scale of scores makes even the best of nothing look certain."""

from __future__ import annotations

import unicodedata
from typing import Final

from recsys.encoders import universal
from recsys.query.wording import words_of
from recsys.retrieval.dense import NEAR_IN_MEANING

NOTHING_CLOSE: Final = "Nothing here is close to what you typed; these are the nearest things."
ACROSS: Final = "Across languages no words are compared: ranked by meaning alone."
UNSURE: Final = "This language is read less surely than others: take these as guesses."
# Cosines of the universal encoder with the nearest name. Chosen on 136 words of four languages and their sentences: of
# what was found rightly, 0 and 2 in 100 lie below. Of words kept apart 0 (91) and, in five more languages, 1 in 100
# (115), of sentences 4 in 100 (316). Below lie 73 of 100 categories that are asked for with all their products taken
# away, and all letters at random; where the rest of the catalogue has something like them, 4 to 8 in 100.
NEAR_ACROSS: Final = 0.45  # of a few words
NEAR_OF_SENTENCES: Final = 0.30
SHOWN: Final = 60  # characters of a query that a note repeats
FEW: Final = 3  # words; a sentence is less like any name
FEW_SIGNS: Final = 4  # of Chinese or Japanese, which put no spaces between words
WITHOUT_SPACES: Final = ("CJK", "HIRAGANA", "KATAKANA")


def not_called(query: str) -> str:
    """What to say where no product text holds a word of a query in English, and meaning alone comes near something."""
    return f"Nothing here is called \u201c{query[:SHOWN]}\u201d: what is shown is only near in meaning."


def weak(best: float) -> str:
    """What to say of the best cosine of a query in English; "" where something is near."""
    return NOTHING_CLOSE if best < NEAR_IN_MEANING else ""


def weak_across(best: float, query: str, *, known: bool) -> str:
    """The same of a query in another language; `known`: a list of words holds it.

    What multilingual-e5-small reads tells nothing by its cosines: words reach 0.80 to 0.93, letters at random 0.81 to
    0.86. There it is said of what no list holds that it may be a guess.
    """
    if not _tells(query):
        return "" if known else UNSURE
    return "" if near_across(best, query) else NOTHING_CLOSE


def near_across(best: float, query: str) -> bool:
    """Whether a product surely comes near a query of another language; no where cosines do not tell."""
    return _tells(query) and best >= (NEAR_ACROSS if _short(query) else NEAR_OF_SENTENCES)


def _tells(query: str) -> bool:
    """Whether the encoder that reads the query is the one whose cosines tell how near it is."""
    return not universal.obstacle() and universal.reads(query)


def _short(query: str) -> bool:
    """Whether it is a few words and no sentence."""
    signs = sum(unicodedata.name(each, "").startswith(WITHOUT_SPACES) for each in query)
    return len(words_of(query)) <= FEW and signs <= FEW_SIGNS
