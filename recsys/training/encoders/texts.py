"""What a shop says of each product, in separate pieces: its name, description, facts and category.

Products are dealt into three parts by the hash of their name, so that products of one name never stand on two sides:
eight tenths to learn from, a tenth to watch while learning, a tenth that is looked at last.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.encoders.adapting.spellings import Spellings
from recsys.errors import DataError
from recsys.schema import Rows

LEARNED, WATCHED, JUDGED = "learned", "watched", "judged"
FEWEST: Final = 40  # products with a name and something else to say: with fewer, a tenth is nobody
MOST_FACTS: Final = 8
LONGEST_FACT: Final = 60  # characters; longer values are prose, which the description has
SAID: Final = 200  # characters of a description: what an encoder reads of it in time
_WORD: Final = re.compile(r"[^\W\d_]{3}")  # three letters in a row: numbers and codes are no words


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The pieces by product, each a list of length n; "" where the shop says nothing."""

    names: list[str]
    encoded: list[str]  # what the shop's encoder reads of the product
    descriptions: list[str]
    facts: list[str]
    categories: list[str]
    brands: list[str] = field(default_factory=list)
    synonyms: tuple[tuple[str, str], ...] = ()  # what people say, the shop's words; no piece of a product

    @classmethod
    def of(cls, items: pd.DataFrame, attributes: pd.DataFrame | None) -> Texts:
        """From a shop's tables. Raises DataError when too few products say anything beside their name."""
        names = _column(items, s.TITLE)
        descriptions = [
            _without(text[:SAID], name) for text, name in zip(_column(items, s.DESCRIPTION), names, strict=True)
        ]
        found = cls(
            names, _column(items, s.TEXT), descriptions, _facts(attributes, len(items)), _column(items, s.CATEGORY),
            _column(items, s.BRAND),
        )  # fmt: skip
        speaking = len({name for name, rest in zip(names, found.rests(), strict=True) if name and rest})
        if speaking < FEWEST:
            raise DataError(
                f"only {speaking} products have a name and, beside it, a description, facts or a category",
                allowed=f"{FEWEST} or more",
                remedy="use a shop whose products say more of themselves",
            )
        return found

    def __len__(self) -> int:
        return len(self.names)

    def rests(self) -> list[str]:
        """Everything but the name, as one text each: category, facts, description."""
        pieces = zip(self.categories, self.facts, self.descriptions, strict=True)
        return [". ".join(piece for piece in each if piece) for each in pieces]

    def spellings(self) -> Spellings:
        """How else the names are written, by what all names and the shop's synonyms know."""
        return Spellings.of(self.names, self.synonyms)

    def respelt(self, pairs: Sequence[tuple[str, str]]) -> list[str]:
        """Each pair's name as somebody else would write it, always the same: see `Spellings.variant`."""
        spellings, brands = self.spellings(), dict(zip(self.names, self.brands, strict=True))
        return [
            spellings.variant(name, brands.get(name, ""), np.random.default_rng(int(_hash(name)[:8], 16)))
            for name, _ in pairs
        ]

    def part(self, name: str) -> Rows:
        """The products of a part, by row: LEARNED, WATCHED or JUDGED."""
        wanted = {LEARNED: range(8), WATCHED: (8,), JUDGED: (9,)}[name]
        return np.array([row for row, each in enumerate(self.names) if _tenth(each) in wanted], np.int32)

    def pairs(self, part: str, most: int) -> list[tuple[str, str]]:
        """(name, everything else) of products of a part, each name and each rest once, at most `most`."""
        rests = self.rests()
        found: dict[str, str] = {}
        taken: set[str] = set()
        for row in sorted(self.part(part).tolist(), key=lambda row: _hash(self.names[row])):
            name, rest = self.names[row], rests[row]
            if name and rest and name not in found and rest not in taken:
                found[name] = rest
                taken.add(rest)
            if len(found) == most:
                break
        return list(found.items())


def _column(items: pd.DataFrame, name: str) -> list[str]:
    if name not in items:
        return [""] * len(items)
    return [" ".join(text.split()) for text in items[name].fillna("").astype(str)]


def _without(text: str, name: str) -> str:
    """A description without the name that it repeats: finding one by the other would be no feat."""
    return " ".join(text.replace(name, " ").split()) if name else text


def _facts(attributes: pd.DataFrame | None, n: int) -> list[str]:
    """The attributes' values of each product, its first MOST_FACTS that are words."""
    found: list[list[str]] = [[] for _ in range(n)]
    if attributes is not None:
        for row, value in zip(attributes[s.ITEM].tolist(), attributes[s.VALUE].astype(str).tolist(), strict=True):
            if len(value) <= LONGEST_FACT and len(found[row]) < MOST_FACTS and _WORD.search(value):
                found[row].append(value)
    return [", ".join(dict.fromkeys(values)) for values in found]


def _hash(text: str) -> str:
    return hashlib.sha256(text.lower().encode("utf-8", "replace")).hexdigest()


def _tenth(name: str) -> int:
    return int(_hash(name)[:8], 16) % 10


def sample(rows: Sequence[int] | Rows, most: int, seed: int) -> Rows:
    """At most so many of the rows, drawn without replacement, in their order."""
    rows = np.asarray(rows, np.int32)
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
