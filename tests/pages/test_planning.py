"""The planner of the page Learning: from the shop's own data, in plain words, in the link; never without an answer."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared.finding import NO_BREAK
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/understand/live_learning/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **{"learning_worth": "plan", **address}))


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_every_shop_gets_a_plan(made_shop: Settings) -> None:
    app = opened()
    text = text_of(app).replace(NO_BREAK, " ")
    assert "##### To find 5 % more" in text
    assert "That takes" in {metric.label for metric in app.metric}
    assert "in both groups" in text
    assert "Looked at any time" in text
    assert "Does it hold?" in text
    assert "though 5 % are promised" in text  # of the demo store, where the shop has no figures of its own
    assert "python -m recsys evaluate experiments" in text


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_a_shop_without_dates_says_so_and_takes_figures_of_ones_own(made_shop: Settings) -> None:
    app = opened()
    text = text_of(app)
    assert "so that figures of your own are used" in text
    assert "3.00 % → 3.15 %" in text
    assert app.select_slider(key="control.plan_rate").value == "3"


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_choices_stand_in_the_link_and_a_smaller_change_takes_more(made_shop: Settings) -> None:
    app = opened(plan_metric="own", plan_lift="10")
    ten = text_of(app)
    assert "106,421 visitors" in ten
    sound(app.select_slider(key="control.plan_lift").set_value("5").run())
    assert "plan_lift" not in app.query_params  # it is the default
    assert "415,876 visitors" in text_of(app)
    sound(app.select_slider(key="control.plan_power").set_value("95").run())
    assert app.query_params["plan_power"] in ("95", ["95"])


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_share_that_cannot_become_so_much_more_is_said(made_shop: Settings) -> None:
    text = text_of(opened(plan_metric="buyers", plan_lift="50"))
    assert "cannot become 50% more" in text
    assert "look for a smaller change" in text


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_link_with_figures_that_cannot_be_is_told_so(made_shop: Settings) -> None:
    text = text_of(sound(visit(PAGE, plan_power="0", plan_alarms="100")))
    assert "allowed: 80" in text
    assert "allowed: 5" in text
