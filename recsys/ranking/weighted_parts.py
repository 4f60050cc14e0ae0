"""A score that is exactly the sum of its named parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.schema import Floats, Knobs, Rows

GRAIN: Final = 2.0**-20
"""Parts are rounded to multiples of 2^-20 (about a millionth): sums of a few such numbers are exact in floating point,
in whatever order they are added, so that a score is the sum of its parts and not nearly so."""

Parts = dict[str, npt.NDArray[np.float64]]


def to_unit_range(scores: Floats, floor: float) -> npt.NDArray[np.float64]:
    """Scores between `floor` (0) and the best of them (1); what is below the floor is 0.

    Min-max scaling of the candidate pool; on the one judged catalogue we measured, mixing scores scaled this way ranked
    better than reciprocal rank fusion (nDCG@10 0.596 against 0.588).
    """
    top = float(scores.max(initial=floor))
    if top <= floor:
        return np.zeros(len(scores))
    return np.clip((scores.astype(np.float64) - floor) / (top - floor), 0.0, 1.0)


def on_grain(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The values rounded to multiples of GRAIN."""
    return np.round(values / GRAIN) * GRAIN


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts in one request. They sum to 1."""

    words: float = 0.0
    meaning: float = 0.0
    kind: float = 0.0  # the kind of product that the best answers have in common
    learned: float = 0.0  # the shortlist's own parts, which sum to 0..1
    repeat: float = 0.0
    taste: float = 0.0
    popular: float = 0.0

    @classmethod
    def of(
        cls,
        knobs: Knobs,
        *,
        query: bool,
        words: bool,
        history: bool,
        interest: bool,
        shortlist: bool = False,
        meaning: float | None = None,
    ) -> Weights:
        """The weights for what is known.

        `query`: there is a query vector; `words`: some word of the query occurs in a product text; `history`: the
        shopper has purchases; `interest`: there is an interest vector; `shortlist`: the learned order of what the
        shopper is likely to buy next is there; `meaning`: its share beside words for this very query, else the knob's.
        Without a query it takes the place of plain repeat purchases; beside one
        it does not, as what is asked for is seldom on it. Nothing known at all: popularity alone.
        """
        personal = history or interest
        if not query and not personal:
            return cls(popular=1.0)
        share = (knobs.shopper_weight if personal else 0.0) if query else 1.0
        if shortlist and share == 1.0:  # where only the shopper counts it is as if nothing had been asked
            taste = knobs.exploration if interest else 0.0
            return cls(learned=1.0 - taste, taste=taste)
        meaning = (knobs.meaning_weight if meaning is None else meaning) if words else 1.0
        discovery = (knobs.discovery if history else 1.0) if interest else 0.0
        known = 1.0 - knobs.popularity
        answers = known * (1.0 - share) * (1.0 - knobs.kind_weight) if query else 0.0
        return cls(
            words=answers * (1.0 - meaning),
            meaning=answers * meaning,
            kind=known * (1.0 - share) * knobs.kind_weight if query else 0.0,
            repeat=known * share * (1.0 - discovery),
            taste=known * share * discovery,
            popular=knobs.popularity,
        )


def order(total: npt.NDArray[np.float64], rows: Rows) -> npt.NDArray[np.int64]:
    """Positions by falling total, ties by row."""
    return np.lexsort((rows, -total))
