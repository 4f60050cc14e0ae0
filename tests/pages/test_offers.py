"""The page Offers: three questions, what is missing said in words, money that cannot be meant refused."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from recsys.engine import Engine
from recsys.errors import BadRequestError
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/business/offers/page.py"


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **address))


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_shop_without_coupons_says_what_is_missing(made_shop: Settings) -> None:
    assert Engine.open(made_shop).offers.campaigns == ()
    for about in ("shopper", "campaign"):
        assert "This shop has no coupons" in text_of(opened(offers_about=about))
    words = text_of(opened(offers_about="promotions"))
    assert "Nothing is known here of displays" in words or "no experiment" in words


@pytest.mark.usefixtures("prepared")
def test_coupons_of_a_shopper_and_of_somebody_unknown() -> None:
    words = text_of(opened())
    assert "coupons the likeliest is the one for" in words
    assert "buy anyway" in words


@pytest.mark.usefixtures("prepared")
def test_a_budget_reaches_some_none_or_all_and_what_is_none_is_refused() -> None:
    assert "of all who would redeem are reached" in text_of(opened(offers_about="campaign"))
    assert "The budget reaches nobody" in text_of(opened(offers_about="campaign", offers_budget="0"))
    assert "The budget reaches all" in text_of(opened(offers_about="campaign", offers_budget="1000000"))
    for typed, said in (("-5", "cannot be spent"), ("much", "is no number")):
        app = opened(offers_about="campaign", offers_budget=typed)
        assert said in " ".join(str(each.value) for each in app.warning)


@pytest.mark.usefixtures("prepared")
def test_a_campaign_that_is_not_there_is_said_and_another_shown() -> None:
    app = opened(offers_about="campaign", offers_campaign="999")
    assert "there is no campaign '999'" in " ".join(str(each.value) for each in app.warning).replace("\\", "")
    assert "Who would have bought anyway" in text_of(app)


@pytest.mark.usefixtures("prepared")
def test_displays_and_mailers_come_with_their_warning() -> None:
    words = text_of(opened(offers_about="promotions"))
    assert "A product sells" in words
    assert "This is observation and no experiment" in words


def test_an_unknown_shopper_is_refused_in_words(sample_engine: Engine) -> None:
    with pytest.raises(BadRequestError, match="there is no shopper"):
        sample_engine.offers.of_shopper("nobody-of-that-name")


def test_the_parts_of_an_addressing_agree(sample_engine: Engine) -> None:
    found = sample_engine.offers.of_campaign("", 10, 0.5)
    assert len(found.rows) == min(20, found.eligible)
    told = found.outcome
    for each in (told.redeemers, told.redemptions, told.sales, told.new_sales, told.discounts, told.left):
        assert each.low <= each.value <= each.high
    assert told.redeemers.value <= found.all_redeemers.value + 1e-9
    assert told.redeemers.value >= found.by_chance - 1e-9
    assert 0 <= told.new_sales.value <= told.sales.value
    assert told.left.value == pytest.approx(told.new_sales.value - told.discounts.value - found.cost)
    share, left, low, high = found.left
    assert (share[0], left[0], share[-1]) == (0, 0, 1)
    assert (low <= left + 1e-9).all()
    assert (left <= high + 1e-9).all()
    everybody = sample_engine.offers.of_campaign("", 10, 0, "everybody")
    assert len(everybody.rows) == len(sample_engine.shoppers)
