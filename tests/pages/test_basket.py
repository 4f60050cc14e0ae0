"""The page Basket: filled from the link and by buttons, in money, and honest where a shop knows no visits."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from recsys.engine import Engine
from recsys.settings import Settings
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/business/basket/page.py"
WITH_VISITS = pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **address))


def address_of(app: AppTest, name: str) -> str:
    found = app.query_params.get(name, "")
    return found[-1] if isinstance(found, list) else str(found)


def two(made_shop: Settings) -> tuple[Engine, str, str]:
    engine = Engine.open(made_shop)
    return engine, str(engine.catalogue.id(3)), str(engine.catalogue.id(7))


@pytest.mark.parametrize("made_shop", ["outdoor", "bare", "catalogue"], indirect=True)
def test_a_shop_without_visits_says_what_is_missing(made_shop: Settings) -> None:
    assert "each purchase stands alone" in text_of(opened(basket_of="x"))


@WITH_VISITS
def test_a_suggestion_is_added_and_counted_in_money(made_shop: Settings) -> None:
    engine, first, _ = two(made_shop)
    app = opened()
    assert "The basket is empty" in text_of(app)
    best = engine.basket.complete([]).suggestions[0]
    item = str(engine.catalogue.id(best.row))
    sound(app.button(key=f"basket.add.{item}").click().run())
    assert address_of(app, "basket_of") == item
    assert engine.shop.money.said(float(engine.catalogue.prices[best.row])) in text_of(app)
    sound(app.number_input(key=f"basket.pieces.{item}").set_value(3).run())
    assert address_of(app, "basket_of") == f"{item}*3"
    assert "3 pieces" in text_of(app)
    sound(app.number_input(key=f"basket.pieces.{item}").set_value(0).run())
    assert address_of(app, "basket_of") == ""
    assert first


@WITH_VISITS
def test_a_link_holds_the_basket_and_what_cannot_be_read_of_it_is_said(made_shop: Settings) -> None:
    engine, first, second = two(made_shop)
    words = text_of(opened(basket_of=f"{first}*2,{second},nope,{first}*x,*,{second}*1000"))
    assert "3 of the basket's entries" in words
    assert "Not in this shop and left out: “nope”" in words
    said = engine.shop.money.said(2 * float(engine.catalogue.prices[3]) + float(engine.catalogue.prices[7]))
    assert said in words


@WITH_VISITS
def test_words_find_products_to_add(made_shop: Settings) -> None:
    app = opened(basket_words="lamp")
    found = [each for each in app.button if each.key and each.key.startswith("basket.find.")]
    assert found
    sound(found[0].click().run())
    assert address_of(app, "basket_of") == found[0].key.removeprefix("basket.find.")
    assert address_of(app, "basket_words") == ""


@WITH_VISITS
def test_an_amount_is_reached_by_a_button(made_shop: Settings) -> None:
    engine, first, _ = two(made_shop)
    price = float(engine.catalogue.prices[3])
    app = opened(basket_of=first, basket_reach=f"{price + 60:.2f}")
    sound(app.button(key="basket.reach.0").click().run())
    wanted = [(item, 1) for item in address_of(app, "basket_of").split(",")]
    assert engine.basket.complete(wanted).amount >= price + 60 - 0.01
    assert "already" in text_of(app)


@WITH_VISITS
@pytest.mark.parametrize(
    ("amount", "said"), [("-5", "cannot be meant"), ("much", "is no number"), ("0", "cannot be meant")]
)
def test_an_amount_that_is_none_is_said_in_words(made_shop: Settings, amount: str, said: str) -> None:
    _, first, _ = two(made_shop)
    app = opened(basket_of=first, basket_reach=amount)
    assert said in " ".join(str(each.value) for each in app.warning).replace("\\", "")


@WITH_VISITS
def test_something_else_takes_the_place_of_a_product(made_shop: Settings) -> None:
    engine, *_ = two(made_shop)
    catalogue, desk = engine.catalogue, engine.basket
    item, row = next(
        (str(catalogue.id(row)), row)
        for row in range(catalogue.size)
        if desk.substitutes(str(catalogue.id(row)), below=float(catalogue.prices[row]))
    )
    other = str(catalogue.id(desk.substitutes(item, 4, below=float(catalogue.prices[row]))[0].row))
    app = opened(basket_of=f"{item}*2")
    sound(app.button(key=f"basket.instead.{item}").click().run())
    assert address_of(app, "basket_instead") == item
    sound(app.button(key=f"basket.swap.{other}").click().run())
    assert address_of(app, "basket_of") == f"{other}*2"
    assert address_of(app, "basket_instead") == ""


@WITH_VISITS
def test_a_basket_too_long_for_a_link_is_cut_where_an_entry_ends(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    whole = ",".join(str(engine.catalogue.id(row)) for row in [*range(600)] * 2)
    words = text_of(opened(basket_of=whole))
    assert "A link holds 8,000 characters of a basket" in words
    assert "Not in this shop" not in words


@WITH_VISITS
def test_only_what_is_new_can_be_asked_for_of_somebody_known_and_stands_in_the_link(made_shop: Settings) -> None:
    engine, first, _ = two(made_shop)
    who = str(engine.find_shoppers("", 1)["shopper_id"].iloc[0])
    app = opened(basket_of=first, shopper=who)
    asked = app.segmented_control(key="control.basket_among")
    sound(asked.set_value("new").run())
    assert address_of(app, "basket_among") == "new"
    new = engine.basket.complete([(first, 1)], who, only_new=True).suggestions[0]
    assert any(button.key == f"basket.add.{engine.catalogue.id(new.row)}" for button in app.button)
    nobody = opened(basket_of=first, basket_among="new", shopper="new")
    assert not [each for each in nobody.segmented_control if each.key == "control.basket_among"]


@WITH_VISITS
def test_a_line_is_taken_out_by_its_button(made_shop: Settings) -> None:
    _, first, second = two(made_shop)
    app = opened(basket_of=f"{first},{second}*2")
    sound(app.button(key=f"basket.out.{first}").click().run())
    assert address_of(app, "basket_of") == f"{second}*2"


@WITH_VISITS
def test_where_baskets_tell_nothing_the_page_says_so(made_shop: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _, first, _ = two(made_shop)
    monkeypatch.setattr("recsys.engine.basket.BasketDesk.heeds_baskets", lambda *_: False)
    assert "says nothing here of what else goes into it" in text_of(opened(basket_of=first))


@WITH_VISITS
def test_five_hundred_products_stand_in_one_link(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    whole = ",".join(str(engine.catalogue.id(row)) for row in range(500))
    app = opened(basket_of=whole)
    assert "500 products, 500 pieces" in text_of(app)
    assert address_of(app, "basket_of") == whole
