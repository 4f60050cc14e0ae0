"""The page Cold start: choices make a shelf and stand in the link, a new product is looked ahead for."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from recsys.engine import Engine
from recsys.engine.new_products import MOST_DESCRIPTION
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/understand/cold_start/page.py"
PEOPLED = ["outdoor", "small_demo"]


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **address))


def address_of(app: AppTest, name: str) -> str:
    found = app.query_params.get(name, "")
    return found[-1] if isinstance(found, list) else str(found)


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_a_choice_makes_a_shelf_and_is_taken_back(made_shop: Settings) -> None:
    app = opened()
    assert "Nothing is known of you yet" in text_of(app)
    chosen = Engine.open(made_shop).newcomers.meet().question[1]
    sound(app.button(key="cold.choose.2").click().run())
    assert "From 1 choice" in text_of(app)
    assert "Question 2 of 5" in text_of(app)
    assert address_of(app, "answers") == "2"
    assert Engine.open(made_shop).catalogue.titles[chosen][:30] in text_of(app)
    sound(app.button(key="cold.skip").click().run())
    assert address_of(app, "answers") == "2-"
    sound(app.button(key="cold.back").click().run())
    sound(app.button(key="cold.over").click().run())
    assert address_of(app, "answers") == ""
    assert "Nothing is known of you yet" in text_of(app)


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_a_link_shows_the_same_shelf_and_says_what_fits_no_question(made_shop: Settings) -> None:
    shelf = Engine.open(made_shop).newcomers.meet(["1", "3"]).shelf
    words = text_of(opened(answers="13"))
    titles = Engine.open(made_shop).catalogue.titles
    assert all(str(titles[met.row])[:30] in words for met in shelf[:4])
    assert "2 answers in the link fit no question" in text_of(opened(answers="1z9"))
    assert "more than 10 answers; the first 10 count" in text_of(opened(answers="1" * 11))


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_words_make_a_shelf_in_every_shop(made_shop: Settings) -> None:
    app = opened(about_me="lantern")
    assert "From words a taste was made" in text_of(app)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_a_new_product_is_looked_ahead_for_in_every_shop(made_shop: Settings) -> None:
    app = opened(newcomer="product")
    assert "Type what the product is called" in text_of(app)
    sound(app.text_input(key="control.new_title").set_value("Blue steel lantern").run())
    words = text_of(app)
    assert "It is most like" in words
    assert "What another wording or price would change" in words
    assert address_of(app, "new_title") == "Blue steel lantern"
    has_people = made_shop.shop != "catalogue"
    assert ("by taste alone" in words) == has_people
    assert ("Nobody has bought anything here yet" in words) == (not has_people)


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_a_price_that_is_none_is_said_in_words(made_shop: Settings) -> None:
    for price, said in (("cheap", "is no number"), ("-5", "cannot be meant"), ("nan", "is no number")):
        app = opened(newcomer="product", new_title="Lantern", new_price=price)
        assert said in " ".join(str(each.value) for each in app.warning)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_category_that_is_not_there_is_said_and_none_is_chosen(made_shop: Settings) -> None:
    app = opened(newcomer="product", new_title="Lantern", new_category="No such thing")
    assert "There is no category “No such thing” here" in text_of(app)
    assert app.selectbox(key="control.new_category").value == ""


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_long_description_is_read_and_not_in_the_link_and_one_too_long_is_refused(made_shop: Settings) -> None:
    app = opened(newcomer="product", new_title="Lantern")
    area = "control.describe.text"
    sound(app.text_area(key=area).set_value("warm " * 40).run())
    assert "is not part of the link" in text_of(app)
    assert address_of(app, "new_text") == ""
    sound(app.toggle(key="control.describe").set_value(True).run())
    assert "Read as “Lantern. warm warm" in text_of(app)
    sound(app.text_area(key=area).set_value("x" * 10_000).run())
    assert f"{MOST_DESCRIPTION:,} at most" in " ".join(str(each.value) for each in app.warning)
    sound(app.text_area(key=area).set_value("short").run())
    assert address_of(app, "new_text") == "short"
