"""Products near a vector: the query's ("meaning") or the shopper's ("taste")."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import numpy as np

from recsys.index.shared_rows import SharedRowsIndex
from recsys.retrieval.contract import Signals
from recsys.retrieval.part import Grounds, Known, Part, Prepared
from recsys.schema import Candidates, Floats, Mask, Rows


class DenseRetriever:
    """Cosine between one vector of the request and the products' vectors, exact."""

    def __init__(self, name: str, signal: Literal["query_vector", "interest"], index: SharedRowsIndex) -> None:
        self.name = name
        self._signal, self._index = signal, index

    def _vector(self, signals: Signals) -> Floats | None:
        return signals.query_vector if self._signal == "query_vector" else signals.interest

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The k nearest products."""
        vector = self._vector(signals)
        if vector is None or k < 1:
            return Candidates.nothing(self.name)
        return replace(self._index.search(vector, k, allowed), source=self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The cosine of each row's vector with the request's, 0 without one."""
        vector = self._vector(signals)
        if vector is None or len(rows) == 0:
            return np.zeros(len(rows), np.float32)
        return np.maximum(self._index.scores_at(vector, rows), np.float32(0))


NEAR_IN_MEANING: Final = 0.4  # cosine: gibberish reaches 0.28, a word for something that is sold 0.45 and more
POOL: Final = 1200  # vectors find more: four products share a text, and the last one found is the zero of their scale


def _closeness(grounds: Grounds) -> str:
    near = grounds.fact("cosine_query") >= NEAR_IN_MEANING and not grounds.fact("guess")
    return "close to what you asked for" if near else "a guess: nearest to what you asked for"


def _near(name: str, signal: Literal["query_vector", "interest"], prepared: Prepared) -> DenseRetriever:
    return DenseRetriever(name, signal, prepared.index)


MEANING: Final = Part(
    name="meaning",
    label="Meaning",
    colour="#D98A00",
    phrase=lambda grounds: f"close in meaning to the query ({grounds.fact('cosine_query'):.2f} of 1)",
    spoken=_closeness,
    weight=lambda known: 0.0 if known.across else known.by_meaning,
    retriever=lambda prepared: _near("meaning", "query_vector", prepared),
    stage="Meaning (cosine to the query)",
    pool=POOL,
    from_last_found=True,
    answers=True,
)


def _taste_weight(known: Known) -> float:
    if known.listed:
        return known.knobs.exploration if known.interest else 0.0
    return known.to_shopper * known.discovery


def _taste_phrase(grounds: Grounds) -> str:
    they, like = f"they {grounds.voice.buy}", grounds.names.get("like", "")
    if grounds.taken_before:
        return f"fits what {they}"  # it is what they buy: no other product is the reason
    return f"like the {inside(like)} {they}" if like else f"fits the {grounds.voice.people.one}'s taste"


def _taste_spoken(grounds: Grounds) -> str:
    buy, like = grounds.voice.buy, grounds.names.get("like", "")
    if grounds.taken_before:
        return f"fits what you {buy}"
    return f"like the {inside(like)} you {buy}" if like else "it fits your taste"


def inside(name: str) -> str:
    """A product's name as it reads inside a sentence: lower case first letter, unless it is an acronym."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


TASTE: Final = Part(
    name="taste",
    label="Fits the taste",
    colour="#C069A3",
    phrase=_taste_phrase,
    spoken=_taste_spoken,
    weight=_taste_weight,
    retriever=lambda prepared: _near("taste", "interest", prepared),
    stage="Taste (cosine to the interest vector)",
    pool=POOL,
    from_last_found=True,
    habit=True,
    follows_feedback=True,
    beyond_shortlist=True,
)
