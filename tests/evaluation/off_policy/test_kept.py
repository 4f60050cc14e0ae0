"""Kept reports on estimates from logs: what is damaged is passed over for what came along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recsys.evaluation.off_policy.estimators import ESTIMATORS
from recsys.evaluation.off_policy.kept import is_sound, kept, kept_of_logs

SOUND = kept("demo_store")[0].report
OF_LOGS = kept_of_logs()[0].report


@pytest.mark.parametrize(
    "damage",
    [
        {"lines": [{"x": 1}]},
        {"policies": "abc"},
        {"protocol": [1, 2]},
        {"lines": [line | {"bias": float("nan")} for line in SOUND["lines"]]},
        {"health": [line | {"effective": float("inf")} for line in SOUND["health"]]},
        {"goals": [goal | {"ratio_ci95": [0.1]} for goal in SOUND["goals"]]},
        {"lines": [line for line in SOUND["lines"] if line["estimator"] != "dr"]},
        {"lines": [line for line in SOUND["lines"] if line["target"] != "taste"]},
        {"goals": []},
        {"policies": [each for each in SOUND["policies"] if not each["logged"]]},
    ],
)
def test_a_damaged_report_hides_none_that_is_sound(damage: dict[str, Any], tmp_path: Path) -> None:
    broken = {**SOUND, **damage}
    assert not is_sound(broken)
    (tmp_path / "off_policy_demo_store.json").write_text(json.dumps(broken), encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report == SOUND


@pytest.mark.parametrize("damage", [{"lines": [{}]}, {"summary": [{"off": 1}]}, {"logs": []}, {"notes": [1]}])
def test_neither_does_a_damaged_one_of_logs(damage: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "off_policy_logs.json").write_text(json.dumps({**OF_LOGS, **damage}), encoding="utf-8")
    assert kept_of_logs(tmp_path)[0].report == OF_LOGS


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({**SOUND, "lines": []})])
def test_neither_does_a_file_that_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "off_policy_demo_store.json").write_text(text, encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report == SOUND


def test_ones_own_stands_before_what_came_along(tmp_path: Path) -> None:
    for name, report in (("off_policy_demo_store", SOUND), ("off_policy_logs", OF_LOGS)):
        (tmp_path / f"{name}.json").write_text(json.dumps({**report, "command": "mine"}), encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report["command"] == "mine"
    assert kept_of_logs(tmp_path)[0].report["command"] == "mine"


def test_a_real_shop_is_shown_the_figures_of_a_simulated_one() -> None:
    assert kept("complete_journey_sample")[0].report["dataset"] == "demo_store"


def test_what_came_along_has_every_estimator_and_enough_logs() -> None:
    assert {line["estimator"] for line in SOUND["lines"]} == set(ESTIMATORS)
    assert min(line["logs"] for line in SOUND["lines"]) >= 100
    assert len(OF_LOGS["logs"]) == 6
    assert {each["rows"] for each in OF_LOGS["logs"]} == {10_000}
