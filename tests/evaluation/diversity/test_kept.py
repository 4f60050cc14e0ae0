"""Kept evaluations of diversity are found for their shop, and what is none is passed over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recsys.evaluation.diversity import kept as kept_reports
from recsys.evaluation.diversity.kept import NEEDED, kept


def write(folder: Path, name: str, shop: str) -> None:
    report = dict.fromkeys(NEEDED, "x") | {"rows": [1], "source": {"dataset": shop} if shop else {"interactions": "x"}}
    (folder / f"diversity_{name}.json").write_text(json.dumps(report), encoding="utf-8")


@pytest.fixture
def nothing_came_along(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if the project had brought no evaluation."""
    monkeypatch.setattr(kept_reports, "COMMITTED", tmp_path / "nowhere")


@pytest.mark.usefixtures("nothing_came_along")
def test_those_of_the_shop_come_first_and_other_shops_are_left_out(tmp_path: Path) -> None:
    for name, shop in (("a", ""), ("b", "outdoor"), ("c", "bare")):
        write(tmp_path, name, shop)
    assert [each.name for each in kept("outdoor", tmp_path)] == ["diversity_b", "diversity_a"]
    assert [each.name for each in kept("nowhere", tmp_path)] == ["diversity_a"]


def test_what_was_measured_here_stands_for_what_came_along(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    write(tmp_path, "outdoor", "outdoor")
    write(own, "outdoor", "outdoor")
    (own / "diversity_outdoor.json").write_text(
        (own / "diversity_outdoor.json").read_text(encoding="utf-8").replace('"command": "x"', '"command": "mine"'),
        encoding="utf-8",
    )
    monkeypatch.setattr(kept_reports, "COMMITTED", tmp_path)
    assert [each.report["command"] for each in kept("outdoor", own)] == ["mine"]
    assert [each.report["command"] for each in kept("outdoor")] == ["x"]


@pytest.mark.usefixtures("nothing_came_along")
def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "diversity_broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "diversity_list.json").write_text("[]", encoding="utf-8")
    (tmp_path / "diversity_other.json").write_text('{"rows": []}', encoding="utf-8")
    assert kept("outdoor", tmp_path) == []


def test_what_came_with_the_project_can_be_read() -> None:
    for each in kept("demo_store"):
        assert each.report["goal"]["most_loss"] == 0.02
        assert sum(row["chosen"] for row in each.report["rows"]) == 3
