"""The spellings of money: what the Unicode CLDR says of it, and what people say beside that."""

from __future__ import annotations

from recsys.query.currencies import MoneyWords
from recsys.schema.money import Money

SAID = [("USD", "name", "Bucks"), ("GBP", "cent", "pence")]
DOLLARS = MoneyWords.of(Money("USD", "en_US"), SAID, ["pound", "pounds"])
POUNDS = MoneyWords.of(Money("GBP", "en_GB"), SAID, ["pound", "pounds"])


def test_money_is_named_by_its_code_its_sign_and_with_or_without_whose_it_is() -> None:
    assert {"$", "usd", "dollar", "dollars", "us dollars", "bucks"} <= DOLLARS.own
    assert {"£", "gbp", "pound", "pounds", "british pounds"} <= POUNDS.own
    assert "dollars" not in POUNDS.own


def test_other_money_is_read_too_but_for_names_that_are_units() -> None:
    assert {"euros", "yen", "rupees", "swiss francs", "british pounds"} <= DOLLARS.after
    assert not {"pound", "pounds"} & DOLLARS.after  # five pounds of flour
    assert {"€", "eur", "₹"} <= DOLLARS.before


def test_hundredths_are_those_of_the_shop_s_own_money() -> None:
    assert DOLLARS.cents == {"cent", "cents", "¢"}
    assert POUNDS.cents == {"pence"}
    assert MoneyWords.of(Money("NZD", "en_NZ"), []).cents == DOLLARS.cents
    assert not MoneyWords.of(Money("JPY", "ja_JP"), []).cents
