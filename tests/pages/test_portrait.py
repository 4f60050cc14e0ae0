"""The pages Portrait and Segments: what is known of one, and of all."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from recsys.engine import Engine
from recsys.engine.portraits import SEGMENTS
from recsys.schema import SHOPPER_ID
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PORTRAIT = "pages/understand/portrait/page.py"
GROUPS = "pages/understand/segments/page.py"
PEOPLED = ["outdoor", "small_demo"]


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def first(app: AppTest) -> str:
    return next(str(each.value) for each in app.main.markdown if str(each.value).startswith("#####")).replace("\\", "")


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_without_anybody_it_is_said_whom_to_pick(made_shop: Settings) -> None:
    app = sound(visit(PORTRAIT))
    assert len(app.info) == 1
    new = sound(visit(PORTRAIT, shopper="new"))
    assert "no history" in str(new.info[0].value) or Engine.open(made_shop).shoppers.empty


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_everybody_of_a_shop_has_a_page(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    for shopper in engine.shoppers[SHOPPER_ID].astype(str).head(4):
        app = sound(visit(PORTRAIT, shopper=shopper))
        portrait = engine.portraits.of(shopper)
        if portrait is None:
            assert "nothing is known" in str(app.info[0].value)
            continue
        assert SEGMENTS[portrait.segment][0] in first(app)
        assert app.metric[0].value == str(portrait.rhythm.baskets)
        assert all(metric.help for metric in app.metric)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_habits_are_compared_with_the_cohort_that_is_chosen_and_a_link_keeps_it(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    shopper = str(engine.shoppers[SHOPPER_ID].iloc[1])
    app = sound(visit(PORTRAIT, shopper=shopper))
    box = app.selectbox(key="control.beside")
    assert box.value == ""
    assert "Everybody" in box.options[0]
    assert len(box.options) > 1
    other = app.selectbox(key="control.beside").set_value("segment").run()
    assert sound(other).query_params["beside"] in ("segment", ["segment"])
    strange = sound(visit(PORTRAIT, shopper=shopper, beside="no such cohort"))
    assert strange.selectbox(key="control.beside").value == ""
    assert "no group “no such cohort” of 10 others or more" in text_of(strange)


@pytest.mark.parametrize("made_shop", PEOPLED, indirect=True)
def test_who_buys_alike_is_gone_on_to(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    ids = engine.shoppers[SHOPPER_ID].astype(str).tolist()
    shopper = next(each for each in ids if (found := engine.portraits.of(each)) and found.alike)
    portrait = engine.portraits.of(shopper)
    assert portrait is not None
    app = sound(visit(PORTRAIT, shopper=shopper))
    other = ids[portrait.alike[0][0]]
    sound(app.button(key=f"alike.{other}").click().run())
    assert other in first(app)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_the_groups_of_a_shop_are_told(made_shop: Settings) -> None:
    engine = Engine.open(made_shop)
    app = sound(visit(GROUPS))
    if engine.shoppers.empty:
        assert len(app.info) == 1
        return
    assert " are “" in first(app)
    assert all(name in text_of(app) for name, *_ in SEGMENTS)
    codes = engine.portraits.looks[-1].segments.codes
    sound(app.selectbox(key="segments.chosen").set_value(SEGMENTS[0][0]).run())
    assert len(app.dataframe[0].value) == (codes == 0).sum()
