"""Vectors of length 1, on which a dot product is a cosine."""

from __future__ import annotations

import numpy as np

from recsys.schema import Floats


def unit_rows(x: Floats) -> Floats:
    """(n, d) each row divided by its length; rows of zeros stay zeros."""
    found: Floats = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)
    return found
