"""Price ranges in a query: "under 3", "between 2 and 4", "3-5 euros", "max 2.50", "3 or less", "cheap".

Amounts are in the shop's own money, however it is named; other money is read as if it were that, which is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from recsys.query.amounts import END, START, figures_or_words, value_of
from recsys.query.currencies import spelt
from recsys.query.parts import PricePart, Span
from recsys.query.sizes import is_measure
from recsys.query.wording import WORD, fold
from recsys.query.words import ShopWords, any_of
from recsys.schema.money import Money

AROUND: Final = 0.2  # "about 5" is 4 to 6: a fifth either way, as shops round their price bands
DEAREST: Final = 1e6

_OR_LESS: Final = r"or (?:less|under|below|cheaper|lower)|and (?:under|below|less)|max(?:imum)?|tops"
_OR_MORE: Final = r"or (?:more|over|above|up)|and (?:up|over|above|more)|min(?:imum)?|\+"


@dataclass(frozen=True, slots=True)
class PriceFound:
    """A bound on the price where it was said."""

    span: Span
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    other_money: bool = False  # whether it was said in money that is not the shop's


def _money(name: str, words: ShopWords) -> str:
    """A regular expression for an amount; currency is optional and is looked at afterwards."""
    sign, named = any_of(words.currency.before), any_of(words.currency.after)
    return (
        rf"(?:(?P<{name}sign>{sign}) ?)?(?P<{name}>{figures_or_words(words, spaced=True)})"
        rf"(?: ?-?(?P<{name}name>{named})(?!\w))?"
    )


def _pattern(words: ShopWords) -> re.Pattern[str]:
    roles = {
        "below": ("below", "price_below"),
        "at_most": ("at_most", "price_at_most"),
        "above": ("above",),
        "at_least": ("at_least", "price_at_least"),
        "about": ("price_about",),
    }
    bounds = "|".join(f"(?P<{name}>{words.any_phrase(*roles)})" for name, roles in roles.items())
    return re.compile(
        rf"{START}(?:price[sd]?|cost(?:s|ing)?)?(?: is| of)?[ :=]{{0,2}}"
        rf"(?:(?P<between>between|from) |(?:{bounds}) ?|(?:(?P<deal>[0-9]{{1,2}}) )?for )?"
        rf"(?:{_money('a', words)})(?:(?P<to> ?[-\u2013] ?| to | and ){_money('b', words)})?"
        rf"(?![\w%]|[/.,][0-9]|['\u2019]\w)"
        rf"(?: ?(?:(?P<less>{_OR_LESS})|(?P<more>{_OR_MORE}))(?!\w))?",
        re.IGNORECASE,
    )


def _cheap(words: ShopWords) -> re.Pattern[str]:
    return re.compile(rf"{START}{words.any_phrase('cheap')}{END}", re.IGNORECASE)


def cheap_in(text: str, words: ShopWords) -> list[Span]:
    """Where the query says cheap."""
    return [match.span() for match in words.once(_cheap).finditer(text)]


def prices_in(text: str, known: Callable[[str], bool], words: ShopWords) -> Iterator[PriceFound]:
    """Every price bound, from left to right; `known` says whether the catalogue knows a word.

    A number without a currency is a price only where nothing else can be meant: not before a unit or a word that the
    catalogue does not know, and not after people ("men over 50").
    """
    for match in words.once(_pattern).finditer(text):
        found = _read(match, text, known, words)
        if found is not None:
            yield found


def _read(match: re.Match[str], text: str, known: Callable[[str], bool], words: ShopWords) -> PriceFound | None:
    money = _has_currency(match, "a") or _has_currency(match, "b")
    bounded = any(match[name] for name in ("below", "at_most", "above", "at_least", "between"))
    priced = match[0].lower().lstrip().startswith(("price", "cost"))
    if match["to"] and not _is_range(match, money=money or priced) and not _is_whole_and_cents(match, words):
        alone = words.once(_pattern).match(text[: match.start("to")], match.start())  # "under 5 euros and 2 glasses"
        return _read(alone, text, known, words) if alone and not alone["to"] else None
    if not money and not ((bounded or priced) and _bare_is_price(match, text, known, words)):
        return None
    first, second = _amounts(match, words)
    if not (0 <= first <= DEAREST and 0 <= second <= DEAREST) or _is_weight(match, words):
        return None
    return _bounds(match, first, second, words)


def _is_weight(match: re.Match[str], words: ShopWords) -> bool:
    """ "quarter pound burgers", in a shop whose money is called so: nobody says a price in quarters of it."""
    part = "/" in match["a"] or re.match(r"(?:an? )?(?:half|quarter)", match["a"], re.IGNORECASE)
    return bool(part) and spelt(match["aname"] or "") in words.money_or_unit


def _has_currency(match: re.Match[str], name: str) -> bool:
    return bool(match[f"{name}sign"] or match[f"{name}name"])


def _is_range(match: re.Match[str], *, money: bool) -> bool:
    """ "between 2 and 4", "2 euros to 4", "3-5 euros"; not "24/7" or a "3-5" that says nothing of money."""
    joined = match["to"].strip().lower()
    return bool(match["between"]) or (money and joined != "and")


def _is_whole_and_cents(match: re.Match[str], words: ShopWords) -> bool:
    """ "3 euros and 50 cents"."""
    return (match["to"] or "").strip() == "and" and _has_currency(match, "a") and _in_cents(match["bname"], words)


def _in_cents(name: str | None, words: ShopWords) -> bool:
    return spelt(name or "") in words.currency.cents


def _bare_is_price(match: re.Match[str], text: str, known: Callable[[str], bool], words: ShopWords) -> bool:
    number = match["a"].lower()
    if number in {"a", "an"} or "/" in number or number.startswith(("half", "quarter")):
        return False
    if (match["between"] or "").lower() == "from" and not match["to"]:
        return False
    before = WORD.findall(fold(text[max(0, match.start() - 40) : match.start()]))[-2:]
    if words.phrases("people").intersection(before):
        return False
    rest = text[match.end() :]
    after = re.match(r"[ -]([^\W_]+)", rest)
    if after is None:
        return True
    word = fold(after[1])
    return not is_measure(word, words) and (word in {"and", "or", "with", "without", "no", "for", "in"} or known(word))


def _amounts(match: re.Match[str], words: ShopWords) -> tuple[float, float]:
    first = value_of(match["a"], words)
    second = value_of(match["b"], words) if match["to"] else first
    if _is_whole_and_cents(match, words):
        return first + second / 100, first
    if _in_cents(match["bname"] or match["aname"], words):
        second /= 100
        first = first / 100 if not match["asign"] else first
    return first, second


def _bounds(match: re.Match[str], first: float, second: float, words: ShopWords) -> PriceFound:
    span, other = _trimmed(match), _in_other_money(match, words)
    if match["to"] and not _is_whole_and_cents(match, words):
        return PriceFound(span, first, second, other_money=other)
    if match["about"]:
        low, high = round(first * (1 - AROUND), 2), round(first * (1 + AROUND), 2)
        return PriceFound(span, low, high, other_money=other)
    if match["above"] or match["at_least"] or match["more"] or match["between"]:
        return PriceFound(span, low=first, low_open=bool(match["above"]), other_money=other)
    each = int(match["deal"] or 1) or 1  # "2 for 5" is 2.50 each
    high = round(first / each, 2)  # "5 euros" alone: so much may be spent
    return PriceFound(span, high=high, high_open=bool(match["below"]), other_money=other)


def _in_other_money(match: re.Match[str], words: ShopWords) -> bool:
    said = (match[group] for group in ("asign", "aname", "bsign", "bname"))
    return any(spelt(money) not in words.currency.own for money in said if money)


def _trimmed(match: re.Match[str]) -> Span:
    said = match[0]
    return match.start() + len(said) - len(said.lstrip()), match.end() - (len(said) - len(said.rstrip()))


@dataclass(frozen=True, slots=True)
class PriceMerged:
    """The one price part, what was put right, and the spans of what was dropped."""

    part: PricePart | None
    notes: tuple[str, ...] = ()
    dropped: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bound:
    value: float
    is_open: bool = False


def merge_prices(
    found: Sequence[PriceFound], cheap: Sequence[Span], quartile: float | None, money: Money
) -> PriceMerged:
    """One range out of all that was said; a later bound replaces an earlier one, and numbers replace "cheap"."""
    spans = tuple(sorted([*(f.span for f in found), *cheap]))
    if not found:
        if not cheap or quartile is None:
            return PriceMerged(None)
        return PriceMerged(PricePart(spans, high=round(quartile, 2), cheap=True, money=money))
    notes: list[str] = []
    low = _last([_Bound(f.low, f.low_open) for f in found if f.low is not None], "lower", notes, money)
    high = _last([_Bound(f.high, f.high_open) for f in found if f.high is not None], "upper", notes, money)
    if low and high and low.value > high.value:
        more, less = money.said(low.value), money.said(high.value)
        notes.append(f"The price range {more} to {less} was upside down; it was read as {less} to {more}.")
        low, high = _Bound(high.value), _Bound(low.value)
    if high and not high.value:
        return PriceMerged(None, (*notes, f"Nothing costs {money.said(0)} or less, so the price was left out."), spans)
    if low and high and low.value == high.value:
        low = high = _Bound(low.value)  # "over 3 under 3": as near as it comes
    low_value, high_value = low.value if low else None, high.value if high else None
    part = PricePart(spans, low_value, high_value, bool(low and low.is_open), bool(high and high.is_open), money=money)
    return PriceMerged(part, tuple(notes))


def _last(bounds: list[_Bound], side: str, notes: list[str], money: Money) -> _Bound | None:
    if not bounds:
        return None
    if len({bound.value for bound in bounds}) > 1:
        notes.append(f"More than one {side} price was given; the last, {money.said(bounds[-1].value)}, is used.")
    return bounds[-1]
