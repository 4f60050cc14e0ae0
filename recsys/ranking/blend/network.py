"""A ranker of one hidden layer, in numpy: fast to learn, faster to ask, and exactly explainable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Longs
from recsys.ranking.blend.examples import Examples
from recsys.recommenders import fitted_arrays
from recsys.recommenders.fitted_arrays import Part
from recsys.schema import Floats

FAR: Final = 8.0  # standard deviations; what lies beyond is a feature the examples did not know
BETAS: Final = (0.9, 0.999)  # of Adam: the published defaults
ROWS_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How the network learns. Chosen on validation."""

    epochs: tuple[int, ...] = (2, 4, 6)  # to choose from by cross-validation
    hidden: int = 64
    learning_rate: float = 1e-2  # at its highest; Beauty nDCG@10: 2e-3 .0801, 5e-3 .0830, 1e-2 .0833, 2e-2 .0831
    weight_decay: float = 1e-4
    visits_per_step: int = 32
    candidates: int = 100  # of each visit to learn from; all of them did alike
    seed: int = 0


class Network:
    """score = relu(x @ w + b) @ v over features x on one scale: signed log(1 + size), centred, over their spread."""

    kind = "network"
    stored: Final = {
        "centre": Part(("features",)),
        "spread": Part(("features",)),
        "weights": Part(("features", "hidden")),
        "bias": Part(("hidden",)),
        "out": Part(("hidden",)),
        "scale": Part(("centre and spread",)),
    }

    def __init__(self, learned: dict[str, Any]) -> None:
        self.learned = {name: np.array(value) for name, value in learned.items()}

    def scaled(self, values: Floats) -> Floats:
        """(m, f) the features as the network sees them."""
        logs = np.sign(values) * np.log1p(np.abs(values))
        shifted = (logs - self.learned["centre"]) / self.learned["spread"]
        seen: Floats = np.clip(shifted, -FAR, FAR).astype(np.float32)
        return seen

    def score(self, values: Floats) -> Floats:
        """(m,) the score of each candidate, from its features (m, f)."""
        p, out = self.learned, np.empty(len(values), np.float32)
        for start in range(0, len(values), ROWS_AT_ONCE):
            x = self.scaled(values[start : start + ROWS_AT_ONCE])
            out[start : start + ROWS_AT_ONCE] = np.maximum(x @ p["weights"] + p["bias"], 0) @ p["out"]  # (m, h) @ (h,)
        scores: Floats = (out - p["scale"][0]) / p["scale"][1]
        return scores

    def contributions(self, values: Floats) -> npt.NDArray[np.float64]:
        """(m, f + 1) what each feature adds to the score, the start in the last column; a row sums to the score.

        Integrated gradients (Sundararajan, Taly & Yan, "Axiomatic attribution for deep networks", ICML 2017) on the
        straight way from the mean candidate, x = 0. With one hidden layer the integral is known: unit j lets through
        w[i, j] * x[i] * v[j] for the share of the way on which it is above 0.
        """
        p = {name: value.astype(np.float64) for name, value in self.learned.items()}
        x = self.scaled(values).astype(np.float64)  # (m, f)
        share = share_above_zero(p["bias"], x @ p["weights"])  # (m, h)
        parts = x * ((share * p["out"]) @ p["weights"].T)  # (m, h) @ (h, f) -> (m, f)
        start = np.maximum(p["bias"], 0) @ p["out"] - p["scale"][0]
        shares: npt.NDArray[np.float64] = np.column_stack([parts, np.full(len(x), start)]) / p["scale"][1]
        return shares

    def save(self, folder: Path) -> None:
        """Write the weights."""
        fitted_arrays.save(folder, self.kind, {}, self.learned)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The network as it was saved. Raises ArtifactError when the files are not what they should be."""
        return cls(fitted_arrays.load(folder, cls.kind, cls.stored)[1])


def share_above_zero(bias: npt.NDArray[np.float64], change: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(m, h) the share of t in 0..1 for which bias + t * change is above 0."""
    crossing = np.divide(-bias, change, out=np.zeros_like(change), where=change != 0).clip(0, 1)
    end = bias + change
    return np.where(bias > 0, np.where(end > 0, 1.0, crossing), np.where(end > 0, 1.0 - crossing, 0.0))


def train(examples: Examples, settings: NetworkSettings, epochs: int) -> Network:
    """A network that learned for so many epochs."""
    *_, last = zip(range(epochs), trained(examples, settings), strict=False)
    return last[1]


def trained(examples: Examples, settings: NetworkSettings) -> Iterator[Network]:
    """The network after each epoch, up to the most there are in the settings.

    The loss is the listwise softmax cross-entropy: -mean over what was taken of log softmax(scores of the visit)
    (ListNet, Cao et al., ICML 2007). Adam with decoupled weight decay; the rate climbs, then falls to 0.
    """
    some = examples.to_learn_from(settings.candidates, settings.seed)
    rng = np.random.default_rng(settings.seed)
    network = _fresh(some.table.values, settings.hidden, rng)
    x, choices = network.scaled(some.table.values), some.table.choices
    found = np.bincount(choices.visit, some.taken, len(some.shoppers))
    wanted = (some.taken / np.maximum(found, 1)[choices.visit]).astype(np.float32)
    optimiser = Adam(network.learned, ("weights", "bias", "out"), settings)
    per_epoch = -(-len(some.shoppers) // settings.visits_per_step)
    total = per_epoch * max(settings.epochs)
    for _ in range(max(settings.epochs)):
        order = rng.permutation(len(some.shoppers))
        for start in range(0, len(order), settings.visits_per_step):
            visits = order[start : start + settings.visits_per_step].astype(np.int32)
            batch, entries = choices.of(visits)
            gradients = _gradients(network.learned, x[entries], wanted[entries], batch.sizes)
            optimiser.step(gradients, one_cycle(optimiser.steps / total))
        yield _on_scale(network, x)


def one_cycle(done: float) -> float:
    """The share of the highest learning rate after that share of all steps: up over the first tenth, then cosine."""
    return done / 0.1 if done < 0.1 else float(0.5 * (1 + np.cos(np.pi * (done - 0.1) / 0.9)))


def _fresh(values: Floats, hidden: int, rng: np.random.Generator) -> Network:
    """A network that has seen how the features are spread, with random weights (He et al., 2015)."""
    logs = np.sign(values) * np.log1p(np.abs(values))
    f = values.shape[1]
    return Network(
        {
            "centre": logs.mean(axis=0),
            "spread": logs.std(axis=0) + np.float32(1e-6),
            "weights": (rng.standard_normal((f, hidden)) * np.sqrt(2 / f)).astype(np.float32),
            "bias": np.zeros(hidden, np.float32),
            "out": (rng.standard_normal(hidden) / np.sqrt(hidden)).astype(np.float32),
            "scale": np.array([0, 1], np.float32),
        }
    )


def _gradients(p: dict[str, Any], x: Floats, wanted: Floats, sizes: Longs) -> dict[str, Floats]:
    """The gradient of the loss for a batch of visits, whose candidates x (m, f) stand one visit after the other."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    hidden = np.maximum(x @ p["weights"] + p["bias"], 0)  # (m, h)
    logits = hidden @ p["out"]  # (m,)
    raised = np.exp(logits - np.repeat(np.maximum.reduceat(logits, starts), sizes))
    softmax = raised / np.repeat(np.add.reduceat(raised, starts), sizes)
    error = (softmax - wanted) / np.float32(len(sizes))  # (m,)
    back = np.where(hidden > 0, error[:, None] * p["out"], np.float32(0))  # (m, h)
    return {"weights": x.T @ back, "bias": back.sum(axis=0), "out": hidden.T @ error}


def _on_scale(network: Network, x: Floats) -> Network:
    """A copy whose scores have mean 0 and spread 1 over the examples."""
    p = network.learned
    raw = np.maximum(x @ p["weights"] + p["bias"], 0) @ p["out"]
    scale = np.array([raw.mean(), raw.std() or 1.0], np.float32)
    return Network({**p, "scale": scale})


class Adam:
    """Adam with decoupled weight decay (Loshchilov & Hutter, ICLR 2019), changing the arrays in place."""

    def __init__(self, arrays: dict[str, Any], names: tuple[str, ...], settings: NetworkSettings) -> None:
        self.steps = 0
        self._arrays = {name: arrays[name] for name in names}
        self._mean = {name: np.zeros_like(arrays[name]) for name in names}
        self._square = {name: np.zeros_like(arrays[name]) for name in names}
        self._rate, self._decay = settings.learning_rate, settings.weight_decay

    def step(self, gradients: dict[str, Floats], share: float) -> None:
        """One step at that share of the highest learning rate."""
        self.steps += 1
        rate = self._rate * share
        for name, array in self._arrays.items():
            mean, square, gradient = self._mean[name], self._square[name], gradients[name]
            mean += (1 - BETAS[0]) * (gradient - mean)
            square += (1 - BETAS[1]) * (gradient**2 - square)
            towards = mean / (1 - BETAS[0] ** self.steps)
            towards /= np.sqrt(square / (1 - BETAS[1] ** self.steps)) + 1e-8
            array -= rate * (towards + self._decay * array)
