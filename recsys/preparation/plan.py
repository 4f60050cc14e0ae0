"""Where each prepared artefact lies: `<cache>/<shop>/<step>-<fingerprint>`, those of all shops under `shared`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from recsys.artifacts import MANIFEST, Artifact, ArtifactStore
from recsys.encoders import soundness
from recsys.encoders.weights import MINILM
from recsys.errors import ArtifactError
from recsys.preparation.graph import STEPS
from recsys.settings import Settings
from recsys.steps.code import Code
from recsys.steps.contract import Basis, Context, Step
from recsys.steps.versions import SHARED, version_of

VECTORS: Final = "vectors"


@dataclass(frozen=True, slots=True)
class Plan:
    """The artefacts of one shop by name: where they lie and what they follow from. Cheap: nothing is loaded."""

    settings: Settings
    versions: Mapping[str, str]  # step -> fingerprint
    steps: Mapping[str, Step] = field(default_factory=lambda: STEPS)

    @classmethod
    def of(cls, settings: Settings, steps: Mapping[str, Step] = STEPS, code: Code | None = None) -> Plan:
        """The fingerprint of every step: of its code, its declared inputs and the steps it rests on.

        Who asks for the plans of several shops gives all of them one `code`: what imports what is followed once.
        Raises ModelError for an encoder that is not there or damaged.
        """
        soundness.check(settings.encoder, settings.encoders_dir)
        code, versions = code or Code.of(settings), dict[str, str]()
        for step in steps.values():
            plan = cls(settings, versions, steps)
            rests_on = [plan._basis(basis) for basis in step.rests_on]
            versions[step.name] = version_of(step, settings, code, rests_on)
        return cls(settings, versions, steps)

    def _basis(self, basis: Basis) -> str:
        """The fingerprint of a step that one rests on, or what that step noted; "" while it is not there.

        So nothing that rests on what a step noted is current before that step is.
        """
        if not basis.fact:
            return self.versions[basis.step]
        try:
            manifest = json.loads((self.path(basis.step) / MANIFEST).read_text(encoding="utf-8"))
            return str(manifest["info"][basis.fact])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def store_of(self, name: str) -> ArtifactStore:
        """The folder in which the artefact lies: the shop's own, or the one of all shops."""
        step = self.steps.get(name)
        return ArtifactStore(self.settings.cache_dir / (SHARED if step and step.shared else self.settings.shop))

    def path(self, name: str) -> Path:
        """Where the artefact lies, whether it is there or not."""
        return self.store_of(name).path(name, self.versions[name])

    def find(self, name: str) -> Artifact | None:
        """The artefact if it is there, whole and undamaged."""
        return self.store_of(name).find(name, self.versions[name])

    def open(self, name: str) -> Artifact:
        """One prepared artefact, verified. Raises ArtifactError when it is missing or damaged."""
        if not self.path(name).is_dir() and (other := self.other_encoder()):
            now = Path(self.settings.encoder).name
            raise ArtifactError(
                f"the products' vectors were made by the encoder {other}, and the app was started with {now}: vectors "
                "of two encoders cannot be compared",
                allowed=f"vectors by {now}",
                remedy=f"prepare once more, beside what is there, or go back to {other}: {_started_with(other)}",
            )
        return self.store_of(name).open(name, self.versions[name])

    def other_encoder(self) -> str:
        """Whose vectors were made last, while those of the encoder in the settings are not there; "" for nobody's."""
        vectors = self.path(VECTORS)
        if VECTORS not in self.versions or vectors.is_dir():
            return ""
        there = vectors.parent.glob(f"{VECTORS}-*/{MANIFEST}")
        try:
            latest = max(there, key=lambda each: each.stat().st_mtime, default=None)
            other = "" if latest is None else str(json.loads(latest.read_text(encoding="utf-8"))["info"]["encoder"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return "" if other == Path(self.settings.encoder).name else other

    def waiting(self) -> frozenset[str]:
        """The artefacts that are not there and that a shelf can do without, by name."""
        return frozenset(s.name for s in self.steps.values() if not s.needed and not self.path(s.name).is_dir())

    def context(self, name: str) -> Context:
        """What the step of that name is given to work with."""
        return Context(self.settings, self.open, partial(self.store_of(name).scratch, name, self.versions[name]))


def _started_with(encoder: str) -> str:
    return "unset SHELFLENS_ENCODER" if encoder == MINILM else f"SHELFLENS_ENCODER={encoder}"
