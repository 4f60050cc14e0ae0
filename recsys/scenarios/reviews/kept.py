"""What was read of a shop's reviews, as it lies on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import PREPARE, write_array
from recsys.errors import ArtifactError
from recsys.scenarios.reviews.analysing import Read
from recsys.scenarios.reviews.texts import plain_text

SAID: Final = "said.json"  # sentences and names of aspects
ARRAYS: Final = ("mood", "owner", "sentence_mood", "aspect", "verdict", "sure", "typical", "copied", "burst")


def keep(read: Read, folder: Path) -> None:
    """Write what was read beside the table of reviews, which is not written again."""
    for name in ARRAYS:
        write_array(folder / f"{name}.npy", getattr(read, name))
    said = {"sentences": list(read.sentences), "aspects": list(read.names)}
    (folder / SAID).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def as_read(folder: Path, table: pd.DataFrame) -> Read:
    """The reviews of a table as they were read. Raises ArtifactError where they were not."""
    try:
        said = json.loads((folder / SAID).read_text(encoding="utf-8"))
        arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in ARRAYS}
        sentences, names = said["sentences"], tuple(said["aspects"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(
            f"what was read of the reviews cannot be opened: {str(error)[:100]}", remedy=PREPARE
        ) from error
    return Read(
        [plain_text(text) for text in table[s.REVIEW].tolist()],
        table[s.STARS].to_numpy(np.float64),
        table[s.ITEM].tolist(),
        table[s.TIME].to_numpy("datetime64[ns]"),
        sentences=sentences,
        names=names,
        **arrays,
    )
