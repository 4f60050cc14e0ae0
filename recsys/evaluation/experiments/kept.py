"""Evaluations of tests that are kept: what `evaluate experiments --json` printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, FiniteFloat

from recsys.evaluation.kept_reports import KeptReport
from recsys.evaluation.sound_reports import ReportKind, conforms, then_simulated

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


def is_sound(report: Mapping[str, Any]) -> bool:
    """Whether everything that is shown of a report is there, and every figure a finite number."""
    return conforms(_Report, report) is not None


KIND: Final = ReportKind(PATTERN, NEEDED, "cuped", is_sound)


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; where there is none, those of simulated shops, whose people can be asked."""
    return KIND.first_of(then_simulated(shop), own)
