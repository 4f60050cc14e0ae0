"""Evaluations of baskets that are kept: what `evaluate basket --json` printed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports

PATTERN: Final = "basket_*.json"
NEEDED: Final = {"dataset", "source", "protocol", "methods", "command"}


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; what lies in `own` folders stands for what came along."""
    return [each for each in kept_reports(shop, (COMMITTED, *own), PATTERN, NEEDED, "methods") if each.shop]


def kept_relations(*own: Path) -> list[KeptReport]:
    """Those of complements and substitutes, on files that belong to no shop."""
    found = kept_reports("", (COMMITTED, *own), PATTERN, NEEDED | {"told_apart"}, "methods")
    return [each for each in found if not each.shop]
