"""What may be learned while people use the shop, and how far it reaches: an overlay beside the engine.

The engine never changes after it is opened. What somebody did a moment ago changes an answer in two ways only: by their
own feedback, which `recsys.feedback` keeps and which may be learned from press by press (`Request.learning`), and by an
overlay for everybody, which may add parts to a score and share one out anew for one request. It changes no vector, no
index and no list: with the overlay away, every answer is what it was.
"""

from __future__ import annotations

from typing import Final, Protocol

from recsys.ranking.weighted_parts import Weights
from recsys.retrieval.part import Known, Part
from recsys.schema import Request


class Overlay(Protocol):
    """What a learned overlay may change. Any thread may ask it, at any time, and none waits for it to learn."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """Parts beside those of the engine, with their retrievers; read once, when the engine is opened."""

    def weights(self, request: Request, known: Known, weights: Weights) -> Weights:
        """The shares of this request's score, part -> 0..1, from those that stand without the overlay.

        `weights` already hold what the overlay's own parts ask for. Shares that sum to more than 1 are brought to 1.
        Called on the way of a request, which waits for it and ends with what it raises.
        """


class NothingLearned:
    """The overlay that changes nothing."""

    parts: tuple[Part, ...] = ()

    def weights(self, request: Request, known: Known, weights: Weights) -> Weights:
        """The same shares."""
        return weights


NOTHING_LEARNED: Final = NothingLearned()
