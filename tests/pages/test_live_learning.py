"""The page Learning: three likes move the shelf and the map, sliders stand in the link, and figures are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/understand/live_learning/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, **address))


def likes(app: AppTest) -> list[str]:
    """Keys of the hearts, from the first product on."""
    return [each.key for each in app.button if str(each.key).startswith("like.")]


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_three_likes_are_seen_in_words_on_the_map_and_in_the_ranks(made_shop: Settings) -> None:
    app = opened(visitor="three-likes")
    assert "see the system learn" in text_of(app)
    assert len(app.dataframe) == 0
    for place in (1, 2, 3):
        sound(app.button(key=likes(app)[place]).click().run())
    assert "##### After " in text_of(app)
    table = app.dataframe[0].value
    assert set(table["act"]) == {"liked"}
    assert (table["moved"] > 0).all()
    assert any("taste" in str(chart.proto) for chart in app.get("plotly_chart"))
    sound(app.button(key="learning.forget").click().run())
    assert "see the system learn" in text_of(app)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_sliders_stand_in_the_link_and_a_link_sets_them(made_shop: Settings) -> None:
    app = opened(step="0.5")
    assert app.select_slider(key="control.step").value == "0.5"
    sound(app.select_slider(key="control.kept").set_value("0.9").run())
    assert app.query_params["kept"] in ("0.9", ["0.9"])
    strange = opened(step="99")
    assert strange.select_slider(key="control.step").value == "0.1"
    assert "allowed: 0.1" in text_of(strange)


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_whether_learning_pays_is_told_with_its_interval(made_shop: Settings) -> None:
    below = text_of(opened())
    assert "95 % interval" in below
    assert "Regret of a page" not in below
    app = opened(learning_worth="pays")
    text = text_of(app)
    assert "##### Learning pays: after 20 acts" in text
    assert {"Gained", "95 % interval"} <= {metric.label for metric in app.metric}
    assert "Regret of a page" in text
    assert "python -m recsys evaluate learning" in text


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_feedback_that_cannot_be_read_leaves_the_shelf(made_shop: Settings) -> None:
    file = Path(made_shop.feedback_database.removeprefix("sqlite:///"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"no database" * 100)
    app = opened(visitor="damaged")
    assert likes(app)
    assert "could not be read or kept" in text_of(app)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_link_to_a_question_opens_at_the_question_and_stays_one(made_shop: Settings) -> None:
    for name in ("pays", "ahead", "replay", "logs", "plan"):
        app = opened(learning_worth=name)
        assert not likes(app)
        assert app.query_params["learning_worth"] in (name, [name])
    app.button_group(key="control.learning_worth").set_value("").run()
    assert likes(sound(app))
    assert "learning_worth" not in app.query_params


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_whether_planning_pays_is_told_for_both_worlds(made_shop: Settings) -> None:
    app = opened(learning_worth="ahead")
    text = text_of(app)
    assert "People tire: planning" in text
    assert "People do not tire: planning" in text
    assert "95 % interval" in text
    assert "On this shop nothing was measured" in text
    assert "python -m recsys evaluate reinforcement" in text
    assert any(button.key == "measuring.reinforcement" for button in app.button)
    assert len(app.get("plotly_chart")) >= 3


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_where_nothing_of_planning_was_measured_that_is_said(
    made_shop: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("recsys.evaluation.sound_reports.COMMITTED", tmp_path)
    assert "Nothing was measured yet" in text_of(opened(learning_worth="ahead"))
