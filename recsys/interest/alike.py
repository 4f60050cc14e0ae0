"""Shoppers who buy alike, and what they buy that one does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Interactions
from recsys.schema import Rows

NEIGHBOURS: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Who buys like whom: cosines of purchases, each product by log(1 + times) and the rarer the more (tf-idf)."""

    matrix: Any  # (n_shoppers, n_items) scipy CSR, rows of length 1
    times: Any  # the same with baskets

    @classmethod
    def of(cls, table: Interactions) -> Self:
        """From all purchases (Salton & Buckley, "Term-weighting approaches in automatic text retrieval", 1988)."""
        from scipy.sparse import csr_array, diags_array

        counted = table.matrix()
        buyers = np.bincount(counted.indices, minlength=table.n_items)
        rare = np.log((1 + len(table)) / (1 + buyers))
        weighted = csr_array(
            (np.log1p(counted.data.astype(np.float64)), counted.indices, counted.indptr), shape=counted.shape
        )
        weighted = weighted @ diags_array(rare)
        lengths = np.sqrt(weighted.multiply(weighted).sum(axis=1))
        return cls(csr_array(diags_array(1 / np.maximum(lengths, 1e-12)) @ weighted), counted)

    def nearest(self, shopper: int, k: int = NEIGHBOURS) -> tuple[Rows, npt.NDArray[np.float64]]:
        """(the k most alike (m,), their cosines (m,)), best first, of those with anything in common."""
        cosines = np.asarray((self.matrix @ self.matrix[[shopper]].T).todense(), np.float64).ravel()
        cosines[shopper] = 0.0
        order = np.argsort(-cosines, kind="stable")[:k]
        order = order[cosines[order] > 1e-9]
        return order.astype(np.int32), cosines[order]

    def missing(
        self, shopper: int, k: int, neighbours: Rows, cosines: npt.NDArray[np.float64]
    ) -> list[tuple[int, int]]:
        """(product, how many of the neighbours buy it) of what this one never bought, by the sum of their cosines."""
        if len(neighbours) == 0:
            return []
        theirs = self.times[neighbours]
        has = theirs.copy()
        has.data = np.ones_like(has.data)
        worth = np.asarray(cosines @ has).ravel()
        buyers = np.asarray(has.sum(axis=0)).ravel()
        worth[self.times[[shopper]].indices] = 0.0
        order = np.lexsort((np.arange(len(worth)), -worth))[:k]
        return [(int(item), int(buyers[item])) for item in order if worth[item] > 0]
