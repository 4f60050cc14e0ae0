"""The figures of a slate are those that can be reckoned by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.evaluation.beyond_accuracy import intra_list_diversity as of_lists
from recsys.recommenders.contract import SideInformation
from recsys.reranking.contract import Pool
from recsys.reranking.frontier import STRENGTHS, Point, frontier, knee
from recsys.reranking.measures import (
    MEASURES,
    entropy,
    gini_of_exposure,
    intra_list_diversity,
    measures,
    relevance_kept,
)
from recsys.reranking.spreading import MeanDistance
from tests.reranking.pools import POOLS, drawn, plain, unit


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def test_relevance_kept_is_discounted_by_place() -> None:
    relevance = np.array([4.0, 2.0, 1.0])
    best = 4 + 2 / math.log2(3)
    assert relevance_kept(relevance, rows(0, 1)) == 1.0
    assert relevance_kept(relevance, rows(1, 0)) == pytest.approx((2 + 4 / math.log2(3)) / best)
    assert relevance_kept(relevance, rows(0, 2)) == pytest.approx((4 + 1 / math.log2(3)) / best)
    assert relevance_kept(np.array([-1.0, 0.0]), rows(0)) == 1.0


def test_diversity_is_one_less_the_mean_cosine() -> None:
    pool = Pool(unit(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])), np.ones(4))
    assert intra_list_diversity(pool, rows(0, 1)) == pytest.approx(0.0)
    assert intra_list_diversity(pool, rows(0, 1, 2)) == pytest.approx(1 - 1 / 3)  # one pair of three is equal
    assert intra_list_diversity(pool, rows(0, 2, 3)) == pytest.approx(1.0)  # of the last one nothing is known
    assert math.isnan(intra_list_diversity(pool, rows(0)))


@given(pool=POOLS, k=st.integers(2, 12))
def test_diversity_is_that_of_the_evaluation(pool: Pool, k: int) -> None:
    slate = np.arange(min(k, len(pool)), dtype=np.int32)
    there = of_lists(slate[None, :], SideInformation(vectors=pool.vectors))
    assert there is not None
    assert intra_list_diversity(pool, slate) == pytest.approx(float(there[0]), abs=1e-5, nan_ok=True)


def test_entropy_counts_bits() -> None:
    assert entropy(rows(0, 0, 0)) == 0.0
    assert entropy(rows(0, 1, 2, 3)) == pytest.approx(2.0)
    assert entropy(rows(0, 1, -1)) == pytest.approx(1.0)
    assert math.isnan(entropy(rows(-1)))


def test_gini_of_exposure_is_0_where_makers_share_alike_and_high_where_one_has_all() -> None:
    makers = rows(0, 1, 0, 1)
    assert gini_of_exposure(rows(0, 1, 2, 3, 4), rows(0)) == pytest.approx(0.8)  # (n - 1) / n of five makers
    one, both = gini_of_exposure(makers, rows(0, 2)), gini_of_exposure(makers, rows(0, 1))
    assert one == pytest.approx(0.5)
    # exposures 1 and 1 / log2(3) = 0.631: (1 * 1 - 1 * 0.631) / (2 * 1.631)
    assert both == pytest.approx((1 - 1 / math.log2(3)) / (2 * (1 + 1 / math.log2(3))))
    assert math.isnan(gini_of_exposure(rows(0, 0), rows(0)))
    assert gini_of_exposure(rows(-1, 0, 1), rows(1)) == pytest.approx(0.5)  # who has no maker counts for none


def test_what_a_pool_does_not_know_is_none() -> None:
    found = measures(plain([3, 2, 1]), rows(0, 1))
    assert set(found) == {measure.name for measure in MEASURES}
    assert {name for name, value in found.items() if value is None} == set(found) - {"relevance", "diversity"}


def test_prices_that_are_unknown_are_left_out_of_the_mean() -> None:
    pool = Pool(np.eye(3, dtype=np.float32), np.ones(3), figures={"price": np.array([2.0, np.nan, 4.0])})
    assert measures(pool, rows(0, 1, 2))["price"] == 3.0
    assert measures(pool, rows(1))["price"] is None


def test_an_empty_slate_has_no_figures_and_no_trouble() -> None:
    assert measures(drawn(5), np.empty(0, np.int32))["diversity"] is None


def test_the_frontier_begins_with_relevance_alone() -> None:
    pool = drawn(80, d=4)
    points = frontier(pool, 10, lambda strength: [MeanDistance(strength)])
    assert [point.strength for point in points] == list(STRENGTHS)
    assert points[0].relevance == 1.0
    assert points[-1].relevance < 1.0
    assert points[-1].diversity > points[0].diversity


def test_a_slate_without_pairs_has_no_frontier() -> None:
    assert frontier(drawn(5), 1, lambda strength: [MeanDistance(strength)]) == ()


def test_the_knee_is_farthest_above_the_straight_line() -> None:
    points = [Point(0.0, 0.0, 1.0), Point(0.5, 0.8, 0.95), Point(0.8, 0.9, 0.5), Point(1.0, 1.0, 0.0)]
    assert knee(points) is points[1]


def test_a_frontier_that_gains_nothing_has_no_knee() -> None:
    assert knee([Point(0.0, 0.5, 1.0), Point(0.5, 0.5, 0.9), Point(1.0, 0.505, 0.8)]) is None
    assert knee([Point(0.0, 0.0, 1.0), Point(0.5, 0.5, 0.5), Point(1.0, 1.0, 0.0)]) is None  # a straight line
    assert knee([]) is None
