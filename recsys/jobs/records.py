"""Jobs on disk: one folder each, its record written whole, so that a reader sees the old one or the new one.

<folder>/job.json        what is run, since when, how it ended
<folder>/progress.json   how far it has come
<folder>/said.txt        what it said on standard error
<folder>/work.lock       held by the process at work, and by nobody once that process is gone, however it went
<folder>/process.json    which process that is
<folder>/files/          what was brought for it (uploads.py), until it has finished
and whatever the work itself keeps there to go on with
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import write_whole
from recsys.errors import ArtifactError
from recsys.jobs import locks, processes

FORMAT: Final = 1
RECORD: Final = "job.json"
WAITING, RUNNING, FINISHED = "waiting", "running", "finished"
FAILED, CANCELLED, STOPPED = "failed", "cancelled", "stopped"
STATES: Final = (WAITING, RUNNING, FINISHED, FAILED, CANCELLED, STOPPED)
GONE: Final = "its process is gone: it was killed, or the machine restarted"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its record tells it; `state` is one of STATES. Times are seconds since 1970, UTC."""

    id: str
    folder: Path
    kind: str
    label: str  # in plain words, for a page
    subject: str  # what it is about: how a page finds its own jobs again
    module: str
    arguments: tuple[str, ...]  # of `python -m <module>`
    created: float
    asked: float  # when it was put into the queue last: its place there
    state: str = WAITING
    began: float | None = None
    ended: float | None = None
    pid: int | None = None
    process_began: float | None = None  # a number is given again once its process is gone; this tells the two apart
    result: str = ""  # where the result is to be found: an id, say
    error: str = ""  # its last words, "" where all went well
    owner: str = ""  # who may cancel and remove it on a server for many; "" for who runs the server

    @property
    def active(self) -> bool:
        """Whether it is at work or waits for its turn."""
        return self.state in (WAITING, RUNNING)


def write(job: Job) -> None:
    """Put the record on disk. Raises StorageError; the record before it stays."""
    facts = {name: value for name, value in asdict(job).items() if name != "folder"}
    write_whole(job.folder / RECORD, json.dumps({"format": FORMAT} | facts, ensure_ascii=False, indent=1).encode())


def read(folder: Path) -> Job | None:
    """The job of a folder, None where there is none; one whose process is gone without a word is shown as stopped.

    Raises ArtifactError when its record cannot be read.
    """
    if not (folder / RECORD).exists():
        return None
    job = _read(folder)
    if job.state != RUNNING or locks.held(folder) or processes.alive(job.pid, job.process_began):
        return job
    again = _read(folder)  # it may have ended between the two looks
    return (
        again if again.state != RUNNING else replace(again, state=STOPPED, error=processes.last_words(folder) or GONE)
    )


def _read(folder: Path) -> Job:
    try:
        facts = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if (seen := facts.pop("format")) != FORMAT:
            raise ValueError(f"format {seen!r} in place of {FORMAT}")
        job = Job(folder=folder, **facts | {"arguments": tuple(facts["arguments"])})
        _check(job)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(
            f"job {folder.name} cannot be read: {str(error)[:120]}",
            remedy="start it again; its folder may be removed",
        ) from error
    return job


def _check(job: Job) -> None:
    """Raise ValueError for a record that was not written here: what it names would be run."""
    texts: tuple[Any, ...] = (
        job.kind,
        job.label,
        job.subject,
        job.module,
        job.result,
        job.error,
        job.owner,
        *job.arguments,
    )
    numbers = (job.created, job.asked)
    maybe = (job.began, job.ended, job.pid, job.process_began)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(n, int | float) for n in numbers):
        raise ValueError("a text or a time is something else")
    if not all(number is None or isinstance(number, int | float) for number in maybe):
        raise ValueError("a time or a process is no number")
    if job.state not in STATES or job.id != job.folder.name:
        raise ValueError(f"state {job.state!r} of {job.id!r}")
