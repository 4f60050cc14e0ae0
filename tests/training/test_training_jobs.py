"""A training beside the app: begun, watched, told to stop, killed, and gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recsys.jobs import Job, JobQueue, last_words, locks, processes, progressed
from recsys.settings import load_settings
from recsys.training import records
from recsys.training.records import FAILED, FINISHED, RUNNING, STOPPED, Data, Training
from tests.jobs.conftest import ended, eventually, now
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
def queue(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobQueue]:
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    made = JobQueue.of(load_settings())
    assert root in made.others
    yield made
    for job in made.listed():
        made.cancel(job.folder)


def begun(queue: JobQueue, training: Training) -> Job:
    return queue.start("train", ["--resume", training.id], folder=training.path)


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


def test_a_training_that_was_begun_beside_the_app_is_finished_there(root: Path, data: Data, queue: JobQueue) -> None:
    training = new(root, "pctm", data)
    job = ended(queue, begun(queue, training))
    found = records.find(root, training.id)
    assert (job.state, found.state, found.metrics["ndcg@10"]) == ("finished", FINISHED, 1.0)
    so_far = progressed(training.path, found.began)
    assert so_far is not None
    assert (so_far.label, so_far.share) == ("Judging", 1.0)


def test_a_training_that_fails_beside_the_app_says_why_on_one_line(root: Path, data: Data, queue: JobQueue) -> None:
    training = new(root, "pctm", data)
    Path(data.interactions).unlink()
    job = ended(queue, begun(queue, training))
    found = records.find(root, training.id)
    assert (job.state, found.state) == ("failed", FAILED)
    assert "there is no file" in found.error
    assert last_words(training.path) == job.error == found.error


def test_a_killed_training_is_stopped_and_goes_on_from_its_latest_epoch(
    root: Path, data: Data, queue: JobQueue
) -> None:
    training = new(root, "transformer", data, **SMALL | {"epochs": 1000, "patience": 1000})
    job = begun(queue, training)
    eventually(lambda: len(records.find(root, training.id).epochs) >= 2)
    assert records.find(root, training.id).at_work
    assert job.pid is not None
    os.kill(job.pid, signal.SIGKILL)
    assert ended(queue, job).state == "stopped"
    killed = records.find(root, training.id)
    assert (killed.state, killed.can_go_on) == (STOPPED, True)
    made = len(killed.epochs)
    again = begun(queue, killed)
    eventually(lambda: len(records.find(root, training.id).epochs) > made + 1)
    queue.cancel(training.path)
    assert now(queue, again).state == "cancelled"
    stopped = records.find(root, training.id)
    assert (stopped.state, stopped.error) == (STOPPED, "")
    numbers = [epoch.number for epoch in stopped.epochs]
    assert set(range(1, numbers[-1] + 1)) - set(numbers) <= {made + 1}  # killed between a checkpoint and its record


def test_two_trainings_at_once_do_each_other_no_harm(root: Path, data: Data, queue: JobQueue) -> None:
    both = [begun(queue, new(root, model, data)) for model in ("pctm", "most-popular")]
    assert [ended(queue, job).state for job in both] == ["finished", "finished"]
    assert {training.state for training in records.listed(root)} == {FINISHED}


def test_a_second_process_for_the_same_training_leaves_it_alone(
    root: Path, data: Data, queue: JobQueue, holder: Callable[..., subprocess.Popen[bytes]]
) -> None:
    training = new(root, "pctm", data)
    holder(training)
    before = (training.path / records.RECORD).read_bytes()
    job = begun(queue, training)
    eventually(lambda: not processes.alive(job.pid, job.process_began))
    assert "is at work already" in last_words(training.path)
    assert (training.path / records.RECORD).read_bytes() == before


@pytest.mark.parametrize("manner", ["", "deaf"])
def test_a_process_that_is_told_to_stop_ends_whether_it_listens_or_not(
    manner: str,
    root: Path,
    data: Data,
    queue: JobQueue,
    holder: Callable[..., subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    training = new(root, "pctm", data)
    process = holder(training, manner)
    assert records.find(root, training.id).state == RUNNING
    queue.cancel(training.path)
    assert process.wait(10) != 0
    assert records.find(root, training.id).state == STOPPED


def test_cancelling_what_nobody_works_on_does_nothing(root: Path, data: Data, queue: JobQueue) -> None:
    training = new(root, "pctm", data)
    queue.cancel(training.path)
    (training.path / locks.PROCESS).write_text('{"pid": 1}')  # of an earlier process: the lock is free
    queue.cancel(training.path)
    assert records.find(root, training.id).state == STOPPED
