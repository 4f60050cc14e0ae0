"""Money and numbers as the people of a shop write them, by the Unicode CLDR (Babel)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MINUS: Final = "\u2212"


@dataclass(frozen=True, slots=True)
class Money:
    """The currency of a shop and the manner in which its numbers are written.

    `currency` is an ISO 4217 code ("USD"), `locale` a CLDR name ("en_US"). Amounts are in whole units of the currency:
    5.0 is five dollars. Every method raises `babel.UnknownLocaleError` for a locale that CLDR has not.
    """

    currency: str
    locale: str = "en_US"

    @property
    def symbol(self) -> str:
        """What stands for the currency beside an amount: "€", "£", "kr."."""
        return _symbol(self.currency, self.locale)

    def said(self, amount: float) -> str:
        """An amount with the currency's own number of decimals: "£1,234.50", "1.234,50 €"."""
        return _said(float(amount), self.currency, self.locale, None)

    def short(self, amount: float) -> str:
        """An amount without decimals where it has none: "£5", "£0.50"."""
        return _said(float(amount), self.currency, self.locale, 0 if float(amount).is_integer() else None)

    def number(self, value: float, decimals: int = 0) -> str:
        """A plain number with grouped thousands, halves rounded to even: "67,599", "67.599"."""
        return _number(float(value), decimals, self.locale)

    @property
    def separators(self) -> str:
        """The decimal sign and the one between thousands, as charts take them: ".,", ",."."""
        return _separators(self.locale)


DOLLARS: Final = Money("USD", "en_US")


@lru_cache(4096)
def _said(amount: float, currency: str, locale: str, decimals: int | None) -> str:
    from babel.numbers import format_currency  # 20 ms and locale files, not before the first price is written

    if decimals is None:
        return str(format_currency(amount, currency, locale=locale))
    pattern = _whole_pattern(locale)
    return str(format_currency(amount, currency, pattern, locale=locale, currency_digits=False))


@lru_cache(64)
def _whole_pattern(locale: str) -> str:
    """The locale's own pattern for amounts, without decimals."""
    import re

    from babel import Locale

    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return re.sub(r"\.[0#]+", "", str(pattern))


@lru_cache(4096)
def _number(value: float, decimals: int, locale: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=locale))


@lru_cache(64)
def _separators(locale: str) -> str:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return f"{get_decimal_symbol(locale)}{get_group_symbol(locale)}"


@lru_cache(64)
def _symbol(currency: str, locale: str) -> str:
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(currency, locale=locale))
