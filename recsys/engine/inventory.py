"""What lies prepared on disk and what is written about it: for people who ask what answers them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import MANIFEST
from recsys.errors import DataError
from recsys.preparation import LABELS, Plan, tidying
from recsys.settings import PROJECT, Settings
from recsys.shops import registry
from recsys.steps.code import Code
from recsys.steps.versions import CATALOGUE, SHARED

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


@dataclass(frozen=True, slots=True)
class DiskUse:
    """What one shop's prepared files take."""

    shop: str
    title: str
    bytes: int  # of all versions that are kept; what all shops share is not among them
    prepared: bool  # whether it can be opened as it is


def prepared(settings: Settings) -> bool:
    """Whether all that a shelf needs is there, current and undamaged; maps and other languages may be missing."""
    plan = Plan.of(settings)
    return all(plan.find(step.name) is not None for step in plan.steps.values() if step.needed)


def prepared_shops(settings: Settings) -> dict[str, bool]:
    """Whether the current files of each shop are there, by name in the order of the registry.

    Cheap: nothing is read. Whether they are whole is found out when they are opened.
    """
    code = Code.of(settings)
    return {each.name: _there(settings.model_copy(update={"shop": each.name}), code) for each in registry.shops()}


def disk_use(settings: Settings) -> list[DiskUse]:
    """What each shop takes on disk, in the order of the registry, then catalogues that were judged.

    Cheap: sizes are asked for, nothing is read. `prepared` is what `prepared_shops` says.
    """
    there = prepared_shops(settings)
    listed = [
        DiskUse(
            shop=shop.name,
            title=shop.title,
            bytes=tidying.bytes_of(settings.cache_dir / shop.name),
            prepared=there[shop.name],
        )
        for shop in registry.shops()
    ]
    judged = [
        DiskUse(shop=folder.name, title=f"A catalogue that was judged ({folder.name})", bytes=size, prepared=True)
        for folder in sorted(settings.cache_dir.glob(f"{CATALOGUE}*"))
        if (size := tidying.bytes_of(folder))
    ]
    return [*listed, *judged]


def _there(settings: Settings, code: Code) -> bool:
    try:
        plan = Plan.of(settings, code=code)
    except DataError:  # a shop whose source is not there is not prepared, which is no reason not to list the others
        return False
    return all(plan.path(step.name).is_dir() for step in plan.steps.values() if step.needed)


def shared_use(settings: Settings) -> int:
    """How many bytes the files take that all shops share."""
    return tidying.bytes_of(settings.cache_dir / SHARED)


def delete_prepared(settings: Settings, shop: str) -> int:
    """Remove everything that was prepared of one shop; returns how many bytes that freed.

    Raises SettingsError for an unknown shop, BadRequestError while a preparation of it runs, StorageError when the
    files cannot be removed. An engine that has it open goes on serving what it has in memory.
    """
    judged = shop.startswith(CATALOGUE) and shop in {folder.name for folder in settings.cache_dir.glob(f"{CATALOGUE}*")}
    return tidying.delete(settings, shop if judged else registry.shop(shop).name)


def prepared_files(plan: Plan) -> list[Prepared]:
    """Every artefact of the plan, in the order in which they are made; those not there have no date."""
    return [_prepared(plan, name) for name in plan.versions]


def _prepared(plan: Plan, name: str) -> Prepared:
    label = LABELS.get(name, name.replace("_", " ").capitalize())
    try:
        said = json.loads((plan.path(name) / MANIFEST).read_text(encoding="utf-8"))
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
