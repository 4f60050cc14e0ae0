"""Trainings on disk: one folder each, its record written whole, so that a reader sees the old one or the new one.

<id>/training.json    what is trained, on what, by which settings, how far it is and how well it does
<id>/checkpoints/     while there is something to go on from
<id>/model/           what was learned, once it is finished
<id>/validation.npy   figures per validation visit, so that two trainings can be compared visit by visit
and what a job keeps in its folder (recsys/jobs/records.py): its lock, its progress, what it said
"""

from __future__ import annotations

import json
import math
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import storage_errors, write_whole
from recsys.errors import ArtifactError, BadRequestError
from recsys.jobs import locks, uploads
from recsys.jobs.uploads import Upload

FORMAT: Final = 1
RECORD: Final = "training.json"
CHECKPOINTS: Final = "checkpoints"
MODEL: Final = "model"
RUNNING, STOPPED, FAILED, FINISHED, KEPT = "running", "stopped", "failed", "finished", "kept"
STATES: Final = (RUNNING, STOPPED, FAILED, FINISHED, KEPT)
EXAMPLE: Final = "an id such as 20170131-120000-0a1b2c3d"
_ID: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Data:
    """What is learned from: a prepared data set by name, or a file of sequences with the attributes of its items."""

    dataset: str = ""
    interactions: str = ""
    attributes: str = ""

    @property
    def words(self) -> str:
        """The data set's name, or the file's without its folder and ending, and whether there are attributes."""
        if not self.interactions:
            return self.dataset.replace("_", " ")
        name = Path(self.interactions).name.removesuffix(".gz").removesuffix(".txt")
        return f"{name}, with attributes" if self.attributes else name


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the data."""

    number: int  # from 1
    planned: int
    loss: float | None  # mean cross-entropy of a position, nats
    ndcg: float | None  # nDCG@10 of the shoppers watched; None where too few could be
    seconds: float


@dataclass(frozen=True, slots=True)
class Training:
    """A training as its record tells it. Times are seconds since 1970."""

    id: str
    path: Path
    model: str
    data: Data
    settings: dict[str, Any]  # all of them, those left at their defaults too
    seed: int
    state: str = STOPPED  # until somebody begins it
    created: float = 0.0
    began: float | None = None  # when it was last begun or resumed
    ended: float | None = None
    worked: float = 0.0  # seconds at work in all, those before an interruption too
    error: str = ""
    epochs: tuple[Epoch, ...] = ()
    masked: list[list[float]] = field(default_factory=list)  # per look of a first stage: loss, that of others, seconds
    metrics: dict[str, float] = field(default_factory=dict)  # of the validation, once it is finished
    source: dict[str, Any] = field(default_factory=dict)  # the data's version and sizes, once they are read
    protocol: dict[str, str] = field(default_factory=dict)  # in plain words
    owner: str = ""  # who may cancel and discard it on a server for many; "" for who runs the server

    @property
    def at_work(self) -> bool:
        """Whether a process works on it."""
        return self.state == RUNNING

    @property
    def can_go_on(self) -> bool:
        """Whether it can be begun, or resumed from its latest checkpoint."""
        return self.state in (STOPPED, FAILED)

    @property
    def done(self) -> bool:
        """Whether there is a model with its figures."""
        return self.state in (FINISHED, KEPT)

    @property
    def command(self) -> str:
        """What to type for the same training from the start, files by their names."""
        given = [f"--set {name}={value}" for name, value in self.settings.items() if name != "seed"]
        files = [
            f"--{name} {Path(file).name}"
            for name, file in (("interactions", self.data.interactions), ("attributes", self.data.attributes))
            if file
        ]
        where = files or [f"--dataset {self.data.dataset}"]
        return " ".join(["python -m recsys train", self.model, *where, *given, f"--seed {self.seed}"])


def create(
    root: Path,
    model: str,
    data: Data,
    settings: Mapping[str, Any],
    seed: int,
    *,
    owner: str = "",
    files: Mapping[str, Upload] | None = None,
) -> Training:
    """A training that nobody has begun yet. Raises StorageError; then nothing is left of it.

    What is uploaded for it (interactions, attributes) lies in its folder until it has finished.
    """
    training_id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(4)}"
    path, now = root / training_id, time.time()
    brought = {option: str(at) for option, at in uploads.places(path, files or {}).items()}
    whole = replace(data, **brought)
    training = Training(training_id, path, model, whole, dict(settings), seed, created=now, owner=owner)
    with storage_errors(root):
        training.path.mkdir(parents=True)
    try:
        uploads.bring(path, files or {})
        write(training)
    except BaseException:
        shutil.rmtree(training.path, ignore_errors=True)
        raise
    return training


def write(training: Training) -> None:
    """Put the record on disk. Raises StorageError; the record before it stays."""
    facts = {name: value for name, value in asdict(training).items() if name != "path"}
    write_whole(training.path / RECORD, json.dumps({"format": FORMAT} | facts, ensure_ascii=False, indent=1).encode())


def find(root: Path, training_id: str) -> Training:
    """One training by its id; one whose process is gone without a word is shown as stopped.

    Raises BadRequestError for what is no id or is not there, ArtifactError when its record cannot be read.
    """
    path = root / training_id
    if not _ID.fullmatch(training_id) or not path.is_dir():
        raise BadRequestError(
            f"there is no training {training_id[:40]!r}",
            allowed=EXAMPLE,
            remedy="pick one from the Models page, or start another one",
        )
    training = _read(path)
    if training.state == RUNNING and not at_work(path):
        return replace(training, state=STOPPED, error="its process is gone: it was killed, or the machine restarted")
    return training


def _read(path: Path) -> Training:
    try:
        facts = json.loads((path / RECORD).read_text(encoding="utf-8"))
        if (seen := facts.pop("format")) != FORMAT:
            raise ArtifactError(
                f"training {path.name} is of format {seen!r}",
                allowed=str(FORMAT),
                remedy="train it again; its folder may be removed",
            )
        data, epochs = Data(**facts.pop("data")), tuple(Epoch(**epoch) for epoch in facts.pop("epochs"))
        training = Training(path=path, data=data, epochs=epochs, **facts)
        if training.state not in STATES or training.id != path.name:
            raise ValueError(f"state {training.state!r} of {training.id!r}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(
            f"training {path.name} cannot be read: {str(error)[:120]}",
            remedy="train it again; its folder may be removed",
        ) from error
    return training


def listed(root: Path) -> list[Training]:
    """All trainings, newest first; folders without a readable record are passed over."""
    found = []
    for path in (p for p in _folders(root) if _ID.fullmatch(p.name)):
        try:
            found.append(find(root, path.name))
        except (ArtifactError, BadRequestError):
            continue
    return sorted(found, key=lambda training: (training.created, training.id), reverse=True)


def _folders(root: Path) -> Iterator[Path]:
    return root.iterdir() if root.is_dir() else iter(())


def changes(root: Path) -> tuple[tuple[str, str, int], ...]:
    """(id, state, finished epochs) of all trainings: differs when there is something new to see."""
    return tuple((training.id, training.state, len(training.epochs)) for training in listed(root))


def size(training: Training) -> int:
    """Bytes on disk."""
    try:
        return sum(file.stat().st_size for file in training.path.rglob("*") if file.is_file())
    except OSError:  # it is being removed, or a checkpoint has just been replaced
        return 0


# --- one process at a time ----------------------------------------------------------------------------------


def only_me(path: Path) -> AbstractContextManager[None]:
    """Hold the training for this process. Raises BadRequestError while another one does."""
    return locks.only_me(path, f"training {path.name}")


def at_work(path: Path) -> bool:
    """Whether a process holds the training."""
    return locks.held(path)


# --- what a person decides ----------------------------------------------------------------------------------


def keep(root: Path, training_id: str) -> Training:
    """Mark a finished training as one to keep. Raises BadRequestError while it is not finished."""
    training = find(root, training_id)
    if not training.done:
        raise BadRequestError(
            f"training {training.id} is {training.state}", allowed="a finished one", remedy="resume it, or discard it"
        )
    kept = replace(training, state=KEPT)
    write(kept)
    return kept


def discard(root: Path, training_id: str) -> None:
    """Remove a training with its model and checkpoints. Raises BadRequestError while a process works on it."""
    training = find(root, training_id)
    if training.at_work:
        raise BadRequestError(
            f"training {training.id} is at work", allowed="one that is stopped or finished", remedy="cancel it first"
        )
    with storage_errors(root):
        doomed = root / f".{training.id}.tmp"
        training.path.replace(doomed)  # gone at once, whatever happens while the files are deleted
        shutil.rmtree(doomed, ignore_errors=True)


def finite(value: float) -> float | None:
    """The value, or None for NaN, which JSON does not know."""
    return value if math.isfinite(value) else None
