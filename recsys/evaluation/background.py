"""A run in a process of its own: it can be watched and stopped, and takes its memory with it when it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recsys.artifacts import storage_errors, write_whole
from recsys.progress import Progress
from recsys.settings import PROJECT

EVERY: Final = 0.2  # seconds between two writings of the progress
PATIENCE: Final = 5.0  # seconds for a process to end before it is killed


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far a run has come."""

    label: str  # the recommender it is at
    note: str
    share: float  # of the whole run, 0 to 1
    seconds_left: float | None  # None while there is nothing to go by


@dataclass(slots=True, eq=False)
class BackgroundRun:
    """An evaluation that runs beside the app."""

    process: subprocess.Popen[bytes]
    folder: Path
    started: float

    @classmethod
    def start(cls, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> BackgroundRun:
        """Start `python -m recsys evaluate <arguments>`. Raises StorageError when there is no room for its messages."""
        with storage_errors(Path(tempfile.gettempdir())):
            folder = Path(tempfile.mkdtemp(prefix="shelflens-run-"))
        told = ["--json", "--progress-file", str(folder / "progress.json")]
        command = [sys.executable, "-m", "recsys", "evaluate", *arguments, *told]
        with (folder / "out.json").open("wb") as out, (folder / "errors.txt").open("wb") as errors:
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                stdout=out,
                stderr=errors,
                stdin=subprocess.DEVNULL,
                env=dict(environment or os.environ),
            )
        return cls(process, folder, time.time())

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.process.poll() is None

    def progress(self) -> Progressed | None:
        """How far it has come; None before it has said anything."""
        try:
            said = json.loads((self.folder / "progress.json").read_text(encoding="utf-8"))
            share = float(said["share"])
            left = (time.time() - self.started) * (1 - share) / share if share > 0.02 else None
            return Progressed(str(said["label"]), str(said["note"]), share, left)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def run_id(self) -> str | None:
        """The id under which the finished run was kept; None while it runs and when it failed."""
        if self.running or self.process.returncode != 0:
            return None
        try:
            return str(json.loads((self.folder / "out.json").read_text(encoding="utf-8"))["run"])
        except (OSError, ValueError, KeyError):
            return None

    def error(self) -> str:
        """What it said when it failed, on one line; "" when it did not."""
        if self.running or self.process.returncode == 0:
            return ""
        try:
            lines = (self.folder / "errors.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1].removeprefix("error: ") if lines else f"the run ended with code {self.process.returncode}"

    def forget(self) -> None:
        """Remove what it said; call it once nothing more will be asked of a run that has ended."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def cancel(self) -> None:
        """Stop it. A run writes nothing until it is done, so that nothing is left behind."""
        if self.running:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def following(path: Path, models: int) -> Callable[[str], Progress]:
    """Progress of so many recommenders that is written to a file, for another process to read."""
    begun = -1
    last = 0.0

    def progress_of(label: str) -> Progress:
        nonlocal begun
        begun += 1
        mine = begun

        def progress(done: int, total: int, note: str = "") -> None:
            nonlocal last
            if time.monotonic() - last < EVERY and done < total:
                return
            last = time.monotonic()
            share = (mine + done / max(total, 1)) / max(models, 1)
            write_whole(path, json.dumps({"label": label, "note": note, "share": min(share, 1.0)}).encode())

        return progress

    return progress_of
