"""Words that labels use and words that name makes, as the packaged list of foods has them (see `food_list`).

A line of it names a food, then what kind of it: "Milk, lowfat, fluid", "Bread, gluten free". What qualifies foods of
many groups is a claim that a label makes; what is written in capitals is a make: "OCEAN SPRAY".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from recsys.query.food_list import descriptions
from recsys.query.wording import fold, words_of

GROUPS: Final = 3  # of foods that a word qualifies at least, to be more than the name of one of them
_QUALIFIER: Final = re.compile(r"[a-z]+(?:[ -][a-z]+)?")
_CAPITALS: Final = re.compile(r"\b[A-Z][A-Z'&]{2,}(?: [A-Z][A-Z'&]{2,})*\b")


@dataclass(frozen=True, slots=True)
class LabelWords:
    """The words of the list by what they are, folded, in alphabetical order."""

    foods: Sequence[str]  # "yogurt": what a line begins with, in one word
    qualifiers: Sequence[str]  # "low sodium"
    makes: Sequence[str]  # "ocean spray"; but for those that are made of everyday words
    proper: Sequence[str]  # "dove": words of makes that stand nowhere in small letters


NO_WORDS: Final = LabelWords((), (), (), ())


def installed_label_words(everyday: Collection[str]) -> LabelWords:
    """Those of the installed list, none without it; `everyday` are words that tell no make.

    Raises DataError when the list does not hold what it should.
    """
    return of_lines([(text, group) for text, group, _ in descriptions()], everyday)


def of_lines(lines: Sequence[tuple[str, str]], everyday: Collection[str]) -> LabelWords:
    """From (description, group) of each food."""
    said = [([part.strip() for part in text.split(",")], group) for text, group in lines]
    firsts = {parts[0].lower() for parts, _ in said}
    groups = Counter(
        word for word, _ in {(part, group) for parts, group in said for part in parts[1:] if _QUALIFIER.fullmatch(part)}
    )
    makes = {fold(found) for text, _ in lines for found in _CAPITALS.findall(text)}
    elsewhere = {word for text, _ in lines for word in words_of(_CAPITALS.sub(" ", text))}
    return LabelWords(
        sorted(word for word in firsts if _QUALIFIER.fullmatch(word) and " " not in word),
        sorted(word for word, n in groups.items() if n >= GROUPS and not {word, f"{word}s"} & firsts),
        sorted(make for make in makes if not all(word in everyday for word in make.split())),
        sorted({word for make in makes for word in make.split()} - elsewhere),
    )
