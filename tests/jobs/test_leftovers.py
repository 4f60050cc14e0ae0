"""What a killed process left goes with the next job; what a living one uses, and what is new, stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from recsys.artifacts import LEFT_AFTER, remove_leftovers
from recsys.jobs import FINISHED, JobQueue, Upload, leftovers, locks, records, uploads
from tests.jobs.conftest import ended

ID = "20240102-030405-0a1b2c3d"
NOBODY = 999_999_999


def old(path: Path) -> Path:
    """The same, as if nobody had touched it for long."""
    before = time.time() - LEFT_AFTER - 60
    for each in (*path.rglob("*"), path) if path.is_dir() else (path,):
        os.utime(each, (before, before))
    return path


def left(folder: Path, name: str) -> Path:
    """A half-written folder with a file in it."""
    (folder / name).mkdir(parents=True)
    (folder / name / "half").write_text("half", encoding="ascii")
    return folder / name


def test_what_is_half_written_and_old_goes(tmp_path: Path) -> None:
    file = tmp_path / f".job.json.{NOBODY}.tmp"
    file.write_text("half", encoding="ascii")
    gone = [
        old(file),
        old(left(tmp_path, ".20240102-030405-0a1b2c3d.tmp")),
        old(left(tmp_path, f".salt.{NOBODY}.0a.tmp")),
    ]
    kept = [old(left(tmp_path, "not-ours")), old(left(tmp_path, "x.tmp")), old(left(tmp_path, ".hidden"))]
    remove_leftovers(tmp_path)
    assert [path.exists() for path in gone] == [False] * 3
    assert [path.exists() for path in kept] == [True] * 3
    remove_leftovers(tmp_path / "nowhere")


def test_what_is_new_or_written_by_a_living_process_stays(tmp_path: Path) -> None:
    new = left(tmp_path, ".new.tmp")
    mine = old(left(tmp_path, f".mine.{os.getpid()}.tmp"))
    growing = old(left(tmp_path, ".growing.tmp"))
    (growing / "half").write_text("more", encoding="ascii")
    ahead = left(tmp_path, ".ahead.tmp")  # by a clock that was ahead
    os.utime(ahead, (time.time() + 9e6, time.time() + 9e6))
    remove_leftovers(tmp_path)
    assert all(path.exists() for path in (new, mine, growing, ahead))


def test_a_folder_that_never_got_a_record_goes_with_the_files_that_were_brought(tmp_path: Path) -> None:
    uploads.bring(tmp_path / ID, {"interactions": Upload("a.txt", b"1 2")})
    leftovers.clean(tmp_path)
    assert (tmp_path / ID).is_dir()  # it is new: its record may be on the way
    old(tmp_path / ID)
    leftovers.clean(tmp_path)
    assert not (tmp_path / ID).exists()


@pytest.mark.parametrize("record", ["job.json", "training.json"])
def test_a_folder_with_a_record_stays_even_where_it_cannot_be_read(tmp_path: Path, record: str) -> None:
    uploads.bring(tmp_path / ID, {"interactions": Upload("a.txt", b"1 2")})
    (tmp_path / ID / record).write_text("{", encoding="ascii")
    half = old(left(tmp_path / ID, ".model.tmp"))
    old(tmp_path / ID)
    leftovers.clean(tmp_path)
    assert (tmp_path / ID / uploads.FOLDER).is_dir()
    assert not half.exists()


def test_a_folder_that_a_process_holds_is_not_touched(tmp_path: Path) -> None:
    half = left(tmp_path / ID, ".model.tmp")
    with locks.only_me(tmp_path / ID):
        old(tmp_path / ID)
        leftovers.clean(tmp_path)
        assert half.exists()


def test_the_next_job_cleans_up_after_one_that_was_killed_at_its_very_end(queue: JobQueue) -> None:
    done = ended(queue, queue.start("tiny", ["count", "1", "0"]))
    assert done.state == FINISHED
    uploads.bring(done.folder, {"interactions": Upload("a.txt", b"1 2")})
    forgotten = old(left(queue.root, ID))
    for _ in range(20):  # the first one's process may take a moment to end, and what it holds is left alone
        other = ended(queue, queue.start("tiny", ["count", "1", "0"]))
        if not (done.folder / uploads.FOLDER).exists():
            break
    assert not (done.folder / uploads.FOLDER).exists()
    assert not forgotten.exists()
    assert records.read(other.folder) is not None
