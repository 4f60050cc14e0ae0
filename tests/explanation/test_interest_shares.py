"""What each purchase adds to the nearness of a product: the sum is the cosine, and each share is as it was made."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.explanation.interest_shares import interest_shares
from recsys.interest.history import Affinity
from recsys.interest.interest_vector import COMMON_REMOVED, history_vector, moved_by_feedback
from recsys.schema import Floats


def unit_rows(rng: np.random.Generator, n: int, d: int = 16) -> Floats:
    vectors = rng.normal(size=(n, d))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def bought(weights: list[float]) -> Affinity:
    n = len(weights)
    return Affinity(
        np.arange(n, dtype=np.int32), np.array(weights, np.float32), np.ones(n, np.int64), np.zeros(n, np.int16)
    )


NOBODY = np.zeros(2, np.float32)
EVEN = np.zeros(3, np.float32)


def test_of_two_equal_purchases_the_one_that_is_the_product_adds_all() -> None:
    vectors = np.eye(2, dtype=np.float32)
    found = interest_shares(bought([1.0, 1.0]), vectors, EVEN[:2], NOBODY, vectors[0])
    assert found is not None
    assert found.bought == pytest.approx([np.sqrt(0.5), 0.0])
    assert (found.common, found.feedback.tolist()) == (0.0, [])
    assert found.total == pytest.approx(np.sqrt(0.5))


def test_what_everybody_buys_is_taken_off() -> None:
    vectors, common = np.eye(2, dtype=np.float32)[:1], np.array([0.0, 0.5], np.float32)
    found = interest_shares(bought([3.0]), vectors, EVEN[:1], common, np.eye(2, dtype=np.float32)[1])
    assert found is not None
    assert found.bought == pytest.approx([0.0])
    assert found.common == pytest.approx(-0.5 * COMMON_REMOVED / np.hypot(1, 0.5 * COMMON_REMOVED))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kinds", [[], ["like"], ["dislike", "basket", "click"]])
def test_the_sum_is_the_cosine_with_the_interest_vector(seed: int, kinds: list[str]) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 12))
    faded, vectors = bought(rng.gamma(1.0, 2.0, n).tolist()), unit_rows(rng, n)
    popularity = rng.dirichlet(np.ones(n)).astype(np.float32)
    common = np.asarray(0.3 * unit_rows(rng, 1)[0], np.float32)
    picked, product = unit_rows(rng, len(kinds)), unit_rows(rng, 1)[0]
    interest = moved_by_feedback(history_vector(faded, vectors, popularity, common), kinds, picked)
    assert interest is not None
    found = interest_shares(faded, vectors, popularity, common, product, kinds, picked)
    assert found is not None
    assert found.total == pytest.approx(float(interest @ product), abs=1e-6)
    assert len(found.bought) == n
    assert len(found.feedback) == len(kinds)


def test_feedback_alone_makes_an_interest_and_a_dislike_alone_makes_none() -> None:
    vectors = np.eye(2, dtype=np.float32)
    liked = interest_shares(None, vectors[:0], EVEN, NOBODY, vectors[0], ["like"], vectors[:1])
    assert liked is not None
    assert liked.total == pytest.approx(1.0)
    assert len(liked.bought) == 0
    assert interest_shares(None, vectors[:0], EVEN, NOBODY, vectors[0], ["dislike"], vectors[:1]) is None


def test_without_anything_there_is_nothing_to_share() -> None:
    assert interest_shares(None, np.zeros((0, 2), np.float32), EVEN, NOBODY, np.eye(2, dtype=np.float32)[0]) is None
    assert (
        interest_shares(bought([]), np.zeros((0, 2), np.float32), EVEN, NOBODY, np.eye(2, dtype=np.float32)[0]) is None
    )


def test_purchases_that_cancel_each_other_have_no_direction() -> None:
    vectors = np.array([[1, 0], [-1, 0]], np.float32)
    assert interest_shares(bought([1.0, 1.0]), vectors, EVEN[:2], NOBODY, vectors[0]) is None
