"""Who is preparing a shop: a locked file each in its folder, so that nobody deletes it under their hands."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from recsys.artifacts import storage_errors

PRESENT: Final = ".preparing-{}.lock"


@contextmanager
def present(folder: Path) -> Iterator[None]:
    """Be seen by `somebody_present` as long as this process lives and the body runs. Raises StorageError."""
    lock = FileLock(folder / PRESENT.format(f"{os.getpid()}-{uuid.uuid4().hex[:8]}"))
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        with suppress(OSError):
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)


def somebody_present(folder: Path) -> bool:
    """Whether a preparation of this folder runs; a killed one does not, and what it left is removed."""
    for file in folder.glob(PRESENT.format("*")):
        lock = FileLock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        file.unlink(missing_ok=True)
    return False
