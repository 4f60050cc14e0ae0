"""The step that draws maps of pictures, and of all that is known together, where a shop has pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import Artifact, write_array, write_whole
from recsys.encoders.fusion.fusion import as_query
from recsys.encoders.item_maps import FIRST, GAP, POINT_OF
from recsys.encoders.modality_gap import both, kept
from recsys.encoders.projection import build_maps
from recsys.progress import Progress
from recsys.schema import Floats
from recsys.steps.contract import Basis, Context, Step

PLACINGS: Final = ("pictures", "fused")  # files of the prepared space; a folder of maps each
METHODS: Final = ("umap", "pca")  # t-SNE takes as long as both together, and shows the same crowds


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    fusion = context.opened("fusion")
    vectors = {name: np.asarray(fusion.array(name), np.float32) for name in PLACINGS}
    if not len(vectors["pictures"]):
        write_whole(folder / GAP, b"{}")
        return {"maps": 0, "off": str(fusion.info.get("off", "the shop has no pictures"))}
    drawn = 0
    for place, (name, rows) in enumerate(vectors.items()):
        (folder / name).mkdir()
        drawn += _draw(rows, folder / name, _part(progress, place, len(vectors)))
    found = _gap(context, fusion, vectors["pictures"])
    if found:
        found["missing"] = _missing(fusion, vectors)
    write_whole(folder / GAP, json.dumps(found).encode())
    without = int((~vectors["pictures"].any(axis=1)).sum())
    after = found.get("after", {})
    return {"maps": drawn, "without": without, **{f"gap_{name}": after[name] for name in ("distance", "own") if after}}


def _draw(rows: Floats, folder: Path, progress: Progress) -> int:
    """Maps of the items' vectors (n, d), each distinct one a point; how many. Zeros have no place on them."""
    there = np.flatnonzero(rows.any(axis=1))
    _, first, of = np.unique(rows[there], axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")  # points in the order of the items
    point_of = np.full(len(rows), -1, np.int32)
    point_of[there] = np.argsort(order, kind="stable")[of.ravel()]
    first = there[first[order]].astype(np.int32)
    write_array(folder / f"{POINT_OF}.npy", point_of)
    write_array(folder / f"{FIRST}.npy", first)
    points = rows[first]
    return len(build_maps(points, folder, progress, METHODS, as_query(points))["maps"])


def _gap(context: Context, fusion: Artifact, pictures: Floats) -> dict[str, Any]:
    """The gap between what the shop says of products and their pictures, before the space was learned and in it."""
    texts, looked_at = context.opened("vectors"), context.opened("picture_features")
    feature_of = np.asarray(looked_at.array("feature_of"))
    described = np.asarray(fusion.array("described"), np.float32)
    rows = np.flatnonzero((feature_of >= 0) & pictures.any(axis=1) & described.any(axis=1))
    before = (
        np.asarray(texts.array("vectors"), np.float32)[np.asarray(texts.array("row_of_item"))[rows]],
        np.asarray(looked_at.array("features"), np.float32)[feature_of[rows]],
    )
    return both(before, (as_query(described[rows]), as_query(pictures[rows])), pictures[rows])


def _missing(fusion: Artifact, vectors: dict[str, Floats]) -> dict[str, Any]:
    """How many products lack a picture, and what of their neighbours stays without one, or with one alone."""
    there = vectors["pictures"].any(axis=1)
    everything, pictures = vectors["fused"][there], vectors["pictures"][there]
    described = np.asarray(fusion.array("described"), np.float32)[there]
    whole = as_query(everything)
    return {
        "without_picture": int((~there).sum()),
        "kept_by_words": kept(everything, whole, as_query(described)),
        "kept_by_picture": kept(everything, whole, as_query(pictures)),
    }


def _part(progress: Progress, place: int, parts: int) -> Progress:
    """The progress of one of several equal parts of the work."""

    def told(done: int, total: int, note: str = "") -> None:
        progress(place * total + done, parts * total, note)

    return told


STEP: Final = Step(
    "picture_maps",
    "Draw the maps of pictures",
    __name__,
    _make,
    rests_on=(Basis("fusion"), Basis("picture_features"), Basis("vectors")),
    needed=False,
)
