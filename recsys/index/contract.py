"""What every vector index promises."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from recsys.errors import BadRequestError
from recsys.schema import Candidates, Floats, Mask


class VectorIndex(Protocol):
    """Finds the rows whose vectors have the largest inner product with a query (the cosine, for unit vectors)."""

    @property
    def size(self) -> int:
        """How many rows there are."""

    @property
    def dimension(self) -> int:
        """How long each vector is."""

    def search(self, query: Floats, k: int, mask: Mask | None = None) -> Candidates:
        """The best k rows, best first, ties by row; fewer when fewer are allowed.

        `query` (d,), `mask` (n,) with True for the rows that may be found. Raises BadRequestError for k < 1 and for a
        query or mask of the wrong shape or with numbers that are not finite.
        """

    def scores(self, query: Floats) -> Floats:
        """The score of every row: (n,) float32. Raises BadRequestError as `search` does."""

    def save(self, folder: Path) -> None:
        """Write the index into an existing folder. Raises StorageError when the disk is full or cannot be written."""


def checked_query(query: Floats, dimension: int) -> npt.NDArray[np.float64]:
    """The query in float64. Raises BadRequestError when it is not `dimension` finite numbers."""
    vector = np.asarray(query)
    if vector.shape != (dimension,):
        raise BadRequestError(
            f"the query vector has shape {vector.shape}",
            allowed=f"({dimension},)",
            remedy="encode the query with the encoder that made the index",
        )
    if vector.dtype.kind not in "fiu" or not np.isfinite(vector).all():
        raise BadRequestError("the query vector has numbers that are not finite", remedy="check what encoded the query")
    return vector.astype(np.float64)


def checked_k(k: int) -> int:
    """k itself. Raises BadRequestError when it is no whole number above 0."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise BadRequestError(f"k={k!r}", allowed="a whole number, 1 or more", remedy="ask for at least one result")
    return int(k)


def checked_mask(mask: Mask | None, size: int) -> Mask | None:
    """The mask itself. Raises BadRequestError when it is not one boolean a row."""
    if mask is not None and (mask.shape != (size,) or mask.dtype != np.bool_):
        raise BadRequestError(
            f"the mask has shape {mask.shape} of {mask.dtype}",
            allowed=f"({size},) of bool",
            remedy="make the mask from the items of this index",
        )
    return mask
