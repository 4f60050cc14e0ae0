"""A queue of its own for each test, with a kind of job whose work is tiny; what is left at work is ended afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from recsys.jobs import KINDS, Job, JobQueue, Kind
from recsys.settings import load_settings

SOON = 60.0  # seconds: a deadline for a slow machine, not a wait


def eventually(true: Callable[[], bool], what: str = "it did not come true") -> None:
    """Look until it is so; fail after SOON."""
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobQueue]:
    """One job at once, so that a second one waits."""
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SHELFLENS_MAX_JOBS", "1")
    monkeypatch.setitem(KINDS, "tiny", Kind("tiny", "Tiny work", (), "It goes on.", "tests.jobs.tiny_work"))
    made = JobQueue.of(load_settings())
    yield made
    held_up = replace(made, limit=0)  # nothing new begins while they end
    for job in held_up.listed():
        monkeypatch.setattr("recsys.jobs.processes.PATIENCE", 1.0)
        held_up.cancel(job.folder)


def now(queue: JobQueue, job: Job) -> Job:
    """The job as its record tells it at this moment."""
    found = queue.find(job.folder)
    assert found is not None
    return found


def ended(queue: JobQueue, job: Job) -> Job:
    """The job once it neither waits nor works."""
    eventually(lambda: not now(queue, job).active, f"{job.id} did not end")
    return now(queue, job)


def at_work(queue: JobQueue, job: Job) -> Job:
    """The job once its process does what it is for."""
    eventually(lambda: (job.folder / "begun.txt").exists(), f"{job.id} did not begin")
    return now(queue, job)


def times_begun(job: Job) -> int:
    """How often its work was begun."""
    file = job.folder / "begun.txt"
    return len(file.read_text(encoding="utf-8").split()) if file.exists() else 0
