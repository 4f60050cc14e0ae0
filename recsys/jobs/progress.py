"""How far a job has come: written by the process at work, read by whoever looks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from recsys.artifacts import write_whole
from recsys.errors import ShelfLensError
from recsys.progress import Progress

PROGRESS: Final = "progress.json"
EVERY: Final = 0.5  # seconds between two writings
TOO_EARLY: Final = 0.01  # of the share, before which the time left would be a guess
AT_ONCE: Final = 1.0  # seconds; a step that takes less was done already, and says nothing of the pace


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far a job has come: of the whole where it has told of how many steps, else of its present step."""

    label: str  # the step: "Learning", "Judging"
    note: str
    share: float  # 0 to 1
    seconds_left: float | None  # of wall clock, None while there is nothing to go by


def progressed(folder: Path, since: float | None = None) -> Progressed | None:
    """How far the work of a folder has come; None before it has said anything since then (seconds since 1970)."""
    path = folder / PROGRESS
    try:
        if path.stat().st_mtime < (since or 0.0) - 1:  # of before an interruption
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


def following(folder: Path, also: Callable[[str], Progress], steps: int | None = None) -> Callable[[str], Progress]:
    """Progress that is written to a folder and shown by `also`: of the whole of so many steps, else of each step.

    Steps may be at work side by side, in threads; each says when it has ended.
    """
    whole = _Teller(folder / PROGRESS)
    shares: list[float] = []  # of every step begun

    def progress_of(label: str) -> Progress:
        shown, teller = also(label), whole if steps else _Teller(folder / PROGRESS)
        mine = len(shares)
        shares.append(0.0)

        def told(done: int, total: int, note: str = "") -> None:
            shown(done, total, note)
            shares[mine] = done / max(total, 1)
            share = sum(shares) / max(steps, 1) if steps else shares[mine]
            teller.tell(label, note, min(share, 1.0), ended=done >= total)

        return told

    return progress_of


class _Teller:
    """The share done over time: resumed work begins in the middle, and its time left counts from there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._started, self._first, self._last = time.monotonic(), -1.0, float("-inf")

    def tell(self, label: str, note: str, share: float, *, ended: bool) -> None:
        """Write it down, unless the last time was a moment ago and the step goes on."""
        with self._guard:
            self._tell(label, note, share, ended)

    def _tell(self, label: str, note: str, share: float, ended: bool) -> None:
        now = time.monotonic()
        if self._first < 0 or (ended and now - self._started < AT_ONCE):
            self._first, self._started = share, now
        if now - self._last < EVERY and not ended:
            return
        self._last = now
        gone = share - self._first
        left = (now - self._started) * (1 - share) / gone if gone > TOO_EARLY else None
        with suppress(ShelfLensError):  # a bar that stands still is better than work that ends
            write_whole(self._path, json.dumps(asdict(Progressed(label, note, share, left))).encode())
