"""What kind of product a query is after, learned from the catalogue itself: "laptop" wants laptops, not bags.

A product's kind is the direction of its title's vector once what all titles share is taken away. A query's kind is the
mean kind of the products that words and meaning put first: where these are mostly laptops, a bag among them is far from
the mean. This is relevance feedback without a judge (Rocchio, 1971; Lavrenko & Croft, "Relevance-based language
models", SIGIR 2001) used for ordering only: no product is found by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from recsys.artifacts import PREPARE, write_array
from recsys.errors import ArtifactError
from recsys.index.shared_rows import SharedRowsIndex
from recsys.retrieval.part import Grounds, Part
from recsys.schema import Floats, Rows

MEAN: Final = "kinds_mean.npy"
LENGTHS: Final = "kinds_lengths.npy"
FIRST: Final = 100  # products that say what is meant: pooled nDCG@10 gains .016 with 100, .009 with 30, .008 with 10


class ProductKinds:
    """The kinds of n products from the vectors of their titles, (n, d), which stay where they are (memory-mapped)."""

    def __init__(self, vectors: Floats, mean: Floats, lengths: Floats) -> None:
        self._vectors, self._mean, self._lengths = vectors, mean, lengths

    @classmethod
    def learn(cls, vectors: Floats) -> ProductKinds:
        """The kinds of these products; those whose title is exactly average have none."""
        mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)  # (n, d) -> (d,)
        squares = np.einsum("ij,ij->i", vectors, vectors) - 2 * (vectors @ mean) + mean @ mean
        return cls(vectors, mean, np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32))

    def of(self, rows: Rows) -> Floats:
        """The kinds of some products: (m, d), each of length 1."""
        kinds: Floats = (self._vectors[rows] - self._mean) / self._lengths[rows, None]
        return kinds

    def intent(self, rows: Rows, scores: Floats) -> Floats:
        """The kind that a query is after, (d,), from the FIRST best of the products found and their scores, >= 0.

        Each counts by how far its score lies above the last one's; all zero when nothing was found.
        """
        if len(rows) == 0:
            return np.zeros_like(self._mean)
        best = np.lexsort((rows, -scores))[:FIRST]
        weights = scores[best] - scores[best].min()
        weights = weights / weights.sum() if weights.sum() > 0 else np.full(len(best), 1 / len(best))
        return np.asarray(weights @ self.of(rows[best]), np.float32)  # (m,) @ (m, d) -> (d,)

    def scores(self, intent: Floats, rows: Rows) -> Floats:
        """How much each of these products is of the kind asked for, (m,)."""
        return np.asarray(self.of(rows) @ intent, np.float32)

    def save(self, folder: Path) -> None:
        """Write the mean and the lengths into an existing folder; the vectors are the index's."""
        write_array(folder / MEAN, self._mean)
        write_array(folder / LENGTHS, self._lengths)

    @classmethod
    def load(cls, folder: Path, vectors: Floats) -> ProductKinds:
        """The saved kinds of the products with these vectors. Raises ArtifactError when missing or damaged."""
        try:
            mean = np.load(folder / MEAN, allow_pickle=False)
            lengths = np.load(folder / LENGTHS, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise ArtifactError("the kinds of products are missing or damaged", remedy=PREPARE) from error
        if (len(lengths), len(mean)) != vectors.shape:
            raise ArtifactError(
                f"the kinds are of {len(lengths)} products of {len(mean)} numbers",
                allowed=f"{vectors.shape}",
                remedy=PREPARE,
            )
        return cls(vectors, mean, lengths)


class KindLook:
    """The second look: of what kind are the best answers so far, and which candidates are of it."""

    def __init__(self, index: SharedRowsIndex) -> None:
        self._kinds, self._shared = ProductKinds.learn(np.asarray(index.distinct)), index.shared

    def look(self, rows: Rows, answers: Floats) -> Floats:
        """How much each candidate is of the kind that the best answers have in common, (m,)."""
        vectors = self._shared.of_item[rows]
        intent = self._kinds.intent(vectors, answers)
        distinct, place = np.unique(vectors, return_inverse=True)  # several products share one
        return self._kinds.scores(intent, distinct.astype(np.int32))[place]


def _by_picture(grounds: Grounds) -> bool:
    """Whether what is asked for is shown by a picture alone, and no words say what kind it is."""
    return "space_picture" in grounds.facts and "cosine_query" not in grounds.facts


KIND: Final = Part(
    name="kind",
    label="Kind of product asked for",
    colour="#C2557A",
    phrase=lambda grounds: "near what looks most alike" if _by_picture(grounds) else "the kind of product asked for",
    spoken=lambda grounds: "near what looks most alike" if _by_picture(grounds) else "the kind of thing you asked for",
    weight=lambda known: known.to_query * known.knobs.kind_weight,
    second_look=lambda prepared: KindLook(prepared.index),
)
