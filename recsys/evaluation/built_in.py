"""Runs that came with the project: the leaderboards it committed, for where nobody has run anything yet.

Each is what `benchmarks/leaderboards.py` wrote down: the report of a real run, its protocol, command, date and machine
included. Figures per shopper and lists were not kept. A run says itself on which shop's data it was; one on a file of
sequences belongs to no shop.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from recsys.evaluation.runs import KeptRun, is_run
from recsys.settings import PROJECT

COMMITTED: Final = PROJECT / "benchmarks" / "results"
PATTERN: Final = "leaderboard_*.json"
NEEDED: Final = {"run", "models", "protocol", "source", "comparisons", "slices", "compared_by"}


def committed_runs(shop: str, folder: Path = COMMITTED) -> list[KeptRun]:
    """The committed runs on the data of a shop, then those on files that belong to no shop; by the names of the files.

    Files that cannot be read, or hold no run, are passed over.
    """
    found = [run for path in sorted(folder.glob(PATTERN)) if (run := _run(path)) is not None]
    of_shop = [run for run in found if run.shop == shop]
    return of_shop + [run for run in found if not run.shop]


def _run(path: Path) -> KeptRun | None:
    try:
        report = _report(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, TypeError):
        return None
    return KeptRun(report["run"], path, report, built_in=True) if report else None


@lru_cache(maxsize=16)
def _report(path: Path, written: int) -> dict[str, Any] | None:
    """A report, read once for as long as its file stays as it is; None for what is no run."""
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report if set(report) >= NEEDED and is_run(str(report["run"])) and report["models"] else None
