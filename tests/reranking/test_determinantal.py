"""The fast greedy search finds what trying every determinant finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recsys.reranking.contract import Pool, Reranker, unit_range
from recsys.reranking.determinantal import Determinantal
from tests.reranking.pools import drawn, unit
from tests.reranking.reranker_contract import RerankerContract


class TestDeterminantal(RerankerContract):
    def made(self) -> Reranker:
        return Determinantal(0.4)


def log_volume(pool: Pool, slate: list[int]) -> float:
    """The logarithm of the determinant of the slate's similarities."""
    vectors = pool.vectors[slate].astype(np.float64)
    similar = (1 + vectors @ vectors.T) / 2
    np.fill_diagonal(similar, 1.0)
    sign, value = np.linalg.slogdet(similar)
    return float(value) if sign > 0 else -np.inf


@given(n=st.integers(2, 14), seed=st.integers(0, 5_000), strength=st.sampled_from([0.1, 0.5, 0.9]))
def test_each_place_goes_to_the_largest_determinant_weighed_by_relevance(n: int, seed: int, strength: float) -> None:
    pool = drawn(n, seed, d=n + 2)
    relevance, k = unit_range(pool.relevance), min(n, 6)
    slate = Determinantal(strength).order(pool, k).positions[:k].tolist()
    for at in range(k):
        before = log_volume(pool, slate[:at]) if at else 0.0
        gains = {
            i: (1 - strength) * relevance[i] + strength * (log_volume(pool, [*slate[:at], i]) - before)
            for i in range(n)
            if i not in slate[:at]
        }
        assume(np.isfinite(list(gains.values())).all())
        assert gains[slate[at]] == pytest.approx(max(gains.values()), abs=1e-5)


def test_copies_come_last_by_relevance_and_it_is_said() -> None:
    vectors = unit(np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    made = Determinantal(0.5).order(Pool(vectors, np.array([4.0, 3.0, 2.0, 1.0])), 4)
    assert made.positions.tolist() == [0, 3, 1, 2]
    assert made.given_up == (
        "After 2 of 4 places every candidate left resembles what stands there already: the rest go by relevance.",
    )


def test_strength_0_is_relevance_alone() -> None:
    made = Determinantal(0.0).order(drawn(30), 10)
    assert made.positions.tolist() == list(range(30))
    assert made.given_up == ()
