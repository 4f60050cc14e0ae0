"""What is bought together beyond chance: support, confidence, lift, and the lift that few visits can bear out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from recsys.schema import Floats, Rows

PRIOR: Final = 1.0  # shape and rate of the gamma prior of a lift, mean 1: so many expected visits of "as by chance"
LEAST: Final = 2  # visits that two products must share before anything is said of them
TAIL: Final = 0.05  # of the lift's posterior that lies below its lower, or above its upper bound
ROWS_AT_ONCE: Final = 4_000  # of the product of a matrix with itself: all of it at once would not fit a laptop

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """How often each two of n things were in one basket.

    Of c baskets with both, where E = a * b / baskets are expected by chance, lift is c / E (Brin, Motwani, Ullman &
    Tsur, SIGMOD 1997) and confidence c / a (Agrawal & Srikant, VLDB 1994). With a prior Gamma(PRIOR, PRIOR) on the lift
    and Poisson counts its posterior is Gamma(PRIOR + c, PRIOR + E) (DuMouchel, American Statistician 1999): its mean
    is drawn to 1 where little is known, and its tails say what is more than luck.
    """

    both: sparse.csr_array  # (n, n) baskets with both, symmetric, without the diagonal; pairs of LEAST and more
    each: Doubles  # (n,) baskets with each
    baskets: int

    @classmethod
    def counted(cls, holds: sparse.csr_array, least: int = LEAST) -> Together:
        """Counted over baskets, `holds` (b, n) of ones. Raises ValueError for `least` below 1."""
        if least < 1:
            raise ValueError(f"least={least} visits: two things that were never together have no count; give 1 or more")
        turned = sparse.csr_array(holds.T)
        parts = []
        for start in range(0, turned.shape[0], ROWS_AT_ONCE):
            part = sparse.coo_array(turned[start : start + ROWS_AT_ONCE] @ holds)
            keep = (part.data >= least) & (part.row + start != part.col)
            shape = (min(ROWS_AT_ONCE, turned.shape[0] - start), turned.shape[0])
            parts.append(sparse.csr_array((part.data[keep], (part.row[keep], part.col[keep])), shape=shape))
        both = sparse.csr_array(sparse.vstack(parts)) if parts else sparse.csr_array(turned.shape)
        return cls(both.astype(np.float32), np.diff(turned.indptr).astype(np.float64), holds.shape[0])

    def expected(self, first: Rows, second: Rows) -> Doubles:
        """(m,) baskets that would hold both by chance."""
        return np.asarray(self.each[first] * self.each[second] / max(self.baskets, 1))

    def pairs(self) -> tuple[Rows, Rows, Doubles]:
        """(m,) each of: one thing, the other, baskets with both; every pair in both orders."""
        found = self.both.tocoo()
        return found.row.astype(np.int32), found.col.astype(np.int32), found.data.astype(np.float64)

    def evidence(self) -> sparse.csr_array:
        """(n, n) logarithm of the posterior mean of each pair's lift, where that is above 0."""
        first, second, count = self.pairs()
        value = np.log((count + PRIOR) / (self.expected(first, second) + PRIOR))
        return _matrix(first, second, value, self.both.shape, value > 0)

    def lifts(self, least: int) -> sparse.csr_array:
        """(n, n) lift of the pairs with `least` baskets and more."""
        first, second, count = self.pairs()
        return _matrix(first, second, count / self.expected(first, second), self.both.shape, count >= least)

    def confidences(self, least: int) -> sparse.csr_array:
        """(n, n) of the baskets with the row's thing, the share with the column's; `least` as above."""
        first, second, count = self.pairs()
        return _matrix(first, second, count / self.each[first], self.both.shape, count >= least)

    def bounds(self, row: int, others: Rows) -> tuple[Doubles, Doubles, Doubles]:
        """((m,) baskets with both, (m,) lower and (m,) upper bound of the lift) of one thing with others."""
        count = np.asarray(self.both[[row]][:, others].toarray()[0], np.float64)
        rate = self.expected(np.full(len(others), row, np.int32), others) + PRIOR
        low, high = (special.gammaincinv(count + PRIOR, tail) / rate for tail in (TAIL, 1 - TAIL))
        return count, low, high


def _matrix(first: Rows, second: Rows, value: Doubles, shape: Any, keep: npt.NDArray[np.bool_]) -> sparse.csr_array:
    return sparse.csr_array((value[keep].astype(np.float32), (first[keep], second[keep])), shape=shape)


def summed(matrix: sparse.csr_array, rows: Rows) -> Floats:
    """(n,) the rows of a matrix added up; zeros for no row."""
    if len(rows) == 0:
        return np.zeros(matrix.shape[1], np.float32)
    return np.asarray(matrix[rows].sum(axis=0), np.float32).ravel()


def largest(matrix: sparse.csr_array, rows: Rows) -> Floats:
    """(n,) the largest value of each column among these rows; zeros for no row."""
    if len(rows) == 0:
        return np.zeros(matrix.shape[1], np.float32)
    return np.asarray(matrix[rows].max(axis=0).toarray(), np.float32).ravel()
