"""Prices as shops of every country write them, by price-parser; what one price leaves open, the others of it decide."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

DEAREST: Final = 1e9  # a price above it is a mistake
LONGEST: Final = 60  # characters in which a price stands, "from" and currency included
Decimal = Literal[".", ","]
_MINUS: Final = re.compile(r"^\D{0,8}[-\u2212]\s*\d")
_POINTED: Final = re.compile(r"(?<=[A-Za-z])\.(?=\s*\d)")  # "Rs.1499", "kr.99"
_NUMBER: Final = re.compile(r"\d[\d.,' \u00a0\u202f]*")
# digits that no grouping explains: "2,49", "1.5", "1.234,56"; and the sign in them that is decimal
_CLEAR: Final = re.compile(r"(?:^|[.,' \d])\d*([.,])(?:\d{1,2}|\d{4,})$")
_ZERO_BEFORE: Final = re.compile(r"^0([.,])\d+$")
_OPEN: Final = re.compile(r"^\d{1,3}[.,]\d{3}$")  # "1.234": a thousand or a bit more than one


class Numeral(str):
    """A number of the file, as text: its point is a decimal point."""

    __slots__ = ()


def amount(text: str, decimal: Decimal | None = None) -> float:
    """What a price amounts to in whole units, NaN for none; `decimal` is the sign that the shop writes before cents.

    Without it "1.234" is a thousand, as price-parser has it; a number of the file itself is what it is.
    """
    if isinstance(text, Numeral):
        return _within(text)
    plain = _plain(text[:LONGEST])
    if not plain or _MINUS.match(plain):
        return math.nan
    from price_parser import Price

    found = _NUMBER.search(plain)
    zero = _ZERO_BEFORE.match(found[0].strip()) if found else None
    open_ = found is not None and _OPEN.match(found[0].strip(" .,'"))
    sign = zero[1] if zero else decimal if open_ else None
    price = Price.fromstring(plain, decimal_separator=sign)
    return math.nan if price.amount is None else _within(str(price.amount))


def decimal_of(texts: Iterable[str]) -> Decimal | None:
    """The sign before cents in all prices that leave no doubt; None where there is none, or both occur."""
    signs: set[str] = set()
    for text in texts:
        if isinstance(text, Numeral) or not (found := _NUMBER.search(_plain(text[:LONGEST]))):
            continue
        if clear := _CLEAR.search(found[0].strip(" '")):
            signs.add(clear[1])
    return None if len(signs) != 1 else "," if "," in signs else "."


def _plain(text: str) -> str:
    """Digits of any script as 0 to 9, apostrophes and Arabic separators as those of the library."""
    table = {"\u066b": ".", "\u066c": ",", "\u2019": "'", "\u00b4": "'", "\u02bc": "'"}
    plain = "".join(table.get(c) or (str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c) for c in text)
    return _POINTED.sub(" ", plain).strip()


def _within(number: str) -> float:
    try:
        value = float(number)
    except (ValueError, OverflowError):
        return math.nan
    return value if 0 <= value <= DEAREST else math.nan
