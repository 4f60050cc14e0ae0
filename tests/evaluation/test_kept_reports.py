"""Kept evaluations are found for their shop, and what is none is passed over."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from recsys.evaluation.cold_start import kept as cold_start
from recsys.evaluation.diversity import kept as diversity

ROOMS = [(diversity, "diversity", "rows"), (cold_start, "cold_start", "choices")]


def write(folder: Path, room: ModuleType, name: str, shop: str, *, filled: str, command: str = "x") -> None:
    source = {"dataset": shop} if shop else {"interactions": "x"}
    report = dict.fromkeys(room.NEEDED, "x") | {filled: [1], "source": source, "command": command}
    (folder / f"{name}.json").write_text(json.dumps(report), encoding="utf-8")


@pytest.mark.parametrize(("room", "prefix", "filled"), ROOMS)
def test_those_of_the_shop_come_first_and_other_shops_are_left_out(
    room: ModuleType, prefix: str, filled: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(room, "COMMITTED", tmp_path / "nowhere")
    for name, shop in (("a", ""), ("b", "outdoor"), ("c", "bare")):
        write(tmp_path, room, f"{prefix}_{name}", shop, filled=filled)
    assert [each.name for each in room.kept("outdoor", tmp_path)] == [f"{prefix}_b", f"{prefix}_a"]
    assert [each.name for each in room.kept("nowhere", tmp_path)] == [f"{prefix}_a"]


@pytest.mark.parametrize(("room", "prefix", "filled"), ROOMS)
def test_what_was_measured_here_stands_for_what_came_along(
    room: ModuleType, prefix: str, filled: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    write(tmp_path, room, f"{prefix}_outdoor", "outdoor", filled=filled)
    write(own, room, f"{prefix}_outdoor", "outdoor", filled=filled, command="mine")
    monkeypatch.setattr(room, "COMMITTED", tmp_path)
    assert [each.report["command"] for each in room.kept("outdoor", own)] == ["mine"]
    assert [each.report["command"] for each in room.kept("outdoor")] == ["x"]


@pytest.mark.parametrize(("room", "prefix", "filled"), ROOMS)
def test_what_cannot_be_read_is_passed_over(
    room: ModuleType, prefix: str, filled: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(room, "COMMITTED", tmp_path / "nowhere")
    (tmp_path / f"{prefix}_broken.json").write_text("{", encoding="utf-8")
    (tmp_path / f"{prefix}_list.json").write_text("[]", encoding="utf-8")
    (tmp_path / f"{prefix}_other.json").write_text(json.dumps({filled: []}), encoding="utf-8")
    assert room.kept("outdoor", tmp_path) == []


def test_evaluations_of_diversity_that_came_with_the_project_can_be_read() -> None:
    for each in diversity.kept("demo_store"):
        assert each.report["goal"]["most_loss"] == 0.02
        assert sum(row["chosen"] for row in each.report["rows"]) == 3


def test_evaluations_of_a_cold_start_that_came_with_the_project_can_be_read() -> None:
    assert cold_start.kept("demo_store")[0].shop == "demo_store"
