"""What was measured so far, a file a piece: one that was cancelled or killed goes on with the pieces not done.

A piece is written whole or not at all, under the fingerprint of all that it rests on: the shop, how much is tried, and
the code. Once the report is made they go.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import recsys.learning
import recsys.learning.reinforcement
from recsys.artifacts import code_version, fingerprint, storage_errors, write_whole

FOLDER: Final = "reinforcement"  # under the state's
_LEARNING: Final = (recsys.learning, recsys.learning.reinforcement)
ROOMS: Final = (Path(__file__).parent, *(Path(room.__path__[0]) for room in _LEARNING))  # whose code it rests on
Piece = dict[str, Any]


class Pieces:
    """The pieces of one measurement."""

    def __init__(self, state: Path, rests_on: Mapping[str, Any]) -> None:
        code = code_version(*sorted(file for room in ROOMS for file in room.glob("*.py")))
        self.folder = state / FOLDER / fingerprint(code, rests_on)

    def of(self, name: str, make: Callable[[], Piece]) -> Piece:
        """The piece of that name: as it was kept, or made and kept. Raises StorageError where the disk refuses it."""
        path = self.folder / f"{name}.json"
        found = _read(path)
        if found is None:
            found = make()
            with storage_errors(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True)
                write_whole(path, json.dumps(found).encode())
        return found

    def forget(self) -> None:
        """Remove all of them."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _read(path: Path) -> Piece | None:
    """A piece; None for what is not there or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "value" in found else None
