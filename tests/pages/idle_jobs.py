"""Jobs that are begun and of which nothing runs: their process is gone at once, with a word or without."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.jobs import Job, processes, records

NOBODY = 2**30  # a number that no process has


def nothing_runs(monkeypatch: pytest.MonkeyPatch, says: str = "") -> list[Job]:
    """From now on the jobs that were begun, whose process would have said this."""
    begun: list[Job] = []

    def launch(folder: Path) -> tuple[int, float]:
        job = records.read(folder)
        assert job is not None
        begun.append(job)
        (folder / processes.SAID).write_text(says, encoding="utf-8")
        return NOBODY, 0.0

    monkeypatch.setattr(processes, "launch", launch)
    return begun
