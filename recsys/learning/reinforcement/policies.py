"""Who makes pages without planning: by chance, by what everybody takes, bandits, and a rule of thumb."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np

from recsys.learning.reinforcement.seeing import Seen
from recsys.learning.reinforcement.slates import top
from recsys.schema import Floats, Rows

FIRST_WEIGHT: Final = 8.0  # of the expected beside popularity in the pages that experience begins with
WARMTH: Final = 0.7  # temperature of these: the best are shown most, and all now and then


class Policy(Protocol):
    """Makes pages for people of whom something was seen."""

    def slates(self, seen: Seen, k: int) -> Rows:
        """(b, k) products that are free, each once, the first at the top."""


class ByChance:
    """Any products."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def slates(self, seen: Seen, k: int) -> Rows:
        """All alike."""
        drawn = self._rng.random(seen.free.shape, np.float32)
        return top(np.where(seen.free, drawn, -np.inf), k)


class ByPopularity:
    """What everybody takes."""

    def slates(self, seen: Seen, k: int) -> Rows:
        """The most popular ones."""
        return top(np.where(seen.free, seen.feature("popular"), -np.inf), k)


class Linear:
    """LinUCB, and with `less` a rule of thumb: what is expected, but less of what was shown of late.

    score = popular + weight * (expected + alpha * unsure) - less * near_shown; the first part is that of
    `recsys.learning.bandits.LinUCB`.
    """

    def __init__(self, weight: float, alpha: float = 0.0, less: float = 0.0) -> None:
        self._weight, self._alpha, self._less = weight, alpha, less

    def slates(self, seen: Seen, k: int) -> Rows:
        """The highest scores."""
        hope = seen.feature("expected") + np.float32(self._alpha) * seen.feature("unsure")
        scores = seen.feature("popular") + np.float32(self._weight) * hope
        scores = scores - np.float32(self._less) * seen.feature("near_shown")
        return top(np.where(seen.free, scores, -np.inf), k)


class Thompson:
    """Linear Thompson sampling: a taste is drawn from those that fit, as `recsys.learning.bandits.LinearThompson`."""

    def __init__(self, vectors: Floats, weight: float, spread: float, seed: int) -> None:
        self._vectors, self._weight, self._spread = vectors, weight, spread
        self._rng = np.random.default_rng(seed)

    def slates(self, seen: Seen, k: int) -> Rows:
        """The highest scores under the taste that was drawn for each."""
        b, d = seen.theta.shape
        roots = np.linalg.cholesky(seen.inverse + 1e-5 * np.eye(d, dtype=np.float32))
        drawn = np.einsum("bde,be->bd", roots, self._rng.standard_normal((b, d), np.float32))
        tastes = seen.theta + np.float32(self._spread) * drawn
        scores = seen.feature("popular") + np.float32(self._weight) * (tastes @ self._vectors.T)
        return top(np.where(seen.free, scores, -np.inf), k)


def drawn(logits: Floats, free: np.ndarray, k: int, rng: np.random.Generator) -> tuple[Rows, Floats]:
    """k products of softmax(logits) one after the other, none twice, and the log chances of each in a single draw.

    The k largest of logits + Gumbel noise are such a draw (Yellott 1977).
    """
    shown = np.where(free, logits, -np.inf).astype(np.float32)
    noise = rng.gumbel(size=shown.shape).astype(np.float32)
    slates = top(shown + noise, k)
    most = shown.max(axis=1, keepdims=True)
    logs = shown - most - np.log(np.exp(shown - most).sum(axis=1, keepdims=True))
    return slates, np.take_along_axis(logs, slates, axis=1)


def first_logits(seen: Seen) -> Floats:
    """Of the pages that experience begins with: popular and expected, softened."""
    return np.asarray((seen.feature("popular") + FIRST_WEIGHT * seen.feature("expected")) / WARMTH, np.float32)
