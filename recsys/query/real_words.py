"""Real words in the place of others: "bred" for bread, "flower tortilla", "greed beans".

No dictionary tells these from what is right, so they are offered and never searched for unasked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from recsys.query.vocabulary import Vocabulary

# Both are below what counts as sure. Of 262 authored queries of right words none gets such an offer, of 2,530 product
# names one ("ski gloves"), of the 4,712 commonest English words of four letters and more 28, all of the table.
FITS_BESIDE: Final = 0.7  # the catalogue has the other word beside the next one, and not this one
SOUNDS_ALIKE: Final = 0.6  # the catalogue does not have this word at all, and it was typed alone
SHORTEST: Final = 3  # letters


class RealWords:
    """What a real word may stand for; nothing in it changes.

    `near` gives the words of the catalogue that are one slip away from another.
    """

    def __init__(self, vocabulary: Vocabulary, near: Callable[[str], list[str]]) -> None:
        self._vocabulary, self._near = vocabulary, near

    def word(self, word: str, before: str, after: str) -> tuple[str, float] | None:
        """(the word that may be meant, how likely): one that sounds alike, or is one slip away and fits its neighbours.

        `before` and `after` are the words beside it, "" where there is none.
        """
        if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
            return None
        words = self._vocabulary.words
        alike, sold = words.sound_alikes.get(word, ()), self._vocabulary.products_with(word) > 0
        if sold and not alike:
            return None
        if before or after:
            return self._fitting(word, before, after, () if sold or word in words.units else self._near(word))
        found = next((other for other in alike if self._vocabulary.products_with(other)), "")
        return (found, SOUNDS_ALIKE) if found and not sold else None

    def pair(self, word: str, after: str) -> tuple[str, float] | None:
        """(what two words may stand for, how likely) where the catalogue does not have them side by side."""
        alike = self._vocabulary.words.sound_alikes.get(f"{word} {after}")
        return (alike[0], FITS_BESIDE) if alike and not self._vocabulary.side_by_side([word, after]) else None

    def _fitting(self, word: str, before: str, after: str, near: list[str] | tuple[()]) -> tuple[str, float] | None:
        if self._beside(word, before, after):
            return None
        alike = self._vocabulary.words.sound_alikes.get(word, ())
        others = [other for other in (*alike, *near) if self._beside(other, before, after)]
        return (max(others, key=self._vocabulary.products_with), FITS_BESIDE) if others else None

    def _beside(self, word: str, before: str, after: str) -> bool:
        """Whether the catalogue has the word beside one of its neighbours."""
        side_by_side = self._vocabulary.side_by_side
        return bool((before and side_by_side([before, word])) or (after and side_by_side([word, after])))
