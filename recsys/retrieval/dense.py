"""Products near a vector: the query's ("meaning") or the shopper's ("taste")."""

from __future__ import annotations

from typing import Literal

import numpy as np

from recsys.index.contract import VectorIndex
from recsys.retrieval.contract import Signals, best_first
from recsys.retrieval.texts import TextGroups
from recsys.schema import Candidates, Floats, Mask, Rows


class DenseRetriever:
    """Cosine between one vector of the request and the products' texts, exact."""

    def __init__(
        self,
        name: str,
        signal: Literal["query_vector", "interest"],
        index: VectorIndex,
        vectors: Floats,
        texts: TextGroups,
    ) -> None:
        self.name = name
        self._signal = signal
        self._index, self._vectors, self._texts = index, vectors, texts

    def _vector(self, signals: Signals) -> Floats | None:
        return signals.query_vector if self._signal == "query_vector" else signals.interest

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The products of the k nearest texts, cut to the best k products."""
        vector = self._vector(signals)
        if vector is None or k < 1:
            return Candidates.nothing(self.name)
        near = self._index.search(vector, k, self._texts.allowed(allowed))
        rows, scores = self._texts.expand(near.rows, near.scores)
        if allowed is not None:
            keep = allowed[rows]
            rows, scores = rows[keep], scores[keep]
        return best_first(rows, scores, k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The cosine of each row's text with the vector, 0 without one."""
        vector = self._vector(signals)
        if vector is None or len(rows) == 0:
            return np.zeros(len(rows), np.float32)
        texts, position = np.unique(self._texts.of_item[rows], return_inverse=True)
        cosines: Floats = np.maximum(self._vectors[texts] @ vector, 0.0)  # (t, d) @ (d,) -> (t,)
        return np.asarray(cosines[position], np.float32)
