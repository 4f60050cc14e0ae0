"""REINFORCE for pages, from a log that others made: the top-k off-policy correction.

Chen et al., "Top-K Off-Policy Correction for a REINFORCE Recommender System", WSDM 2019. A policy is a softmax over
products; a page is k draws. Each product of a logged page moves the policy by

    min(pi / beta, cap) * lambda_K * (R - baseline) * gradient of log pi,    lambda_K = K (1 - pi) ** (K - 1):

pi / beta puts right that another policy chose the page, lambda_K that it is enough to be among the K (the gradient of
1 - (1 - pi) ** K, the chance of that). R is what was done with the product and what all later pages brought. The
baseline is linear in the state.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from recsys.learning.reinforcement.experience import LAST, Experience
from recsys.learning.reinforcement.network import begun, forward, learnable, plain, scored
from recsys.learning.reinforcement.policies import drawn, first_logits
from recsys.learning.reinforcement.seeing import Goods, Seen
from recsys.learning.reinforcement.slates import top
from recsys.schema import Floats, Rows

if TYPE_CHECKING:
    import torch

Number = TypeVar("Number", "torch.Tensor", Floats)


@dataclass(frozen=True, slots=True)
class Ascent:
    """How it learns. Chosen on people who are never tested."""

    discount: float = 0.95  # of the next page
    rate: float = 3e-3
    decay: float = 1e-4
    batch: int = 128  # pages
    passes: float = 8.0  # over all experience after each round
    steps: int = 150  # at most
    cap: float = 5.0  # of pi / beta: above it, variance would outweigh what bias is saved
    entropy: float = 0.01  # keeps the policy from closing before it knows


class Reinforce:
    """A softmax policy over products that begins as the one whose log it learns from."""

    def __init__(self, goods: Goods, k: int, ascent: Ascent, seed: int) -> None:
        self._goods, self._k, self._ascent = goods, k, ascent
        self._rng = np.random.default_rng(seed)
        self._weights = begun(goods.vectors.shape[1], seed)

    def logits(self, seen: Seen) -> Floats:
        """(b, n) the policy before it is made to sum to 1: what experience began with, and what was learned on top."""
        return first_logits(seen) + scored(self._weights, self._goods.vectors, seen.features, seen.state)

    def slates(self, seen: Seen, k: int) -> Rows:
        """The k most likely products."""
        return top(np.where(seen.free, self.logits(seen), -np.inf), k)

    def drawn(self, seen: Seen, k: int, rng: np.random.Generator) -> tuple[Rows, Floats]:
        """k draws, and the log chance of each."""
        return drawn(self.logits(seen), seen.free, k, rng)

    def learn(self, experience: Experience) -> None:
        """Some steps on all pages so far, each corrected for who made it."""
        import torch

        ascent, weights = self._ascent, learnable(self._weights)
        optimiser = torch.optim.AdamW(weights.values(), lr=ascent.rate, weight_decay=ascent.decay)
        gains = _advantages(experience, ascent.discount)
        for _ in range(min(ascent.steps, math.ceil(ascent.passes * len(experience) / ascent.batch))):
            rows = self._rng.integers(0, len(experience), ascent.batch)
            logs = self._log_policy(weights, experience, rows)  # (m, n)
            shown = logs.gather(1, torch.from_numpy(experience.slates[rows].astype(np.int64)))  # (m, k)
            beta, gain = torch.from_numpy(experience.chances[rows]), torch.from_numpy(gains[rows])
            weight = (shown - beta).exp().clamp(max=ascent.cap).detach() * top_k(shown.exp().detach(), self._k)
            spread = -(logs.exp() * logs.clamp(min=-50.0)).sum(dim=1).mean()
            loss = -(weight * gain * shown).mean() - ascent.entropy * spread
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        self._weights = plain(weights)

    def _log_policy(self, weights: dict[str, torch.Tensor], experience: Experience, rows: np.ndarray) -> torch.Tensor:
        """(m, n) log pi of all products, those that were not free at -inf."""
        import torch

        features = experience.features[rows].astype(np.float32)
        seen = Seen(features, experience.state[rows], experience.free[rows], features[:0], features[:0])
        first = torch.from_numpy(first_logits(seen))
        state = torch.from_numpy(experience.state[rows][:, None])
        learned = forward(weights, torch.from_numpy(self._goods.vectors), torch.from_numpy(features), state)
        free = torch.from_numpy(experience.free[rows])
        return torch.log_softmax((first + learned).masked_fill(~free, -1e9), dim=1)


def top_k(chance: Number, k: int) -> Number:
    """lambda_K = K (1 - pi) ** (K - 1) of chances pi."""
    return k * (1.0 - chance) ** (k - 1)


def _advantages(experience: Experience, discount: float) -> Floats:
    """(T, k) what each product brought and all pages after it, less what was to be expected, in standard deviations."""
    later = np.zeros(len(experience), np.float32)
    on = experience.after != LAST
    later[on] = discount * experience.returns(discount)[experience.after[on]]
    state = np.concatenate([experience.state, np.ones((len(experience), 1), np.float32)], axis=1)
    mean = later + experience.strengths.mean(axis=1)
    fit, *_ = np.linalg.lstsq(state.astype(np.float64), mean.astype(np.float64), rcond=None)
    gains = experience.strengths + (later - (state @ fit).astype(np.float32))[:, None]
    return np.asarray(gains / max(float(gains.std()), 1e-6), np.float32)
