"""Sets that reach an amount: none too many, none too dear, and the likelier the better."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from recsys.scenarios.basket.reaching import MOST, OVER, bundles


def test_one_product_that_fits_is_better_than_three_that_hardly_anybody_wants() -> None:
    found = bundles([10.0, 3.0, 3.5, 3.6], [0.5, 0.01, 0.01, 0.01], 10.0)
    assert found[0].places == (0,)
    assert found[0].over == 0


def test_every_set_reaches_the_gap_and_is_small() -> None:
    rng = np.random.default_rng(0)
    prices = rng.uniform(1, 9, 30).round(2).tolist()
    chances = np.sort(rng.uniform(0, 0.1, 30))[::-1].tolist()
    for gap in (0.01, 4.0, 11.3, 30.0):
        for each in bundles(prices, chances, gap):
            assert each.costs == pytest.approx(sum(prices[place] for place in each.places))
            assert each.costs >= gap - 1e-9
            assert len(set(each.places)) == len(each.places) <= MOST


def test_the_best_is_that_of_all_sets_looked_through() -> None:
    prices, chances, gap = [4.0, 5.0, 6.0, 7.0, 2.0], [0.3, 0.2, 0.15, 0.1, 0.05], 9.0
    sets = [some for size in range(1, 5) for some in itertools.combinations(range(5), size)]
    near = [some for some in sets if gap <= sum(prices[each] for each in some) <= gap * (1 + OVER)]
    best = max(near, key=lambda some: sum(chances[each] for each in some) / sum(prices[each] for each in some))
    assert bundles(prices, chances, gap)[0].places == best


def test_what_goes_far_beyond_is_offered_only_where_nothing_else_is_and_nothing_where_nothing_reaches() -> None:
    assert bundles([100.0], [0.5], 10.0)[0].over == pytest.approx(90)
    assert bundles([1.0, 2.0], [0.5, 0.4], 10.0) == ()
    assert bundles([], [], 10.0) == ()
    assert bundles([float("nan"), -5.0, 0.0], [0.5, 0.4, 0.3], 1.0) == ()
    with pytest.raises(ValueError, match="gap=0"):
        bundles([1.0], [0.5], 0)


def test_dear_products_far_down_the_list_are_found_where_cheap_ones_never_get_there() -> None:
    prices = [*([1.0] * 100), 30.0]
    assert 100 in bundles(prices, [0.1] * 101, 30.0)[0].places
