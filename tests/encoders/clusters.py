"""Synthetic clusters of unit vectors, where the true neighbours are known by construction."""

from __future__ import annotations

import numpy as np

from recsys.schema import Floats

CLUSTERS, EACH = 6, 50


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
