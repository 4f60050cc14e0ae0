"""The page Stock: three questions that stand in the link, each answered in a sentence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from recsys.engine import Engine
from recsys.engine.stock import ABOVE, BELOW, Newcomer, Stock
from recsys.errors import BadRequestError
from recsys.evaluation.built_in import COMMITTED
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


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_what_would_be_missing_is_drawn_in_the_money_of_the_shop(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    alerts = engine.stock.alerts(1, cover=0.0)
    assert alerts.listed
    app = opened(lead_weeks="4")
    words = text_of(app)
    assert "at risk" not in words.lower()
    if engine.stock.alerts(4).listed:
        assert "Sales missed" in app.dataframe[0].value.columns


def report_on(shop: str, **changed: Any) -> dict[str, Any]:
    """A whole report, of another shop and with some of its parts changed."""
    told: dict[str, Any] = json.loads((COMMITTED / "stock_demo_store.json").read_text(encoding="utf-8"))
    return told | {"dataset": shop, "source": told["source"] | {"dataset": shop}} | changed


def keep(report: dict[str, Any], settings: Settings) -> None:
    settings.measured_dir.mkdir(parents=True, exist_ok=True)
    path = settings.measured_dir / f"stock_{settings.shop}.json"
    path.write_text(json.dumps(report), encoding="utf-8")


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_how_good_the_forecasts_are_is_told_from_what_was_measured(made_shop: Settings) -> None:
    report = report_on(made_shop.shop)
    own = next(line for line in report["products"] if line["method"] == "combination")
    keep(report, made_shop)
    words = text_of(opened())
    assert "How good these forecasts are" in words
    assert f"Of {report['products_chosen']['series']:,} best sellers: errors are {own['wape'] * 100:.0f}" in words
    assert f"for the best sellers, is {'met' if report['goals'][0]['met'] else 'missed'}" in words
    assert "which displays and mailers come" not in words  # that shop knows of none
    for line in report["products"]:
        assert line["label"] in words


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_goal_that_is_missed_and_a_plan_that_helps_are_said(made_shop: Settings) -> None:
    figures = {"wape": 0.6, "wape_ci95": [0.5, 0.7], "change": 0.0, "change_ci95": [0.0, 0.0], "bias": 0.0}
    helped = figures | {"wape": 0.3, "change": -0.5, "change_ci95": [-0.6, -0.4]}
    part = {"units": 10.0, "with": helped, "without": figures}
    plan = {"all": part, "promoted": part, "others": part | {"units": 0.0}}
    goals = report_on("")["goals"]
    goals[0] |= {"met": False}
    keep(report_on(made_shop.shop, products_planned=plan, goals=goals), made_shop)
    words = text_of(opened())
    assert "is missed" in words
    said = words.replace("\u00a0", " ")
    assert "that is told which displays and mailers come errs by 30 %, without that by 60 %: −50 %" in said
    assert "more than luck; in promoted weeks 30 % in place of 60 %" in said


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_report_that_is_not_there_is_offered_to_be_made(made_shop: Settings) -> None:
    app = opened()
    assert "errors are" not in text_of(app)
    assert any("Measure" in str(button.label) for button in app.button)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_counts_of_new_products_add_up(made_shop: Settings) -> None:
    stock = Engine.open(made_shop).stock
    assert stock.newcomers, "the made-up shop begins products in its last month"
    app = opened(stock_asks="new")
    above, below = (sum(each.verdict == verdict for each in stock.newcomers) for verdict in (ABOVE, BELOW))
    less = below or any(each.expected[0] >= 1 for each in stock.newcomers)
    words = text_of(app)
    assert f"{above} sold more than was to be expected" in words
    assert (f"{below} less" in words) == less
    assert ("none can be said to sell less" in words) != less
    table = app.dataframe[0].value
    assert len(table) == len(stock.newcomers)
    assert (table["Does"] == "better than expected").sum() == above
    assert table["Sold"].tolist() == [each.sold for each in stock.newcomers]
    assert (table["Days"] >= 1).all()
    assert (table["Days"] <= 30).all()


def test_a_newcomer_is_judged_by_the_range_of_its_like() -> None:
    def verdict(sold: float) -> str:
        return Newcomer(0, 10, sold, (2.4, 5.0, 8.2), 9.0, ()).verdict

    assert [verdict(sold) for sold in (1, 2, 9, 10)] == ["below", "within", "within", "above"]


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_product_with_a_promotion_is_set_beside_the_same_without(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    stock, row = engine.stock, int(engine.stock.rows[0])
    address = {"stock_asks": "demand", "demand_of": "product", "demand_product": str(engine.catalogue.ids[row])}
    words = text_of(opened(**address, stock_promoted_in="1"))
    if not stock.promotions:
        assert "What if it is promoted?" not in words
        with pytest.raises(BadRequestError, match="nothing was learned here"):
            stock.if_promoted(row, "mailer", 1)
        return
    found = stock.if_promoted(row, stock.promotions[0], 1)
    assert len(found.ahead) == len(found.promoted[1]) == stock.horizon
    if found.times is not None:  # measured apart: the forecast of that week alone is multiplied
        usual = stock.of_product(row).forecast
        assert found.promoted[1][0] == pytest.approx(usual[0] * found.times[1])
        assert found.promoted[1][1:] == pytest.approx(usual[1:])
        assert found.more == pytest.approx(found.more_in_all)
    for low, middle, high in (found.without, found.promoted):
        assert (low <= high).all()
        assert (middle >= 0).all()
    assert "What if it is promoted?" in words
    assert "no experiment" in words
    with pytest.raises(BadRequestError, match="not looked ahead"):
        stock.if_promoted(row, stock.promotions[0], stock.horizon + 1)
    with pytest.raises(BadRequestError, match="not among those"):
        stock.if_promoted(-1, stock.promotions[0], 1)
