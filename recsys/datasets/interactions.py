"""What shoppers did, as arrays: the shape in which recommenders are fitted and evaluated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recsys.schema import Floats, Rows

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Interactions:
    """The histories of n shoppers in compressed rows (CSR), each oldest first: one entry per item and basket.

    `baskets` numbers a shopper's baskets 0, 1, 2 ... in order of time. In a data set of sequences without baskets each
    entry is a basket of its own. `days` are whole days since a first day where the data set is `dated`, and the number
    of the basket where it is not: then a "day" is one step of the sequence.
    """

    indptr: Longs  # (n + 1,)
    items: Rows  # (m,)
    baskets: Rows  # (m,)
    days: Rows  # (m,)
    n_items: int
    dated: bool = True

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def lengths(self) -> Longs:
        """Entries per shopper, (n,)."""
        return np.diff(self.indptr)

    @property
    def shopper_of_entry(self) -> Rows:
        """Which shopper each entry belongs to, (m,)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths)

    @property
    def n_baskets(self) -> Rows:
        """Baskets per shopper, (n,)."""
        counts = np.zeros(len(self), np.int32)
        filled = self.lengths > 0
        counts[filled] = self.baskets[self.indptr[1:][filled] - 1] + 1
        return counts

    def of(self, shopper: int) -> Rows:
        """The items of one shopper, oldest first."""
        return self.items[self.indptr[shopper] : self.indptr[shopper + 1]]

    def take(self, shoppers: Rows) -> Interactions:
        """The histories of these shoppers, in that order."""
        lengths = self.lengths[shoppers]
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        entries = np.repeat(self.indptr[:-1][shoppers] - indptr[:-1], lengths) + np.arange(indptr[-1])
        return Interactions(
            indptr, self.items[entries], self.baskets[entries], self.days[entries], self.n_items, self.dated
        )

    def where(self, keep: npt.NDArray[np.bool_]) -> Interactions:
        """The entries for which `keep` (m,) is true; the shoppers stay, some perhaps with nothing left."""
        lengths = np.bincount(self.shopper_of_entry[keep], minlength=len(self))
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return Interactions(indptr, self.items[keep], self.baskets[keep], self.days[keep], self.n_items, self.dated)

    def before_last(self, baskets: int) -> Interactions:
        """Everything but each shopper's last so many baskets."""
        return self.where(self.baskets < (self.n_baskets - baskets)[self.shopper_of_entry])

    def matrix(self, values: Floats | None = None) -> sparse.csr_array:
        """(n, n_items) with the sum of `values` (m,), or how often each item was taken, per shopper and item."""
        data = np.ones(len(self.items), np.float32) if values is None else values
        # copied: adding duplicates up works in place, and would cut these histories short
        shape = (len(self), self.n_items)
        summed = sparse.csr_array((data, self.items, self.indptr), shape=shape, copy=True)
        summed.sum_duplicates()
        return summed


def from_sequences(sequences: list[Rows], n_items: int) -> Interactions:
    """Interactions of sequences without baskets or dates: each entry is a basket of one, a day is a step."""
    lengths = np.array([len(sequence) for sequence in sequences], np.int64)
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    items = np.concatenate(sequences).astype(np.int32) if sequences else np.empty(0, np.int32)
    step = (np.arange(len(items)) - np.repeat(indptr[:-1], lengths)).astype(np.int32)
    return Interactions(indptr, items, step, step, n_items, dated=False)
