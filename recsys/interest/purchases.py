"""Every line that shoppers bought, as arrays: what portraits and segments are made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from recsys.artifacts import Artifact
from recsys.schema import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The purchases of one shopper, oldest first: one entry per product and basket."""

    items: Rows  # (m,)
    days: Rows  # (m,) whole days since the first day of the data set
    baskets: Rows  # (m,) 0, 1, 2 ...
    quantities: Rows  # (m,) pieces

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, eq=False)
class PurchaseTable:
    """The purchases of all shoppers, in compressed rows; `indptr` is (n_shoppers + 1,), the others (n_lines,)."""

    indptr: npt.NDArray[np.int64]
    items: Rows
    days: Rows
    baskets: Rows
    quantities: Rows

    @classmethod
    def load(cls, artifact: Artifact) -> Self:
        """The histories that `recsys.datasets.storage.save` wrote. Raises ArtifactError when they are missing."""
        item, day, basket, quantity = (
            np.asarray(artifact.array(f"history_{name}"), np.int32) for name in ("item", "day", "basket", "quantity")
        )
        return cls(np.asarray(artifact.array("history_indptr"), np.int64), item, day, basket, quantity)

    @property
    def size(self) -> int:
        """How many shoppers there are."""
        return len(self.indptr) - 1

    @cached_property
    def shoppers(self) -> Rows:
        """(n_lines,) whose line it is."""
        return np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.indptr))

    def of(self, shopper: int) -> Lines:
        """The lines of the shopper in that row."""
        own = slice(int(self.indptr[shopper]), int(self.indptr[shopper + 1]))
        return Lines(self.items[own], self.days[own], self.baskets[own], self.quantities[own])

    def until(self, day: int) -> PurchaseTable:
        """What had been bought by the end of a day."""
        kept = self.days <= day
        sizes = np.bincount(self.shoppers[kept], minlength=self.size)
        indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return PurchaseTable(indptr, self.items[kept], self.days[kept], self.baskets[kept], self.quantities[kept])
