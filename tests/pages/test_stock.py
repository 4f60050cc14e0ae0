"""The page Stock: three questions that stand in the link, each answered in a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from recsys.engine import Engine
from recsys.engine.stock import Stock
from recsys.settings import Settings
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/business/stock/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **address))


@pytest.mark.parametrize("made_shop", ["bare", "catalogue"], indirect=True)
def test_a_shop_without_dated_purchases_says_so(made_shop: Settings) -> None:
    why = Engine.open(made_shop).stock.why_not
    assert "Demand by week needs purchases with dates" in why or "whole weeks" in why
    assert why[:40] in text_of(opened())


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_what_runs_out_is_said_in_pieces_and_money(made_shop: Settings) -> None:
    stock = Engine.open(made_shop).stock
    assert stock.why_not == ""
    words = text_of(opened(lead_weeks="4"))
    alerts = stock.alerts(4)
    if alerts.listed:
        assert f"of all {alerts.looked_at} best sellers" in words
        assert "would be missing" in words
    else:
        assert "likely to run out within 4 weeks" in words
    assert "Stock as the shop knows it" in words


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_what_is_out_already_is_told_apart_from_what_runs_out(
    made_shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def there(stock: Stock, cover: float | None) -> NDArray[np.float64]:
        pieces = np.full(len(stock.rows), 1e6)
        pieces[:2] = 0.0
        return pieces

    monkeypatch.setattr(Stock, "stock_of", there)
    app = opened(lead_weeks="4")
    assert "2 products are out already, and no more will likely be in 4 weeks" in text_of(app)
    table = app.dataframe[0].value
    assert table["Out in week"].tolist() == ["now", "now"]
    assert table["of it 8 of 10"].str.contains(" to ").all()


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_demand_of_a_category_and_of_a_product_is_told(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    last = engine.stock.categories[-1]
    assert f"{last}: about" in text_of(opened(stock_asks="demand", demand_category=last))
    row = int(engine.stock.rows[1])
    words = text_of(opened(stock_asks="demand", demand_of="product", demand_product=str(engine.catalogue.ids[row])))
    assert str(engine.catalogue.titles[row])[:12] in words
    assert "pieces in the next" in words
    assert "is not among what is foretold" in text_of(opened(stock_asks="demand", demand_category="no such thing"))


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_new_products_are_set_beside_their_like(made_shop: Settings) -> None:
    stock = Engine.open(made_shop).stock
    words = text_of(opened(stock_asks="new"))
    if stock.newcomers:
        assert "in the last 30 days" in words
        app = opened(stock_asks="new")
        sound(app.toggle(key="stock.tell").set_value(True).run())
        assert "by taste alone" in text_of(app)
    else:
        assert "can be compared with" in words


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_every_alert_is_arithmetic_of_stock_and_demand(made_shop: Settings) -> None:
    stock = Engine.open(made_shop).stock
    empty, full = stock.alerts(2, cover=0.0), stock.alerts(2, cover=52.0)
    assert all(each.stock == 0 and each.short == pytest.approx(each.demand) for each in empty.listed)
    assert len(full.listed) <= len(empty.listed)
    assert full.units[1] <= empty.units[1]
    money = [each.money[1] for each in empty.listed if each.money]
    assert money == sorted(money, reverse=True)
