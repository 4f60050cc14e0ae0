"""The answers of a query set in a folder, a line per query: an interrupted run goes on with those not yet asked.

set.json        what is asked of which systems; answers belong to exactly that
answers.jsonl   {"query", "found": {system: [[product id, score], ...]}, "ms": {system: milliseconds}}
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import storage_errors, write_whole
from recsys.errors import ArtifactError
from recsys.evaluation.search.lab import Scope, System
from recsys.schema import Knobs

FORMAT: Final = 1
ASKED: Final = "set.json"
ANSWERS: Final = "answers.jsonl"

Found = list[tuple[str, float]]  # (product id, score), best first


@dataclass(frozen=True, slots=True)
class Answered:
    """What the systems said to one query, by system."""

    found: dict[str, Found]
    ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run asks: answers to anything else are of no use to it."""

    name: str
    queries: tuple[str, ...]
    systems: tuple[System, ...]
    scope: Scope
    version: str = ""  # of the prepared shop: another one answers differently

    @property
    def fold(self) -> str:
        """How look-alikes are folded, the same in all systems."""
        return self.systems[0].knobs.fold

    def as_json(self) -> dict[str, Any]:
        """As it is written down, and compared."""
        plain: dict[str, Any] = json.loads(json.dumps({"format": FORMAT} | asdict(self)))
        return plain

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Asked:
        """What `as_json` made. Raises KeyError, TypeError or ValueError for anything else."""
        if facts["format"] != FORMAT:
            raise ValueError(f"format {facts['format']!r}")
        systems = tuple(System(**each | {"knobs": Knobs(**each["knobs"])}) for each in facts["systems"])
        scope = Scope(**facts["scope"] | {"departments": tuple(facts["scope"]["departments"])})
        return cls(facts["name"], tuple(facts["queries"]), systems, scope, facts["version"])


class Keeping:
    """A folder to which answers are added, one by one. Raises StorageError when the disk does not take them."""

    def __init__(self, folder: Path, asked: Asked) -> None:
        self._path = folder / ANSWERS
        try:
            same = json.loads((folder / ASKED).read_text(encoding="utf-8")) == asked.as_json()
        except (OSError, ValueError):
            same = False
        self.earlier: dict[str, Answered] = _answers(self._path, asked.systems) if same else {}
        # what a kill cut off in the middle of a line goes
        write_whole(self._path, "".join(_line(query, each) for query, each in self.earlier.items()).encode())
        write_whole(folder / ASKED, json.dumps(asked.as_json(), ensure_ascii=False).encode())

    def keep(self, query: str, answered: Answered) -> None:
        """Add the answers to one query; once this returns a kill does not take them."""
        with storage_errors(self._path), self._path.open("ab") as file:
            file.write(_line(query, answered).encode())
            file.flush()
            os.fsync(file.fileno())


def opened(folder: Path) -> tuple[Asked, dict[str, Answered]]:
    """What a finished run asked, and every answer. Raises ArtifactError when it is not whole."""
    try:
        asked = Asked.of_json(json.loads((folder / ASKED).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            f"the run of a query set cannot be read: {str(error)[:120]}", remedy="run it again"
        ) from error
    answers = _answers(folder / ANSWERS, asked.systems)
    if missing := [query for query in asked.queries if query not in answers]:
        raise ArtifactError(
            f"the run of “{asked.name}” lacks {len(missing)} of {len(asked.queries)} answers", remedy="run it again"
        )
    return asked, answers


def _line(query: str, answered: Answered) -> str:
    return json.dumps({"query": query, **asdict(answered)}) + "\n"


def _answers(path: Path, systems: Sequence[System]) -> dict[str, Answered]:
    """The answers that can be read, up to the first that cannot."""
    names = {system.name for system in systems}
    answers: dict[str, Answered] = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            facts = json.loads(line)
            found = {name: [(str(item), float(score)) for item, score in facts["found"][name]] for name in names}
            answers[facts["query"]] = Answered(found, {name: float(facts["ms"][name]) for name in names})
    except (OSError, ValueError, KeyError, TypeError):
        return answers
    return answers
