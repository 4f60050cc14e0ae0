"""The value of a page, and the best page, against trying all of them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from recsys.learning.reinforcement.slates import best, top, value

RNG = np.random.default_rng(3)
PLACES = np.array([1.0, 0.6, 0.3], np.float32)


def test_a_page_is_worth_what_its_products_are_under_the_choice_among_them() -> None:
    values = np.array([[10.0, 4.0]], np.float32)
    attraction = np.array([[1.0, 3.0]], np.float32)
    found = value(np.array([[0, 1]], np.int32), values, attraction, np.array([2.0], np.float32), np.ones(2, np.float32))
    assert found[0] == pytest.approx((1 * 10 + 3 * 4 + 1 * 2) / (1 + 3 + 1))


@pytest.mark.parametrize("spread", [0.1, 5.0])
def test_no_page_is_worth_more_than_the_best(spread: float) -> None:
    """Also where products are worth less than doing nothing: the page is filled all the same."""
    n, k = 6, 3
    every = np.array(list(permutations(range(n), k)), np.int32)
    for _ in range(30):
        values = RNG.normal(3.0, spread, (1, n)).astype(np.float32)
        attraction = np.exp(RNG.normal(0, 1, (1, n))).astype(np.float32)
        nothing = RNG.normal(3.0, spread, 1).astype(np.float32)
        found = best(values, attraction, nothing, PLACES, np.ones((1, n), np.bool_))
        worth = value(found, values, attraction, nothing, PLACES)[0]
        many = (np.repeat(each, len(every), axis=0) for each in (values, attraction, nothing))
        assert worth == pytest.approx(value(every, *many, PLACES).max(), rel=1e-4, abs=1e-4)
        assert len(set(found[0].tolist())) == k


def test_what_is_not_free_is_on_no_page() -> None:
    free = np.array([[True, False, True, True]])
    found = best(
        np.ones((1, 4), np.float32), np.array([[1, 99, 1, 1]], np.float32), np.zeros(1, np.float32), PLACES, free
    )
    assert sorted(found[0].tolist()) == [0, 2, 3]


def test_the_largest_come_first() -> None:
    assert top(np.array([[1.0, 5.0, 3.0]], np.float32), 2).tolist() == [[1, 2]]
