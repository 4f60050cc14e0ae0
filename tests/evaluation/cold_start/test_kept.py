"""Kept evaluations of a cold start are found for their shop, and what is none is passed over."""

from __future__ import annotations

import json
from pathlib import Path

from recsys.evaluation.cold_start.kept import NEEDED, committed


def write(folder: Path, name: str, shop: str) -> None:
    report = dict.fromkeys(NEEDED, "x") | {
        "choices": [1],
        "source": {"dataset": shop} if shop else {"interactions": "x"},
    }
    (folder / f"cold_start_{name}.json").write_text(json.dumps(report), encoding="utf-8")


def test_those_of_the_shop_come_first_and_other_shops_are_left_out(tmp_path: Path) -> None:
    for name, shop in (("a", ""), ("b", "outdoor"), ("c", "bare")):
        write(tmp_path, name, shop)
    assert [kept.name for kept in committed("outdoor", tmp_path)] == ["cold_start_b", "cold_start_a"]
    assert [kept.name for kept in committed("nowhere", tmp_path)] == ["cold_start_a"]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "cold_start_broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "cold_start_other.json").write_text('{"choices": []}', encoding="utf-8")
    assert committed("outdoor", tmp_path) == []


def test_what_came_with_the_project_can_be_read() -> None:
    assert committed("demo_store")[0].shop == "demo_store"
