"""Which items stand for choice at each visit, and what is known of each: the table a ranker learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Longs
from recsys.schema import Floats, Mask, Rows

BOUGHT_BEFORE: Final = "Bought before"
RHYTHM: Final = "Rhythm"
POPULAR_NOW: Final = "Popular now"
SIMILAR_SHOPPERS: Final = "Shoppers like you"
GOES_WITH: Final = "Goes with what you took"
ALIKE: Final = "Alike by content"
SEQUENCE_MODEL: Final = "Sequence model"
PRICE: Final = "Price"
THE_VISIT: Final = "The visit itself"
START: Final = "Where every item starts"
"""What a ranker gives to an item of which nothing speaks for or against: no feature's doing."""


@dataclass(frozen=True, slots=True)
class Column:
    """One feature: its name, and the named part of the score to which it counts."""

    name: str
    part: str


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """The candidates of b visits in compressed rows: m entries in all, ascending rows of items within each visit."""

    indptr: Longs  # (b + 1,)
    items: Rows  # (m,)

    @property
    def sizes(self) -> Longs:
        """Candidates per visit, (b,)."""
        return np.diff(self.indptr)

    @property
    def visit(self) -> Longs:
        """Which visit each entry belongs to, (m,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), self.sizes)

    @property
    def place(self) -> Longs:
        """The position of each entry among those of its visit, (m,)."""
        return np.arange(len(self.items)) - np.repeat(self.indptr[:-1], self.sizes)

    def of(self, visits: Rows) -> tuple[Choices, Longs]:
        """The candidates of some of the visits, in that order, and at which entries they stand here."""
        sizes = self.sizes[visits]
        indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        entries = np.repeat(self.indptr[:-1][visits] - indptr[:-1], sizes) + np.arange(indptr[-1])
        return Choices(indptr, self.items[entries]), entries

    def in_rows(self, values: Floats, empty: float = -np.inf) -> Floats:
        """Values (m,) as (b, w), one row per visit, `empty` after its last candidate; w is the longest row."""
        rows = np.full((len(self.indptr) - 1, int(self.sizes.max(initial=0))), empty, np.float32)
        rows[self.visit, self.place] = values
        return rows

    def taken(self, relevant: sparse.csr_array) -> Mask:
        """(m,) which candidates the shopper took, by `relevant` (b, n_items)."""
        n_items = relevant.shape[1]
        rows, items = relevant.nonzero()
        taken: Mask = np.isin(self.visit * n_items + self.items, rows.astype(np.int64) * n_items + items)
        return taken


def choices_of(chosen: Mask) -> Choices:
    """The candidates marked in (b, n_items)."""
    visit, items = chosen.nonzero()
    sizes = np.bincount(visit, minlength=len(chosen))
    return Choices(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), items.astype(np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class FeatureTable:
    """What is known of every candidate."""

    choices: Choices
    values: Floats  # (m, f)

    def take(self, visits: Rows) -> FeatureTable:
        """The candidates of some of the visits, in that order."""
        choices, entries = self.choices.of(visits)
        return FeatureTable(choices, self.values[entries])


def stack(tables: list[FeatureTable]) -> FeatureTable:
    """The tables one below the other."""
    sizes = np.concatenate([table.choices.sizes for table in tables])
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    items = np.concatenate([table.choices.items for table in tables])
    return FeatureTable(Choices(indptr, items), np.concatenate([table.values for table in tables]))
