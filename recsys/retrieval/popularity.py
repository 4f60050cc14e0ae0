"""Products that many shoppers buy: the fallback for a person nothing is known about."""

from __future__ import annotations

import numpy as np

from recsys.retrieval.contract import Signals, best_first
from recsys.schema import Candidates, Floats, Mask, Rows


class PopularityRetriever:
    """Distinct buyers per product, on a logarithmic scale so that the first is not everything."""

    name = "popular"

    def __init__(self, buyers: Rows) -> None:
        self._scores: Floats = np.log1p(buyers).astype(np.float32)  # (n_items,)
        self._order = np.lexsort((np.arange(len(buyers)), -self._scores)).astype(np.int32)

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The k products with most buyers; needs no signal."""
        if k < 1:
            return Candidates.nothing(self.name)
        rows = self._order if allowed is None else self._order[allowed[self._order]]
        rows = rows[:k]
        return best_first(rows, self._scores[rows], k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """log(1 + distinct buyers) of each row."""
        return self._scores[rows]
