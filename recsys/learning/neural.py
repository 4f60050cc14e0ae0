"""A small network for each person, and how unsure it is of every product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.learning.learners import Page
from recsys.schema import Floats

HIDDEN: Final = 16  # an even number: pairs begin with opposite weights, so that nothing is expected of anything
PRIOR: Final = 1.0  # of each weight in the uncertainty, and its ridge while fitting
STEPS: Final = 10  # of gradient descent after each page
RATE: Final = 0.5  # of the step that would be right if the network were linear in its weights; below 2 is stable
MOST_ROWS: Final = 500  # products looked at that are fitted again, the latest


@dataclass(slots=True, eq=False)
class _Network:
    """One hidden layer of rectifiers without offsets: f(x) = sum_k b_k max(a_k . x, 0)."""

    a: Floats  # (h, d)
    b: Floats  # (h,)
    seen_a: Floats  # (h, d) PRIOR and the squared gradients of all that was looked at
    seen_b: Floats  # (h,)
    rows: list[int]
    rewards: list[float]

    @classmethod
    def begun(cls, dims: int, seed: int) -> _Network:
        """Expects 0 of everything (the symmetric beginning of Zhang et al.)."""
        rng = np.random.default_rng(seed)
        half = rng.normal(0.0, 1.0, (HIDDEN // 2, dims)).astype(np.float32)
        out = rng.normal(0.0, np.sqrt(1.0 / HIDDEN), HIDDEN // 2).astype(np.float32)
        a, b = np.concatenate([half, half]), np.concatenate([out, -out])
        return cls(a, b, np.full_like(a, PRIOR), np.full_like(b, PRIOR), [], [])

    def expected(self, x: Floats) -> tuple[Floats, Floats]:
        """(n,) what is expected of each row of `x` (n, d), and its variance, by the diagonal of the gradients' sums."""
        inner = x @ self.a.T
        hidden = np.maximum(inner, 0.0)
        through = (x * x) @ (1.0 / self.seen_a).T * (self.b * self.b)
        variance = (hidden * hidden) @ (1.0 / self.seen_b) + np.where(inner > 0, through, 0.0).sum(axis=1)
        return np.asarray(hidden @ self.b, np.float32), np.asarray(variance / HIDDEN, np.float32)

    def fit(self, vectors: Floats) -> None:
        """A few steps down the mean squared error of what was looked at, none longer than its gradients allow."""
        x, r = vectors[self.rows], np.asarray(self.rewards, np.float32)
        for _ in range(STEPS):
            inner = x @ self.a.T
            hidden = np.maximum(inner, 0.0)
            active = (inner > 0) * self.b
            error = hidden @ self.b - r  # (m,)
            squared = (hidden * hidden).sum() + ((active * active).sum(axis=1) * (x * x).sum(axis=1)).sum()
            step = RATE / max(float(squared), 1e-9)
            self.b -= step * (hidden.T @ error)
            self.a -= step * ((active * error[:, None]).T @ x)

    def saw(self, x: Floats) -> None:
        """Less unsure of what is like this product (d,)."""
        inner = self.a @ x
        hidden = np.maximum(inner, 0.0)
        self.seen_b += hidden * hidden / HIDDEN
        self.seen_a += np.where(inner > 0, self.b * self.b, 0.0)[:, None] * (x * x) / HIDDEN


class NeuralThompson:
    """Thompson sampling over what a network expects (NeuralTS: Zhang et al., ICLR 2021, diagonal covariance)."""

    name, label = "neural", "Neural Thompson sampling"

    def __init__(self, vectors: Floats, popular: Floats, weight: float, spread: float, seed: int) -> None:
        """`vectors` (n_items, d); `weight` of the bandit beside `popular` (n_items,); `spread` of a reward."""
        self._vectors, self._popular, self._weight, self._spread = vectors, popular, weight, spread
        self._seed, self._rng = seed, np.random.default_rng(seed)
        self._networks: dict[int, _Network] = {}

    def scores(self, who: int) -> Floats:
        """popular + weight * r, each r drawn from N(f(x), spread^2 variance(x))."""
        expected, variance = self._network(who).expected(self._vectors)
        drawn = self._rng.standard_normal(len(expected), np.float32)
        return np.asarray(
            self._popular + self._weight * (expected + self._spread * np.sqrt(variance) * drawn), np.float32
        )

    def learn(self, who: int, page: Page) -> None:
        """What was acted on, and what was passed by; the network is fitted to the latest of all."""
        looked = page.looked
        if not looked:
            return
        network = self._networks.setdefault(who, self._network(who))
        for item, reward in looked:
            network.saw(self._vectors[item])
            network.rows.append(item)
            network.rewards.append(reward)
        del network.rows[:-MOST_ROWS], network.rewards[:-MOST_ROWS]
        network.fit(self._vectors)

    def _network(self, who: int) -> _Network:
        return self._networks.get(who) or _Network.begun(self._vectors.shape[1], self._seed * 100_003 + who)
