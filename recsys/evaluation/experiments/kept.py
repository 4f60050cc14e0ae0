"""Evaluations of tests that are kept: what `evaluate experiments --json` printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, FiniteFloat, ValidationError

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports
from recsys.shops import registry

PATTERN: Final = "experiments_*.json"
NEEDED: Final = {"dataset", "source", "protocol", "metrics", "cuped", "alarms", "halves", "interleaving", "command"}
Interval = tuple[FiniteFloat, FiniteFloat]


class _Share(BaseModel):
    share: FiniteFloat
    share_ci95: Interval


class _Cuped(BaseModel):
    metric: str
    before: int
    saved: FiniteFloat
    saved_ci95: Interval


class _Alarms(BaseModel):
    metric: str
    looked: str
    looks: int
    once: _Share
    usual: _Share
    anytime: _Share


class _Halves(BaseModel):
    metric: str
    how: str
    uniform_p: FiniteFloat
    below: _Share
    covered: _Share


class _Stopped(BaseModel):
    right: _Share
    wrong: _Share
    pages_half: int | None
    pages_power: int | None


class _OfMeasure(BaseModel):
    pages: int | None


class _Fixed(BaseModel):
    acted: _OfMeasure
    bought: _OfMeasure


class _Groups(_Stopped):
    fixed: _Fixed


class _Pair(BaseModel):
    what: str
    better: str
    utility: Interval
    interleaving: _Stopped
    groups: _Groups


class _Report(BaseModel):
    dataset: str
    command: str
    cuped: list[_Cuped]
    alarms: list[_Alarms]
    halves: list[_Halves]
    interleaving: list[_Pair]
    protocol: dict[str, str]


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; where there is none, those of simulated shops, whose people can be asked.

    What lies in `own` folders stands before what came along; what is damaged is passed over for it.
    """
    others = [each.name for each in registry.shops() if each.crowd is not None and each.name != shop]
    for name in (shop, *others):
        for folder in (*own, COMMITTED):
            found = kept_reports(name, (folder,), PATTERN, NEEDED, "cuped")
            if sound := [each for each in found if each.shop == name and is_sound(each.report)]:
                return sound
    return []


def is_sound(report: Mapping[str, Any]) -> bool:
    """Whether everything that is shown of a report is there, and every figure a finite number."""
    try:
        _Report.model_validate(report)
    except ValidationError:
        return False
    return True
