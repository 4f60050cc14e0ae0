"""What is brought for a job lies in its folder, for the owner alone, and goes when the job has finished."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from recsys.errors import DataError
from recsys.jobs import FAILED, FINISHED, JobQueue, Upload, uploads
from tests.jobs.conftest import ended


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("ratings.csv.gz", "ratings.csv.gz"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\my file (1).txt", "my_file_1_.txt"),
        (".hidden", "hidden"),
        ("..", "upload"),
        ("", "upload"),
        ("--forget", "forget"),
        ("a\0b\ud800.txt", "a_b_.txt"),
        ("日本.parquet", "parquet"),
        ("x" * 300 + ".txt", "x" * 76 + ".txt"),
    ],
)
def test_a_name_is_one_that_any_file_may_have(name: str, kept: str) -> None:
    assert Upload(name, b"1").safe_name == kept


@pytest.mark.parametrize("size", [0, uploads.MAX_MB * 1_000_000 + 1])
def test_nothing_and_too_much_are_refused_without_a_word_of_the_content(size: int) -> None:
    with pytest.raises(DataError, match="up to 50 MB, and not empty") as caught:
        Upload("x", b"k" * size)
    assert "kk" not in str(caught.value)


def test_files_lie_in_the_folder_of_the_job_for_the_owner_alone(tmp_path: Path) -> None:
    given = {"interactions": Upload("a.txt", b"1 2 3"), "attributes": Upload("a.txt", b"{}")}
    paths = uploads.bring(tmp_path, given)
    assert paths == uploads.places(tmp_path, given)
    assert [path.read_bytes() for path in paths.values()] == [b"1 2 3", b"{}"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths.values()} == {0o600}
    assert all(tmp_path.resolve() in path.parents for path in paths.values())
    uploads.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_finished_job_has_let_go_of_what_was_brought_and_one_that_failed_has_it_to_begin_again(
    queue: JobQueue,
) -> None:
    brought = {"interactions": Upload("a.txt", b"1 2 3")}
    done = ended(queue, queue.start("tiny", ["count", "1", "0"], files=brought, owner="me"))
    failed = ended(queue, queue.start("tiny", ["fail", "no"], files=brought))
    assert (done.state, failed.state) == (FINISHED, FAILED)
    assert done.arguments[-1] == f"--interactions={done.folder.resolve() / 'files' / 'interactions' / 'a.txt'}"
    assert (done.owner, failed.owner) == ("me", "")
    assert not (done.folder / uploads.FOLDER).exists()
    assert (failed.folder / uploads.FOLDER).is_dir()
    queue.forget(failed.folder)
    assert not failed.folder.exists()
