"""Pools of candidates for the tests of re-ranking: some whose right order is known, some drawn at random."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from recsys.reranking.contract import Pool


def unit(vectors: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float32]:
    """The rows scaled to length 1; rows of zeros stay."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1.0)).astype(np.float32)


def drawn(n: int, seed: int = 0, d: int = 6, *, ties: bool = False, codes: int = 4) -> Pool:
    """A pool with everything: random vectors, falling relevance (with many equal ones), labels, groups and a taste."""
    random = np.random.default_rng(seed)
    relevance = np.sort(random.integers(0, 3, n) / 2 if ties else random.random(n))[::-1].copy()
    vectors = random.integers(-1, 2, (n, d)) if ties else random.standard_normal((n, d))
    taste = random.random(codes)
    return Pool(
        unit(vectors),
        relevance,
        {
            "category": random.integers(-1, codes, n).astype(np.int32),
            "brand": random.integers(0, 5, n).astype(np.int32),
        },
        {"category": taste / taste.sum()},
        {"tail": random.random(n) < 0.3, "new": random.random(n) < 0.1},
        {"price": np.where(random.random(n) < 0.2, np.nan, random.random(n) * 9), "novelty": random.random(n) * 9},
    )


POOLS = st.builds(
    drawn, st.integers(1, 40), st.integers(0, 10_000), st.integers(1, 8), ties=st.booleans(), codes=st.integers(1, 6)
)


def plain(relevance: list[float], category: list[int] | None = None, **groups: list[bool]) -> Pool:
    """A pool of products that have nothing in common, with these categories and groups."""
    labels = {} if category is None else {"category": np.array(category, np.int32)}
    return Pool(
        np.eye(len(relevance), dtype=np.float32),
        np.array(relevance, np.float64),
        labels,
        groups={name: np.array(members, np.bool_) for name, members in groups.items()},
    )
