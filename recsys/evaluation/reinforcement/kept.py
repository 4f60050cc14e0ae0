"""Evaluations of planning that are kept: what `evaluate reinforcement --json` printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Field, FiniteFloat, model_validator

from recsys.evaluation.kept_reports import KeptReport
from recsys.evaluation.sound_reports import ReportKind, conforms, then_simulated

PATTERN: Final = "reinforcement_*.json"
NEEDED: Final = {"dataset", "source", "protocol", "worlds", "final", "curves", "compared", "examples", "command"}
BASE: Final = "greedy"
Interval = tuple[FiniteFloat, FiniteFloat]


class _Of(BaseModel):
    world: str
    label: str


class _World(_Of):
    planner: str
    rival: str
    pays: bool
    beats_greedy: bool
    loses: bool


class _Final(_Of):
    method: str
    plans: bool
    seeds: int = Field(ge=2)
    people: int
    value: FiniteFloat
    value_ci95: Interval
    purchases: FiniteFloat
    purchases_ci95: Interval
    pages: FiniteFloat
    pages_ci95: Interval
    utility: FiniteFloat
    utility_ci95: Interval


class _Point(_Of):
    method: str
    trained: bool
    episodes: int
    value: FiniteFloat
    value_ci95: Interval


class _Compared(_Of):
    method: str
    against: str
    rival_label: str
    difference: FiniteFloat
    difference_ci95: Interval
    change: FiniteFloat
    change_ci95: Interval
    p: FiniteFloat


class _Page(BaseModel):
    first: list[str] = Field(min_length=1)
    did: list[tuple[str, str]]
    tired: FiniteFloat
    left: bool
    over: bool


class _Example(_Of):
    method: str
    pages: list[_Page]


class _Report(BaseModel):
    dataset: str
    command: str
    worlds: list[_World] = Field(min_length=1)
    final: list[_Final]
    curves: list[_Point]
    compared: list[_Compared]
    examples: list[_Example]
    protocol: dict[str, str]

    @model_validator(mode="after")
    def _whole(self) -> _Report:
        """Of every world there is a line of whom it names, and the planner is compared with all three."""
        for world in self.worlds:
            lines = {line.method for line in self.final if line.world == world.world}
            against = [x.against for x in self.compared if (x.world, x.method) == (world.world, world.planner)]
            if not {world.planner, world.rival, BASE} <= lines or sorted(against) != ["bandit", "best", "greedy"]:
                raise ValueError(f"what the world {world.world!r} names is not there")
            if not any((x.world, x.method) == (world.world, world.planner) for x in self.curves):
                raise ValueError(f"the planner of the world {world.world!r} has no curve")
        return self


def is_sound(report: Mapping[str, Any]) -> bool:
    """Whether everything that is shown of a report is there, and every figure a finite number."""
    return conforms(_Report, report) is not None


KIND: Final = ReportKind(PATTERN, NEEDED, "final", is_sound)


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop; where there is none, those of simulated shops: in a real one nobody answers."""
    return KIND.first_of(then_simulated(shop), own)
