"""Package sizes: from how the register spells them to what a person reads."""

from __future__ import annotations

import math
import re
from typing import Final

# Spelling at the register -> (unit before or after one, unit after several).
UNITS: Final[dict[str, tuple[str, str]]] = {
    "OZ": ("oz", "oz"), "OZS": ("oz", "oz"), "Z": ("oz", "oz"), "FL OZ": ("fl oz", "fl oz"),
    "LB": ("lb", "lb"), "LBS": ("lb", "lb"), "G": ("grams", "grams"), "GM": ("grams", "grams"),
    "GS": ("grams", "grams"), "MG": ("mg", "mg"), "ML": ("ml", "ml"), "MLL": ("ml", "ml"), "CC": ("ml", "ml"),
    "L": ("liter", "liter"), "LT": ("liter", "liter"), "LTR": ("liter", "liter"), "LRT": ("liter", "liter"),
    "PT": ("pint", "pint"), "QT": ("quart", "quart"), "GAL": ("gallon", "gallon"), "GA": ("gallon", "gallon"),
    "GALON": ("gallon", "gallon"), "CUP": ("cup", "cups"), "CP": ("cup", "cups"),
    "CT": ("count", "count"), "C": ("count", "count"), "PK": ("pack", "pack"), "PKS": ("pack", "pack"),
    "P": ("pack", "pack"), "PC": ("piece", "piece"), "PCS": ("piece", "piece"), "KIT": ("kit", "kits"),
    "DZ": ("dozen", "dozen"), "DOZ": ("dozen", "dozen"),
    "DZN": ("dozen", "dozen"), "STEM": ("stem", "stems"), "STEMS": ("stem", "stems"),
    "LOAD": ("load", "loads"), "LOADS": ("load", "loads"), "LD": ("load", "loads"), "LDS": ("load", "loads"),
    "SHEET": ("sheet", "sheets"), "SHEETS": ("sheet", "sheets"), "ROLL": ("roll", "rolls"), "ROLLS": ("roll", "rolls"),
    "USE": ("use", "uses"), "USES": ("use", "uses"), "DOSE": ("dose", "doses"), "PAIR": ("pair", "pairs"),
    "PADS": ("pad", "pads"), "STRIPS": ("strip", "strips"), "STICK": ("stick", "sticks"), "STICKS": ("stick", "sticks"),
    "PLY": ("ply", "ply"), "SQ FT": ("square feet", "square feet"), "CU FT": ("cubic feet", "cubic feet"),
    "CU IN": ("cubic inches", "cubic inches"), "IN": ("inch", "inch"), "INES": ("inch", "inch"),
    "FT": ("feet", "feet"), "FOOT": ("feet", "feet"), "YD": ("yard", "yards"), "YDS": ("yard", "yards"),
    "CM": ("cm", "cm"), "MM": ("mm", "mm"),
}  # fmt: skip
WORDS: Final[dict[str, str]] = {
    "PT": "1 pint", "QT": "1 quart", "GAL": "1 gallon", "HALF GAL": "1/2 gallon", "DZ": "1 dozen", "DOZ": "1 dozen",
    "LARGE": "large", "LG": "large", "LRG": "large", "MEDIUM": "medium", "MED": "medium", "MED.": "medium",
    "SMALL": "small", "SM": "small", "SML": "small", "X-LARGE": "extra large", "XLG": "extra large",
    "XL": "extra large", "X-LG": "extra large",
    "SM/MED": "small to medium", "LG/XLG": "large to extra large", "MINI": "mini", "TALL": "tall",
    "QUEEN": "queen size", "KING": "king size", "PK-KING": "king size", "CELL PK": "cell pack",
    "TWIN PK": "twin pack", "ONE SIZE": "one size",
}  # fmt: skip
# What is sold by content: "10-6.75 OZ" is ten of 6.75 oz, while "14-18 CT" is a range.
CONTENT: Final = frozenset({"oz", "fl oz", "ml", "liter", "grams", "pint", "quart", "gallon"})
FRACTION_BASES: Final = (2, 3, 4, 8)  # "3/4 OZ" is a fraction, "3/16 OZ" three of 16 oz
MEANINGLESS: Final = frozenset({"1 count", "1 pack", "1 piece", "1 kit", "1 x 1 count"})  # every product is one
LARGEST: Final = 9999  # more is a vendor's code, not a size

_NUMBER = r"(?:\d+[ -]\d+/\d+(?![\d.])|\d+/\d+(?![\d.])|\d*\.\d+|\d+)"
_UNIT = "(?:" + "|".join(sorted((re.escape(u) for u in UNITS), key=len, reverse=True)) + r")(?!(?!X ?[\d.])[A-Z])"
_DIMENSIONS = re.compile(rf"({_NUMBER}) ?({_UNIT})? ?X ?({_NUMBER}) ?({_UNIT})?(?: ?X ?({_NUMBER}) ?({_UNIT}))?")
_MANY = re.compile(rf"(\d+) ?([/-]) ?(\d*\.?\d+) ?({_UNIT})")
_PACK_OF = re.compile(rf"(\d+) ?(?:PK|P)[ /-]+({_NUMBER}) ?({_UNIT})")
_MEASURE = re.compile(rf"({_NUMBER}) ?({_UNIT})")
_SIZE = re.compile(r"(?:SZ|SIZE) ?(\d{1,2})\b")
_SEPARATOR = re.compile(r"(?:[ /,*-]|\.(?!\d))*")
_BOUND = re.compile(r"(UNDER|OVER) (?=\d)")


def readable_size(raw: str) -> str:
    """The package size as a person reads it: '19.8 oz', '12 x 12 oz', '1/2 gallon', '300 count'.

    Returns '' for a size that says nothing to a shopper or cannot be read.
    """
    text = _without_codes(raw)
    size = _read(text)
    return "" if size in MEANINGLESS else size


def _read(text: str) -> str:
    if text in WORDS:
        return WORDS[text]
    if found := _BOUND.match(text):
        rest = _measures(text[found.end() :])
        return f"{found[1].lower()} {rest}" if rest else ""
    if found := _SIZE.match(text):
        rest = _read(text[found.end() :].strip(" /-"))
        return ", ".join(p for p in (f"size {found[1]}", rest) if p)
    if found := _DIMENSIONS.match(text):
        return _dimensions(found)
    for pattern, read in ((_PACK_OF, _pack_of), (_MANY, _many)):
        if (found := pattern.match(text)) and (size := read(found)):
            return size
    return _measures(text)


def _without_codes(raw: str) -> str:
    """Upper case, single blanks, without vendors' and distribution codes before the size."""
    text = " ".join(raw.upper().split())
    text = re.sub(r"^\(\d+\) ?", "", text)  # "(600) 4 LB"
    text = re.sub(r"^\d{4,} (?=[\d.])", "", text)  # "150854 6 CT"
    text = re.sub(r"(?<=\d)(?:-|\.)(?= ?[A-Z])", " ", text)  # "3-LB BAG", "14. OZ"
    text = re.sub(r"(?<=\d) O$", " OZ", text)  # cut off by the source
    if not text.startswith(("SZ", "SIZE", "UNDER", "OVER")):
        text = re.sub(r"^(?:[A-Z]{1,5}[ /-]?)+(?=[\d.]+[ \d/.-]*[A-Z])", "", text)  # "AB 32 OZ", "KIOSK16 OZ"
    return " ".join(text.split())


def _value(number: str) -> float:
    """What '1/2', '1 3/4', '1-3/4', '.5' or '16' is worth; 0 when it is no number."""
    whole, _, fraction = number.replace("-", " ").rpartition(" ")
    try:
        top, _, bottom = fraction.partition("/")
        part = float(top) / float(bottom) if bottom else float(top)
    except (ValueError, ZeroDivisionError):
        return 0.0
    return (float(whole) if whole else 0.0) + part


def _plain(number: str) -> str:
    """The number without needless zeros: '2.0' -> '2', '.50' -> '0.5', '1-3/4' -> '1 3/4'."""
    if "/" in number:
        return number.replace("-", " ")
    return f"{float(number):g}"


def _with_unit(number: str, unit: str) -> str:
    """'1 stem', '3 stems'; '' when the number is none a package can have."""
    value = _value(number)
    _, slash, base = number.partition("/")
    if not 0 < value <= LARGEST or (slash and (value % 1 == 0 or int(base) not in (*FRACTION_BASES, 16))):
        return ""
    one, several = UNITS[unit]
    return f"{_plain(number)} {one if value <= 1 else several}"


def _dimensions(found: re.Match[str]) -> str:
    numbers = [n for n in found.group(1, 3, 5) if n]
    units = [u for u in found.group(2, 4, 6) if u]
    if not units or not all(0 < _value(n) <= LARGEST for n in numbers):
        return ""
    if len(set(units)) == 1:
        return " x ".join(_plain(n) for n in numbers[:-1]) + f" x {_with_unit(numbers[-1], units[0])}"
    pairs = zip(found.group(1, 3, 5), found.group(2, 4, 6), strict=True)
    return " x ".join(_with_unit(n, u or units[-1]) for n, u in pairs if n)


def _pack_of(found: re.Match[str]) -> str:
    """'12 PK/12 OZ': twelve of 12 oz; '8 PK/5 IN': a pack of eight, 5 inch each."""
    count, number, unit = found.groups()
    each = _with_unit(number, unit)
    if not each or int(count) < 1:
        return ""
    if UNITS[unit][0] in CONTENT and int(count) > 1:
        return f"{int(count)} x {each}"
    return f"{int(count)} pack, {each}"


def _many(found: re.Match[str]) -> str:
    """'10/6.75 OZ': ten of 6.75 oz; '14-18 CT': a range; '1/2 GAL': a fraction, which is left to `_measures`."""
    first, sign, second, unit = found.groups()
    low, high = int(first), float(second)
    is_fraction = (
        sign == "/" and second.isdigit() and low < high and high in FRACTION_BASES and math.gcd(low, int(high)) == 1
    )
    if is_fraction or not (0 < low <= LARGEST and 0 < high <= LARGEST):
        return ""
    each = _with_unit(second, unit)
    in_content = UNITS[unit][0] in CONTENT
    if not in_content and low < high < 2 * low + 1:
        return f"{low} to {each}"
    return f"{low} x {each}" if low > 1 else each


def _measures(text: str) -> str:
    """'6 CT/15 OZ' -> '6 count, 15 oz'; what follows the last readable measure (BTL, BAG, CAN) is left out."""
    found: list[tuple[str, str]] = []
    at = 0
    while measure := _MEASURE.match(text, at):
        size = _with_unit(measure[1], measure[2])
        if size:
            found.append((size, UNITS[measure[2]][0]))
        at = _end_of(_SEPARATOR, text, measure.end())
    if size_number := _SIZE.match(text, at):
        found.append((f"size {size_number[1]}", "size"))
    pound_and_ounce = [unit for _, unit in found] == ["lb", "oz"]
    return (" " if pound_and_ounce else ", ").join(dict.fromkeys(size for size, _ in found))


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
