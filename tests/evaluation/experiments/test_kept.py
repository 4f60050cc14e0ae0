"""Kept evaluations of tests: what is damaged is passed over for what came along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recsys.evaluation.experiments.kept import is_sound, kept

SOUND = kept("demo_store")[0].report


@pytest.mark.parametrize(
    "damage",
    [
        {"cuped": [{"x": 1}]},
        {"alarms": "abc"},
        {"protocol": [1, 2]},
        {"halves": [line | {"uniform_p": float("nan")} for line in SOUND["halves"]]},
        {"interleaving": [line | {"groups": {}} for line in SOUND["interleaving"]]},
        {"interleaving": None},
    ],
)
def test_a_damaged_report_hides_none_that_is_sound(damage: dict[str, Any], tmp_path: Path) -> None:
    broken = {**SOUND, **damage}
    assert not is_sound(broken)
    (tmp_path / "experiments_demo_store.json").write_text(json.dumps(broken), encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report == SOUND


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({**SOUND, "cuped": []})])
def test_neither_does_a_file_that_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "experiments_demo_store.json").write_text(text, encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report == SOUND


def test_ones_own_stands_before_what_came_along(tmp_path: Path) -> None:
    own = {**SOUND, "command": "my own"}
    (tmp_path / "experiments_demo_store.json").write_text(json.dumps(own), encoding="utf-8")
    assert kept("demo_store", tmp_path)[0].report["command"] == "my own"
