"""What each shopper bought and when, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recsys.artifacts import Artifact
from recsys.schema import Floats, Rows


@dataclass(frozen=True, slots=True)
class History:
    """The purchases of one shopper, oldest first: one entry per item and basket."""

    items: Rows  # (m,) rows of items
    days: npt.NDArray[np.int16]  # (m,) whole days since the first day of the data set

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Affinity:
    """How strongly a shopper is attached to each item bought so far, old purchases fading."""

    items: Rows  # (u,) distinct rows, ascending
    weights: Floats  # (u,) faded counts: a purchase `a` days ago counts 0.5 ** (a / half_life)
    times: npt.NDArray[np.int64]  # (u,) baskets that held the item
    last_day: npt.NDArray[np.int16]  # (u,) day of the last purchase

    def __len__(self) -> int:
        return len(self.items)


class HistoryTable:
    """The histories of all shoppers, in compressed rows (CSR), memory-mapped."""

    def __init__(self, indptr: npt.NDArray[np.int64], items: npt.NDArray[Any], days: npt.NDArray[Any]) -> None:
        self._indptr, self._items, self._days = indptr, items, days

    @classmethod
    def load(cls, artifact: Artifact) -> HistoryTable:
        """The table that `recsys.datasets.storage.save` wrote."""
        return cls(
            np.asarray(artifact.array("history_indptr")), artifact.array("history_item"), artifact.array("history_day")
        )

    @property
    def size(self) -> int:
        """How many shoppers there are."""
        return len(self._indptr) - 1

    def of(self, shopper: int) -> History:
        """The history of the shopper in that row."""
        start, end = self._indptr[shopper], self._indptr[shopper + 1]
        return History(np.asarray(self._items[start:end], np.int32), np.asarray(self._days[start:end], np.int16))


def affinity(history: History, today: int, half_life_days: float) -> Affinity:
    """Faded purchase counts per distinct item.

    Exponential decay per basket, as in personal-frequency models of next-basket recommendation (Hu et al.,
    "Modeling Personalized Item Frequency Information for Next-basket Recommendation", SIGIR 2020).
    Raises ValueError when half_life_days is not positive.
    """
    if half_life_days <= 0:
        raise ValueError(f"half_life_days={half_life_days} must be positive")
    items, position, times = np.unique(history.items, return_inverse=True, return_counts=True)
    fading = 0.5 ** ((today - history.days.astype(np.float32)) / np.float32(half_life_days))  # (m,)
    weights = np.bincount(position, weights=fading, minlength=len(items)).astype(np.float32)  # (u,)
    last_day = np.full(len(items), np.iinfo(np.int16).min, np.int16)
    np.maximum.at(last_day, position, history.days)
    return Affinity(items.astype(np.int32), weights, times, last_day)
