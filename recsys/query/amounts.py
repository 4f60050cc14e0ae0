"""Numbers as people write them: "2.50", "1 1/2", "half a", "twenty-four", "1,000"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from recsys.query.words import ShopWords, any_of

# The bounds on repetition keep reading linear: nobody means a number of more than seven figures.
_PARTS: Final = r"[0-9]{1,3}[ -][0-9]{1,2}/[0-9]{1,2}|[0-9]{1,3}/[0-9]{1,2}"
START: Final = r"(?<![\w.,/'\u2019])"  # where a phrase may begin: not inside a word or a number
END: Final = r"(?![\w/%]|['\u2019]\w|[.,][0-9])"  # and where it may end
_FRACTIONS: Final = {1 / 2: "1/2", 1 / 4: "1/4", 3 / 4: "3/4", 1 / 3: "1/3", 2 / 3: "2/3"}


@dataclass(frozen=True, slots=True)
class _Figures:
    """How numbers are written in the locale of a shop; either mark is read before one or two decimals."""

    spoken: str  # a regular expression for a number in figures
    spaced: str  # the same, where thousands may be grouped by blanks too
    grouped: re.Pattern[str]  # a number whose thousands are grouped
    comma: bool  # stands before decimals, so that "1.000" is a thousand

    @classmethod
    def of(cls, words: ShopWords) -> _Figures:
        """The figures of a shop's locale, as its currency writes them."""
        money = words.currency
        comma = money.decimal == ","
        mark, other, lead = (",", r"\.", "[1-9][0-9]{0,2}") if comma else (r"\.", ",", "[0-9]{1,3}")
        closed = rf"['\u2019{other}]" if money.group in {"'", "\u2019"} else other
        open_ = rf"[ {other}]" if money.group == " " else closed
        decimals = rf"[0-9]{{0,7}}{mark}[0-9]{{1,4}}|[0-9]{{1,7}}{other}[0-9]{{1,{4 if comma else 2}}}(?![0-9{other}])"

        def figures(group: str) -> str:
            grouped = rf"{lead}(?:{group}[0-9]{{3}}){{1,2}}(?:{mark}[0-9]{{1,3}})?(?![0-9])"
            return rf"(?:{grouped}|{_PARTS}|{decimals}|[0-9]{{1,7}})(?![0-9])"

        return cls(
            figures(closed), figures(open_), re.compile(rf"{lead}(?:{open_}[0-9]{{3}})+(?:{mark}[0-9]+)?"), comma
        )


def figures_or_words(words: ShopWords, *, spaced: bool = False) -> str:
    """A regular expression, without groups, for a number; `spaced`: "1 000" too where people write it so."""
    figures = words.once(_Figures.of)
    tens = any_of(word for word, value in words.numbers.items() if 20 <= value < 100)
    ones = any_of(word for word, value in words.numbers.items() if value < 10)
    said = rf"(?:{tens}[ -]{ones}|{any_of(words.numbers)})(?![^\W_])"
    half = r"(?:an? )?(?:half|quarter)(?:[ -](?:of )?an?)?(?![^\W_])"
    and_a_half = r"(?: and (?:a half|1/2)(?![^\W_]))?"
    number = figures.spaced if spaced else figures.spoken
    return rf"(?:(?:{number}|{said}){and_a_half}|{half}|an?(?![^\W_]))"


def value_of(said: str, words: ShopWords) -> float:
    """What the number is worth; NaN when it is none. "2,50" is 2.5, "1 1/2" is 1.5, "1,000" what the locale says."""
    text = said.lower().strip()
    whole, halved, _ = text.partition(" and ")
    if halved:
        return value_of(whole, words) + 0.5
    if text.startswith(("half", "a half", "an half")):
        return 0.5
    if text.startswith(("quarter", "a quarter")):
        return 0.25
    if text in {"a", "an"}:
        return 1.0
    if text[:1].isalpha():
        return sum(words.numbers.get(word, math.nan) for word in re.split(r"[ -]", text))
    return _of_figures(text, words.once(_Figures.of))


def _of_figures(text: str, figures: _Figures) -> float:
    whole, _, rest = text.replace("-", " ").rpartition(" ")
    if "/" in rest:
        top, _, bottom = rest.partition("/")
        if not float(bottom):
            return math.nan
        return (float(whole) if whole else 0.0) + float(top) / float(bottom)
    if figures.grouped.fullmatch(text):
        return float(re.sub(r"[^0-9,]", "", text).replace(",", ".") if figures.comma else re.sub(r"[^0-9.]", "", text))
    return float(text.replace(",", "."))


def plain(value: float) -> str:
    """The number as a label shows it: "16", "2.5", "1/2"."""
    near = next((said for part, said in _FRACTIONS.items() if abs(part - value) < 1e-9), "")
    return near or (f"{value:.0f}" if value >= 1000 else f"{value:.4g}")
