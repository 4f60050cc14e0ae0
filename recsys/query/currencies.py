"""How people write money: the shop's own in every manner, and other money as far as nothing else can be meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from recsys.schema.money import Money

ROLES: Final = ("sign", "name", "cent")  # of a spelling: before or after an amount; after it; a hundredth of it
SIGNS: Final = "$\u20ac\u00a3\u00a5\u20b9"  # of the money that is read; none stands inside a model number
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
    def of(cls, money: Money, rows: Iterable[Sequence[str]]) -> MoneyWords:
        """From a table of (currency, role, spelling), and what the Unicode CLDR says of the shop's own money."""
        from babel.numbers import get_currency_name, get_decimal_symbol, get_group_symbol

        table = [(currency, role, spelt(spelling)) for currency, role, spelling in rows]
        known = [(currency == money.currency, role, word) for currency, role, word in table]
        codes = {word for currency, _, word in table if word == currency.lower()}
        symbol = spelt(money.symbol).strip("\u200e\u200f")
        signs = {symbol, symbol.rstrip("."), money.currency.lower()}
        names = _names(money)
        own = {word for its, role, word in known if its and role != "cent"} | signs | names
        cents = {word for its, role, word in known if its and role == "cent"}
        before = signs | {word for _, role, word in known if role == "sign"} | codes
        after = {word for _, role, word in known if role != "cent"} | own | cents
        return cls(
            frozenset(own | cents),
            frozenset(before),
            frozenset(after),
            frozenset(cents),
            str(get_currency_name(money.currency, count=2, locale="en")),
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


def _names(money: Money) -> set[str]:
    """What the money is called in its own language and in English, there also without whose it is: "pounds"."""
    from babel.numbers import get_currency_name

    named = {
        spelt(str(get_currency_name(money.currency, count=n, locale=locale)))
        for locale in (money.locale, "en")
        for n in _COUNTS
    }
    return named | {spelt(str(get_currency_name(money.currency, count=n, locale="en"))).split()[-1] for n in _COUNTS}
