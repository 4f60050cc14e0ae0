"""A calibrated slate has the shopper's own mix, as far as the candidates have it."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.reranking.calibration import Calibrated, calibration_error
from recsys.reranking.contract import Pool, Reranker, unit_range
from tests.reranking.pools import POOLS, drawn, plain
from tests.reranking.reranker_contract import RerankerContract


class TestCalibrated(RerankerContract):
    def made(self) -> Reranker:
        return Calibrated(0.5)


def asked(relevance: list[float], category: list[int], taste: list[float]) -> Pool:
    pool = plain(relevance, category)
    return Pool(pool.vectors, pool.relevance, pool.labels, {"category": np.array(taste)})


def test_the_mix_of_the_slate_is_that_of_the_shopper() -> None:
    pool = asked([1.0 - i / 100 for i in range(20)], [0] * 10 + [1] * 10, [0.7, 0.3])
    slate = Calibrated(0.99).order(pool, 10).positions[:10]
    assert np.bincount(pool.labels["category"][slate]).tolist() == [7, 3]


def test_the_error_is_the_smoothed_divergence() -> None:
    # q~ of category 0: 0.99 * 1 + 0.01 * 0.5 = 0.995; of category 1: 0.99 * 0 + 0.01 * 0.5 = 0.005
    right = 0.5 * math.log(0.5 / 0.995) + 0.5 * math.log(0.5 / 0.005)
    assert calibration_error(np.array([0.5, 0.5]), np.zeros(4, np.int32)) == pytest.approx(right)
    assert calibration_error(np.array([0.5, 0.5]), np.array([0, 1], np.int32)) == pytest.approx(0.0)
    assert math.isnan(calibration_error(np.array([1.0]), np.empty(0, np.int32)))


@given(pool=POOLS)
def test_the_error_is_never_below_0(pool: Pool) -> None:
    assert calibration_error(pool.tastes["category"], pool.labels["category"]) >= -1e-9


@given(seed=st.integers(0, 3_000), strength=st.sampled_from([0.2, 0.6]))
def test_the_greedy_slate_comes_near_the_best_of_all(seed: int, strength: float) -> None:
    pool, k = drawn(9, seed, codes=3), 4

    def worth(slate: tuple[int, ...]) -> float:
        rows = np.array(slate, np.int32)
        error = calibration_error(pool.tastes["category"], pool.labels["category"][rows])
        return float((1 - strength) * unit_range(pool.relevance)[rows].sum() - strength * error)

    nothing = -strength * calibration_error(pool.tastes["category"], np.array([-1], np.int32))
    best = max(map(worth, combinations(range(9), k)))
    found = worth(tuple(Calibrated(strength).order(pool, k).positions[:k].tolist()))
    assert found - nothing >= (1 - 1 / math.e) * (best - nothing) - 1e-9


def test_without_a_history_it_is_left_out_and_said() -> None:
    made = Calibrated(0.9).order(plain([3.0, 2.0, 1.0], [0, 0, 1]), 2)
    assert made.positions.tolist() == [0, 1, 2]
    assert made.given_up[0].startswith("Calibration was left out: nothing is known of what this shopper takes")
    assert "the price of these products is not known" in Calibrated(0.9, "price").order(plain([1.0]), 1).given_up[0]


def test_a_shopper_of_whose_categories_there_is_nothing_is_told() -> None:
    made = Calibrated(0.9).order(asked([3.0, 2.0, 1.0], [0, 0, 1], [0.0, 0.0, 1.0]), 2)
    assert made.positions.tolist() == [0, 1, 2]
    assert made.given_up == (
        "No candidate is of a category that this shopper takes, so that calibration changes nothing.",
    )
