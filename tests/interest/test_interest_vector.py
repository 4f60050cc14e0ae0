"""The interest vector on a plane of two directions, where the right answer can be drawn."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.interest.history import History, affinity
from recsys.interest.interest_vector import angle_degrees, damped_popularity, history_vector, moved_by_feedback

EAST, NORTH = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
VECTORS = np.stack([EAST, NORTH])  # item 0 lies east, item 1 north
RARE = np.zeros(2, np.float32)
NOTHING_COMMON = np.zeros(2, np.float32)


def bought(*pairs: tuple[int, int]) -> History:
    return History(np.array([i for i, _ in pairs], np.int32), np.array([d for _, d in pairs], np.int16))


def vector(*pairs: tuple[int, int], popularity: np.ndarray = RARE, half_life: float = 10) -> np.ndarray:
    faded = affinity(bought(*pairs), 10, half_life)
    found = history_vector(faded, VECTORS[faded.items], popularity, NOTHING_COMMON)
    assert found is not None
    return found


def test_one_purchase_points_at_that_product() -> None:
    assert vector((0, 10)) == pytest.approx(EAST)


def test_it_is_a_unit_vector() -> None:
    assert np.linalg.norm(vector((0, 1), (1, 9), (1, 10))) == pytest.approx(1.0)


def test_a_recent_purchase_pulls_more_than_an_old_one() -> None:
    # weights log(1 + 1) = 0.693 for today's, log(1 + 0.5) = 0.405 for one half-life ago
    found = vector((0, 0), (1, 10))
    assert found[0] / found[1] == pytest.approx(np.log(1.5) / np.log(2.0))


def test_frequency_is_damped_so_that_ten_purchases_do_not_count_ten_times() -> None:
    found = vector(*[(0, 10)] * 10, (1, 10))
    assert found[0] / found[1] == pytest.approx(np.log(11.0) / np.log(2.0))  # 3.46, not 10


def test_what_everybody_buys_counts_less() -> None:
    # a / (a + p) with a = p = 0.001 is one half
    found = vector((0, 10), (1, 10), popularity=np.array([0.001, 0.0], np.float32))
    assert found[0] / found[1] == pytest.approx(0.5)


def test_what_everybody_has_in_common_is_taken_out() -> None:
    # the mean of both purchases is (0.5, 0.5); without 0.8 * (0.5, 0) it is (0.1, 0.5)
    faded = affinity(bought((0, 10), (1, 10)), 10, 10)
    found = history_vector(faded, VECTORS, RARE, np.array([0.5, 0.0], np.float32))
    assert found is not None
    assert found[0] / found[1] == pytest.approx(0.2)


def test_what_all_buy_counts_by_its_damped_frequency() -> None:
    # p * a / (a + p) with a = 0.001: half of 0.001, nearly a of 0.5
    assert damped_popularity(np.array([0.001, 0.5], np.float32)) == pytest.approx([0.0005, 0.000998], abs=1e-6)


def test_nothing_bought_gives_no_vector() -> None:
    assert history_vector(affinity(bought(), 1, 80), VECTORS[:0], RARE, NOTHING_COMMON) is None


def test_a_like_moves_the_vector_towards_the_product() -> None:
    moved = moved_by_feedback(EAST, ["like"], VECTORS[[1]])
    assert moved is not None
    assert angle_degrees(EAST, moved) == pytest.approx(np.degrees(np.arctan(0.35)), abs=1e-3)


def test_not_for_me_moves_it_away() -> None:
    moved = moved_by_feedback(EAST, ["dislike"], VECTORS[[1]])
    assert moved is not None
    assert moved[1] < 0


def test_no_feedback_leaves_it_alone() -> None:
    assert moved_by_feedback(EAST, [], VECTORS[[]]) is EAST


def test_a_new_shopper_gets_a_vector_from_the_first_like() -> None:
    assert moved_by_feedback(None, ["like"], VECTORS[[1]]) == pytest.approx(NORTH)


def test_what_a_new_shopper_turns_down_says_nothing_about_their_taste() -> None:
    assert moved_by_feedback(None, ["dislike"], VECTORS[[1]]) is None
