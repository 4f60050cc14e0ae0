"""Evaluations of demand that are kept: what `evaluate stock --json` printed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports

PATTERN: Final = "stock_*.json"
NEEDED: Final = {"dataset", "source", "protocol", "products", "categories", "newcomers", "goals", "seconds", "command"}


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; what lies in `own` folders stands for what came along."""
    return kept_reports(shop, (COMMITTED, *own), PATTERN, NEEDED, "products")
