"""Marginal relevance and mean distance do what their formulas say, and say where there is nothing to weigh."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.reranking.contract import Pool, Reranker, unit_range
from recsys.reranking.measures import intra_list_diversity
from recsys.reranking.spreading import ALIKE, EQUAL, MarginalRelevance, MeanDistance
from tests.reranking.pools import POOLS, plain, unit
from tests.reranking.reranker_contract import RerankerContract


class TestMarginalRelevance(RerankerContract):
    def made(self) -> Reranker:
        return MarginalRelevance(0.4)


class TestMeanDistance(RerankerContract):
    def made(self) -> Reranker:
        return MeanDistance(0.4)


def by_the_book(pool: Pool, k: int, strength: float, *, mean: bool) -> list[int]:
    """The greedy formula, one candidate at a time."""
    relevance, slate = unit_range(pool.relevance), list[int]()
    while len(slate) < min(k, len(pool)):
        best, found = -1, -np.inf
        for i in range(len(pool)):
            if i in slate:
                continue
            cosines = [float(pool.vectors[i] @ pool.vectors[j]) for j in slate]
            if mean:
                gain = (1 - strength) * relevance[i] + strength * (np.mean([1 - c for c in cosines]) if slate else 0)
            else:
                gain = (1 - strength) * relevance[i] - strength * (max(cosines) if slate else 0)
            if gain > found + 1e-6:
                best, found = i, gain
        slate.append(best)
    return slate


@pytest.mark.parametrize("mean", [False, True])
@given(pool=POOLS, k=st.integers(1, 12), strength=st.sampled_from([0.0, 0.25, 0.7, 1.0]))
def test_the_slate_is_that_of_the_formula(mean: bool, pool: Pool, k: int, strength: float) -> None:
    slate = (MeanDistance if mean else MarginalRelevance)(strength).order(pool, k).positions[: min(k, len(pool))]
    right = by_the_book(pool, k, strength, mean=mean)
    # sums in float32 differ in the last digits, so that near ties may fall either way: the gains must not differ
    if slate.tolist() != right:
        first = next(at for at, (a, b) in enumerate(zip(slate.tolist(), right, strict=True)) if a != b)
        both = [_gain(pool, slate[:first].tolist(), i, strength, mean) for i in (slate[first], right[first])]
        assert both[0] == pytest.approx(both[1], abs=1e-5)


def _gain(pool: Pool, slate: list[int], i: int, strength: float, mean: bool) -> float:
    cosines = pool.vectors[slate].astype(np.float64) @ pool.vectors[i] if slate else np.zeros(1) + mean
    spread = (1 - cosines).mean() if mean else -cosines.max()
    return float((1 - strength) * unit_range(pool.relevance)[i] + strength * spread)


def test_the_copy_of_the_best_one_gives_way_to_what_is_different() -> None:
    vectors = unit(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    pool = Pool(vectors, np.array([1.0, 0.9, 0.5]))
    assert MarginalRelevance(0.0).order(pool, 2).positions.tolist() == [0, 1, 2]
    # second place: 0.7 * 0.8 - 0.3 * 1 = 0.26 for the copy, 0.7 * 0.0 - 0.3 * 0 = 0 for the other; at 0.5: -0.1 and 0
    assert MarginalRelevance(0.3).order(pool, 2).positions.tolist() == [0, 1, 2]
    assert MarginalRelevance(0.5).order(pool, 2).positions.tolist() == [0, 2, 1]


def test_more_strength_never_shows_less_distance_than_relevance_alone() -> None:
    random = np.random.default_rng(3)
    pool = Pool(unit(random.standard_normal((100, 8)) + 1.0), np.sort(random.random(100))[::-1].copy())
    spread = [intra_list_diversity(pool, MeanDistance(s).order(pool, 10).positions[:10]) for s in (0.0, 0.5, 1.0)]
    assert spread[0] < spread[1] < spread[2]


def test_where_nothing_tells_the_candidates_apart_it_is_said() -> None:
    same = Pool(unit(np.ones((4, 2))), np.array([4.0, 3.0, 2.0, 1.0]))
    assert MarginalRelevance(0.5).order(same, 2).given_up == (ALIKE,)
    assert MeanDistance(0.5).order(plain([1.0] * 4), 2).given_up == (EQUAL,)
    assert MarginalRelevance(0.0).order(same, 2).given_up == ()
