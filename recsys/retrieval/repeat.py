"""Products the shopper has bought before."""

from __future__ import annotations

import numpy as np

from recsys.retrieval.contract import Signals, best_first
from recsys.schema import Candidates, Floats, Mask, Rows


class RepeatRetriever:
    """Faded purchase counts: what was bought often and lately comes first."""

    name = "repeat"

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The k products with the highest faded counts."""
        if signals.affinity is None or k < 1:
            return Candidates.nothing(self.name)
        rows, scores = signals.affinity.items, signals.affinity.weights
        if allowed is not None:
            rows, scores = rows[allowed[rows]], scores[allowed[rows]]
        return best_first(rows, scores, k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The faded count of each row, 0 for what was never bought."""
        out = np.zeros(len(rows), np.float32)
        if signals.affinity is None or len(signals.affinity) == 0:
            return out
        position = np.searchsorted(signals.affinity.items, rows)
        position = np.minimum(position, len(signals.affinity) - 1)
        bought = signals.affinity.items[position] == rows
        out[bought] = signals.affinity.weights[position[bought]]
        return out
