"""A file of sequences on a ring of twelve items, where the next item is certain, and trainings on it."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recsys.evaluation import problems
from recsys.evaluation.problems import Problem
from recsys.evaluation.protocol import Protocol
from recsys.progress import Progress, silent
from recsys.training import choices, fitting, records
from recsys.training.records import Data, Training

USERS, STEPS = 60, 6
RING = "".join(f"{u + 1} " + " ".join(str((u + step) % 12 + 100) for step in range(STEPS)) + "\n" for u in range(USERS))
SMALL = {"dimension": 8, "feed_forward": 8, "epochs": 3, "patience": 100, "threads": 1}  # of the Transformer


def ring(folder: Path, name: str = "ring.txt") -> Data:
    """The file, written."""
    path = folder / name
    path.write_text(RING, encoding="utf-8")
    return Data(interactions=str(path))


def problem_of(data: Data, protocol: Protocol) -> Problem:
    """What the command line makes of a file."""
    return problems.of_file(protocol, Path(data.interactions))


def new(root: Path, model: str, data: Data, **settings: Any) -> Training:
    """A training that nobody has begun."""
    return records.create(root, model, data, choices.checked(model, settings, 0), 0)


def work(training: Training, progress_of: Callable[[str], Progress] = lambda label: silent) -> Training:
    """The training, done in this process."""
    return fitting.work(training, problem_of, progress_of)


def stopped_after(epochs: int, training: Training) -> Training:
    """The training, worked on until Ctrl-C is pressed after so many epochs."""
    root = training.path.parent

    def progress(done: int, total: int, note: str = "") -> None:
        if len(records.find(root, training.id).epochs) >= epochs:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work(training, lambda label: progress)
    return records.find(root, training.id)


def content(path: Path) -> dict[str, str]:
    """Every file below a folder with its hash."""
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


def full(*_: Any, **__: Any) -> Any:
    """A disk without room, in place of whatever writes to it."""
    raise OSError(errno.ENOSPC, "No space left on device")
