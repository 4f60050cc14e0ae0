"""Processes as jobs need them: begun, known again, told to stop, and asked for their last words."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from recsys.artifacts import storage_errors
from recsys.settings import PROJECT

SAID: Final = "said.txt"
POLITE: Final = 10  # niceness: the app in front of the person goes first
PATIENCE: Final = 10.0  # seconds for a process to end in good order before it is killed
LOOK: Final = 0.05  # seconds between two looks whether it has
SAME: Final = 2.0  # seconds by which two readings of when a process began may differ: clocks are set
TAIL: Final = 20_000  # bytes of what was said that are looked at
_children: list[subprocess.Popen[bytes]] = []  # of this process: waited for here, or they would stay as zombies
_guard = threading.Lock()


def launch(folder: Path) -> tuple[int, float]:
    """Begin the process of a job; (its number, when it began in seconds since 1970).

    Raises StorageError when there is no place for what it says.
    """
    command = [sys.executable, "-m", "recsys.jobs.worker", str(folder.resolve())]
    with storage_errors(folder), (folder / SAID).open("wb") as said:
        process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        )
    with _guard:
        _children.append(process)
    began = time.time()
    with suppress(psutil.Error, OSError):
        began = psutil.Process(process.pid).create_time()
    return process.pid, began


def stand_back() -> None:
    """Let the app go before this process, with the threads that libraries have started in it at their import."""
    with suppress(psutil.Error, OSError):
        me = psutil.Process()
        if os.name == "nt":
            me.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
            return
        me.nice(max(POLITE, int(me.nice() or 0)))
        if sys.platform == "linux":  # where the line above is about one thread alone
            for thread in me.threads():
                os.setpriority(os.PRIO_PROCESS, thread.id, max(POLITE, os.getpriority(os.PRIO_PROCESS, thread.id)))


def alive(pid: int | None, began: float | None) -> bool:
    """Whether the process of that number is at work and the one that began then."""
    _reap()
    if pid is None or began is None:
        return False
    try:
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - began) < SAME
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except (psutil.Error, ValueError, OverflowError):
        return False


def _reap() -> None:
    with _guard:
        _children[:] = [process for process in _children if process.poll() is None]


def stop(pid: int) -> None:
    """Tell a process to stop and wait until it has, at most PATIENCE seconds; then it is killed. Never this process."""
    if pid == os.getpid():
        return
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        began = process.create_time()
        process.terminate()
        if not _ended(pid, began):
            process.kill()
            _ended(pid, began)


def _ended(pid: int, began: float) -> bool:
    end = time.monotonic() + PATIENCE
    while alive(pid, began):
        if time.monotonic() > end:
            return False
        time.sleep(LOOK)
    return True


def last_words(folder: Path) -> str:
    """The last line that its process said, without "error:"; "" where it said nothing."""
    try:
        with (folder / SAID).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1].removeprefix("error: ") if lines else ""
