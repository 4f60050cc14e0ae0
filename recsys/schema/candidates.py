"""What travels between the stages: rows with scores; and the arrays that everything is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What one retriever found: distinct rows of items, best first, ties by row; scores are the retriever's own."""

    rows: Rows  # (k,)
    scores: Floats  # (k,)
    source: str

    @classmethod
    def nothing(cls, source: str) -> Candidates:
        """No candidates at all."""
        return cls(np.empty(0, np.int32), np.empty(0, np.float32), source)

    @classmethod
    def best(cls, rows: Rows, scores: Floats, k: int, source: str) -> Candidates:
        """The k best of these rows (n,) by their scores (n,), ties by row; all of them where n <= k.

        `rows` need not be sorted, and none may be there twice. Takes O(n) for the choice and O(k log k) for the order.
        """
        if k < len(rows):
            threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
            keep = scores >= threshold  # all ties at the border stay, so that the row decides between them
            rows, scores = rows[keep], scores[keep]
        order = np.lexsort((rows, -scores))[:k]
        return cls(rows[order].astype(np.int32), scores[order].astype(np.float32), source)

    def __len__(self) -> int:
        return len(self.rows)
