"""Kept evaluations of planning: what is damaged is passed over for what came along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recsys.evaluation.reinforcement.kept import is_sound, kept

SOUND = kept("demo_store")[0].report


@pytest.mark.parametrize(
    "damage",
    [
        {"worlds": []},
        {"worlds": [SOUND["worlds"][0] | {"planner": "nobody"}]},
        {"final": [{"x": 1}]},
        {"final": [line | {"value": float("nan")} for line in SOUND["final"]]},
        {"final": [line for line in SOUND["final"] if line["method"] != "greedy"]},
        {"final": [line | {"seeds": 1} for line in SOUND["final"]]},
        {"compared": [line for line in SOUND["compared"] if line["against"] != "best"]},
        {"examples": [SOUND["examples"][0] | {"pages": [{"first": []}]}]},
        {"protocol": [1, 2]},
    ],
)
def test_a_damaged_report_hides_none_that_is_sound(damage: dict[str, Any], tmp_path: Path) -> None:
    broken = {**SOUND, **damage}
    assert not is_sound(broken)
    (tmp_path / "reinforcement_demo_store.json").write_text(json.dumps(broken), encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report == SOUND


def test_ones_own_stands_before_what_came_along(tmp_path: Path) -> None:
    own = {**SOUND, "command": "my own"}
    (tmp_path / "reinforcement_demo_store.json").write_text(json.dumps(own), encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report["command"] == "my own"


def test_a_real_shop_is_shown_the_figures_of_a_simulated_one() -> None:
    assert kept("complete_journey_sample")[0].report["dataset"] == "demo_store"


def test_what_came_along_is_of_ten_seeds() -> None:
    assert {line["seeds"] for line in SOUND["final"]} == {10}
