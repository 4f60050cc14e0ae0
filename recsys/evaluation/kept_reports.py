"""Evaluations that are kept, what a command printed as JSON: those that came with the project, and one's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from recsys.artifacts import storage_errors, write_whole


@dataclass(frozen=True, slots=True)
class KeptReport:
    """One report, and what it was made on."""

    name: str  # of its file
    report: dict[str, Any]
    came_along: bool = False  # with the project; else it was measured here

    @property
    def shop(self) -> str:
        """The shop whose data it is on; "" for a file."""
        return str(self.report["source"].get("dataset", ""))


def kept_reports(shop: str, folders: Sequence[Path], pattern: str, needed: Set[str], filled: str) -> list[KeptReport]:
    """Those on the data of a shop, then those on files that belong to no shop; what cannot be read is passed over.

    What lies in the first of the `folders` came along.
    A report is a file of that `pattern` that has all that is `needed`, of which `filled` is not empty. Of two files of
    one name that in the later folder is read.
    """
    paths = {path.name: path for folder in folders for path in folder.glob(pattern)}
    found = [
        kept
        for _, path in sorted(paths.items())
        if (kept := _kept(path, needed, filled, path.parent == folders[0])) is not None
    ]
    of_files = [kept for kept in found if not kept.shop]
    return [kept for kept in found if shop and kept.shop == shop] + of_files


def keep(report: Mapping[str, Any], folder: Path, name: str) -> None:
    """Write a report whole, in place of an earlier one of that name. Raises StorageError where the disk refuses it."""
    text = json.dumps(report, indent=1, ensure_ascii=False)
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}.json", text.encode())


def _kept(path: Path, needed: Set[str], filled: str, came_along: bool) -> KeptReport | None:
    try:
        report = _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, TypeError):
        return None
    whole = isinstance(report, dict) and set(report) >= needed and report[filled]
    return KeptReport(path.stem, report, came_along) if whole and isinstance(report.get("source"), dict) else None


@lru_cache(maxsize=32)
def _read(path: Path, written: int) -> Any:
    """What a file holds, read once for as long as it stays as it is."""
    return json.loads(path.read_text(encoding="utf-8"))
