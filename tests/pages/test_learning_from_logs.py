"""The section on estimates from logs: told in words with its intervals, whatever the shop, for each order judged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from recsys.evaluation import built_in
from recsys.evaluation.off_policy import kept
from recsys.settings import Settings
from tests.conftest import MADE_SHOPS
from tests.pages.app_visit import sound
from tests.pages.test_any_shop import text_of, visit

PAGE = "pages/understand/live_learning/page.py"


@pytest.fixture(autouse=True)
def on_the_sample() -> None:
    """These tests choose their shop themselves."""


def opened(**address: str) -> AppTest:
    return sound(visit(PAGE, learning_worth="logs", **address))


@pytest.mark.parametrize("made_shop", MADE_SHOPS, indirect=True)
def test_it_is_told_how_near_estimates_come_and_what_real_logs_say(made_shop: Settings) -> None:
    app = opened()
    text = text_of(app)
    assert "alone one can tell what “" in text
    assert "Typically off by" in {metric.label for metric in app.metric}
    assert "doubly robust estimate by place" in text
    assert "of the 95 % intervals hold the truth" in text
    assert "No model can reach the goal against weights by place here: even with a model that knows" in text
    assert "With large weights drawn in it is 0.66, no longer without bias" in text
    assert "count as:" in text
    assert "6 logs with 60,000 impressions" in text
    assert "A mean of logged propensities would not do" in text
    assert len(app.get("plotly_chart")) >= 4
    asked = [button for button in app.button if button.key == "measuring.off-policy"]
    assert bool(asked) == (made_shop.shop in {"small_demo", "demo_store"})


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_another_order_is_chosen_and_stands_in_the_link(made_shop: Settings) -> None:
    before = text_of(opened())
    after = opened(logs_order="sharp_taste")
    assert "hardly mixed” would earn to within" in text_of(after)
    assert "With large weights drawn in it is 0.44" in text_of(after)
    assert "hardly mixed” would earn to within" not in before
    assert "allowed: taste" in text_of(sound(visit(PAGE, logs_order="99")))


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
@pytest.mark.parametrize(
    ("least", "said"),
    [
        ({"least": 0.71, "least_ci95": [0.68, 0.74]}, "No model can reach the goal against weights by place here"),
        ({"least": 0.42, "least_ci95": [0.4, 0.44]}, "can be reached, or nearly so: with a model that knows"),
        ({"least": 0.51, "least_ci95": [0.48, 0.54]}, "can be reached, or nearly so"),
        ({"least": None, "least_ci95": None}, ""),
    ],
)
def test_it_says_whether_any_model_could_reach_the_goal(
    made_shop: Settings, least: dict[str, object], said: str
) -> None:
    report = json.loads(json.dumps(kept.kept("demo_store")[0].report))
    for goal in report["goals"]:
        goal.update(least)
    made_shop.measured_dir.mkdir(parents=True, exist_ok=True)
    path = made_shop.measured_dir / "off_policy_small_demo.json"
    path.write_text(json.dumps(report | {"dataset": "small_demo", "source": {"dataset": "small_demo"}}), "utf-8")
    try:
        app = opened()
    finally:
        path.unlink()
    facts = {metric.label: metric.value for metric in app.metric}
    if said:
        assert said in text_of(app)
        assert ("lies below that is luck of its own" in text_of(app)) == (
            _measured(report) < float(str(least["least"]))
        )
        assert facts["Least possible"] == f"× {least['least']:.2f}"
    else:
        assert "Least possible" not in facts
        assert "weights by place here" not in text_of(app)


def _measured(report: dict[str, Any]) -> float:
    """The squared error of the order that is shown first, as a share of that of weights by place."""
    keys = ("target", "estimator", "against")
    goals = {tuple(goal[key] for key in keys): goal["ratio"] for goal in report["goals"]}
    return float(goals["taste", "dr", "iips"])


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_ones_own_logs_are_shown_and_what_they_are_called_is_only_text(made_shop: Settings) -> None:
    report = json.loads(json.dumps(kept.kept_of_logs()[0].report))
    for line in [*report["logs"], *report["lines"]]:
        line["place"] = "**[a](http://b.c)**<b>"
    made_shop.measured_dir.mkdir(parents=True, exist_ok=True)
    path = made_shop.measured_dir / "off_policy_logs.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    try:
        app = opened()
    finally:
        path.unlink()
    assert "Your logs" in text_of(app)
    assert "<b>" not in str(app.get("plotly_chart"))


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_without_any_report_it_says_so(made_shop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in built_in.COMMITTED.glob("*.json"):
        if not file.name.startswith("off_policy"):
            shutil.copy(file, tmp_path)
    monkeypatch.setattr("recsys.evaluation.sound_reports.COMMITTED", tmp_path)
    assert "Nothing was measured yet" in text_of(opened())
