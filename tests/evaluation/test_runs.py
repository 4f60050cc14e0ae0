"""Runs on disk: kept whole, listed newest first, damaged ones passed over."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys.errors import ArtifactError, BadRequestError, StorageError
from recsys.evaluation import runs
from tests.evaluation import tiny_run


def test_a_run_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    kept = tiny_run.kept_run(tmp_path)
    found = runs.find(tmp_path, kept.id)
    assert found.report == json.loads(json.dumps(kept.report))
    pd.testing.assert_frame_equal(found.values("good"), tiny_run.values()["good"].astype(np.float32))
    assert found.top("good").tolist() == tiny_run.top()["good"].tolist()
    table = found.shoppers()
    assert table["shopper_id"].tolist()[:2] == ["s0", "s1"]
    assert table["activity"].cat.categories.tolist() == [tiny_run.FEW, tiny_run.MANY]
    assert table["taken"].iloc[0].tolist() == [1]


def test_a_files_own_ids_are_kept_and_runs_without_them_have_none(tmp_path: Path) -> None:
    named = replace(tiny_run.evaluation(), item_ids=("a", "b", "c", "d", "e"))
    assert runs.find(tmp_path, runs.keep(named, tmp_path).id).item_ids() == named.item_ids
    assert tiny_run.kept_run(tmp_path, dataset="other").item_ids() == ()


def test_the_newest_run_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [time.struct_time((2017, 1, day, 12, 0, 0, 0, day, 0)) for day in (3, 1, 2)]
    monkeypatch.setattr(runs.time, "gmtime", lambda: moments.pop())
    ids = [tiny_run.kept_run(tmp_path).id for _ in range(3)]  # kept on the 2nd, the 1st and the 3rd
    assert [run.id for run in runs.kept(tmp_path)] == [ids[2], ids[0], ids[1]]


def test_no_folder_holds_no_runs(tmp_path: Path) -> None:
    assert list(runs.kept(tmp_path / "nowhere")) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 99}'])
def test_a_damaged_report_is_passed_over_and_said_when_asked_for(text: str, tmp_path: Path) -> None:
    kept = tiny_run.kept_run(tmp_path)
    (kept.path / "report.json").write_text(text, encoding="utf-8")
    assert list(runs.kept(tmp_path)) == []
    with pytest.raises(ArtifactError, match="start the run again"):
        runs.find(tmp_path, kept.id)


def test_what_is_no_run_is_passed_over(tmp_path: Path) -> None:
    kept = tiny_run.kept_run(tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    shutil.copytree(kept.path, tmp_path / f".{kept.id}.tmp")
    assert [run.id for run in runs.kept(tmp_path)] == [kept.id]


@pytest.mark.parametrize("run_id", ["", "..", "../secrets", "20170131-120000-0A1B2C3D", "x" * 500])
def test_what_is_no_id_is_refused(run_id: str, tmp_path: Path) -> None:
    with pytest.raises(BadRequestError):
        runs.find(tmp_path, run_id)
    with pytest.raises(BadRequestError):
        runs.remove(tmp_path, run_id)


def test_a_recommender_that_did_not_run_is_named_with_those_that_did(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match="good, most-popular, costly"):
        tiny_run.kept_run(tmp_path).values("../report")


@pytest.mark.parametrize("file", ["good.values.parquet", "good.top.npy", "shoppers.parquet"])
@pytest.mark.parametrize("damage", ["missing", "truncated", "empty"])
def test_a_damaged_table_is_said_with_its_name(file: str, damage: str, tmp_path: Path) -> None:
    run = tiny_run.kept_run(tmp_path)
    path = run.path / file
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[: len(content) // 2] if damage == "truncated" else b"")
    read = {
        "good.values.parquet": lambda: run.values("good"),
        "good.top.npy": lambda: run.top("good"),
        "shoppers.parquet": run.shoppers,
    }[file]
    with pytest.raises(ArtifactError, match=file):
        read()


def test_a_run_that_cannot_be_written_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = tiny_run.kept_run(tmp_path).id
    monkeypatch.setattr(runs, "write_whole", full)
    with pytest.raises(StorageError):
        tiny_run.kept_run(tmp_path, dataset="other")
    assert [path.name for path in tmp_path.iterdir()] == [before]


def test_a_removed_run_is_gone_and_the_others_stay(tmp_path: Path) -> None:
    one, other = tiny_run.kept_run(tmp_path), tiny_run.kept_run(tmp_path, dataset="other")
    runs.remove(tmp_path, one.id)
    assert [path.name for path in tmp_path.iterdir()] == [other.id]
    with pytest.raises(ArtifactError):
        runs.remove(tmp_path, one.id)
