"""Files that somebody brings for one job: they lie in its folder, for the owner of the server alone, and end with it.

<folder>/files/<option>/<name>
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recsys.artifacts import storage_errors
from recsys.errors import DataError

FOLDER: Final = "files"
MAX_MB: Final = 50  # of one file: a million events of a benchmark take 6; larger ones are given to the command line
LONGEST_NAME: Final = 80
_FOREIGN: Final = re.compile(r"[^\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was received. Raises DataError for more than MAX_MB million bytes, and for none."""

    name: str
    data: bytes

    def __post_init__(self) -> None:
        if not 0 < len(self.data) <= MAX_MB * 1_000_000:
            raise DataError(
                f"the file that was given has {len(self.data) / 1e6:,.1f} MB",
                allowed=f"up to {MAX_MB} MB, and not empty",
                remedy="give a part of it, or put it into the import folder (SHELFLENS_IMPORT_DIR)",
            )

    @property
    def safe_name(self) -> str:
        """Its name as a file may be called anywhere: no folder, no blank, no dot in front; its endings stay."""
        last = re.split(r"[/\\]", self.name)[-1]
        return _FOREIGN.sub("_", last).lstrip(".-_")[-LONGEST_NAME:].lstrip(".-_") or "upload"


def places(folder: Path, given: Mapping[str, Upload]) -> dict[str, Path]:
    """Option -> where its file lies, or will lie, in the folder of the job."""
    return {option: folder.resolve() / FOLDER / option / upload.safe_name for option, upload in given.items()}


def bring(folder: Path, given: Mapping[str, Upload]) -> dict[str, Path]:
    """Put the files into the folder of the job; option -> where it lies. Raises StorageError."""
    paths = places(folder, given)
    for option, path in paths.items():
        with storage_errors(folder):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(given[option].data)
    return paths


def remove(folder: Path) -> None:
    """Remove what was brought for the job of a folder."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
