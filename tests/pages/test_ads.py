"""The page Ads: places are sold, labelled, paid for, and what that costs is said."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from recsys.engine import Engine
from recsys.engine.ads import Choice
from recsys.settings import Settings
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/business/ads/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **address))


@pytest.mark.parametrize("made_shop", ["outdoor", "small_demo"], indirect=True)
def test_what_is_sponsored_is_said_in_words(made_shop: Settings) -> None:
    words = text_of(opened(ad_floor="0", ad_places="3"))
    sold = Engine.open(made_shop).ads.shelf(None, Choice(places=3, floor=0.0)).winners
    assert sold
    assert words.count("Sponsored") >= len(sold)
    assert "are simulated" in words
    assert "Who won each place" in words


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_without_places_nothing_is_sponsored_and_nothing_earned(made_shop: Settings) -> None:
    words = text_of(opened(ad_places="0"))
    assert "earns nothing from advertising" in words
    assert "Who won each place" not in words


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_a_shop_without_prices_says_what_is_missing(made_shop: Settings) -> None:
    words = text_of(opened())
    assert "No places can be sold" in words
    assert "no prices" in words
