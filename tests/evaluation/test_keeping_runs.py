"""A run that finds no room on the disk is not there at all, and the runs before it stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.errors import StorageError
from recsys.evaluation import runs
from tests.evaluation import tiny_run
from tests.full_disk import room_for


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.iterdir()}


LISTS = 128 + 80 * 3 * 4  # the bytes of 80 lists of three items, less than any other file of the run


@pytest.mark.parametrize("room", [0, 127, LISTS - 1, LISTS])
def test_a_run_that_finds_no_room_is_not_there(room: int, tmp_path: Path) -> None:
    earlier = tiny_run.kept_run(tmp_path)
    before = files(tmp_path)
    with room_for(room), pytest.raises(StorageError):
        tiny_run.kept_run(tmp_path, dataset="other")
    assert files(tmp_path) == before
    assert [run.id for run in runs.kept(tmp_path)] == [earlier.id]
    assert len(earlier.values("good")) == tiny_run.SHOPPERS


def test_a_run_whose_lists_alone_find_no_room_is_not_there(tmp_path: Path) -> None:
    run = tiny_run.evaluation()
    for model in run.top:
        run.top[model] = np.tile(run.top[model], (1, 1_000))  # by far the largest file
    kept = runs.keep(run, tmp_path / "roomy")
    lists = sizes(kept.path)["good.top.npy"]
    assert lists == max(sizes(kept.path).values())
    with room_for(lists - 1), pytest.raises(StorageError, match=r"top\.npy"):
        runs.keep(run, tmp_path / "full")
    assert files(tmp_path / "full") == {}
