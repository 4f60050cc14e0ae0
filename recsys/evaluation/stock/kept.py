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


SAID: Final = {
    "naive": "last week again",
    "month-ago": "four weeks ago again",
    "mean-4": "the mean of 4 weeks",
    "mean-8": "the mean of 8 weeks",
    "mean-13": "the mean of 13 weeks",
    "median-8": "the median of 8 weeks",
    "ets": "exponential smoothing",
    "croston": "Croston's method",
    "tsb": "the TSB method",
    "over-all": "one model over all series",
    "planned": "one model that knows the displays and mailers to come",
    "combination": "the combination",
}
"""What the methods are called within a sentence."""
