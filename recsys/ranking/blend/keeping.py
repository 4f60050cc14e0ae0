"""A blend on disk: recommenders, features and ranker, each in a folder of its own, beside one blend.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from recsys.artifacts import write_whole
from recsys.errors import ArtifactError
from recsys.ranking.blend.choosing import Both, Choice, Choosing, Plain, Ranker
from recsys.ranking.blend.describing import FAMILIES
from recsys.ranking.blend.family import Family
from recsys.ranking.blend.network import Network, NetworkSettings
from recsys.ranking.blend.settings import BlendSettings
from recsys.ranking.blend.trees import Trees, TreeSettings
from recsys.recommenders.contract import Recommender
from recsys.recommenders.fitted_arrays import written_whole
from recsys.recommenders.registry import RECOMMENDERS

FORMAT: Final = 1
FACTS: Final = "blend.json"


class Keepable(Protocol):
    """What of a blend goes to disk."""

    bases: dict[str, Recommender]
    blending: BlendSettings
    refit_bases: bool
    families: list[Family]
    ranker: Ranker | None
    choice: Choice | None
    kept: tuple[str, ...]
    seen: bool

    @property
    def report(self) -> dict[str, Any]:
        """What was chosen."""


KeptBlend = TypeVar("KeptBlend", bound=Keepable)


def save(blend: Keepable, folder: Path) -> None:
    """Write the blend to an empty folder. Raises StorageError; what was saved there before is then as it was."""
    with written_whole(folder, FACTS) as temporary:
        _write(blend, temporary)


def _write(blend: Keepable, folder: Path) -> None:
    facts: dict[str, Any] = {
        "format": FORMAT,
        "settings": asdict(blend.blending),
        "refit_bases": blend.refit_bases,
        "bases": {name: base.name for name, base in blend.bases.items()},
        "families": [family.name for family in blend.families],
        "kept": list(blend.kept),
        "seen": blend.seen,
        "choice": blend.report or None,
        "ranker": _save_ranker(blend.ranker, folder / "ranker"),
    }
    for place, base in enumerate(blend.bases.values()):
        base.save(folder / "bases" / str(place))
    for family in blend.families:
        family.save(folder / "families" / family.name)
    write_whole(folder / FACTS, json.dumps(facts, indent=1).encode())


def _save_ranker(ranker: Ranker | None, folder: Path) -> dict[str, Any] | None:
    if isinstance(ranker, Plain):
        return {"kind": ranker.kind, "column": ranker.column, "spread": ranker.spread}
    pieces = [ranker.trees, ranker.network] if isinstance(ranker, Both) else [ranker]
    for piece in pieces:
        if isinstance(piece, Trees | Network):
            piece.save(folder / piece.kind)
    return None if ranker is None else {"kind": ranker.kind}  # type: ignore[attr-defined]


def load(kind: Callable[..., KeptBlend], folder: Path, others: Mapping[str, type[Recommender]]) -> KeptBlend:
    """The blend as `save` wrote it; `others` are recommenders by name that the registry does not list.

    Raises ArtifactError when the files are not what they should be.
    """
    kinds = {**{name: entry.kind for name, entry in RECOMMENDERS.items()}, **others}
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        if facts["format"] != FORMAT:
            raise _wrong(folder, f"format {facts['format']!r}")
        bases = {
            name: kinds[base].load(folder / "bases" / str(place))
            for place, (name, base) in enumerate(facts["bases"].items())
        }
        blend = kind(bases, _settings(facts["settings"]), refit_bases=bool(facts["refit_bases"]))
        families = {family.name: family for family in FAMILIES}
        blend.families = [families[name].load(folder / "families" / name) for name in facts["families"]]
        blend.kept, blend.seen = tuple(facts["kept"]), bool(facts["seen"])
        blend.choice = None if facts["choice"] is None else Choice(**facts["choice"])
        blend.ranker = _load_ranker(facts["ranker"], folder / "ranker")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _wrong(folder, f"no readable {FACTS} ({type(error).__name__}: {str(error)[:80]})") from error
    return blend


def _load_ranker(facts: dict[str, Any] | None, folder: Path) -> Ranker | None:
    if facts is None:
        return None
    if facts["kind"] == Plain.kind:
        return Plain(int(facts["column"]), float(facts["spread"]))
    if facts["kind"] == Both.kind:
        return Both(Trees.load(folder / Trees.kind), Network.load(folder / Network.kind))
    one: type[Trees | Network] = {Trees.kind: Trees, Network.kind: Network}[facts["kind"]]
    return one.load(folder / one.kind)


def _settings(facts: dict[str, Any]) -> BlendSettings:
    choosing = dict(facts["choosing"])
    trees, network = dict(choosing.pop("trees")), dict(choosing.pop("network"))
    trees["rounds"], network["epochs"] = tuple(trees["rounds"]), tuple(network["epochs"])
    choosing["kinds"] = tuple(choosing["kinds"])
    whole = Choosing(trees=TreeSettings(**trees), network=NetworkSettings(**network), **choosing)
    return BlendSettings(**{**facts, "choosing": whole})


def _wrong(folder: Path, seen: str) -> ArtifactError:
    return ArtifactError(f"{folder} has {seen}", remedy="learn the blend again and save it to an empty folder")
