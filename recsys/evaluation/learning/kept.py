"""Evaluations of learning that are kept: what `evaluate learning --json` printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, FiniteFloat

from recsys.evaluation.kept_reports import KeptReport
from recsys.evaluation.sound_reports import ReportKind, conforms, then_all, then_simulated

PATTERN: Final = "learning_*.json"
BASE: Final = "frozen"  # the learner that all others are compared with
REPLAYS: Final = "replay_*.json"
REPLAY_NEEDED: Final = {"dataset", "source", "protocol", "replay", "goals", "command"}
NEEDED: Final = {"dataset", "source", "protocol", "each", "all", "goals", "update_ms", "command"}


class _Line(BaseModel):
    learner: str
    label: str
    utility: FiniteFloat
    utility_ci95: tuple[FiniteFloat, FiniteFloat]


class _OfEach(_Line):
    after: int
    change: FiniteFloat
    change_ci95: tuple[FiniteFloat, FiniteFloat]


class _OfAll(_Line):
    interactions: int
    regret: FiniteFloat = 0.0


class _Update(BaseModel):
    p95: FiniteFloat


class _Beside(BaseModel):
    taste: FiniteFloat
    utility: FiniteFloat
    change: FiniteFloat
    change_ci95: tuple[FiniteFloat, FiniteFloat]


class _Moving(BaseModel):
    after: int
    all: _Beside
    fresh: _Beside


class _Way(BaseModel):
    way: str
    label: str
    people: int
    ndcg: FiniteFloat
    ndcg_ci95: tuple[FiniteFloat, FiniteFloat]
    change: FiniteFloat
    change_ci95: tuple[FiniteFloat, FiniteFloat]


class _Asked(BaseModel):
    visits: int
    people: int


class _Goal(BaseModel):
    way: str
    goal: FiniteFloat
    met: bool


class _Replay(BaseModel):
    dataset: str
    command: str
    source: _Asked
    goals: list[_Goal]
    replay: list[_Way]
    protocol: dict[str, str]


class _Report(BaseModel):
    dataset: str
    command: str
    each: list[_OfEach]
    all: list[_OfAll]
    update_ms: _Update
    moving: list[_Moving] = []
    protocol: dict[str, str]


def is_sound(report: Mapping[str, Any]) -> bool:
    """Whether everything that is shown of a report is there, and every figure a finite number."""
    found = conforms(_Report, report)
    return found is not None and all(any(line.learner == BASE for line in lines) for lines in (found.each, found.all))


def _is_sound_replay(report: Mapping[str, Any]) -> bool:
    found = conforms(_Replay, report)
    if found is None:
        return False
    ways = {line.way for line in found.replay}
    return BASE in ways and ways - {BASE} == {goal.way for goal in found.goals} != set()


KIND: Final = ReportKind(PATTERN, NEEDED, "each", is_sound)
REPLAY: Final = ReportKind(REPLAYS, REPLAY_NEEDED, "replay", _is_sound_replay)


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; where there is none, those of simulated shops: in a real one nobody answers."""
    return KIND.first_of(then_simulated(shop), own)


def replays(shop: str, *own: Path) -> list[KeptReport]:
    """Last months that were gone through once more: of this shop, else of any other that came along."""
    return REPLAY.first_of(then_all(shop), own)
