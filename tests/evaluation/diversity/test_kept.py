"""Kept evaluations of diversity are found for their shop, and what is none is passed over."""

from __future__ import annotations

import json
from pathlib import Path

from recsys.evaluation.diversity.kept import NEEDED, committed


def write(folder: Path, name: str, shop: str) -> None:
    report = dict.fromkeys(NEEDED, "x") | {"rows": [1], "source": {"dataset": shop} if shop else {"interactions": "x"}}
    (folder / f"diversity_{name}.json").write_text(json.dumps(report), encoding="utf-8")


def test_those_of_the_shop_come_first_and_other_shops_are_left_out(tmp_path: Path) -> None:
    for name, shop in (("a", ""), ("b", "outdoor"), ("c", "bare")):
        write(tmp_path, name, shop)
    assert [kept.name for kept in committed("outdoor", tmp_path)] == ["diversity_b", "diversity_a"]
    assert [kept.name for kept in committed("nowhere", tmp_path)] == ["diversity_a"]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "diversity_broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "diversity_list.json").write_text("[]", encoding="utf-8")
    (tmp_path / "diversity_other.json").write_text('{"rows": []}', encoding="utf-8")
    assert committed("outdoor", tmp_path) == []


def test_what_came_with_the_project_can_be_read() -> None:
    for kept in committed("demo_store"):
        assert kept.report["goal"]["most_loss"] == 0.02
        assert sum(row["chosen"] for row in kept.report["rows"]) == 3
