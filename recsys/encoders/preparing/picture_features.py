"""The step that looks at every product's picture, once: equal pictures are looked at together."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import write_array
from recsys.datasets.pictures import Pictures
from recsys.files.pictures import read_picture
from recsys.progress import Progress
from recsys.schema import Floats
from recsys.steps.contract import Basis, Context, Step

FEATURES: Final = "features"  # (n_distinct, d) float16 of each distinct picture
FEATURE_OF: Final = "feature_of"  # (n_items,) int32 which of them an item has, -1 for none


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.pictures.encoder import BATCH, PictureEncoder

    store = Pictures.load(context.opened("pictures").path)
    files, feature_of = _distinct(store)
    encoder = PictureEncoder.load(context.opened("picture_encoder").path)
    features = np.zeros((len(files), encoder.dimension), np.float16)

    def look(start: int) -> Floats:
        return encoder.encode([read_picture(file).pixels for file in files[start : start + BATCH]])

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # threads within a picture wait for each other
        starts = range(0, len(files), BATCH)
        for start, found in zip(starts, pool.map(look, starts), strict=True):
            features[start : start + len(found)] = found
            progress(start + len(found), len(files), "pictures looked at")
    write_array(folder / f"{FEATURES}.npy", features)
    write_array(folder / f"{FEATURE_OF}.npy", feature_of)
    return {"pictures": len(files), "dimension": encoder.dimension, "encoder": encoder.name}


def _distinct(store: Pictures) -> tuple[list[bytes], npt.NDArray[np.int32]]:
    """(the distinct files in order of first appearance, which of them each item has)."""
    place: dict[bytes, int] = {}
    of = np.full(len(store), -1, np.int32)
    for row in np.flatnonzero(store.there()).tolist():
        if file := store.of(row):
            of[row] = place.setdefault(file, len(place))
    return list(place), of


STEP: Final = Step(
    "picture_features",
    "Look at the pictures",
    __name__,
    _make,
    rests_on=(Basis("pictures"), Basis("picture_encoder")),
    needed=False,
)
