"""The job that this process works on, if it is one: where it keeps things, how it tells how far it is, its result."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from recsys.jobs import progress
from recsys.progress import Progress

_folder: Path | None = None
_result = ""
_owner = ""


def enter(of: Path | None, owner: str = "") -> None:
    """From now on this process works on the job of that folder, for that owner."""
    global _folder, _result, _owner
    _folder, _result, _owner = of, "", owner


def owner() -> str:
    """For whom the job is done, "" for who runs the server, and in a terminal."""
    return _owner


def folder() -> Path | None:
    """The job's own folder, in which work keeps what it goes on from; None in a terminal."""
    return _folder


def finish_with(result: str) -> None:
    """Say where the result is to be found, an id, say. In a terminal nobody asks."""
    global _result
    _result = result


def result() -> str:
    """What `finish_with` was told."""
    return _result


def following(also: Callable[[str], Progress], steps: int | None = None) -> Callable[[str], Progress]:
    """The same progress, written to the job's folder too where this process works on one; see `progress.following`."""
    return progress.following(_folder, also, steps) if _folder is not None else also


@contextmanager
def stoppable() -> Iterator[None]:
    """Being told to stop (SIGTERM) is the same as Ctrl-C: what is at work ends in good order and says so."""
    if threading.current_thread() is not threading.main_thread():  # only that one may say what a signal does
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
