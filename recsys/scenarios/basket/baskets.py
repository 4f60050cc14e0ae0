"""Baskets as rows of a matrix: what was bought together in one visit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.schema import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Baskets:
    """All visits of all shoppers, shopper by shopper, each one's oldest first."""

    holds: sparse.csr_array  # (b, n_items) 1 where a basket holds a product
    shoppers: Rows  # (b,)
    days: Rows  # (b,)
    numbers: Rows  # (b,) of the shopper's baskets: 0, 1, 2 ...

    def __len__(self) -> int:
        return len(self.shoppers)

    @classmethod
    def of(cls, table: Interactions) -> Baskets:
        """The baskets of these histories."""
        shopper = table.shopper_of_entry
        begins = np.ones(len(table.items), np.bool_)
        begins[1:] = (shopper[1:] != shopper[:-1]) | (table.baskets[1:] != table.baskets[:-1])
        first = np.flatnonzero(begins)
        indptr = np.append(first, len(table.items)).astype(np.int64)
        holds = sparse.csr_array(
            (np.ones(len(table.items), np.float32), table.items, indptr), shape=(len(first), table.n_items), copy=True
        )
        holds.sum_duplicates()
        holds.data[:] = 1.0
        return cls(holds, shopper[first], table.days[first], table.baskets[first])

    def where(self, keep: npt.NDArray[np.bool_]) -> Baskets:
        """Some of the baskets, (b,) true where one is kept."""
        rows = np.flatnonzero(keep)
        return Baskets(self.holds[rows], self.shoppers[rows], self.days[rows], self.numbers[rows])

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """(b,) different products in each."""
        return np.asarray(np.diff(self.holds.indptr), np.int64)


def grouped(holds: sparse.csr_array, codes: Rows, n: int) -> sparse.csr_array:
    """(b, n) 1 where a basket holds a product of that group; `codes` (n_items,) are the groups, -1 for none."""
    known = np.flatnonzero(codes >= 0)
    ones = np.ones(len(known), np.float32)
    member = sparse.csr_array((ones, (known, codes[known])), shape=(len(codes), max(n, 1)))
    found = sparse.csr_array(holds @ member)
    found.data[:] = 1.0
    return found
