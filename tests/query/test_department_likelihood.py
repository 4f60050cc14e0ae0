"""How likely each department is, from scored results."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recsys.query.department_likelihood import TEMPERATURE, department_likelihood

NAMES = ("Grocery", "Deli", "Floral")
OF_ITEM = np.array([0, 0, 1, 2], np.int32)


def likely(rows: list[int], scores: list[float]) -> list[tuple[str, float]]:
    return department_likelihood(np.array(rows, np.int32), np.array(scores, np.float32), OF_ITEM, NAMES)


def test_results_weigh_by_a_softmax_of_their_scores() -> None:
    # scores 2, 1, 0 scaled to 1, .5, 0: weights 1, exp(-.5 / T), exp(-1 / T)
    half, none = math.exp(-0.5 / TEMPERATURE), math.exp(-1 / TEMPERATURE)
    total = 1 + half + none
    found = likely([0, 2, 3], [2.0, 1.0, 0.0])
    assert [name for name, _ in found] == ["Grocery", "Deli", "Floral"]
    assert [share for _, share in found] == pytest.approx([1 / total, half / total, none / total])


def test_the_scale_of_the_scores_does_not_matter() -> None:
    a, b = likely([0, 2, 3], [2.0, 1.0, 0.0]), likely([0, 2, 3], [250.0, 150.0, 50.0])
    assert [share for _, share in a] == pytest.approx([share for _, share in b])


def test_equal_scores_count_results() -> None:
    assert likely([0, 1, 2, 3], [7.0] * 4) == [("Grocery", 0.5), ("Deli", 0.25), ("Floral", 0.25)]


def test_one_result_is_certain_and_none_is_nothing() -> None:
    assert likely([3], [0.1]) == [("Floral", 1.0)]
    assert likely([], []) == []
    assert likely([3], [float("nan")]) == []
