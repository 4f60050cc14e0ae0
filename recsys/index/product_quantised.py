"""Vectors as a few bytes each: product quantisation, by faiss. To measure its cost: the app searches exactly.

Jégou, Douze & Schmid, "Product quantization for nearest neighbor search", PAMI 2011: a vector is cut into pieces, each
piece becomes the number of the nearest of 256 centres, and inner products are sums of looked-up numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from recsys.errors import BadRequestError
from recsys.schema import Candidates, Floats

CENTRES_BITS: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class ProductQuantised:
    """An index over rows of which only `pieces` bytes each are kept."""

    index: Any
    pieces: int

    @classmethod
    def build(cls, vectors: Floats, pieces: int) -> ProductQuantised:
        """Learn the centres from the rows of `vectors` (n, d) and keep the rows.

        Raises BadRequestError when the pieces do not divide d, or there are fewer rows than centres.
        """
        import faiss

        n, d = vectors.shape
        if pieces < 1 or d % pieces:
            raise BadRequestError(f"{pieces} pieces of {d} numbers", allowed=f"a divisor of {d}")
        if n < 2**CENTRES_BITS:
            raise BadRequestError(f"{n} vectors to learn 256 centres from", allowed="256 or more")
        faiss.omp_set_num_threads(1)
        index = faiss.IndexPQ(d, pieces, CENTRES_BITS, faiss.METRIC_INNER_PRODUCT)
        index.pq.cp.min_points_per_centroid = 1  # else it complains on standard error below 39 a centre
        rows = np.ascontiguousarray(vectors, np.float32)
        index.train(rows)
        index.add(rows)
        return cls(index, pieces)

    def search(self, query: Floats, k: int) -> Candidates:
        """The k rows of the largest looked-up inner product, best first."""
        scores, rows = self.index.search(np.ascontiguousarray(query[None], np.float32), k)
        return Candidates(rows[0].astype(np.int32), scores[0].astype(np.float32), "product quantised")

    def rebuilt(self) -> Floats:
        """(n, d) the rows as they are remembered."""
        found: Floats = self.index.reconstruct_n(0, self.index.ntotal)
        return found
