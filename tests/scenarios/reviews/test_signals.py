"""What foretells stars beside their effects: nothing of a row's own stars or purchase may be in its numbers."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.scenarios.reviews.signals import Bought, Pairs, Ridge, between, chosen, floor, prices, taste

EACH = np.arange(4)


def pairs(stars: list[float], item: list[int]) -> Pairs:
    n = len(stars)
    return Pairs(np.array(stars), np.arange(n), np.array(item), np.zeros((n, 0)))


def test_a_row_never_sees_its_own_stars_or_words() -> None:
    moods = np.array([[1.0], [-1.0], [0.0], [0.0]])
    rows = np.array([0, 1, 2], np.int32)
    before = pairs([1, 5, 3, 3], [0, 0, 1, 0]).numbers(rows, moods)
    moods[0], moods[3] = -1.0, 9.0  # its own words, and those of a row that is not learned from
    after = pairs([1, 5, 3, 1], [0, 0, 1, 0]).numbers(rows, moods)
    assert before[0, 1] < 0  # by the other's complaint
    assert after[0, 0] == before[0, 0]
    assert before[2, 0] == 0.0  # nobody else has rated it
    assert before[3, 0] == 0.0  # one of 1 and one of 5: the mean of all
    assert after[3, 1] == pytest.approx((-1 - 1 - 2 * (-2 / 3)) / (2 + 2))


def test_taste_is_what_is_bought_oftener_than_by_everybody_the_product_itself_aside() -> None:
    colour = np.array([0, 0, 1, 1])
    bought = Bought(np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 1, 2, 3, 2]))
    red, blue, other = taste(np.array([0, 1, 2]), np.array([0, 0, 2]), bought, colour)
    assert red > 0 > blue
    assert other == pytest.approx(0.0)  # the only purchase is the product itself
    assert taste(np.array([0]), np.array([0]), bought, np.full(4, -1)).tolist() == [0.0]


def test_prices_are_beside_the_usual_one_of_their_kind() -> None:
    bought = Bought(np.array([0, 0, 1]), np.array([1, 3, 0]))
    found = prices(np.array([0, 1]), np.array([1, 1]), bought, np.array([10.0, 40.0, 5.0, np.nan]), np.zeros(4, int))
    dear, pays, both = found.T
    assert dear[0] == dear[1] > 0
    assert pays[0] == pytest.approx(0.0)  # the dear one itself does not count, the other has no price
    assert both.tolist() == (dear * pays).tolist()


def test_ridge_finds_what_made_the_stars() -> None:
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(0, 5, 500), np.ones(500), rng.normal(0, 1, 500)])
    stars = 3 + 0.1 * x[:, 0] + rng.normal(0, 0.1, 500)
    rows, judged = np.arange(400, dtype=np.int32), np.arange(400, 500, dtype=np.int32)
    penalty = chosen(x, stars, rows, judged)
    told = Ridge.fit(x[rows], stars[rows], penalty).stars(x[judged])
    assert np.sqrt(((told - stars[judged]) ** 2).mean()) < 0.15
    assert Ridge.fit(x[:2], stars[:2], 1.0).stars(np.array([[1e9, 1, 0]])).max() <= 5.0


def test_what_groups_have_in_common_is_estimated_without_a_lean() -> None:
    rng = np.random.default_rng(1)
    group = rng.integers(0, 400, 1_500)
    stars = rng.normal(0, 0.5, 400)[group] + rng.normal(0, 1.0, len(group))
    alone = rng.integers(0, 400, 1_500)
    assert between(stars, group) == pytest.approx(0.25, abs=0.06)
    assert between(stars, alone) < 0.05
    assert floor(stars, {"item": group, "shopper": alone}) == pytest.approx(1.0, abs=0.06)
    assert between(stars[:4], EACH) == 0.0
