"""Products that are what was wished for beside the words: of the size asked for or the nearest, with the label."""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.retrieval.contract import Signals
from recsys.retrieval.part import Known, Part
from recsys.schema import Candidates, Floats, Mask, Rows

SHARE: Final = 0.5  # of the score: what is asked for in so many words stands above all habits and popularity


class WishedRetriever:
    """Products by how near they come to the wishes of a request, which `Signals.wished` holds."""

    name = "wished"

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The k products that come nearest."""
        if signals.wished is None or k < 1:
            return Candidates.nothing(self.name)
        there = signals.wished > 0
        rows = np.flatnonzero(there if allowed is None else there & allowed).astype(np.int32)
        return Candidates.best(rows, signals.wished[rows], k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """How near each row comes, 0..1."""
        if signals.wished is None:
            return np.zeros(len(rows), np.float32)
        return signals.wished[rows]


def _weight(known: Known) -> float:
    """Beside the others' shares, which come to 1, so that SHARE of the whole is its own."""
    return SHARE / (1.0 - SHARE) if known.wished else 0.0


WISHED: Final = Part(
    name="wished",
    label="As you wished",
    colour="#6B7A0F",
    phrase=lambda grounds: "the size or label you asked for, or the nearest",
    weight=_weight,
    retriever=lambda prepared: WishedRetriever(),
    stage="Wishes (size and label)",
    own=True,
)
