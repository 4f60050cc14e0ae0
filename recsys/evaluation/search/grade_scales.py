"""Grades of any scale as grades of 0 to 3: numbers of the usual scales, and the words that people grade with."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from recsys.errors import DataError

HIGHEST: Final = 3  # not relevant, related, good, exactly this: grades 0 to 3
LARGEST: Final = 100.0
FEW: Final = 12  # different grades whose mapping is said one by one
ALLOWED: Final = "numbers from 0 to 100, or words such as exact, partial, irrelevant"
# Letters are those of the Shopping Queries data set (ESCI: Reddy et al., 2022), words those of WANDS and of the usual
# guidelines of search engines.
WORDS: Final = {
    "e": 3, "exact": 3, "exactmatch": 3, "perfect": 3, "excellent": 3, "highlyrelevant": 3, "veryrelevant": 3,
    "s": 2, "substitute": 2, "good": 2, "relevant": 2, "partial": 2, "partialmatch": 2, "partiallyrelevant": 2,
    "c": 1, "complement": 1, "related": 1, "fair": 1, "marginal": 1, "marginallyrelevant": 1, "somewhatrelevant": 1,
    "yes": 1, "true": 1,
    "i": 0, "irrelevant": 0, "notrelevant": 0, "nonrelevant": 0, "bad": 0, "poor": 0, "no": 0, "false": 0,
}  # fmt: skip
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,12})?(?: ?%)?")


@dataclass(frozen=True, slots=True)
class Scale:
    """What each grade of a file counts as, and how that is said."""

    of: Mapping[str, int]  # grade as it is written -> 0 to 3
    said: str
    notes: list[str] = field(default_factory=list)


def scale_of(name: str, grades: Mapping[str, int]) -> Scale:
    """The scale of a file with these grades, each with the first line on which it stands.

    Whole numbers up to 3 stay as they are. Others are stretched over the smallest usual scale that holds them all: 0 to
    1, 1 to 3, 0 or 1 to 4, 0 or 1 to 5, 0 to 10, 0 to 100, and rounded, halves up. Below 0 (junk, in TREC) counts as 0.
    Raises DataError for a grade that is neither a number of such a scale nor a word.
    """
    words = {grade: word_grade(grade) for grade in grades}
    if all(word is not None for word in words.values()):
        of = {grade: word for grade, word in words.items() if word is not None}
        return Scale(of, f"grades are words ({_mapping(of)})")
    values = {grade: _number(name, grade, line) for grade, line in grades.items()}
    hundredths = any(grade.endswith("%") for grade in grades)
    low, high = (0, LARGEST) if hundredths else _ends(list(values.values()))
    of = {grade: _stretched(value, low, high) for grade, value in values.items()}
    below = sum(value < 0 for value in values.values())
    notes = ["grades below 0 (junk) count as 0"] if below else []
    if (low, high) == (0, HIGHEST):
        rounded = any(value != int(value) for value in values.values())
        return Scale(of, "grades of 0 to 3" + (", rounded" if rounded else ""), notes)
    how = _mapping(of) if len(of) <= FEW else "stretched and rounded"
    return Scale(of, f"grades of {low:g} to {high:g} mapped to 0 to 3 ({how})", notes)


def word_grade(text: str) -> int | None:
    """The grade that a word says; None for what is none."""
    return WORDS.get(re.sub(r"[\W_]+", "", text.lower()))


def is_number(text: str) -> bool:
    """Whether a grade is a number, with a point or a comma, also in hundredths: "80 %"."""
    return _NUMBER.fullmatch(text) is not None


def _number(name: str, grade: str, line: int) -> float:
    value = float(grade.rstrip("% ").replace(",", ".")) if is_number(grade) else math.nan
    if not value <= LARGEST:
        raise DataError(
            f"{name} line {line} has a rating that is no number up to {LARGEST:.0f}",
            allowed=ALLOWED,
            remedy="bring the ratings to one scale",
        )
    return value


def _ends(values: list[float]) -> tuple[float, float]:
    top, low = max(values, default=0), min((v for v in values if v >= 0), default=0)
    whole = all(value == int(value) for value in values)
    if whole and top <= HIGHEST:
        return 0, HIGHEST
    if top <= 1:
        return 0, 1
    if top <= HIGHEST:
        return (1, HIGHEST) if low >= 1 else (0, HIGHEST)
    if top <= 5:
        return (1 if low >= 1 else 0), math.ceil(top)
    return 0, 10 if top <= 10 else LARGEST


def _stretched(value: float, low: float, high: float) -> int:
    return math.floor(HIGHEST * (max(value, low) - low) / (high - low) + 0.5)


def _mapping(of: Mapping[str, int]) -> str:
    return ", ".join(f"{grade}: {of[grade]}" for grade in sorted(of, key=lambda grade: (of[grade], grade)))
