"""Vectors of products learned from baskets: what stands in the same baskets lies in the same direction."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from recsys.scenarios.basket.together import Together
from recsys.schema import Floats

DIMENSION: Final = 64
NEGATIVES: Final = 1.0  # k of skip-gram with negative samples: its logarithm shifts the matrix
FEWEST: Final = 8  # things with a partner, below which there is nothing to bring down to fewer numbers


def basket_vectors(together: Together, dimension: int = DIMENSION, negatives: float = NEGATIVES) -> Floats:
    """(n, d) unit rows, zeros for what was with nothing often enough.

    prod2vec (Grbovic et al., KDD 2015) is skip-gram with negative samples over baskets; that factorises the shifted
    pointwise mutual information of pairs, log(lift) - log(negatives). Here the positive part of that matrix is
    factorised at once, by a truncated singular value decomposition with the roots of the singular values (Levy &
    Goldberg, "Neural Word Embedding as Implicit Matrix Factorization", NIPS 2014): no epochs, and no seeds.
    """
    first, second, count = together.pairs()
    value = np.log(np.maximum(count / together.expected(first, second), 1e-12)) - np.log(negatives)
    keep = value > 0
    n = together.both.shape[0]
    there = np.unique(first[keep])
    found = np.zeros((n, dimension), np.float32)
    if len(there) < FEWEST:
        return found
    place = np.full(n, -1, np.int64)
    place[there] = np.arange(len(there))
    shape = (len(there), len(there))
    matrix = sparse.csr_array((value[keep], (place[first[keep]], place[second[keep]])), shape=shape)
    d = min(dimension, len(there) - 2)
    left, size, _ = svds(matrix, k=d, v0=np.ones(len(there)), return_singular_vectors="u")
    rows = left * np.sqrt(np.maximum(size, 0))
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    found[there, :d] = rows / np.where(length > 1e-9, length, 1)
    return found
