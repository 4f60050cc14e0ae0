"""The prepared maps as they are served: where each text lies, and where a new vector belongs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recsys.artifacts import PREPARE
from recsys.encoders.placing import PLACED_AMONG, MapInfo, among_neighbours
from recsys.errors import ArtifactError
from recsys.schema import Floats


class Maps:
    """The prepared maps, memory-mapped, and the placing of new points on them."""

    def __init__(self, folder: Path, vectors: Floats) -> None:
        """`folder` as `build_maps` left it; `vectors` (n, d) the unit vectors it was made of, in the same order.

        Raises ArtifactError when the files do not belong to these vectors.
        """
        self._vectors = vectors
        try:
            listed = json.loads((folder / "maps.json").read_text(encoding="utf-8"))["maps"]
            self.infos: tuple[MapInfo, ...] = tuple(MapInfo(**facts) for facts in listed)
            self._positions: dict[tuple[str, int], Floats] = {
                (i.method, i.dims): np.load(
                    folder / f"{i.method}{i.dims}.npy",
                    mmap_mode="r",
                    allow_pickle=False,
                )
                for i in self.infos
            }
            with np.load(folder / "pca_axes.npz", allow_pickle=False) as axes:
                self._axes: dict[str, npt.NDArray[Any]] = {name: axes[name] for name in axes.files}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"the maps cannot be read: {error}", remedy=PREPARE) from error
        if any(i.fitted_on != len(vectors) for i in self.infos):
            raise ArtifactError(
                f"the maps have {self.infos[0].fitted_on:,} points", allowed=f"{len(vectors):,} points", remedy=PREPARE
            )

    def positions(self, method: str, dims: int) -> Floats:
        """Where each text lies, (n, dims) float32, the longest side from -1 to 1. Raises ArtifactError if there is no
        such map."""
        if (method, dims) not in self._positions:
            raise ArtifactError(
                f"there is no map {method!r} in {dims} dimensions",
                allowed=", ".join(f"{m} {d}" for m, d in self._positions),
                remedy=PREPARE,
            )
        return self._positions[method, dims]

    def place(self, method: str, dims: int, vectors: Floats) -> Floats:
        """Where new unit vectors (m, d) belong on a map, (m, dims) float32.

        PCA projects them; on the others they are put among their PLACED_AMONG nearest texts (`among_neighbours`).
        """
        positions = self.positions(method, dims)
        if len(vectors) == 0:
            return np.empty((0, dims), np.float32)
        if method == "pca":
            raw = (vectors - self._axes["mean"]) @ self._axes["axes"][:, :dims]
            return np.asarray(
                (raw - self._axes[f"centre{dims}"]) * self._axes[f"scale{dims}"],
                dtype=np.float32,
            )
        k = min(PLACED_AMONG, len(positions))
        cosine = vectors @ self._vectors.T  # (m, d) @ (d, n) -> (m, n)
        nearest = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
        return among_neighbours(positions[nearest], np.take_along_axis(cosine, nearest, 1))
