"""Products are told apart as far as reviews can: by construction, few reviews move little and chance moves nothing."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.scenarios.reviews.analysing import Read
from recsys.scenarios.reviews.satisfaction import ALL, satisfied, told, with_reviews

PRODUCTS, CATEGORIES = 200, 4


def drawn(between: float, within: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[str], np.ndarray]:
    """(product, mood, categories, truth): each product lies from its category as far as `between` says."""
    chance = np.random.default_rng(seed)
    truth = chance.normal(0, between, PRODUCTS)
    counts = chance.integers(0, 12, PRODUCTS)
    counts[:3] = 0, 1, 200
    items = np.repeat(np.arange(PRODUCTS), counts)
    level = np.linspace(-0.4, 0.4, CATEGORIES)[np.arange(PRODUCTS) % CATEGORIES]
    mood = level[items] + truth[items] + chance.normal(0, within, len(items))
    return items, mood, [f"c{row % CATEGORIES}" for row in range(PRODUCTS)], truth


def test_the_spread_within_and_between_products_is_found() -> None:
    items, mood, categories, truth = drawn(0.3, 0.5)
    found = satisfied(items, mood, categories)
    assert found.within == pytest.approx(0.25, rel=0.15)
    assert found.between == pytest.approx(0.09, rel=0.4)
    known = found.reviews > 0
    raw = found.mean - found.category
    assert ((found.lift - truth)[known] ** 2).mean() < ((raw - truth)[known] ** 2).mean()
    inside = np.abs(found.lift - truth)[known] < 1.96 * found.spread[known]
    assert inside.mean() > 0.88


def test_few_reviews_move_little_and_none_move_nothing() -> None:
    items, mood, categories, _ = drawn(0.3, 0.5)
    found = satisfied(items, mood, categories)
    assert found.lift[0] == 0
    assert found.reviews[:3].tolist() == [0, 1, 200]
    kept = found.lift[1:3] / (found.mean - found.category)[1:3]
    assert kept[0] < 0.4 < 0.9 < kept[1]
    assert np.abs(found.fit).max() == 1


def test_where_products_do_not_differ_nothing_moves() -> None:
    quiet = [satisfied(*drawn(0.0, 0.5, seed)[:3]) for seed in range(20)]
    assert np.mean([np.abs(found.lift).max() for found in quiet]) < 0.1
    assert any((found.lift == 0).all() for found in quiet)
    assert (satisfied(np.array([1, 2]), np.array([0.9, -0.9]), ["a"] * 4).lift == 0).all()


def test_reviews_of_an_aspect_and_of_some_days_are_told() -> None:
    days = np.datetime64("2026-01-01", "ns") + np.arange(3) * np.timedelta64(1, "D")
    mood = np.array([0.5, 0.1, -0.5, 0.9])
    owner, aspect = np.array([0, 0, 1, 2]), np.array([0, 0, 0, 1])
    read = Read(
        ["a", "b", "c"],
        np.full(3, np.nan),
        [7, 8, 9],
        days,
        np.zeros(3),
        list("wxyz"),
        owner,
        mood,
        aspect,
        (),
        np.zeros(3),
        np.ones(4, bool),
        np.zeros(4),
        np.full(3, -1),
        np.full(3, -1),
    )
    items, moods = told(read, 0)
    assert items.tolist() == [7, 8]
    assert moods.tolist() == pytest.approx([0.3, -0.5])
    assert told(read, ALL, before=days[2])[0].tolist() == [7, 8]
    assert told(read, ALL, since=days[2])[0].tolist() == [9]


def test_reviews_have_their_share_of_a_score() -> None:
    assert with_reviews(np.array([1.0, 0.5]), np.array([-1.0, 1.0]), 0.25).tolist() == [0.5, 0.625]
