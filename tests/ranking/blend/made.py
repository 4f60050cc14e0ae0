"""Tiny histories, visits and examples whose right answers are known."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.ranking.blend.examples import Examples
from recsys.ranking.blend.table import Choices, FeatureTable
from recsys.recommenders.contract import Visits

Basket = tuple[int, list[int]]  # day, items


def shopping(*shoppers: list[Basket], n_items: int = 6) -> Interactions:
    """Dated histories, each a list of baskets, oldest first."""
    lines = [
        [(item, number, day) for number, (day, basket) in enumerate(baskets) for item in basket] for baskets in shoppers
    ]
    flat = np.array([line for own in lines for line in own], np.int32).reshape(-1, 3)
    indptr = np.concatenate([[0], np.cumsum([len(own) for own in lines])]).astype(np.int64)
    return Interactions(indptr, flat[:, 0].copy(), flat[:, 1].copy(), flat[:, 2].copy(), n_items)


def on_day(histories: Interactions, *days: int) -> Visits:
    """Every shopper of the histories stands there on that day."""
    return Visits(histories, np.arange(len(histories), dtype=np.int32), np.array(days, np.int32))


def all_items(visits: Visits) -> Choices:
    """Every item is a candidate at every visit."""
    b, n = len(visits), visits.histories.n_items
    return Choices(np.arange(b + 1, dtype=np.int64) * n, np.tile(np.arange(n, dtype=np.int32), b))


def outcomes(*taken: list[int], n_items: int) -> sparse.csr_array:
    """(b, n_items), 1 where the item was taken."""
    table = np.zeros((len(taken), n_items), np.float32)
    for row, items in enumerate(taken):
        table[row, items] = 1
    return sparse.csr_array(table)


def marked_examples(b: int = 120, w: int = 8, seed: int = 0) -> Examples:
    """At each visit the one candidate whose feature 1 is 1 is taken; feature 0 is noise."""
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((b, w, 2)).astype(np.float32)
    values[:, :, 1] = 0
    winner = rng.integers(0, w, b)
    values[np.arange(b), winner, 1] = 1
    taken = (values[:, :, 1] == 1).ravel()
    choices = Choices(np.arange(b + 1, dtype=np.int64) * w, np.tile(np.arange(w, dtype=np.int32), b))
    table = FeatureTable(choices, values.reshape(b * w, 2))
    return Examples(table, taken, np.ones(b, np.int32), np.arange(b, dtype=np.int32), np.ones(b, bool))
