"""Runs that came with the project, and what of them can be read without figures per shopper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recsys.errors import ArtifactError
from recsys.evaluation import reading
from recsys.evaluation.built_in import COMMITTED, committed_runs
from recsys.shops.registry import shops
from tests.evaluation.tiny_run import evaluation

SLICES = [
    {"slicing": way, "slice": name, "model": model, "mean": mean, "low": mean - 0.1, "high": mean + 0.1,
     "count": count, "comparable": count >= 30}
    for way, name, count, means in (
        ("activity", "few", 40, {"good": 0.5, "most-popular": 0.6, "costly": 0.4}),
        ("activity", "many", 40, {"good": 0.9, "most-popular": 0.2, "costly": 0.3}),
        ("age", "old", 29, {"good": 0.1, "most-popular": 0.2, "costly": 0.3}),
        ("age", "young", 51, {"good": 0.3, "most-popular": 0.2, "costly": 0.1}),
        ("shopper", "known", 80, {"good": 0.7, "most-popular": 0.2, "costly": 0.1}),
    )
    for model, mean in means.items()
]  # fmt: skip


def committed(folder: Path, name: str, run: str, **changes: object) -> None:
    report = evaluation(slices=SLICES).report | {"run": run} | changes
    (folder / f"leaderboard_{name}.json").write_text(json.dumps(report, default=float), encoding="utf-8")


def test_a_shop_has_its_own_runs_first_and_those_on_files_but_none_of_another_shop(tmp_path: Path) -> None:
    committed(tmp_path, "a_file", "20260101-000000-0000000a", source={"interactions": "x.txt"})
    committed(tmp_path, "shoes", "20260101-000000-0000000b", source={"dataset": "shoes"})
    committed(tmp_path, "hats", "20260101-000000-0000000c", source={"dataset": "hats"})
    assert [run.id[-1] for run in committed_runs("shoes", tmp_path)] == ["b", "a"]
    assert [run.id[-1] for run in committed_runs("coats", tmp_path)] == ["a"]
    assert all(run.built_in for run in committed_runs("shoes", tmp_path))


@pytest.mark.parametrize("text", ["", "[]", "7", "{", '{"run": "x"}'])
def test_a_file_that_holds_no_run_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "leaderboard_x.json").write_text(text, encoding="utf-8")
    assert committed_runs("shoes", tmp_path) == []


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    committed(tmp_path, "x", "20260101-000000-0000000a")
    assert committed_runs("", tmp_path)[0].id[-1] == "a"
    committed(tmp_path, "x", "20260101-000000-0000000b", padding=" ")
    assert committed_runs("", tmp_path)[0].id[-1] == "b"


def test_the_slices_of_a_report_are_told_where_there_is_more_than_one(tmp_path: Path) -> None:
    committed(tmp_path, "x", "20260101-000000-0000000a")
    report = committed_runs("", tmp_path)[0].report
    told = reading.slice_means(report, ["good", "costly"])
    assert told["slicing"].unique().tolist() == ["activity", "age"]
    assert set(told["model"]) == {"good", "costly"}
    best = reading.best_by_slice(report)
    assert best["slice"].tolist() == ["few", "many", "young"]  # "old" has 29 shoppers
    assert best["model"].tolist() == ["most-popular", "good", "good"]


def test_a_built_in_run_has_pairs_by_the_metric_it_compares_by_and_no_lists(tmp_path: Path) -> None:
    committed(tmp_path, "x", "20260101-000000-0000000a")
    run = committed_runs("", tmp_path)[0]
    assert len(reading.pairs(run, "ndcg@10")) == 3
    assert reading.pairs(run, "popularity@10").empty
    with pytest.raises(ArtifactError):
        run.shoppers()


def test_what_the_project_committed_is_read() -> None:
    runs = [run for shop in shops() for run in committed_runs(shop.name)]
    assert {run.path.name for run in runs} == {path.name for path in COMMITTED.glob("leaderboard_*.json")}
    for run in runs:
        assert run.report["command"].startswith("python -m recsys evaluate")
        assert reading.verdict(run.report).winner
        assert not reading.best_by_slice(run.report).empty
