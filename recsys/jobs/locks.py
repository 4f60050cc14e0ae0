"""A folder of work in one process's hands: a lock that goes with its process, however that ends, and its number."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from recsys.artifacts import write_whole
from recsys.errors import BadRequestError

LOCK: Final = "work.lock"
PROCESS: Final = "process.json"
PATIENCE: Final = 2.0  # seconds to wait for a lock that somebody only looks at
_mine: set[Path] = set()  # the folders that this process holds


@contextmanager
def only_me(folder: Path, name: str = "") -> Iterator[None]:
    """Hold the folder for this process, and note which one it is; within itself it holds it already.

    Raises BadRequestError while another process works there, StorageError when the folder cannot be written.
    """
    here = folder.resolve()
    if here in _mine:
        yield
        return
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise BadRequestError(
            f"{name or folder.name} is at work already",
            allowed="one process at a time",
            remedy="wait for it, or cancel it on its page",
        ) from None
    _mine.add(here)
    try:
        write_whole(folder / PROCESS, json.dumps({"pid": os.getpid()}).encode())
        yield
    finally:
        _mine.discard(here)
        lock.release()


def held(folder: Path) -> bool:
    """Whether a process holds the folder. A lock goes with its process, so that nobody is taken for alive."""
    if not (folder / LOCK).exists():
        return False
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # a folder that is removed at this moment, or of which we may only read
        return False
    lock.release()
    return False


def holder(folder: Path) -> int | None:
    """The number of the process that holds the folder; None where nobody does, or it cannot be read."""
    try:
        number = int(json.loads((folder / PROCESS).read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return number if held(folder) else None  # while the lock is held the number is its holder's own
