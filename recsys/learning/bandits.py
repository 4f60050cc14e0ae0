"""Learners that show some products to find out, and not because they are expected to please most.

Rewards are what was done with a product (`Page.strengths`, at most 1). Only what the person certainly looked at is
learned from: what was acted on, and what stands above the last of these (the cascade model: Craswell et al., WSDM
2008), so that a place far down is no proof against a product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.learning.learners import Learner, Page
from recsys.schema import Floats

Doubles = npt.NDArray[np.float64]
PRIOR: Final = 1.0  # of each direction, as if so many products had been looked at and left alone


class EpsilonGreedy:
    """Another learner, with some places of the page given to any product (epsilon-greedy: Sutton & Barto, 2.2)."""

    name, label = "epsilon", "Taste by pairwise steps, one place in ten by chance"

    def __init__(self, learner: Learner, epsilon: float, places: int, seed: int) -> None:
        """`epsilon`, 0..1, is the chance that one of the first `places` goes to a product drawn from all."""
        self._learner, self._epsilon, self._places = learner, epsilon, places
        self._rng = np.random.default_rng(seed)

    def scores(self, who: int) -> Floats:
        """The other's scores; products that are drawn stand above the one whose place they take."""
        scores = self._learner.scores(who).copy()
        drawn = np.flatnonzero(self._rng.random(self._places) < self._epsilon)
        if len(drawn):
            best = np.sort(np.partition(scores, -self._places)[-self._places :])[::-1]
            scores[self._rng.integers(0, len(scores), len(drawn))] = np.nextafter(best[drawn], np.float32(np.inf))
        return scores

    def learn(self, who: int, page: Page) -> None:
        """The other learns."""
        self._learner.learn(who, page)


@dataclass(slots=True, eq=False)
class _Ridge:
    """A person's regression of rewards on vectors: its inverse and its sums, kept up to date row by row."""

    inverse: Doubles  # (d, d) of PRIOR * I + X'X
    sums: Doubles  # (d,) X'r

    @classmethod
    def begun(cls, dims: int) -> _Ridge:
        return cls(np.eye(dims) / PRIOR, np.zeros(dims))

    def add(self, x: Doubles, reward: float) -> None:
        """One more product (Sherman & Morrison, 1950)."""
        moved = self.inverse @ x
        self.inverse -= np.outer(moved, moved) / (1.0 + float(x @ moved))
        self.sums += reward * x


class _Linear:
    """A linear bandit for each person beside what everybody likes; what may be worth most is shown."""

    def __init__(self, vectors: Floats, popular: Floats, weight: float) -> None:
        self._vectors, self._popular, self._weight = vectors, popular, weight
        self._ridges: dict[int, _Ridge] = {}

    def _ridge(self, who: int) -> _Ridge:
        return self._ridges.get(who) or _Ridge.begun(self._vectors.shape[1])

    def learn(self, who: int, page: Page) -> None:
        """A row for each product that was looked at."""
        ridge = self._ridges.setdefault(who, _Ridge.begun(self._vectors.shape[1]))
        for item, reward in page.looked:
            ridge.add(self._vectors[item].astype(np.float64), reward)


class LinUCB(_Linear):
    """What is expected of a product and `alpha` standard deviations more (Li et al., WWW 2010, disjoint for people)."""

    name, label = "linucb", "LinUCB (expected, and a little more where unsure)"

    def __init__(self, vectors: Floats, popular: Floats, weight: float, alpha: float) -> None:
        """`vectors` (n_items, d); `weight` of the bandit beside `popular` (n_items,)."""
        super().__init__(vectors, popular, weight)
        self._alpha = alpha

    def scores(self, who: int) -> Floats:
        """popular + weight * (x . theta + alpha * sqrt(x' A^-1 x))."""
        ridge = self._ridge(who)
        inverse = ridge.inverse.astype(np.float32)
        unsure = np.sqrt(np.maximum(np.einsum("nd,nd->n", self._vectors @ inverse, self._vectors), 0.0))
        expected = self._vectors @ (ridge.inverse @ ridge.sums).astype(np.float32)
        return np.asarray(self._popular + self._weight * (expected + self._alpha * unsure), np.float32)


class LinearThompson(_Linear):
    """A taste drawn from all those that fit what was seen (Agrawal & Goyal, ICML 2013)."""

    name, label = "thompson", "Linear Thompson sampling"

    def __init__(self, vectors: Floats, popular: Floats, weight: float, spread: float, seed: int) -> None:
        """`spread` is the standard deviation of a reward; 0 draws always the most likely taste."""
        super().__init__(vectors, popular, weight)
        self._spread, self._rng = spread, np.random.default_rng(seed)

    def scores(self, who: int) -> Floats:
        """popular + weight * x . theta, theta drawn from N(A^-1 b, spread^2 A^-1)."""
        ridge = self._ridge(who)
        root = np.linalg.cholesky(ridge.inverse + 1e-9 * np.eye(len(ridge.sums)))
        drawn = root @ self._rng.standard_normal(len(ridge.sums))
        theta = ridge.inverse @ ridge.sums + self._spread * drawn
        return np.asarray(self._popular + self._weight * (self._vectors @ theta.astype(np.float32)), np.float32)
