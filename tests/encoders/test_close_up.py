"""A map of what lies near one place: a cross of two directions, seen from its middle."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.encoders.close_up import EDGE, close_up


def cross(n: int = 40) -> np.ndarray:
    """Unit vectors of 8 numbers around the first axis: half differ along the second, half along the third."""
    rng = np.random.default_rng(0)
    along, across = np.linspace(-0.6, 0.6, n), np.linspace(-0.3, 0.3, n)
    vectors = np.zeros((2 * n, 8), np.float32)
    vectors[:, 0] = 1
    vectors[:n, 1], vectors[n:, 2] = along, across
    vectors[:, 3:] = 0.001 * rng.normal(size=(2 * n, 5))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


MIDDLE = np.eye(8, dtype=np.float32)[0]
NOBODY = np.empty(0, np.int32)


def test_the_longer_arm_lies_along_the_first_direction_and_the_place_in_the_middle() -> None:
    found = close_up(MIDDLE, cross(), NOBODY)
    arm, other = found.positions[:40], found.positions[40:]
    assert np.ptp(arm[:, 0]) > 10 * np.ptp(arm[:, 1])
    assert np.ptp(other[:, 1]) > 10 * np.ptp(other[:, 0])
    assert np.abs(found.positions).max() == pytest.approx(EDGE, abs=1e-6)
    assert (np.abs(found.spot) < 0.05).all()
    assert found.kept > 0.95
    assert found.products == 80
    order = np.argsort(arm[:, 0])
    assert order.tolist() in (list(range(40)), list(range(39, -1, -1)))


def test_a_few_far_ones_leave_room_for_the_near_and_none_changes_its_distance_order() -> None:
    vectors = cross()
    far = np.eye(8, dtype=np.float32)[1:2]
    found = close_up(MIDDLE, np.vstack([vectors, far]), NOBODY)
    distance = np.linalg.norm(found.positions - found.spot, axis=1)
    arm = np.argsort(np.abs(np.linspace(-0.6, 0.6, 40)), kind="stable")
    for side in (arm[arm < 20], arm[arm >= 20]):
        assert (np.diff(distance[side]) > 0).all()
    assert np.ptp(found.positions[:40, 0]) > 0.5 * np.ptp(found.positions[:, 0])
    assert np.abs(found.positions).max(axis=0) == pytest.approx([EDGE, EDGE], abs=1e-6)


def test_only_the_nearest_are_on_it_and_what_is_shown() -> None:
    vectors = cross()
    found = close_up(MIDDLE, vectors, np.array([0, 39], np.int32), k=20)
    there = np.isfinite(found.positions).all(axis=1)
    assert there.sum() == found.products == 22
    nearest = np.argsort(-(vectors @ MIDDLE), kind="stable")[:20]
    assert there[nearest].all()
    assert there[[0, 39]].all()


def test_products_without_a_vector_have_no_place() -> None:
    vectors = cross()
    vectors[5] = 0
    found = close_up(MIDDLE, vectors, np.array([5], np.int32))
    assert np.isnan(found.positions[5]).all()
    assert found.products == 79


def test_products_that_are_all_the_same_lie_at_one_place() -> None:
    found = close_up(MIDDLE, np.tile(MIDDLE, (4, 1)), NOBODY)
    assert np.isfinite(found.positions).all()
    assert np.ptp(found.positions, axis=0).max() < 1e-6
    assert found.kept == 1.0
