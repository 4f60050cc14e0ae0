"""Evaluations of learning that are kept: what `evaluate learning --json` printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, FiniteFloat, ValidationError

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports
from recsys.shops import registry

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


class _Way(BaseModel):
    way: str
    label: str
    people: int
    ndcg: FiniteFloat
    ndcg_ci95: tuple[FiniteFloat, FiniteFloat]
    change: FiniteFloat
    change_ci95: tuple[FiniteFloat, FiniteFloat]


class _Replay(BaseModel):
    dataset: str
    command: str
    source: dict[str, Any]
    replay: list[_Way]
    protocol: dict[str, str]


class _Report(BaseModel):
    dataset: str
    command: str
    each: list[_OfEach]
    all: list[_OfAll]
    update_ms: _Update
    protocol: dict[str, str]


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; where there is none, those of simulated shops: in a real one nobody answers.

    What lies in `own` folders stands before what came along; what is damaged is passed over for it.
    """
    others = [each.name for each in registry.shops() if each.crowd is not None and each.name != shop]
    for name in (shop, *others):
        for folder in (*own, COMMITTED):
            found = kept_reports(name, (folder,), PATTERN, NEEDED, "each")
            if sound := [each for each in found if each.shop == name and is_sound(each.report)]:
                return sound
    return []


def is_sound(report: Mapping[str, Any]) -> bool:
    """Whether everything that is shown of a report is there, and every figure a finite number."""
    try:
        found = _Report.model_validate(report)
    except ValidationError:
        return False
    return all(any(line.learner == BASE for line in lines) for lines in (found.each, found.all))


def replays(shop: str, *own: Path) -> list[KeptReport]:
    """Last months that were gone through once more: of this shop, else of any other that came along."""
    everywhere = [shop, *(each.name for each in registry.shops() if each.name != shop)]
    for name in everywhere:
        for folder in (*own, COMMITTED):
            found = kept_reports(name, (folder,), REPLAYS, REPLAY_NEEDED, "replay")
            if sound := [each for each in found if each.shop == name and _is_sound_replay(each.report)]:
                return sound
    return []


def _is_sound_replay(report: Mapping[str, Any]) -> bool:
    try:
        found = _Replay.model_validate(report)
    except ValidationError:
        return False
    return any(line.way == BASE for line in found.replay)
