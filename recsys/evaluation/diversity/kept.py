"""Evaluations of diversity that came with the project: what `evaluate diversity --json` printed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports

PATTERN: Final = "diversity_*.json"
NEEDED: Final = {"dataset", "source", "model", "protocol", "rows", "best", "goal", "exposure", "cohorts", "command"}


def committed(shop: str, folder: Path = COMMITTED) -> list[KeptReport]:
    """Those on the data of a shop, then those on files that belong to no shop."""
    return kept_reports(shop, folder, PATTERN, NEEDED, "rows")
