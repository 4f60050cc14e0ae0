"""The interest vector and the scores from learned arrays, in numpy alone: no torch where answers are given.

The same arithmetic as `model.InterestNetwork` in evaluation mode, in float32; a test holds the two within 1e-4.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.special import erf

from recsys.errors import ArtifactError
from recsys.recommenders.contract import Visits
from recsys.recommenders.fitted_arrays import AGAIN, ITEMS, Part
from recsys.recommenders.transformer.batches import GAPS, KINDS, Batch, bag_weights, visit_batches
from recsys.recommenders.transformer.settings import TransformerSettings
from recsys.schema import Floats

EPSILON: Final = 1e-5  # of the layer norms, torch's own
D: Final = "dimension"
BLOCK_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "attention_norm.weight": (D,), "attention_norm.bias": (D,),
    "query_key_value.weight": ("3 dimensions", D), "query_key_value.bias": ("3 dimensions",),
    "out.weight": (D, D), "out.bias": (D,),
    "feed_norm.weight": (D,), "feed_norm.bias": (D,),
    "widen.weight": ("width", D), "widen.bias": ("width",),
    "narrow.weight": (D, "width"), "narrow.bias": (D,),
}  # fmt: skip
PARTS: Final[dict[str, Part]] = {
    "vectors": Part((ITEMS, D)),  # composed of id and content, each of length 1
    "scale": Part(("one",)),
    "kinds": Part(("kinds", D)),
    "gaps": Part(("gaps", D)),  # zeros where the training data had no dates
    "positions": Part(("max_length", D)),
    "norm.weight": Part((D,)),
    "norm.bias": Part((D,)),
    **{name: Part(("layers", *dimensions)) for name, dimensions in BLOCK_PARTS.items()},
}

Learned = Mapping[str, Any]


def check_sizes(folder: Path, learned: Learned, settings: TransformerSettings) -> None:
    """Raises ArtifactError when an array is not as large as the settings it was saved with say."""
    d = settings.dimension
    sizes = {
        D: d,
        "3 dimensions": 3 * d,
        "width": settings.feed_forward,
        "layers": settings.layers,
        "kinds": KINDS,
        "max_length": settings.max_length,
        "gaps": GAPS,
        "one": 1,
    }
    for name, part in PARTS.items():
        seen = learned[name].shape
        allowed = tuple(sizes.get(dimension, size) for dimension, size in zip(part.dimensions, seen, strict=True))
        if seen != allowed:
            raise ArtifactError(
                f"{folder} has {name} of shape {seen}", allowed=f"{allowed}, as its settings say", remedy=AGAIN
            )


def interest_vectors(learned: Learned, heads: int, visits: Visits) -> Floats:
    """(b, d): each shopper's interest vector, of length 1; zeros without a history."""
    out = np.zeros((len(visits), learned["vectors"].shape[1]), np.float32)
    for rows, batch in visit_batches(visits, len(learned["positions"])):
        out[rows] = _latest(learned, heads, batch)
    return out


def scores(learned: Learned, interests: Floats) -> Floats:
    """(b, n_items): cosine of interest and item, times the learned scale; the logits of the softmax."""
    found: Floats = (interests * learned["scale"]) @ learned["vectors"].T  # (b, d) @ (d, n) -> (b, n)
    return found


def _latest(learned: Learned, heads: int, batch: Batch) -> Floats:
    """(b, d): the state after the latest position, of length 1."""
    b, length = batch.shape
    x = _input(learned, batch).reshape(b, length, -1) + learned["positions"][:length][::-1]
    for layer in range(len(learned["out.bias"])):
        x = _block({name: learned[name][layer] for name in BLOCK_PARTS}, heads, x)
    state = _layer_norm(x[:, -1], learned["norm.weight"], learned["norm.bias"])
    unit: Floats = state / np.maximum(np.linalg.norm(state, axis=1, keepdims=True), 1e-12)
    return unit


def _input(learned: Learned, batch: Batch) -> Floats:
    """(b * L, d)"""
    bags = batch.bags
    entries = learned["vectors"][bags.items] * np.sqrt(np.float32(learned["vectors"].shape[1]))
    entries = (entries + learned["kinds"][bags.kinds]) * bag_weights(bags)[:, None]  # (e, d)
    x: Floats = np.add.reduceat(entries, bags.starts[:-1], axis=0)
    return x if batch.gaps is None else x + learned["gaps"][batch.gaps]


def _block(weights: Learned, heads: int, x: Floats) -> Floats:
    """(b, L, d) -> (b, L, d)"""
    x = x + _linear(weights, "out", _attend(_norm(weights, "attention_norm", x), weights, heads))
    return x + _linear(weights, "narrow", _gelu(_linear(weights, "widen", _norm(weights, "feed_norm", x))))


def _attend(x: Floats, weights: Learned, heads: int) -> Floats:
    b, length, d = x.shape
    parts = _linear(weights, "query_key_value", x).reshape(b, length, 3, heads, d // heads)
    query, key, value = parts.transpose(2, 0, 3, 1, 4)  # each (b, h, L, d / h)
    logits = query @ key.swapaxes(-1, -2) / np.sqrt(np.float32(d // heads))  # (b, h, L, L)
    logits[..., np.triu(np.ones((length, length), np.bool_), 1)] = -np.inf
    odds = np.exp(logits - logits.max(-1, keepdims=True))
    attention = odds / odds.sum(-1, keepdims=True)
    mixed: Floats = (attention @ value).transpose(0, 2, 1, 3).reshape(b, length, d)
    return mixed


def _linear(weights: Learned, name: str, x: Floats) -> Floats:
    found: Floats = x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return found


def _norm(weights: Learned, name: str, x: Floats) -> Floats:
    return _layer_norm(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _layer_norm(x: Floats, weight: Floats, bias: Floats) -> Floats:
    centred = x - x.mean(-1, keepdims=True)
    deviation = np.sqrt(np.square(centred).mean(-1, keepdims=True) + np.float32(EPSILON))
    scaled: Floats = centred / deviation * weight + bias
    return scaled


def _gelu(x: Floats) -> Floats:
    found: Floats = x * np.float32(0.5) * (1 + erf(x * np.float32(0.5**0.5)))
    return found
