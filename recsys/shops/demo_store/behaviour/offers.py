"""What is cheaper for some days, and what each product costs on each day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.shops.demo_store.behaviour.catalogue import Catalogue
from recsys.shops.demo_store.behaviour.model import Model

_REDUCTIONS: Final = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
_SHORTEST: Final = 5
_LONGEST: Final = 14
_SALE_EVERY: Final = 30  # days from one sale of the whole store to the next; half of all offers begin with one


@dataclass(frozen=True)
class Offers:
    """A row an offer; `starts` is its first day and `ends` the first day without it."""

    item: np.ndarray  # rows of products
    starts: np.ndarray
    ends: np.ndarray
    price: np.ndarray

    def prices(self, goods: Catalogue, days: int) -> np.ndarray:
        """(days, m) float32: what each product costs on each day, the lowest offer of the day where there are some."""
        done = np.tile(goods.price.astype(np.float32), (days, 1))
        for day in range(days):
            now = (self.starts <= day) & (day < self.ends)
            np.minimum.at(done[day], self.item[now], self.price[now].astype(np.float32))
        return done


def draw_offers(goods: Catalogue, model: Model, rng: np.random.Generator) -> Offers:
    """Offers within the days, none before its product's launch; a product has at most two."""
    item = np.flatnonzero(rng.random(goods.m) < model.on_offer)
    item = np.sort(np.concatenate([item, item[rng.random(len(item)) < 0.3]]))
    starts = rng.integers(0, max(model.days - _SHORTEST, 1), len(item))
    sale = rng.random(len(item)) < 0.5
    starts = np.where(sale, starts // _SALE_EVERY * _SALE_EVERY, starts)
    ends = np.minimum(starts + rng.integers(_SHORTEST, _LONGEST + 1, len(item)), model.days)
    price = np.round(goods.price[item] * (1 - rng.choice(_REDUCTIONS, len(item))), 2)
    kept = (starts >= goods.launch[item]) & (price > 0)
    return Offers(item[kept], starts[kept], ends[kept], price[kept])
