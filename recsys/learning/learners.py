"""What every learner can do: rank all products for one person, and learn from one page that the person looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from recsys.errors import BadRequestError
from recsys.interest.interest_vector import moved_by_feedback
from recsys.schema import Floats, Rows

STRENGTH: Final = {"click": 0.3, "like": 1.0, "basket": 1.0, "buy": 1.5, "dislike": -1.0}
"""How much one thing that was done with a product says: a purchase most, a look little."""

FEEDBACK: Final = {"buy": "basket"}  # what counts as which kind of feedback on the storefront, where the names differ


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """What one person was shown, in order, and what they did with it."""

    items: Rows  # (k,) rows of products, the first at the top
    acts: tuple[tuple[str, ...], ...]  # of each product what was done with it, keys of STRENGTH; () for nothing

    def __post_init__(self) -> None:
        if len(self.acts) != len(self.items):
            raise ValueError(f"{len(self.items)} products and what was done with {len(self.acts)}")
        if strange := {act for acts in self.acts for act in acts} - STRENGTH.keys():
            raise BadRequestError(f"nobody can {sorted(strange)[0]!r} a product", allowed=", ".join(STRENGTH))

    @property
    def interactions(self) -> int:
        """How many things were done."""
        return sum(map(len, self.acts))

    @property
    def strengths(self) -> Floats:
        """(k,) how much was done with each, 0 for nothing."""
        return np.array([sum(STRENGTH[act] for act in acts) for acts in self.acts], np.float32)

    @property
    def passed(self) -> Rows:
        """(m,) what was passed by: shown above something that was acted on, and left alone.

        What stands below the last act may not have been seen at all ("skip above": Joachims, KDD 2002).
        """
        acted = [place for place, acts in enumerate(self.acts) if acts]
        if not acted:
            return self.items[:0]
        return self.items[[place for place in range(acted[-1]) if not self.acts[place]]]

    @property
    def looked(self) -> list[tuple[int, float]]:
        """What was certainly looked at, from the top: (product, how much was done with it, -1..1; 0 if passed by)."""
        passed = set(self.passed.tolist())
        return [
            (item, min(max(strength, -1.0), 1.0))
            for item, strength in zip(self.items.tolist(), self.strengths.tolist(), strict=True)
            if strength or item in passed
        ]


class Learner(Protocol):
    """Ranks for people whom it gets to know page by page; people are numbered from 0. One thread at a time."""

    name: str  # short machine name
    label: str

    def scores(self, who: int) -> Floats:
        """How much each product is expected to please this person, (n_items,); may be drawn anew each time."""

    def learn(self, who: int, page: Page) -> None:
        """Take in a page. Raises BadRequestError, and keeps what it knew, where that gives no number."""


class Frozen:
    """Never learns: the same order for everybody, by what others took."""

    name, label = "frozen", "Bestsellers, never learning"

    def __init__(self, popular: Floats) -> None:
        """`popular` (n_items,) is the score of each product for anybody."""
        self._popular = popular

    def scores(self, who: int) -> Floats:
        """The same for all."""
        return self._popular

    def learn(self, who: int, page: Page) -> None:
        """Nothing is learned."""


class Rocchio:
    """The storefront's way with feedback: the sum of what was acted on, beside what everybody likes."""

    name, label = "feedback", "Mean of what was chosen (Rocchio)"

    def __init__(self, vectors: Floats, popular: Floats, weight: float) -> None:
        """`vectors` (n_items, d) of length 1, `weight` of the taste beside `popular` (n_items,)."""
        self._vectors, self._popular, self._weight = vectors, popular, weight
        self._done: dict[int, tuple[list[str], list[int]]] = {}

    def scores(self, who: int) -> Floats:
        """What everybody likes, and beside it the cosine with the mean of what this person chose."""
        kinds, rows = self._done.get(who, ([], []))
        interest = moved_by_feedback(None, kinds, self._vectors[rows]) if rows else None
        if interest is None:
            return self._popular
        near = self._vectors @ interest
        return np.asarray(self._popular + self._weight * near / max(float(near.std()), 1e-9), np.float32)

    def learn(self, who: int, page: Page) -> None:
        """Remember what was done."""
        kinds, rows = self._done.setdefault(who, ([], []))
        for row, acts in zip(page.items.tolist(), page.acts, strict=True):
            kinds += [FEEDBACK.get(act, act) for act in acts]
            rows += [row] * len(acts)
