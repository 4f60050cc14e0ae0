"""A small network that scores products for people: one hidden layer over a product's vector, its features, the state.

The first layer is a sum of three, so that the products' own part is worked out once for everybody. Weights are plain
arrays: NumPy serves them, torch only learns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from recsys.learning.reinforcement.seeing import FEATURES, STATE
from recsys.schema import Floats

if TYPE_CHECKING:
    import torch

HIDDEN: Final = 32
Weights = dict[str, Floats]


def begun(dims: int, seed: int) -> Weights:
    """Weights at random, scaled by the number of inputs; the output begins at 0."""
    rng = np.random.default_rng(seed)
    inputs = {"vector": dims, "features": len(FEATURES), "state": len(STATE)}
    scale = 1.0 / np.sqrt(sum(inputs.values()))
    made = {name: rng.normal(0.0, scale, (size, HIDDEN)).astype(np.float32) for name, size in inputs.items()}
    zeros = {
        "bias": np.zeros(HIDDEN, np.float32),
        "out": np.zeros(HIDDEN, np.float32),
        "level": np.zeros(1, np.float32),
    }
    straight = {
        "linear": np.zeros(len(FEATURES), np.float32)
    }  # features also count straight: a linear ranker is a start
    return made | zeros | straight | {"out": rng.normal(0.0, 0.05, HIDDEN).astype(np.float32)}


def scored(weights: Weights, vectors: Floats, features: Floats, state: Floats) -> Floats:
    """(b, n) of every product: `vectors` (n, d), `features` (b, n, f), `state` (b, s)."""
    hidden = features @ weights["features"]  # (b, n, f) @ (f, h) -> (b, n, h)
    hidden += vectors @ weights["vector"]
    hidden += (state @ weights["state"] + weights["bias"])[:, None]
    np.maximum(hidden, 0.0, out=hidden)
    return np.asarray(hidden @ weights["out"] + features @ weights["linear"] + weights["level"], np.float32)


def of_nothing(weights: Weights, state: Floats) -> Floats:
    """(b,) of doing nothing: no vector, and only the feature that says so."""
    b, d = len(state), len(weights["vector"])
    features = np.zeros((b, 1, len(FEATURES)), np.float32)
    features[:, :, -1] = 1.0
    return scored(weights, np.zeros((1, d), np.float32), features, state)[:, 0]


def forward(
    weights: dict[str, torch.Tensor], vectors: torch.Tensor, features: torch.Tensor, state: torch.Tensor
) -> torch.Tensor:
    """The same in torch: `vectors` (..., d), `features` (..., f), `state` of a shape that broadcasts against them."""
    hidden = features @ weights["features"] + vectors @ weights["vector"] + state @ weights["state"] + weights["bias"]
    return hidden.relu() @ weights["out"] + features @ weights["linear"] + weights["level"]


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch on one thread: networks are small, a second one would wait more than it works."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def learnable(weights: Weights) -> dict[str, torch.Tensor]:
    """The weights as torch learns them."""
    import torch

    return {name: torch.tensor(each, requires_grad=True) for name, each in weights.items()}


def plain(weights: dict[str, torch.Tensor]) -> Weights:
    """The weights as NumPy serves them."""
    return {name: each.detach().numpy().copy() for name, each in weights.items()}
