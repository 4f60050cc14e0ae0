"""Measurements of smaller and of adapted encoders that are kept: what `compress` and `adapt` printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Field, FiniteFloat

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.kept_reports import KeptReport, kept_reports
from recsys.evaluation.sound_reports import conforms

PATTERN: Final = "compression_*.json"
FULL: Final = "full"
ENCODER: Final = "encoder"  # the kind of a variant that is an encoder, and no index
METRICS: Final = ("pooled_ndcg@10", "pairs_ndcg@10")  # what a report is read by, the first of them that it has
ADAPTED: Final = "adaptation_icecat.json"  # what `adapt --trials all --json` printed
SEARCHED: Final = "adapted_search.json"  # what benchmarks/adapted_search.py wrote
WHOLE_SEARCH: Final = "shelflens"  # its name among the systems of that report
NEEDED: Final = {"source", "variants", "protocol", "instructions", "command", "encoder", "queries", "judged"}


class Figure(BaseModel):
    """A mean with its interval, and how far it is from that of the full model, or of the one before."""

    mean: FiniteFloat
    ci95: tuple[FiniteFloat, FiniteFloat]
    change: FiniteFloat = 0.0
    change_ci95: tuple[FiniteFloat, FiniteFloat] = (0.0, 0.0)


class _Query(BaseModel):
    p50: FiniteFloat
    p95: FiniteFloat


class _Learned(BaseModel):
    texts: int
    cosine_before: FiniteFloat
    cosine: FiniteFloat
    minutes: FiniteFloat


class _Variant(BaseModel):
    name: str
    label: str
    about: str
    kind: str
    size_mb: FiniteFloat
    index_bytes: int
    speed: FiniteFloat = Field(ge=0)
    texts_per_second: FiniteFloat
    query_ms: _Query
    query_share: FiniteFloat
    memory_mb: FiniteFloat
    agreement: FiniteFloat
    cosine: FiniteFloat | None = None  # to the full model; None for vectors of other axes
    kept_mb: FiniteFloat = 0.0
    products_speed: FiniteFloat = 1.0
    learned: _Learned | None = None
    against: dict[str, dict[str, Figure]] = Field(default_factory=dict)  # figures beside another way than the full
    figures: dict[str, Figure]  # none of an index, where no query was judged


class _Report(BaseModel):
    command: str
    encoder: str
    queries: int
    judged: bool
    variants: list[_Variant]
    instructions: list[str]
    protocol: dict[str, str]


def kept(shop: str, *own: Path) -> list[KeptReport]:
    """Those on the data of a shop, then those on catalogues of no shop, then those of other shops.

    What lies in `own` folders stands before what came along; what is damaged is passed over for it.
    """
    found: dict[str, KeptReport] = {}
    for folder in (*own, COMMITTED):
        for each in _all(folder):
            found.setdefault(each.name, each)
    return sorted(found.values(), key=lambda each: (each.shop != shop, bool(each.shop), each.name))


def _all(folder: Path) -> list[KeptReport]:
    """The sound ones of a folder, whatever they are on."""
    shops = {path.stem.removeprefix("compression_") for path in folder.glob(PATTERN)}
    named = [each for shop in sorted(shops) for each in kept_reports(shop, (folder,), PATTERN, NEEDED, "variants")]
    return [each for each in named if is_sound(each.report)]


class AdaptationTrial(BaseModel):
    """One way or option of adapting that was tried; `way` is "" for the encoder as it was."""

    label: str
    way: str
    processor_seconds: FiniteFloat = Field(ge=0)
    wall_seconds: FiniteFloat = Field(ge=0)
    steps: int
    learned_from: int  # products
    threads: int
    figures: dict[str, Figure]
    over_lora: dict[str, Figure] = {}


class Adaptation(BaseModel):
    """What adapting did on a catalogue: after it by metric, beside what else was tried."""

    where: str
    after: str  # the label of the trial whose figures these are
    figures: dict[str, Figure]
    trials: list[AdaptationTrial]
    protocol: dict[str, str]
    instructions: list[str]
    command: str


def judged_adaptation() -> Adaptation | None:
    """The measurement that came along; None where it is damaged."""
    try:
        report = json.loads((COMMITTED / ADAPTED).read_text(encoding="utf-8"))
        after = {name: both["after"] for name, both in report["figures"].items()}
        known = {"trials": [], "instructions": [], **report, "figures": after, "where": where(report)}
        return Adaptation.model_validate(known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


class _Pair(BaseModel):
    before: Figure
    after: Figure


class _Searched(BaseModel):
    catalogue: str
    products: int
    queries: int
    systems: dict[str, dict[str, _Pair]]


class _AdaptedSearch(BaseModel):
    command: str
    protocol: dict[str, str]
    catalogues: list[_Searched] = Field(min_length=1)


def adapted_search() -> Mapping[str, Any] | None:
    """What an adapted encoder adds to the whole search, as it came along; None where damaged."""
    try:
        report = json.loads((COMMITTED / SEARCHED).read_text(encoding="utf-8"))
        found = _AdaptedSearch.model_validate(report).model_dump()
        return found if all(WHOLE_SEARCH in each["systems"] for each in found["catalogues"]) else None
    except (OSError, ValueError):
        return None


def is_sound(report: Mapping[str, Any]) -> bool:
    """Whether everything that is shown of a report is there, and every figure a finite number.

    An index beside the full model is judged by judged queries alone: on a shop without any it has no figure.
    """
    found = conforms(_Report, report)
    if found is None or not found.variants or found.variants[0].name != FULL:
        return False
    metric = next((name for name in METRICS if name in found.variants[0].figures), None)
    return metric is not None and all(metric in each.figures for each in found.variants if each.kind == ENCODER)


def metric_of(report: Mapping[str, Any]) -> str:
    """The figure that a report is read by: of judged queries where there are some, else of artificial ones."""
    figures = report["variants"][0]["figures"]
    return next(name for name in METRICS if name in figures)


def where(report: Mapping[str, Any]) -> str:
    """What it was measured on."""
    source = report["source"]
    return str(source.get("dataset") or source.get("catalogue") or "")
