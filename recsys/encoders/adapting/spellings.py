"""How else a name is written: by people who type, and by what the shop's own names and synonyms know.

Nothing here knows a query: which words exist, which are written as one or as two and which have a plural is read off
the catalogue's names; what people call a thing comes from the shop's table of synonyms, where it has one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

Rng = np.random.Generator
Words = list[str]
SHORTEST: Final = 4  # letters of a word that may be mistyped or counted: shorter ones become other words
SHORTEST_PART: Final = 3  # letters of either part of a word that may be written as two
SECOND: Final = 0.5  # how often a name is changed in two ways
LONGEST_PHRASE: Final = 3  # words of the shop's for which there is a synonym
_AMOUNT: Final = re.compile(r"\b(\d+)( ?)([a-zA-Z]{1,3})\b")  # "16GB", "2 l"

Change = Callable[[Words, str, Rng], Words | None]


@dataclass(frozen=True, slots=True, eq=False)
class Spellings:
    """Other ways to write the names of one catalogue; nothing in it changes."""

    known: frozenset[str]  # lower-case words of the names
    called: Mapping[tuple[str, ...], tuple[str, ...]]  # words of the shop's -> what people say for them, each a phrase

    @classmethod
    def of(cls, names: Iterable[str], synonyms: Iterable[tuple[str, str]] = ()) -> Spellings:
        """From a catalogue's names, and pairs of (what people say, the shop's words)."""
        called: dict[tuple[str, ...], tuple[str, ...]] = {}
        for said, shop in synonyms:
            key = tuple(shop.lower().split())
            if key and len(key) <= LONGEST_PHRASE:
                called[key] = (*called.get(key, ()), said)
        return cls(frozenset(word for name in names for word in name.lower().split()), called)

    def variant(self, name: str, brand: str, rng: Rng) -> str:
        """The name as somebody else would write it, changed in one way or two; itself where no change is possible.

        The changes: a slip of the keyboard, neighbouring words the other way round, no accents, two words as one, one
        as two, singular and plural, an amount with or without its blank, the brand left out, a synonym.
        """
        words, changed = name.split(), 0
        wanted = 2 if rng.random() < SECOND else 1
        changes = self._changes()
        for place in rng.permutation(len(changes)).tolist():
            found = changes[place](words, brand, rng)
            if found is not None and found != words:
                words, changed = found, changed + 1
            if changed == wanted:
                break
        return " ".join(words)

    def _changes(self) -> tuple[Change, ...]:
        return (
            _slip, _other_order, _without_accents, _as_one, self._as_two, self._counted, _amount, _without_brand,
            self._synonym,
        )  # fmt: skip

    def _as_two(self, words: Words, brand: str, rng: Rng) -> Words | None:
        """A word of two that the catalogue also has alone: "headset" is "head set" where both are known."""
        found = [
            (place, at)
            for place, word in enumerate(words)
            for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
            if word[:at].lower() in self.known and word[at:].lower() in self.known
        ]
        if not found:
            return None
        place, at = found[int(rng.integers(len(found)))]
        return [*words[:place], words[place][:at], words[place][at:], *words[place + 1 :]]

    def _counted(self, words: Words, brand: str, rng: Rng) -> Words | None:
        """A word in the other number, where the catalogue writes that too."""
        other = {
            place: word[:-1] if word.lower().endswith("s") else f"{word}s"
            for place, word in enumerate(words)
            if len(word) >= SHORTEST and word.isalpha()
        }
        found = [place for place, word in other.items() if word.lower() in self.known]
        if not found:
            return None
        place = found[int(rng.integers(len(found)))]
        return [*words[:place], other[place], *words[place + 1 :]]

    def _synonym(self, words: Words, brand: str, rng: Rng) -> Words | None:
        low = [word.lower().strip(",.;()") for word in words]
        found = [
            (place, size)
            for size in range(1, LONGEST_PHRASE + 1)
            for place in range(len(words) - size + 1)
            if tuple(low[place : place + size]) in self.called
        ]
        if not found:
            return None
        place, size = found[int(rng.integers(len(found)))]
        said = self.called[tuple(low[place : place + size])]
        return [*words[:place], *said[int(rng.integers(len(said)))].split(), *words[place + size :]]


def mistyped(text: str, rng: Rng) -> str:
    """The text with one slip in one of its words: a letter left out, doubled, or swapped with the next.

    Damerau, "A technique for computer detection and correction of spelling errors", 1964: four of five slips are one
    such. A text of short words alone stays as it is.
    """
    return " ".join(_slip(text.split(), "", rng) or [text])


def _slip(words: Words, brand: str, rng: Rng) -> Words | None:
    long = [place for place, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    if not long:
        return None
    place = long[int(rng.integers(len(long)))]
    word, at = words[place], int(rng.integers(1, len(words[place]) - 1))
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return [*words[:place], slips[int(rng.integers(len(slips)))], *words[place + 1 :]]


def _other_order(words: Words, brand: str, rng: Rng) -> Words | None:
    if len(words) < 2:
        return None
    at = int(rng.integers(len(words) - 1))
    return [*words[:at], words[at + 1], words[at], *words[at + 2 :]]


def _without_accents(words: Words, brand: str, rng: Rng) -> Words | None:
    parts = unicodedata.normalize("NFKD", " ".join(words))
    return "".join(each for each in parts if not unicodedata.combining(each)).split()


def _as_one(words: Words, brand: str, rng: Rng) -> Words | None:
    """Two neighbouring words without the blank or the hyphen between them."""
    hyphened = [place for place, word in enumerate(words) if "-" in word.strip("-")]
    pairs = [
        place
        for place in range(len(words) - 1)
        if all(word.isalpha() and len(word) >= SHORTEST_PART for word in words[place : place + 2])
    ]
    if not (hyphened or pairs):
        return None
    chosen = int(rng.integers(len(hyphened) + len(pairs)))
    if chosen < len(hyphened):
        place = hyphened[chosen]
        return [*words[:place], words[place].replace("-", ""), *words[place + 1 :]]
    place = pairs[chosen - len(hyphened)]
    return [*words[:place], words[place] + words[place + 1].lower(), *words[place + 2 :]]


def _amount(words: Words, brand: str, rng: Rng) -> Words | None:
    """The first amount with its blank where it has none, and without it where it has one."""
    text = " ".join(words)
    found = _AMOUNT.search(text)
    if found is None:
        return None
    return f"{text[: found.end(1)]}{'' if found[2] else ' '}{text[found.start(3) :]}".split()


def _without_brand(words: Words, brand: str, rng: Rng) -> Words | None:
    its = brand.lower().split()
    low = [word.lower() for word in words]
    for place in range(len(words) - len(its) + 1):
        if its and low[place : place + len(its)] == its and len(words) - len(its) >= 2:
            return [*words[:place], *words[place + len(its) :]]
    return None
