"""What lies prepared on disk and what is written about it: for people who ask what answers them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import MANIFEST
from recsys.preparation import LABELS, Plan
from recsys.settings import PROJECT, Settings

CARDS: Final = PROJECT / "data" / "cards"
LONGEST: Final = 80  # characters of a fact that stands in a line with others
_HEADING: Final = re.compile(r"^#\s+(?:[A-Za-z ]+card:\s*)?(.+)$", re.MULTILINE)
_LINK_INSIDE: Final = re.compile(r"\[([^\]]+)\]\((?![a-z]+://)[^)]*\)")


@dataclass(frozen=True, slots=True)
class Prepared:
    """One artefact: what its manifest says. Nothing is read but the manifest; `Engine.open` checks every byte."""

    name: str
    label: str  # what its step does, in words
    made_at: float | None  # seconds since 1970; None where it is not there
    seconds: float
    size: int  # bytes
    info: dict[str, Any]  # what the builder noted

    @property
    def facts(self) -> dict[str, str | int | float | bool]:
        """The short facts of its builder, those of nested objects by "outer inner", of lists their number."""
        return {name: value for name, value in _flat(self.info) if len(str(value)) <= LONGEST}

    @property
    def ndcg(self) -> float | None:
        """The best cross-validated nDCG@10 of what was learned; None where nothing was."""
        report = self.info.get("report")
        tried = report.get("ndcg") if isinstance(report, dict) else None
        return max(map(float, tried.values())) if isinstance(tried, dict) and tried else None


def prepared(settings: Settings) -> bool:
    """Whether everything the engine needs is there, current and undamaged."""
    plan = Plan.of(settings)
    return all(plan.store.ready(name, version) for name, version in plan.versions.items())


def prepared_files(plan: Plan) -> list[Prepared]:
    """Every artefact of the plan, in the order in which they are made; those not there have no date."""
    return [_prepared(plan, name) for name in plan.versions]


def _prepared(plan: Plan, name: str) -> Prepared:
    label = LABELS.get(name, name.replace("_", " ").capitalize())
    try:
        said = json.loads((plan.store.path(name, plan.versions[name]) / MANIFEST).read_text(encoding="utf-8"))
        size = sum(int(file["bytes"]) for file in said["files"].values())
        return Prepared(name, label, float(said["made_at"]), float(said["seconds"]), size, dict(said["info"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Prepared(name, label, None, 0.0, 0, {})


def _flat(info: dict[str, Any], before: str = "") -> list[tuple[str, str | int | float | bool]]:
    found: list[tuple[str, str | int | float | bool]] = []
    for name, value in info.items():
        if isinstance(value, dict) and not before:
            found += _flat(value, f"{name} ")
        elif isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            found.append((before + name, ", ".join(value)))
        elif isinstance(value, list):
            found.append((before + name, len(value)))
        elif isinstance(value, str | int | float):
            found.append((before + name, value))
    return found


def cards(folder: Path = CARDS) -> dict[str, str]:
    """Title -> Markdown of every model and data card, by title; links to files of the project become plain words."""
    found = {}
    for file in sorted(folder.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        heading = _HEADING.search(text)
        title = heading[1] if heading else file.stem.replace("_", " ")
        found[title] = _LINK_INSIDE.sub(r"\1", text[heading.end() :] if heading else text).strip()
    return dict(sorted(found.items(), key=lambda card: card[0].lower()))
