"""Amounts that are no package size: a strength, a share, a size class, a count of rolls or loads, a length.

Each is of one unit and compared with nothing else: 200 mg are no 200 count, 1% is no pint, and size 4 no 4 pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from recsys.query.amounts import START
from recsys.query.parts import Span
from recsys.query.wording import fold
from recsys.query.words import ShopWords, any_of

# Measures of time, of opinion and of people are said of a product, and no label gives them.
_OF_OTHER_THINGS: Final = (
    "in m mo times point points star stars review reviews people person persons day days week weeks month months "
    "year years yr yrs old bit bits player players"
)
_NO_LABEL: Final = frozenset(_OF_OTHER_THINGS.split()) | {"years old"}
_JOINED_ONLY: Final = frozenset({"w", "v"})  # "40w" is a strength, in "size w" the letter is anything
_SAME: Final = {"w": "watt", "v": "volt", "percent": "%", "ft": "foot", "feet": "foot", "inches": "inch",
                "min": "minute", "mins": "minute", "hr": "hour", "hrs": "hour", "pc": "piece", "pcs": "piece",
                "cals": "calorie", "cal": "calorie", "sq ft": "square foot", "square feet": "square foot"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that is asked of the product. `span` is the place [start, end) of the query that said it.

    Either `denied`, a word that the product's text must deny, or an amount of a `unit` that its label must give.
    """

    span: Span
    label: str  # as a label would say it: "gluten-free", "200 mg"
    denied: str = ""
    amount: float = 0.0
    unit: str = ""


def _measure(words: ShopWords) -> re.Pattern[str]:
    units = {unit for unit in words.phrases("measure") if unit not in _NO_LABEL} - words.units.keys()
    apart, joined = any_of(units - _JOINED_ONLY), any_of(units)
    number = r"(?P<number>[0-9]{1,6}(?:[.,][0-9]{1,2})?(?:/[0-9]{1,2})?)"
    return re.compile(
        rf"{START}(?:{number}(?:(?P<percent> ?%)|(?P<joined>{joined})|[ -](?P<apart>{apart}))(?![\w%])"
        rf"|(?P<share>[0-9]{{2}}/[0-9]{{1,2}})(?![\w/%])"
        rf"|size (?P<size>[0-9]{{1,2}})(?![\w.,/%]))",
        re.IGNORECASE,
    )


def measures_in(text: str, words: ShopWords) -> Iterator[Claim]:
    """Every amount that is no package size, in a query or on a label: "200mg", "2%", "80/20", "size 4", "64 loads"."""
    for match in words.once(_measure).finditer(text):
        if match["size"]:
            yield Claim(match.span(), f"size {match['size']}", amount=float(match["size"]), unit="size")
        elif match["share"]:
            lean, _, rest = match["share"].partition("/")
            if int(lean) + int(rest) == 100:
                yield Claim(match.span(), match["share"], amount=float(lean), unit="%")
        elif (amount := _value(match["number"])) or match["percent"]:
            unit = "%" if match["percent"] else unit_of(match["joined"] or match["apart"])
            said = fold(match["joined"] or match["apart"] or "")  # "12 rolls" stays that
            label = f"{amount:g}%" if unit == "%" else f"{amount:g} {said if said == f'{unit}s' else unit}"
            yield Claim(match.span(), label, amount=amount, unit=unit)


def _value(number: str) -> float:
    top, _, bottom = number.replace(",", ".").partition("/")
    return float(top) / (float(bottom) if bottom and float(bottom) else 1.0)


def unit_of(said: str) -> str:
    """One name for a unit, however it is written: "watts", "w" and "Watt" are one."""
    folded = " ".join(fold(said).replace("-", " ").split())
    return _SAME.get(folded) or (folded[:-1] if folded.endswith("s") else folded)
