"""The words of a text as they are compared: folded, without the small ones, stemmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Final

import Stemmer

_WORD: Final = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_SMALL_WORDS: Final = (
    "a an and are as at be but by for from i in into is it me my no not of on or some such that the their then there "
    "these they this to was we what which will with you your"
)
TEXTS_KEPT: Final = 8_192  # words and titles whose tokens are kept, a few megabytes
LONGEST_KEPT: Final = 100  # characters
STOP_WORDS: Final = frozenset(_SMALL_WORDS.split())


class Tokenizer:
    """Lower-case words and numbers, accents folded, English stop words left out, stemmed (Porter2)."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._lock = Lock()  # PyStemmer's cache is not safe under threads
        # what is found is taken apart word by word, and most of it was found before
        self._tokens = lru_cache(TEXTS_KEPT)(lambda text: tuple(self.stems(self.words(text))))

    def words(self, text: str) -> list[str]:
        """The words as they stand in the text, lower case, without stop words."""
        folded = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
        return [w for w in _WORD.findall(folded.replace("'", "").replace("\u2019", "")) if w not in STOP_WORDS]

    def stems(self, words: Sequence[str]) -> list[str]:
        """The stem of each word."""
        with self._lock:
            return list(self._stemmer.stemWords(list(words)))

    def tokens(self, text: str) -> list[str]:
        """The stems of the text's words."""
        return list(self._tokens(text)) if len(text) <= LONGEST_KEPT else self.stems(self.words(text))
