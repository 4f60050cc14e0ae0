"""Reports on estimates from logs that are kept: of a simulated shop, and of logs that belong to none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, FiniteFloat

from recsys.evaluation.kept_reports import KeptReport
from recsys.evaluation.sound_reports import ReportKind, conforms, then_simulated

PATTERN: Final = "off_policy_*.json"
NEEDED: Final = {"dataset", "source", "policies", "lines", "health", "goals", "protocol", "command"}
NEEDED_OF_LOGS: Final = {"source", "logs", "lines", "health", "summary", "notes", "protocol", "command"}
SPOKEN: Final = ("dr", "ips", "dm")  # estimators of which the page speaks
Sides = tuple[FiniteFloat, FiniteFloat]


class _Covered(BaseModel):
    share: FiniteFloat
    ci95: Sides


class _Coverage(BaseModel):
    t: _Covered
    bootstrap: _Covered
    bernstein: _Covered | None = None


class _Estimate(BaseModel):
    target: str
    target_label: str
    rounds: int
    estimator: str
    label: str
    view: str
    logs: int
    bias: FiniteFloat
    bias_ci95: Sides
    spread: FiniteFloat
    rmse: FiniteFloat
    coverage: _Coverage
    width: dict[str, FiniteFloat]
    ratio: FiniteFloat | None = None
    least: FiniteFloat | None = None


class _Policy(BaseModel):
    policy: str
    label: str
    logged: bool
    value: FiniteFloat
    error: FiniteFloat


class _Health(BaseModel):
    target: str
    effective: FiniteFloat
    largest: FiniteFloat
    unseen: FiniteFloat


class _OfView(_Health):
    target_label: str
    rounds: int
    view: str


class _Goal(BaseModel):
    target: str
    target_label: str
    rounds: int
    estimator: str
    against: str
    ratio: FiniteFloat
    ratio_ci95: Sides
    goal: FiniteFloat
    met: bool
    least: FiniteFloat | None = None
    least_ci95: Sides | None = None


class _Report(BaseModel):
    dataset: str
    command: str
    policies: list[_Policy]
    lines: list[_Estimate]
    health: list[_OfView]
    goals: list[_Goal]
    protocol: dict[str, str]


class _OfLog(BaseModel):
    place: str
    log: str
    target: str
    estimator: str
    label: str
    estimate: FiniteFloat
    estimate_ci95: Sides
    had: FiniteFloat | None = None
    had_ci95: Sides | None = None


class _HealthOfLog(_Health):
    place: str
    log: str
    known: str


class _Told(BaseModel):
    place: str
    log: str
    rows: int
    rewarded: int
    rate: FiniteFloat
    rate_ci95: Sides


class _Sum(BaseModel):
    log: str
    target: str
    estimator: str
    label: str
    judged: int
    agree: int
    off: FiniteFloat
    wide: FiniteFloat


class _ReportOfLogs(BaseModel):
    command: str
    logs: list[_Told]
    lines: list[_OfLog]
    health: list[_HealthOfLog]
    summary: list[_Sum]
    notes: list[str]
    protocol: dict[str, str]


def is_sound(report: Mapping[str, Any]) -> bool:
    """Whether everything that is shown of a report on a shop is there, and every figure a finite number."""
    if (found := conforms(_Report, report)) is None:
        return False
    judged = {each.policy for each in found.policies if not each.logged}
    spoken = {(policy, name) for policy in judged for name in SPOKEN}
    goals = {(policy, "dr", against) for policy in judged for against in ("iips", "ips")}
    return (
        len(judged) < len(found.policies)
        and bool(judged)
        and {(line.target, line.estimator) for line in found.lines} >= spoken
        and {line.target for line in found.health} >= judged
        and {(goal.target, goal.estimator, goal.against) for goal in found.goals} >= goals
    )


def _is_sound_of_logs(report: Mapping[str, Any]) -> bool:
    found = conforms(_ReportOfLogs, report)
    return found is not None and bool(found.logs and found.health)


KIND: Final = ReportKind(PATTERN, NEEDED, "lines", is_sound)
KIND_OF_LOGS: Final = ReportKind(PATTERN, NEEDED_OF_LOGS, "lines", _is_sound_of_logs)


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on a shop; where there is none, those of simulated shops: in a real one nobody knows the truth."""
    return KIND.first_of(then_simulated(shop), own)


def kept_of_logs(*own: Path) -> list[KeptReport]:
    """Those on logs that belong to no shop, one's own before what came along."""
    return KIND_OF_LOGS.first_of([""], own)
