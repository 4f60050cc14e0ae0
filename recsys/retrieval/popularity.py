"""Products that many shoppers buy: the fallback for a person nothing is known about."""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.retrieval.contract import Signals
from recsys.retrieval.part import Grounds, Known, Part, Prepared
from recsys.schema import BUYERS, Candidates, Floats, Mask, Rows


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
        return Candidates.best(rows, self._scores[rows], k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """log(1 + distinct buyers) of each row."""
        return self._scores[rows]


def _made(prepared: Prepared) -> PopularityRetriever:
    return PopularityRetriever(prepared.items[BUYERS].to_numpy(np.int32))


def _weight(known: Known) -> float:
    if known.nothing:
        return 1.0
    return 0.0 if known.listed else known.knobs.popularity  # the learned order knows it already


def _phrase(grounds: Grounds) -> str:
    buyers, everybody = int(grounds.fact("buyers")), int(grounds.fact("shoppers"))
    voice = grounds.voice
    if not everybody:
        return f"no {voice.people.many} yet: the order of the catalogue"
    return f"{voice.bought} by {voice.number(buyers)} of {voice.number(everybody)} {voice.people.many}"


POPULAR: Final = Part(
    name="popular",
    label="Popular",
    colour="#7D8794",
    phrase=_phrase,
    spoken=_phrase,
    weight=_weight,
    retriever=_made,
    stage="Popular ({bought} by most {many})",
    finds=lambda known: known.by_vectors == 0,  # popular products answer no query
)
