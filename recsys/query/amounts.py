"""Numbers as people write them: "2.50", "1 1/2", "half a", "twenty-four", "1,000"."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Final

from recsys.query.tables import any_of, numbers

# The bounds on repetition keep reading linear: nobody means a number of more than seven figures.
_FIGURES: Final = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}(?:\.[0-9]{1,3})?(?![0-9])|[0-9]{1,3}[ -][0-9]{1,2}/[0-9]{1,2}"
    r"|[0-9]{1,3}/[0-9]{1,2}|[0-9]{0,7}\.[0-9]{1,4}|[0-9]{1,7},[0-9]{1,2}(?![0-9,])|[0-9]{1,7})(?![0-9])"
)
START: Final = r"(?<![\w.,/'\u2019])"  # where a phrase may begin: not inside a word or a number
END: Final = r"(?![\w/%]|['\u2019]\w|[.,][0-9])"  # and where it may end
_FRACTIONS: Final = {1 / 2: "1/2", 1 / 4: "1/4", 3 / 4: "3/4", 1 / 3: "1/3", 2 / 3: "2/3"}


@cache
def figures_or_words() -> str:
    """A regular expression for a number in figures or words, without groups."""
    tens = any_of(word for word, value in numbers().items() if 20 <= value < 100)
    ones = any_of(word for word, value in numbers().items() if value < 10)
    words = rf"(?:{tens}[ -]{ones}|{any_of(numbers())})(?![^\W_])"
    half = r"(?:an? )?(?:half|quarter)(?:[ -](?:of )?an?)?(?![^\W_])"
    and_a_half = r"(?: and (?:a half|1/2)(?![^\W_]))?"
    return rf"(?:(?:{_FIGURES}|{words}){and_a_half}|{half}|an?(?![^\W_]))"


def value_of(said: str) -> float:
    """What the number is worth; NaN when it is none. "2,50" is 2.5, "1,000" a thousand, "1 1/2" is 1.5."""
    text = said.lower().strip()
    whole, halved, _ = text.partition(" and ")
    if halved:
        return value_of(whole) + 0.5
    if text.startswith(("half", "a half", "an half")):
        return 0.5
    if text.startswith(("quarter", "a quarter")):
        return 0.25
    if text in {"a", "an"}:
        return 1.0
    if text[:1].isalpha():
        return sum(numbers().get(word, math.nan) for word in re.split(r"[ -]", text))
    return _of_figures(text)


def _of_figures(text: str) -> float:
    whole, _, rest = text.replace("-", " ").rpartition(" ")
    if "/" in rest:
        top, _, bottom = rest.partition("/")
        if not float(bottom):
            return math.nan
        return (float(whole) if whole else 0.0) + float(top) / float(bottom)
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def plain(value: float) -> str:
    """The number as a label shows it: "16", "2.5", "1/2"."""
    near = next((said for part, said in _FRACTIONS.items() if abs(part - value) < 1e-9), "")
    return near or (f"{value:.0f}" if value >= 1000 else f"{value:.4g}")


def dollars(value: float) -> str:
    """US dollars as a label shows them: "$3.00"."""
    return f"${value:,.2f}"
