"""How people write money: the shop's own in every manner, and other money as far as nothing else can be meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from recsys.schema.money import Money

ROLES: Final = ("sign", "name", "cent")  # of a spelling: before or after an amount; after it; a hundredth of it
SIGNS: Final = "$\u20ac\u00a3\u00a5\u20b9"  # of the money that is read; none stands inside a model number
READ: Final = ("USD", "EUR", "GBP", "JPY", "CNY", "INR", "CHF")  # beside the shop's own
OF_CENTS: Final = ("dollar", "euro")  # a hundredth of whose is a cent, which the CLDR does not say
CENTS: Final = frozenset({"cent", "cents", "\u00a2"})
_COUNTS: Final = (1, 2, 5)  # whose plurals differ in one language or another


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """The spellings of money, normalised by `spelt`: those of the shop's own, and all that are read.

    `decimal` stands between whole units and hundredths in the shop's locale, `group` between thousands.
    """

    own: frozenset[str]
    before: frozenset[str]  # an amount: signs and codes
    after: frozenset[str]  # an amount: these, names, and names of hundredths
    cents: frozenset[str]  # hundredths of the shop's own money
    plural: str  # in English: "Swiss francs", "euros"
    decimal: str
    group: str

    @classmethod
    def of(cls, money: Money, rows: Iterable[Sequence[str]], units: Collection[str] = ()) -> MoneyWords:
        """From what the Unicode CLDR says, and a table of (currency, role, spelling) of what people say beside it.

        `units` are words that measure something: of them only the shop's own money is named, as in five pounds.
        """
        from babel.numbers import get_decimal_symbol, get_group_symbol

        table = [(currency, role, spelt(spelling)) for currency, role, spelling in rows]
        known = [(currency == money.currency, role, word) for currency, role, word in table]
        signs, names = _signs(money.currency, money.symbol), _names(money.currency, money.locale)
        own = {word for its, role, word in known if its and role != "cent"} | signs | names
        cents = {word for its, role, word in known if its and role == "cent"} | _cents(names)
        others = {word for currency in READ for word in _signs(currency, _symbol(currency))}
        named = {word for currency in READ for word in _names(currency, "en")}.difference(units)
        before = signs | others | {word for _, role, word in known if role == "sign"}
        after = {word for _, role, word in known if role != "cent"} | others | named | own | cents
        return cls(
            frozenset(own | cents),
            frozenset(before),
            frozenset(after),
            frozenset(cents),
            _named(money.currency, "en", 2),
            str(get_decimal_symbol(money.locale)),
            unicodedata.normalize("NFKC", str(get_group_symbol(money.locale))),
        )

    @property
    def short(self) -> str:
        """The plural without whose it is: "francs"."""
        return self.plural.rpartition(" ")[2]


def spelt(text: str) -> str:
    """A spelling as it is compared: lower case, a blank for blanks and hyphens."""
    return re.sub(r"[\s-]+", " ", unicodedata.normalize("NFKC", text).lower()).strip()


def _signs(currency: str, symbol: str) -> set[str]:
    """What stands before an amount: "chf", "fr." and "fr"."""
    sign = spelt(symbol).strip("\u200e\u200f")
    return {sign, sign.rstrip("."), currency.lower()}


def _names(currency: str, locale: str) -> set[str]:
    """What money is called in a language and in English, there also without whose it is: "pounds"."""
    english = {spelt(_named(currency, "en", n)) for n in _COUNTS}
    return english | {name.split()[-1] for name in english} | {spelt(_named(currency, locale, n)) for n in _COUNTS}


def _cents(names: Iterable[str]) -> frozenset[str]:
    return CENTS if any(name in OF_CENTS for name in names) else frozenset()


def _named(currency: str, locale: str, count: int) -> str:
    from babel.numbers import get_currency_name

    return str(get_currency_name(currency, count=count, locale=locale))


def _symbol(currency: str) -> str:
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(currency, "en"))
