"""The words of shopping language, from tables authored by hand under `data/search/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from recsys.datasets.authored import authored_rows
from recsys.errors import DataError
from recsys.settings import PROJECT

TABLES: Final = PROJECT / "data" / "search"

_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "units.csv": ("spelling", "unit", "grams", "milliliters", "count", "alone"),
    "numbers.csv": ("word", "value"),
    "phrases.csv": ("role", "phrase"),
    "shopper_words.csv": ("word",),
    "synonyms.csv": ("asked", "shop"),
    "sound_alikes.csv": ("typed", "meant"),
}


def authored_table(file: str, folder: Path = TABLES) -> list[tuple[str, ...]]:
    """The rows of one authored table, in the order of its header.

    Raises DataError when the file is missing or is not the table it should be.
    """
    return authored_rows(folder / file, _COLUMNS[file])


def authored_files() -> list[Path]:
    """The authored tables, in a fixed order."""
    return [TABLES / name for name in sorted(_COLUMNS)]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of package size, and what one of it is in each dimension (NaN: it measures nothing of the kind).

    An ounce has both grams and milliliters: labels write "oz" for weight and for fluid ounces alike.
    """

    name: str
    grams: float
    milliliters: float
    count: float
    alone: bool  # "gallon" without a number means one; "pound" does not: pound cake


@cache
def units() -> Mapping[str, Unit]:
    """Every spelling of a unit, lower case."""
    return {
        spelling: Unit(name, _or_nan(grams), _or_nan(ml), _or_nan(count), alone == "yes")
        for spelling, name, grams, ml, count, alone in authored_table("units.csv")
    }


def _or_nan(text: str) -> float:
    return float(text) if text else float("nan")


@cache
def numbers() -> Mapping[str, float]:
    """Number words and their values."""
    return {word: float(value) for word, value in authored_table("numbers.csv")}


@cache
def phrases(role: str) -> frozenset[str]:
    """The phrases that play a role, lower case. Raises DataError for a role that no phrase plays."""
    found = frozenset(phrase for its, phrase in authored_table("phrases.csv") if its == role)
    if not found:
        raise DataError(f"phrases.csv has no phrase for the role {role!r}", remedy="restore it: git checkout -- data")
    return found


@cache
def shopper_words() -> frozenset[str]:
    """Words that shoppers type and that dictionaries and many catalogues lack: quinoa, oreo."""
    return frozenset(word for (word,) in authored_table("shopper_words.csv"))


@cache
def sound_alikes() -> Mapping[str, tuple[str, ...]]:
    """Real words that shoppers type for others that sound or look nearly alike: flower for flour."""
    found: dict[str, tuple[str, ...]] = {}
    for typed, meant in authored_table("sound_alikes.csv"):
        found[typed] = (*found.get(typed, ()), meant)
    return found


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of the phrases, longest first; a blank stands for blanks or a hyphen."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", "[ -]") for word in longest_first) + ")"


def any_phrase(*roles: str) -> str:
    """A regular expression for any phrase that plays one of the roles."""
    return any_of(phrase for role in roles for phrase in phrases(role))
