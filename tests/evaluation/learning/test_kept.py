"""Kept evaluations of learning: what is damaged is passed over for what came along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recsys.evaluation.learning.kept import is_sound, kept, replays

SOUND = kept("demo_store")[0].report


@pytest.mark.parametrize(
    "damage",
    [
        {"each": [{"x": 1}]},
        {"all": "abc", "update_ms": None},
        {"protocol": [1, 2]},
        {"each": [line | {"utility": float("nan")} for line in SOUND["each"]]},
        {"each": [line for line in SOUND["each"] if line["learner"] != "frozen"]},
        {"update_ms": {"p95": float("inf")}},
        {"moving": [{"after": 20, "all": {"change": 1.0}}]},
    ],
)
def test_a_damaged_report_hides_none_that_is_sound(damage: dict[str, Any], tmp_path: Path) -> None:
    broken = {**SOUND, **damage}
    assert not is_sound(broken)
    (tmp_path / "learning_demo_store.json").write_text(json.dumps(broken), encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report == SOUND


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({**SOUND, "each": []})])
def test_neither_does_a_file_that_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "learning_demo_store.json").write_text(text, encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report == SOUND


def test_ones_own_stands_before_what_came_along(tmp_path: Path) -> None:
    own = {**SOUND, "command": "my own"}
    (tmp_path / "learning_demo_store.json").write_text(json.dumps(own), encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report["command"] == "my own"


SOUND_REPLAY = replays("complete_journey")[0].report


@pytest.mark.parametrize(
    "damage",
    [{"source": None}, {"source": []}, {"source": {"dataset": "complete_journey"}}, {"goals": []}, {"replay": [1]}],
)
def test_a_damaged_replay_hides_none_that_is_sound(damage: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "replay_complete_journey.json").write_text(json.dumps({**SOUND_REPLAY, **damage}), encoding="utf-8")
    assert replays("complete_journey", tmp_path)[0].report == SOUND_REPLAY
