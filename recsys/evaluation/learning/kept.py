"""Evaluations of learning that are kept: what `evaluate learning --json` printed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports
from recsys.shops import registry

PATTERN: Final = "learning_*.json"
NEEDED: Final = {"dataset", "source", "protocol", "each", "all", "goals", "update_ms", "command"}


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; where there is none, those of simulated shops: in a real one nobody answers.

    What lies in `own` folders stands for what came along.
    """
    others = [each.name for each in registry.shops() if each.crowd is not None and each.name != shop]
    for name in (shop, *others):
        if found := kept_reports(name, (COMMITTED, *own), PATTERN, NEEDED, "each"):
            return found
    return []
