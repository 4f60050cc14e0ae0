"""Chances of pages drawn without replacement, against those of all pages there are."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys.evaluation.off_policy.data import Doubles
from recsys.evaluation.off_policy.plackett_luce import drawn, place_chances, softmax, step_chances


def enumerated(weights: Doubles, k: int) -> Doubles:
    """(c, k) by going through all pages."""
    chances = np.zeros((len(weights), k))
    for page in permutations(range(len(weights)), k):
        chance, left = 1.0, weights.sum()
        for item in page:
            chance, left = chance * weights[item] / left, left - weights[item]
        chances[list(page), range(k)] += chance
    return chances


@pytest.mark.parametrize("weights", [[0.5, 0.3, 0.15, 0.05], [0.97, 0.01, 0.01, 0.01], [0.9, 0.0999, 9e-5, 1e-5]])
def test_chances_of_places_are_those_of_all_pages(weights: list[float]) -> None:
    found = place_chances(np.array([weights]), 3)[0]
    assert found == pytest.approx(enumerated(np.array(weights), 3), abs=1e-11)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(1e-6, 1.0), min_size=4, max_size=12), st.integers(1, 4))
def test_each_place_has_one_product_and_each_product_one_place_at_most(weights: list[float], k: int) -> None:
    found = place_chances(np.array([weights]), k)[0]
    assert found.sum(axis=0) == pytest.approx(np.ones(k), abs=1e-9)
    assert (found >= 0).all()
    assert (found.sum(axis=1) <= 1 + 1e-9).all()


def test_a_product_without_weight_stands_nowhere() -> None:
    found = place_chances(np.array([[0.5, 0.0, 0.5]]), 2)[0]
    assert found[1].tolist() == [0.0, 0.0]
    assert found[0] == pytest.approx([0.5, 0.5])


def test_the_product_of_steps_is_the_chance_of_the_page() -> None:
    found = step_chances(np.array([[0.5, 0.3, 0.2]]), np.array([[1, 0]]))
    assert found[0] == pytest.approx([0.3, 0.5 / 0.7])


def test_pages_are_drawn_as_often_as_their_chances_say() -> None:
    weights, n = np.array([0.5, 0.3, 0.2]), 20_000
    pages = drawn(np.tile(weights, (n, 1)), 2, np.random.default_rng(0))
    shares = np.stack([(pages == item).mean(axis=0) for item in range(3)])
    error = 4 * 0.5 / n**0.5  # four standard errors of a share
    assert np.abs(shares - enumerated(weights, 2)).max() < error
    assert (pages[:, 0] != pages[:, 1]).all()


def test_softmax_leaves_every_product_its_share_of_what_goes_to_all_alike() -> None:
    found = softmax(np.array([[0.0, 0.0, 1000.0, 0.0]]), 1.0, 0.1)
    assert found[0] == pytest.approx([0.025, 0.025, 0.925, 0.025])
