"""A training beside the app: begun, watched, told to stop, killed, and gone on with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from recsys.progress import silent
from recsys.training import processes, records
from recsys.training.records import FAILED, FINISHED, RUNNING, STOPPED, Data, Training
from tests.training.tiny_training import SMALL, new

HOLDING = """
import signal, sys, time
from dataclasses import replace
from pathlib import Path
from recsys.training import records
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
path = Path(sys.argv[1])
with records.only_me(path):
    records.write(replace(records.find(path.parent, path.name), state="running", began=time.time()))
    print("up", flush=True)
    time.sleep(3600)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "SHELFLENS_STATE_DIR": str(tmp_path / "state"), "OMP_NUM_THREADS": "1"}


@pytest.fixture
def holder() -> Iterator[Callable[[Training, str], subprocess.Popen[bytes]]]:
    """Starts a process that holds a training and does nothing, and ends it after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def hold(training: Training, manner: str = "") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", HOLDING, str(training.path), manner]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def until(done: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for something to come true while the process runs."""
    while not done():
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            assert done(), "the process ended first"


def test_a_training_that_was_begun_beside_the_app_is_finished_there(
    root: Path, data: Data, environment: dict[str, str]
) -> None:
    training = new(root, "pctm", data)
    assert processes.start(training, environment).wait(60) == 0
    found = records.find(root, training.id)
    assert (found.state, found.metrics["ndcg@10"]) == (FINISHED, 1.0)
    so_far = processes.progress(found)
    assert so_far is not None
    assert (so_far.label, so_far.share) == ("Judging", 1.0)


def test_a_training_that_fails_beside_the_app_says_why_on_one_line(
    root: Path, data: Data, environment: dict[str, str]
) -> None:
    training = new(root, "pctm", data)
    Path(data.interactions).unlink()
    assert processes.start(training, environment).wait(60) == 1
    found = records.find(root, training.id)
    assert found.state == FAILED
    assert "there is no file" in found.error
    assert processes.last_words(found) == found.error


def test_a_killed_training_is_stopped_and_goes_on_from_its_latest_epoch(
    root: Path, data: Data, environment: dict[str, str]
) -> None:
    training = new(root, "transformer", data, **SMALL | {"epochs": 1000, "patience": 1000})
    process = processes.start(training, environment)
    until(lambda: len(records.find(root, training.id).epochs) >= 2, process)
    assert records.find(root, training.id).at_work
    process.kill()
    process.wait()
    killed = records.find(root, training.id)
    assert (killed.state, killed.can_go_on) == (STOPPED, True)
    made = len(killed.epochs)
    process = processes.start(killed, environment)
    until(lambda: len(records.find(root, training.id).epochs) > made + 1, process)
    processes.cancel(records.find(root, training.id))
    assert process.wait(60) == 130  # 128 + SIGINT
    stopped = records.find(root, training.id)
    assert (stopped.state, stopped.error) == (STOPPED, "")
    numbers = [epoch.number for epoch in stopped.epochs]
    assert set(range(1, numbers[-1] + 1)) - set(numbers) <= {made + 1}  # killed between a checkpoint and its record


def test_two_trainings_at_once_do_each_other_no_harm(root: Path, data: Data, environment: dict[str, str]) -> None:
    both = [new(root, "pctm", data), new(root, "most-popular", data)]
    assert [process.wait(60) for process in [processes.start(training, environment) for training in both]] == [0, 0]
    assert {training.state for training in records.listed(root)} == {FINISHED}


def test_a_second_process_for_the_same_training_leaves_it_alone(
    root: Path, data: Data, environment: dict[str, str], holder: Callable[..., subprocess.Popen[bytes]]
) -> None:
    training = new(root, "pctm", data)
    holder(training)
    before = (training.path / records.RECORD).read_bytes()
    assert processes.start(training, environment).wait(60) == 2
    assert "is at work already" in processes.last_words(training)
    assert (training.path / records.RECORD).read_bytes() == before


@pytest.mark.parametrize("manner", ["", "deaf"])
def test_a_process_that_is_told_to_stop_ends_whether_it_listens_or_not(
    manner: str, root: Path, data: Data, holder: Callable[..., subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    training = new(root, "pctm", data)
    process = holder(training, manner)
    assert records.find(root, training.id).state == RUNNING
    processes.cancel(training)
    assert process.wait(10) != 0
    assert records.find(root, training.id).state == STOPPED


def test_cancelling_what_nobody_works_on_does_nothing(root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    processes.cancel(training)
    (training.path / records.PROCESS).write_text('{"pid": 1}')  # of an earlier process: the lock is free
    processes.cancel(training)
    assert records.find(root, training.id).state == STOPPED


# --- progress -----------------------------------------------------------------------------------------------------


def tell(training: Training, **facts: object) -> None:
    said = {"label": "Learning", "note": "", "share": 0.5, "seconds_left": None} | facts
    (training.path / processes.PROGRESS).write_text(json.dumps(said), encoding="utf-8")


def test_progress_is_what_was_said_last(root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    assert processes.progress(training) is None
    processes.following(training, lambda label: silent)("Judging")(1, 1, "done")
    assert processes.progress(training) == processes.Progressed("Judging", "done", 1.0, None)


@pytest.mark.parametrize(
    "facts", [{"share": "much"}, {"seconds_left": "soon"}, {"label": "x", "note": None, "share": []}]
)
def test_progress_that_cannot_be_read_is_no_progress(facts: dict[str, object], root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    tell(training, **facts)
    assert processes.progress(training) is None


def test_progress_of_before_an_interruption_is_not_shown(root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    tell(training)
    file = training.path / processes.PROGRESS
    begun = records.replace(training, began=file.stat().st_mtime + 5)
    assert processes.progress(training) is not None
    assert processes.progress(begun) is None


def test_the_time_left_counts_from_where_a_resumed_training_began(
    root: Path, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter([100.0, 100.0, 100.0, 110.0])
    monkeypatch.setattr(processes.time, "monotonic", lambda: next(now))
    training = new(root, "pctm", data)
    progress = processes.following(training, lambda label: silent)("Learning")
    progress(40, 100)  # it goes on at .4
    progress(60, 100)  # ten seconds later it is at .6: .2 in 10 s, so that .4 takes 20 s
    so_far = processes.progress(training)
    assert so_far is not None
    assert so_far.seconds_left == pytest.approx(20)
