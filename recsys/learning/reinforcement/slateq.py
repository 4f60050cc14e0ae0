"""SlateQ: deep Q-learning of each product's long-term value, and pages put together from these.

A double deep Q-network (van Hasselt, Guez & Silver, AAAI 2016) over products' vectors, with a replay of all pages so
far. The value of a page is that of its products under a model of choice that is learned beside it (`slates`; Ie et al.,
IJCAI 2019). A page counts as one choice: the product that the most was done with, or nothing. At each refresh the best
next page of all that was seen is chosen by the network in force and valued by the one before, the target. With a
discount of 0 it is the greedy ranker: the page that brings the most by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from recsys.learning.reinforcement import slates as pages
from recsys.learning.reinforcement.experience import LAST, Experience
from recsys.learning.reinforcement.network import Weights, begun, forward, learnable, of_nothing, plain, scored
from recsys.learning.reinforcement.seeing import FEATURES, Goods, Seen
from recsys.schema import Floats, Rows

if TYPE_CHECKING:
    import torch

MOST: Final = 8.0  # of a log attraction, either side: exp(8) is 3,000 times as attractive as doing nothing
AT_ONCE: Final = 256  # pages whose products are scored together
Tensors = dict[str, "torch.Tensor"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How it learns. Chosen on people who are never tested."""

    discount: float = 0.95  # of the next page
    rate: float = 2e-3
    decay: float = 1e-4  # of the weights
    batch: int = 128  # pages
    passes: float = 16.0  # over all experience after each round
    steps: int = 400  # at most
    refresh: int = 80  # steps from one target network to the next


class SlateQ:
    """Learns from experience, round by round; makes the page that is worth most."""

    def __init__(self, goods: Goods, k: int, pace: Pace, seed: int) -> None:
        self._goods, self._pace = goods, pace
        self._rng = np.random.default_rng(seed)
        dims = goods.vectors.shape[1]
        self._values, self._choice = begun(dims, seed), begun(dims, seed + 1)
        self._target = self._values
        self._places = np.zeros(k, np.float32)  # logs

    def slates(self, seen: Seen, k: int) -> Rows:
        """The best page for each."""
        return self._best(self._values, seen.features, seen.state, seen.free)[0][:, :k]

    def learn(self, experience: Experience) -> None:
        """Some steps on everything that was seen so far."""
        self._learn_choice(experience)
        self._learn_values(experience)

    def places(self) -> Floats:
        """(k,) how much each place is looked at, 1 at the top, never rising."""
        return np.asarray(np.minimum.accumulate(np.exp(self._places - self._places[0])), np.float32)

    def _steps(self, experience: Experience) -> int:
        return min(self._pace.steps, math.ceil(self._pace.passes * len(experience) / self._pace.batch))

    def _best(self, weights: Weights, features: Floats, state: Floats, free: np.ndarray) -> tuple[Rows, Floats]:
        """The pages (b, k) that are worth most by these weights, and the attraction of all products (b, n)."""
        vectors = self._goods.vectors
        values, nothing = scored(weights, vectors, features, state), of_nothing(weights, state)
        attraction = self._attraction(features, state)
        return pages.best(values, attraction, nothing, self.places(), free), attraction

    def _attraction(self, features: Floats, state: Floats) -> Floats:
        logs = scored(self._choice, self._goods.vectors, features, state) - of_nothing(self._choice, state)[:, None]
        return np.asarray(np.exp(np.clip(logs, -MOST, MOST)), np.float32)

    def _learn_choice(self, experience: Experience) -> None:
        """The conditional logit of which product of a page was chosen, if any."""
        import torch

        weights = learnable(self._choice) | {"places": torch.tensor(self._places, requires_grad=True)}
        chosen = experience.chosen()
        optimiser = torch.optim.AdamW(weights.values(), lr=self._pace.rate, weight_decay=self._pace.decay)
        for _ in range(self._steps(experience)):
            rows = self._rng.integers(0, len(experience), self._pace.batch)
            logits = self._of_slates(weights, experience, rows) + weights["places"]  # (m, k)
            logits = torch.cat([logits, self._of_nothing(weights, experience, rows)[:, None]], dim=1)
            target = torch.from_numpy(np.where(chosen[rows] < 0, logits.shape[1] - 1, chosen[rows]))
            _step(optimiser, torch.nn.functional.cross_entropy(logits, target))
        self._places = weights.pop("places").detach().numpy().copy()
        self._choice = plain(weights)

    def _learn_values(self, experience: Experience) -> None:
        """Q-learning: what the chosen product led to, and the best page after it by the target network."""
        import torch

        pace, weights = self._pace, learnable(self._values)
        optimiser = torch.optim.AdamW(weights.values(), lr=pace.rate, weight_decay=pace.decay)
        chosen, aims = experience.chosen(), experience.rewards
        for step in range(self._steps(experience)):
            if step % pace.refresh == 0:
                aims = experience.rewards + self._next(experience)
                self._target = self._values
            rows = self._rng.integers(0, len(experience), pace.batch)
            had = self._of_chosen(weights, experience, rows, chosen[rows])
            _step(optimiser, torch.nn.functional.smooth_l1_loss(had, torch.from_numpy(aims[rows])))
            self._values = plain(weights) if (step + 1) % pace.refresh == 0 else self._values
        self._values = plain(weights)

    def _next(self, experience: Experience) -> Floats:
        """(T,) the discounted value of the page that comes next: chosen by one network, valued by the other."""
        found = np.zeros(len(experience), np.float32)
        on = np.flatnonzero(experience.after != LAST) if self._pace.discount else np.zeros(0, np.int64)
        for start in range(0, len(on), AT_ONCE):
            rows = on[start : start + AT_ONCE]
            after = experience.after[rows]
            features, state = experience.features[after].astype(np.float32), experience.state[after]
            slates, attraction = self._best(self._values, features, state, experience.free[after])
            values = scored(self._target, self._goods.vectors, features, state)
            nothing = of_nothing(self._target, state)
            found[rows] = self._pace.discount * pages.value(slates, values, attraction, nothing, self.places())
        return found

    def _of_slates(self, weights: Tensors, experience: Experience, rows: np.ndarray) -> torch.Tensor:
        """(m, k) scores of the products of pages."""
        import torch

        slates = experience.slates[rows]
        features = np.take_along_axis(experience.features[rows], slates[:, :, None], axis=1).astype(np.float32)
        vectors = torch.from_numpy(self._goods.vectors[slates])
        return forward(weights, vectors, torch.from_numpy(features), torch.from_numpy(experience.state[rows][:, None]))

    def _of_nothing(self, weights: Tensors, experience: Experience, rows: np.ndarray) -> torch.Tensor:
        return self._of_chosen(weights, experience, rows, np.full(len(rows), -1))

    def _of_chosen(
        self, weights: Tensors, experience: Experience, rows: np.ndarray, places: np.ndarray
    ) -> torch.Tensor:
        """(m,) scores of the product at one place of each page, of nothing for -1."""
        import torch

        items = experience.slates[rows, places]
        some = (places >= 0)[:, None]
        none = np.zeros(len(FEATURES), np.float32)
        none[-1] = 1.0
        features = np.where(some, experience.features[rows, items].astype(np.float32), none)
        vectors = np.where(some, self._goods.vectors[items], np.float32(0.0))
        arrays = (vectors.astype(np.float32), features.astype(np.float32), experience.state[rows])
        return forward(weights, *map(torch.from_numpy, arrays))


def _step(optimiser: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
