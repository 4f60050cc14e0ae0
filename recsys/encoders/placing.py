"""What a map is, and where a new point goes on it: what building the maps and serving them share.

Building measures how well points are placed, so the code of this file is part of the maps' fingerprint; `maps.py`,
which only serves, is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.schema import Floats

METHODS: Final[dict[str, str]] = {
    "umap": "UMAP",
    "tsne": "t-SNE",
    "pca": "PCA",
}  # best first; PCA sees no neighbours
PLACED_AMONG: Final = 12
PLACED_TEMPERATURE: Final = 0.05  # cosine; a neighbour .05 less similar than the best weighs e times less


@dataclass(frozen=True, slots=True)
class MapInfo:
    """What one map is and how far it can be trusted."""

    method: str  # "umap", "tsne", "pca"
    dims: int  # 2 or 3
    fitted_on: int  # points, one per distinct text
    faithfulness: float  # share of the true `neighbours_k` nearest found among the `window` nearest on the map
    placed_faithfulness: float  # the same for points that were taken away and placed again as new ones
    neighbours_k: int
    window: int
    seconds: float
    note: str  # how it was made and how new points are placed, in plain words

    @property
    def title(self) -> str:
        """The method's usual name and the dimensions, "UMAP, 2-D"."""
        return f"{METHODS[self.method]}, {self.dims}-D"


def among_neighbours(positions: Floats, cosine: Floats) -> Floats:
    """Where to put new points: the weighted geometric median of their nearest neighbours' places.

    positions (m, k, dims), cosine (m, k), most similar first. Returns (m, dims). The median, because a mean of
    neighbours on two islands lies in the sea between them: over leave-one-out points on UMAP it keeps .944 of the
    neighbours, the mean .912. Weights are exp(cosine / PLACED_TEMPERATURE). Weiszfeld's iteration (1937).
    """
    weights = np.exp((cosine - cosine[:, :1]) / PLACED_TEMPERATURE)
    place = _mean(positions, weights)
    for _ in range(30):
        distance = np.linalg.norm(positions - place[:, None], axis=2)  # (m, k)
        place = _mean(positions, weights / (distance + 1e-4))
    return place.astype(np.float32)


def _mean(positions: Floats, weights: Floats) -> Floats:
    shares = weights / weights.sum(axis=1, keepdims=True)
    mean: Floats = (positions * shares[:, :, None]).sum(axis=1)  # (m, k, dims) -> (m, dims)
    return mean
