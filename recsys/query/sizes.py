"""Package sizes in a query or on a label: "2 litre", "6 x 330 ml", "half gallon", "a dozen", "12-pack"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from recsys.query.amounts import END, START, figures_or_words, plain, value_of
from recsys.query.parts import SizePart, Span
from recsys.query.wording import fold
from recsys.query.words import ShopWords, Unit, any_of

LARGEST: Final = 9999  # of any unit: more is a code, as in the register's own sizes
GENERATIONS: Final = 6  # "5g" written as one word is a mobile network

# What things are sold in: before "of" it names no thing, and neither does it after a name.
_CONTAINERS: Final = "bag box can bottle jar carton tub tube case pouch packet sack tin sachet canister container"
CONTAINERS: Final = frozenset(form for one in _CONTAINERS.split() for form in (one, f"{one}s", f"{one}es"))

_OR_LESS: Final = r"or (?:less|smaller|under|below)|and (?:under|below|smaller)"
_OR_MORE: Final = r"or (?:more|larger|bigger|over|above)|and (?:up|over|above|larger)"


@dataclass(frozen=True, slots=True)
class SizeFound:
    """A size where it was said; `impossible` says why it is none."""

    span: Span
    part: SizePart | None
    impossible: str = ""


def _pattern(words: ShopWords) -> re.Pattern[str]:
    number, unit = figures_or_words(words), any_of(words.units)
    below, above = words.any_phrase("below", "at_most"), words.any_phrase("above", "at_least")
    bound = rf"(?:(?P<below>{below})|(?P<above>{above})) ?"
    pack = any_of(["pack", "packs", "case", "box", "carton"])
    return re.compile(
        rf"{START}(?:{bound})?(?:(?P<between>between ))?"
        rf"(?:(?P<times>[0-9]{{1,3}}) ?[x\u00d7*] ?)?"
        rf"(?P<low>{number})(?:(?P<to> ?[-\u2013] ?| to | and )(?P<high>{number}))?[ -]?(?P<unit>{unit})\.?{END}"
        rf"(?: (?:(?P<less>{_OR_LESS})|(?P<more>{_OR_MORE}))(?!\w))?"
        rf"|{START}{pack} of (?P<of>{number}){END}",
        re.IGNORECASE,
    )


def _alone(words: ShopWords) -> re.Pattern[str]:
    alone = any_of(spelling for spelling, unit in words.units.items() if unit.alone)
    content = any_of(spelling for spelling, unit in words.units.items() if math.isnan(unit.count))
    return re.compile(rf"{START}(?:(?P<alone>{alone})|(?P<of>{content}) of){END}", re.IGNORECASE)


def sizes_in(text: str, words: ShopWords) -> Iterator[SizeFound]:
    """Every size with a number, from left to right; "1 lb 8 oz" is one size."""
    waiting: SizeFound | None = None
    for match in words.once(_pattern).finditer(text):
        found = _read(match, words)
        if found is None:
            continue
        joined = _pounds_and_ounces(waiting, found, text)
        if waiting is not None and joined is None:
            yield waiting
        waiting = joined or found
    if waiting is not None:
        yield waiting


def sizes_alone(text: str, words: ShopWords) -> Iterator[SizeFound]:
    """Units that mean one of themselves without a number: "2% milk gallon", "pint of cream"."""
    for match in words.once(_alone).finditer(text):
        spelled = match["alone"] or match["of"]
        span = match.start(), match.end("alone" if match["alone"] else "of")
        yield SizeFound(span, _part(span, 1.0, 1.0, words.units[_spelled(spelled)]))


def _read(match: re.Match[str], words: ShopWords) -> SizeFound | None:
    span = match.span()
    if match["of"]:
        value = value_of(match["of"], words)
        return _checked(span, value, value, words.units["pack"], 1)
    if _is_generation(match):
        return None
    low = value_of(match["low"], words)
    high = value_of(match["high"], words) if match["high"] else low
    if match["to"] == " and " and not match["between"]:  # "two and three pounds" is no range
        span, low = (match.start("high"), match.end()), high
    if low > high and (match["to"] or "").strip() == "-":
        low, high = high, low
    times = int(match["times"]) if match["times"] else 1
    if match["below"] or match["less"]:
        low = 0.0
    elif match["above"] or match["more"]:
        high = math.inf
    return _checked(span, min(low, high), max(low, high), words.units[_spelled(match["unit"])], times)


def _is_generation(match: re.Match[str]) -> bool:
    """ "5g" as one word: a phone's network, not a spoonful."""
    said = match[0].lower()
    return bool(re.fullmatch(r"[0-9]g", said)) and int(said[0]) <= GENERATIONS


def _checked(span: Span, low: float, high: float, unit: Unit, times: int) -> SizeFound:
    said = low if math.isinf(high) else high
    if not 0 < said <= LARGEST or times < 1:
        why = "is none a package can have" if said == said else "is no number"
        shown = plain(said) if said == said else "with a division by zero"
        return SizeFound(span, None, f"A size of {shown} {unit.name} {why}; it was left out.")
    return SizeFound(span, _part(span, low, high, unit, times))


def _spelled(unit: str) -> str:
    return re.sub(r"[ -]+", " ", fold(unit))


def _part(span: Span, low: float, high: float, unit: Unit, times: int = 1) -> SizePart:
    return SizePart((span,), low, high, unit.name, unit.grams, unit.milliliters, unit.count, times)


def _pounds_and_ounces(first: SizeFound | None, then: SizeFound, text: str) -> SizeFound | None:
    """ "1 lb 8 oz" as 1.5 lb; None when the two are not such a pair."""
    a, b = (first.part if first else None), then.part
    if first is None or a is None or b is None or (a.unit, b.unit) != ("lb", "oz"):
        return None
    if a.low != a.high or b.low != b.high or text[first.span[1] : then.span[0]].strip(" ,") or b.times > 1:
        return None
    span = first.span[0], then.span[1]
    pounds = a.low + b.low / 16
    return replace(then, span=span, part=replace(a, spans=(span,), low=pounds, high=pounds))


def is_measure(word: str, words: ShopWords) -> bool:
    """Whether a number before the word measures something: "under 100 calories" is no price."""
    return fold(word) in words.phrases("measure") or fold(word) in words.units
