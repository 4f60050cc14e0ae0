"""The space in which tastes are learned: product vectors without what all of them share, and in few directions."""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.schema import Floats

DIMS: Final = 64  # directions in which tastes are learned, on the page and where that is measured
LEAST: Final = 1e-9  # length below which a vector has no direction


def centred(vectors: Floats) -> Floats:
    """The vectors (n, d) less their mean, each of length 1; one without a direction is 0.

    Sentence encoders put all texts of one shop into a narrow cone, so that every two products are alike. Without the
    mean, to be like one product is not to be like all (all-but-the-top: Mu & Viswanath, ICLR 2018, its first step).
    """
    apart = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.asarray(np.divide(apart, lengths, out=np.zeros_like(apart), where=lengths > LEAST), np.float32)


def reduced(vectors: Floats, dims: int) -> Floats:
    """The vectors (n, d) in their `dims` most telling directions (principal components), (n, <= dims)."""
    if vectors.shape[1] <= dims:
        return vectors
    apart = vectors - vectors.mean(axis=0)
    values, directions = np.linalg.eigh(apart.T.astype(np.float64) @ apart)
    best = directions[:, np.argsort(-values)[:dims]]
    return np.asarray(vectors @ best, np.float32)


def standardised(popularity: Floats) -> Floats:
    """log(1 + count) of each product with mean 0 and standard deviation 1, (n,): what everybody likes, as a score."""
    logs = np.log1p(popularity.astype(np.float64))
    spread = float(logs.std())
    return np.asarray((logs - logs.mean()) / (spread if spread > LEAST else 1.0), np.float32)
