"""A run beside the app: how far it is, what it left, what it said when it failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recsys.evaluation import runs
from recsys.evaluation.background import BackgroundRun, following

SEQUENCES = "\n".join(f"{user} {user % 3 + 1} {user % 5 + 1} {user % 7 + 1} {user % 4 + 1}" for user in range(1, 40))
HOURS = "import time; time.sleep(3600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(3600)"


def beside(folder: Path, code: str, **options: object) -> BackgroundRun:
    """A run whose process is a line of Python."""
    with (folder / "out.json").open("wb") as out, (folder / "errors.txt").open("wb") as errors:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=out, stderr=errors)
    return BackgroundRun(process, folder, time.time())


def ended(run: BackgroundRun) -> BackgroundRun:
    run.process.wait(60)
    return run


@pytest.fixture
def there(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A file of sequences, and an environment whose runs are kept beside it."""
    file = tmp_path / "few.txt"
    file.write_text(SEQUENCES, encoding="utf-8")
    return file, {**os.environ, "SHELFLENS_STATE_DIR": str(tmp_path / "state")}


def test_a_finished_run_is_kept_and_names_its_id(there: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    file, environment = there
    run = ended(BackgroundRun.start(["sequences", f"--interactions={file}", "--models=most-popular"], environment))
    assert run.error() == ""
    assert [run.run_id()] == [kept.id for kept in runs.kept(tmp_path / "state" / "evaluations")]
    progress = run.progress()
    assert progress is not None
    assert progress.share == 1.0


def test_a_run_that_fails_says_why_on_one_line(there: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    run = ended(BackgroundRun.start(["sequences", f"--interactions={tmp_path / 'nothing.txt'}"], there[1]))
    assert run.run_id() is None
    assert "there is no file" in run.error()
    assert "\n" not in run.error()


def test_a_cancelled_run_leaves_nothing_behind(there: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    file, environment = there
    run = BackgroundRun.start(["sequences", f"--interactions={file}", "--models=most-popular"], environment)
    run.cancel()
    assert not run.running
    assert run.run_id() is None
    assert not (tmp_path / "state").exists()


def test_cancelling_twice_is_cancelling_once(tmp_path: Path) -> None:
    run = beside(tmp_path, HOURS)
    assert run.running
    run.cancel()
    run.cancel()
    assert not run.running


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recsys.evaluation.background.PATIENCE", 0.1)
    run = beside(tmp_path, DEAF)
    while not (tmp_path / "out.json").read_text():  # it is deaf once it says that it is up
        assert run.running
    run.cancel()
    assert not run.running


def test_while_it_runs_there_is_neither_an_id_nor_an_error(tmp_path: Path) -> None:
    run = beside(tmp_path, HOURS)
    try:
        assert (run.run_id(), run.error(), run.progress()) == (None, "", None)
    finally:
        run.cancel()


def test_only_the_last_line_of_a_long_complaint_is_its_error(tmp_path: Path) -> None:
    run = ended(beside(tmp_path, "import sys; sys.exit('Traceback\\n  File\\nerror: the disk is full')"))
    assert run.error() == "the disk is full"


def test_a_run_that_dies_without_a_word_is_said_with_its_code(tmp_path: Path) -> None:
    assert ended(beside(tmp_path, "raise SystemExit(3)")).error() == "the run ended with code 3"


@pytest.mark.parametrize("said", ["", "{", "[1]", '{"label": "x"}', '{"label": "x", "note": "", "share": "much"}'])
def test_progress_that_cannot_be_read_is_no_progress(said: str, tmp_path: Path) -> None:
    (tmp_path / "progress.json").write_text(said, encoding="utf-8")
    assert ended(beside(tmp_path, "")).progress() is None


def test_the_time_left_follows_from_the_share_done(tmp_path: Path) -> None:
    run = ended(beside(tmp_path, ""))
    run.started = time.time() - 30
    (tmp_path / "progress.json").write_text(json.dumps({"label": "EASE", "note": "", "share": 0.25}), encoding="utf-8")
    progress = run.progress()
    assert progress is not None
    assert progress.seconds_left == pytest.approx(90, abs=1)  # 30 s for a quarter, so 90 s for the rest


def test_the_second_of_four_recommenders_half_done_is_three_eighths_of_the_run(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    progress_of = following(file, 4)
    progress_of("first")(10, 10)
    progress_of("second")(10, 10, "")
    assert json.loads(file.read_text())["share"] == 0.5
    later = following(file, 4)
    later("first")
    later("second")(5, 10, "halfway")
    assert json.loads(file.read_text()) == {"label": "second", "note": "halfway", "share": 0.375}


def test_progress_is_not_written_more_often_than_it_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    progress = following(file, 1)("only")
    progress(1, 1_000)
    progress(2, 1_000)
    assert json.loads(file.read_text())["share"] == 0.001


def test_a_forgotten_run_leaves_no_messages_behind(there: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    run = ended(BackgroundRun.start(["sequences", f"--interactions={tmp_path / 'nothing.txt'}"], there[1]))
    assert run.folder.is_dir()
    run.forget()
    assert not run.folder.exists()
