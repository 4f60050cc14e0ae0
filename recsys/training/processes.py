"""A training in a process of its own: started, watched and told to stop from another one, or after a restart of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

from recsys.artifacts import storage_errors, write_whole
from recsys.errors import ShelfLensError
from recsys.progress import Progress
from recsys.settings import PROJECT
from recsys.training import records
from recsys.training.records import Training

PROGRESS: Final = "progress.json"
SAID: Final = "said.txt"
EVERY: Final = 0.5  # seconds between two writings of the progress
PATIENCE: Final = 10.0  # seconds for a process to end in good order before it is killed
POLITE: Final = 10  # niceness: the app in front of the person goes first
TOO_EARLY: Final = 0.01  # share of a step before which the time left would be a guess


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far a training has come in its present step."""

    label: str  # the step: "Learning", "Judging"
    note: str
    share: float  # of the step, 0 to 1
    seconds_left: float | None  # of the step; None while there is nothing to go by


def start(training: Training, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Begin a training, or go on with it, beside this process. Raises StorageError when it cannot write there."""
    command = [sys.executable, "-m", "recsys", "train", "--resume", training.id, "--json"]
    with storage_errors(training.path), (training.path / SAID).open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=dict(environment or os.environ),
        )
    with suppress(psutil.Error, OSError):
        psutil.Process(process.pid).nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else POLITE)
    return process


def cancel(training: Training) -> None:
    """Tell the process at work to stop and wait until it has; one that does not listen is killed. Epochs stay."""
    process = _process(training.path)
    if process is None:
        return
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        _until_released(training.path, PATIENCE)
        if records.at_work(training.path):
            process.kill()
            _until_released(training.path, PATIENCE)


def _process(path: Path) -> psutil.Process | None:
    """The process that holds the training's lock: while it is held, the number in the file is that process's own."""
    try:
        pid = int(json.loads((path / records.PROCESS).read_text(encoding="utf-8"))["pid"])
        return psutil.Process(pid) if records.at_work(path) and pid != os.getpid() else None
    except (OSError, ValueError, KeyError, TypeError, psutil.NoSuchProcess):
        return None


def _until_released(path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while records.at_work(path) and time.monotonic() < end:
        time.sleep(0.05)


def last_words(training: Training) -> str:
    """The last line that its process said, without "error:"; "" where it said nothing."""
    try:
        lines = (training.path / SAID).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].removeprefix("error: ") if lines else ""


# --- progress -----------------------------------------------------------------------------------------------


def progress(training: Training) -> Progressed | None:
    """How far it has come; None before it has said anything since it was begun."""
    path = training.path / PROGRESS
    try:
        if path.stat().st_mtime < (training.began or 0.0) - 1:  # of before an interruption
            return None
        said = json.loads(path.read_text(encoding="utf-8"))
        left = said["seconds_left"]
        return Progressed(
            str(said["label"]),
            str(said["note"]),
            min(max(float(said["share"]), 0.0), 1.0),
            None if left is None else float(left),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def following(training: Training, also: Callable[[str], Progress]) -> Callable[[str], Progress]:
    """Progress that is written beside the training's record, for the page, and shown by `also`."""

    def progress_of(label: str) -> Progress:
        shown, steps = also(label), _Steps(training.path / PROGRESS, label)

        def progress(done: int, total: int, note: str = "") -> None:
            shown(done, total, note)
            steps.tell(done / max(total, 1), note)

        return progress

    return progress_of


class _Steps:
    """One step's share over time: a resumed training begins in the middle, and its time left counts from there."""

    def __init__(self, path: Path, label: str) -> None:
        self._path, self._label = path, label
        self._started, self._first, self._last = time.monotonic(), -1.0, 0.0

    def tell(self, share: float, note: str) -> None:
        if self._first < 0:
            self._first, self._started = share, time.monotonic()
        now = time.monotonic()
        if now - self._last < EVERY and share < 1:
            return
        self._last = now
        gone = share - self._first
        left = (now - self._started) * (1 - share) / gone if gone > TOO_EARLY else None
        with suppress(ShelfLensError):  # a bar that stands still is better than a training that ends
            write_whole(self._path, json.dumps(asdict(Progressed(self._label, note, share, left))).encode())
