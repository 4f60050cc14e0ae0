"""Evaluations of a cold start that came with the project: what `evaluate cold-start --json` printed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from recsys.evaluation.built_in import COMMITTED

PATTERN: Final = "cold_start_*.json"
NEEDED: Final = {"dataset", "source", "protocol", "items", "shoppers", "choices", "goals", "command"}


@dataclass(frozen=True, slots=True)
class KeptColdStart:
    """One report, and what it was made on."""

    name: str  # of its file
    report: dict[str, Any]

    @property
    def shop(self) -> str:
        """The shop whose data it is on; "" for a file."""
        return str(self.report["source"].get("dataset", ""))


def committed(shop: str, folder: Path = COMMITTED) -> list[KeptColdStart]:
    """Those on the data of a shop, then those on files that belong to no shop; what cannot be read is passed over."""
    found = [kept for path in sorted(folder.glob(PATTERN)) if (kept := _kept(path)) is not None]
    return [kept for kept in found if kept.shop == shop] + [kept for kept in found if not kept.shop]


def _kept(path: Path) -> KeptColdStart | None:
    try:
        report = _report(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, TypeError):
        return None
    return KeptColdStart(path.stem, report) if report else None


@lru_cache(maxsize=16)
def _report(path: Path, written: int) -> dict[str, Any] | None:
    """A report, read once for as long as its file stays as it is; None for what is none."""
    report = json.loads(path.read_text(encoding="utf-8"))
    return report if isinstance(report, dict) and set(report) >= NEEDED and report["choices"] else None
