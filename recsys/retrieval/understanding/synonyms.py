"""What shoppers call things and what the shop calls them: "coke" is among the soft drinks, "nappies" are diapers.

Tables of synonyms are how shops mend what neither words nor vectors find (query expansion by a thesaurus: Manning,
Raghavan & Schuetze, "Introduction to Information Retrieval", 2008, section 9.2.2). Every swap is shown and can be taken
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from recsys.retrieval.understanding.tables import authored_table
from recsys.retrieval.understanding.vocabulary import Vocabulary
from recsys.retrieval.understanding.wording import WORD, fold, stems, words_of

LONGEST: Final = 4  # words of what is asked
Swap = tuple[str, str]  # what was typed, what is searched for


_LEFT_OUT: Final = frozenset({"no", "not", "non", "without", "except", "minus"})  # before a word: it is not wanted


@cache
def synonyms() -> Mapping[tuple[str, ...], str]:
    """The shop's words for what is asked, as it is spelt: by their stems icing would be ice, and sweets sweet."""
    return {tuple(words_of(asked)): shop for asked, shop in authored_table("synonyms.csv")}


def swapped(text: str, vocabulary: Vocabulary) -> tuple[str, tuple[Swap, ...]]:
    """The query in the shop's words, and what was swapped for what; quoted, bracketed and unwanted words stay.

    Words that the catalogue itself uses are kept, and the shop's other words added to them; a swap whose words the
    catalogue does not hold is no help and is left out. A whole name of the catalogue is that and nothing else.
    """
    if vocabulary.is_name(text) or any(mark in text for mark in '"\u201c\u201d[]'):
        return text, ()
    spans = [match.span() for match in WORD.finditer(text)]
    words = [fold(text[start:end]) for start, end in spans]
    out, swaps, at, place = "", [], 0, 0
    while place < len(spans):
        size = _asked_at(place, words, vocabulary)
        if size:
            start, end = spans[place][0], spans[place + size - 1][1]
            meant = _meant(text[start:end], words[place : place + size], vocabulary)
            out, at = f"{out}{text[at:start]}{meant}", end
            swaps.append((text[start:end], meant))
        place += size or 1
    return out + text[at:], tuple(swaps)


def _asked_at(place: int, words: list[str], vocabulary: Vocabulary) -> int:
    """How many words from there on the shop calls otherwise, the most there are; 0 for none."""
    if place and words[place - 1] in _LEFT_OUT:
        return 0
    for size in range(min(LONGEST, len(words) - place), 0, -1):
        shop = synonyms().get(tuple(words[place : place + size]))
        if shop and words[place + size : place + size + 1] != ["free"]:
            return size if all(vocabulary.products_with(word) for word in words_of(shop)) else 0
    return 0


def _meant(typed: str, words: list[str], vocabulary: Vocabulary) -> str:
    """What to search for in place of some words, which stay where the catalogue uses them too."""
    shop = synonyms()[tuple(words)]
    if not (vocabulary.side_by_side(words) if len(words) > 1 else vocabulary.is_product_word(words[0])):
        return shop
    roots = stems(words)
    more = [word for word, root in zip(words_of(shop), stems(words_of(shop)), strict=True) if root not in roots]
    return " ".join([typed, *more])
