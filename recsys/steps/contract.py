"""One step of the preparation, as the room that can make it declares it.

A step stands in a small module of its own, `<room>/preparing.py`, which imports what makes the files and nothing more:
what the module imports, directly or not, is what the step's fingerprint follows from (`recsys.steps.code`). Heavy
libraries are imported inside `make`, since the declarations are read on the way to the first screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recsys.artifacts import Artifact
from recsys.progress import Progress
from recsys.settings import Settings


@dataclass(frozen=True, slots=True)
class Basis:
    """Another step on which one rests: on all that it made or, with `fact`, on one thing that its `info` says.

    A step that rests on a fact is made again when the fact changes, not whenever the other step is.
    """

    step: str
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a step is given to work with."""

    settings: Settings
    opened: Callable[[str], Artifact]  # what an earlier step made, verified; raises ArtifactError
    scratch: Callable[[], Path]  # a folder that outlives an interruption and is removed when the step is done


Make = Callable[[Context, Progress, Path], dict[str, Any]]


def _nothing(settings: Settings) -> object:
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """How one artefact is made, and what it rests on.

    `make(context, progress, folder)` writes its files into the empty folder and returns what is worth noting. It
    raises StorageError, DataError, ModelError or ArtifactError.
    """

    name: str  # of the artefact: a word
    label: str  # what the step does, in plain words
    module: str  # the declaring module, `__name__`: what it imports is the code that the step rests on
    make: Make
    rests_on: tuple[Basis, ...] = ()
    inputs: Callable[[Settings], object] = _nothing  # what else it follows from: tables, weights, settings, as JSON
    shared: bool = False  # the same whichever shop is served
    needed: bool = True  # a shelf cannot be shown without it; the others are made last
    library: str = ""  # steps of one library never run side by side: its thread count is one for the whole process
