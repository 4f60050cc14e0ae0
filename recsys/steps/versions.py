"""Fingerprints of steps, and the names of the folders that no shop has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from recsys.artifacts import fingerprint
from recsys.settings import Settings
from recsys.steps.code import Code
from recsys.steps.contract import Step

SHARED: Final = "shared"  # artefacts that are the same whichever shop is served
CATALOGUE: Final = "catalogue_"  # how the names of shops begin that a command brings along: catalogues to be judged

RESERVED: Final = frozenset({SHARED})


def version_of(step: Step, settings: Settings, code: Code, rests_on: Sequence[str] = ()) -> str:
    """The fingerprint of a step: of its code, its declared inputs and what it rests on."""
    return fingerprint(code.fingerprint(step.module), step.inputs(settings), list(rests_on))
