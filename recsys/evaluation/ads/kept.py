"""Evaluations of sponsored places that are kept: what `evaluate ads --json` printed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports
from recsys.scenarios.ads.clicks import USUAL, ClickModel

PATTERN: Final = "ads_*.json"
NEEDED: Final = {"dataset", "source", "protocol", "ways", "frontier", "finding", "simulated", "command"}


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; what lies in `own` folders stands for what came along."""
    return kept_reports(shop, (COMMITTED, *own), PATTERN, NEEDED, "ways")


def click_model(shop: str, *own: Path) -> ClickModel:
    """Who clicks, as the latest evaluation of a shop estimated it from its own records; else the usual model."""
    mine = [each for each in kept(shop, *own) if each.shop == shop]
    told = mine[-1].report.get("click_model", {}) if mine else {}
    try:
        if told["estimated"]:
            attention, low, high = (float(told[name]) for name in ("attention", "low", "high"))
            return ClickModel(attention, low, high, str(told["said"]))
    except (KeyError, TypeError, ValueError):
        pass
    return USUAL
