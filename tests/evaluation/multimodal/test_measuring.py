"""Figures whose values can be counted by hand."""

from __future__ import annotations

import numpy as np

from recsys.evaluation.multimodal.measuring import alike, nearest_to, own_found, summed_up


def around(*degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


def test_the_nearest_are_others_ties_by_row() -> None:
    assert nearest_to(around(0, 10, 20, 90), 2).tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]
    same = np.ones((4, 3), np.float32)
    assert nearest_to(same, 2).tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]
    assert nearest_to(same, 9).shape == (4, 3)


def test_length_does_not_matter() -> None:
    vectors = around(0, 10, 20, 90)
    assert np.array_equal(
        nearest_to(vectors * np.array([[1], [50], [0.1], [3]], np.float32), 2), nearest_to(vectors, 2)
    )


def test_alike_is_the_share_of_the_nearest_with_the_same_label() -> None:
    labels = np.array(["red", "red", "blue", ""])
    nearest = np.array([[1, 2], [0, 2], [1, 3], [0, 1]])
    found = alike(labels, nearest)
    assert found[:3].tolist() == [0.5, 0.5, 0.0]
    assert np.isnan(found[3])  # without a label nothing is asked


def test_own_is_found_where_fewer_than_k_stand_before_it() -> None:
    queries, candidates = around(0, 0, 0), around(0, 30, 60)
    assert own_found(queries, candidates, 1).tolist() == [1, 0, 0]
    assert own_found(queries, candidates, 2).tolist() == [1, 1, 0]


def test_of_equal_candidates_those_before_count() -> None:
    same = np.ones((5, 2), np.float32)
    assert own_found(same, same, 3).tolist() == [1, 1, 1, 0, 0]


def test_figures_have_an_interval_around_the_mean_and_leave_out_what_was_not_asked() -> None:
    values = np.array([1.0, 0.0] * 100 + [np.nan] * 7)
    found = summed_up({"x": values})["x"]
    assert found["value"] == 0.5
    assert found["n"] == 200
    low, high = found["ci95"]
    assert 0.42 < low < 0.47
    assert 0.53 < high < 0.58
