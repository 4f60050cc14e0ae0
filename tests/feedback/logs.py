"""Logs over a database in a test's own folder, and what lies on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from recsys.feedback import FeedbackLog


def log_in(database: Path, dataset: str = "shop") -> FeedbackLog:
    return FeedbackLog(f"sqlite:///{database}", dataset, database.parent / "salt")


def operations(log: FeedbackLog) -> list[Callable[[], Any]]:
    return [
        lambda: log.record("someone", "1", "like"),
        lambda: log.undo("someone", "1", "like"),
        lambda: log.of("someone"),
        lambda: log.forget("someone"),
        log.counts,
    ]


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
