"""Pairs of texts that mean one product, dealt into steps in which the others are hard to tell from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.encoders.adapting.spellings import Spellings, mistyped

Rng = np.random.Generator
EACH_CATEGORY: Final = 8  # products of one category side by side in a step


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """What is learned from: each product's name, its other texts (at least one, none empty), and its category."""

    names: Sequence[str]
    others: Sequence[Sequence[str]]
    groups: Sequence[str]  # "" where the shop has no categories
    brands: Sequence[str] = ()  # by product, "" where it is not known; may be left out
    spellings: Spellings | None = None  # how else the names are written; None: by slips of the keyboard alone

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Step:
    """(b) left and right texts of the pairs, and which product each is of: equal ones are no negatives."""

    left: list[str]
    right: list[str]
    names: list[str]


class Dealer:
    """Steps by number: the same number gives the same step, whatever was before."""

    def __init__(
        self, products: Products, size: int, same_category: float, misspelt: float, seed: int, respelt: float = 0.0
    ) -> None:
        """`same_category`, `misspelt` and `respelt` are shares: see Adapting."""
        self._products, self._size, self._seed = products, min(size, len(products)), seed
        self._hard, self._misspelt, self._respelt = same_category, misspelt, respelt
        by_group: dict[str, list[int]] = {}
        for row, group in enumerate(products.groups):
            by_group.setdefault(group, []).append(row)
        self._groups = [rows for group, rows in sorted(by_group.items()) if group and len(rows) > 1]

    def step(self, number: int) -> Step:
        """The step of that number, from 0."""
        rng = np.random.default_rng([self._seed, number])
        rows = self._rows(rng)
        left, right = [], []
        for row in rows:
            one, other = self._pair(row, rng)
            left.append(one)
            right.append(other)
        return Step(left, right, [self._products.names[row] for row in rows])

    def _rows(self, rng: Rng) -> list[int]:
        found: dict[int, None] = {}
        wanted = round(self._hard * self._size) if self._groups else 0
        for _ in range(2 * self._size):  # ends even where few categories are large
            if len(found) >= wanted:
                break
            group = self._groups[int(rng.integers(len(self._groups)))]
            take = min(EACH_CATEGORY, len(group), wanted - len(found))
            found |= dict.fromkeys(rng.choice(group, take, replace=False).tolist())
        while len(found) < self._size:
            found.setdefault(int(rng.integers(len(self._products))))
        return list(found)

    def _pair(self, row: int, rng: Rng) -> tuple[str, str]:
        name, others = self._products.names[row], self._products.others[row]
        kind = rng.random()
        if kind < self._misspelt:
            return mistyped(name, rng), name
        if kind < self._misspelt + self._respelt and self._products.spellings is not None:
            brand = self._products.brands[row] if self._products.brands else ""
            return self._products.spellings.variant(name, brand, rng), name
        return name, others[int(rng.integers(len(others)))]
