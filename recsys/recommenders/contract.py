"""What every recommender can do: from histories to a score for every item."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress, silent
from recsys.schema import Floats, Rows


@dataclass(frozen=True, slots=True, eq=False)
class SideInformation:
    """What is known beside who took what; a recommender uses what is there and does without the rest."""

    attributes: sparse.csr_array | None = None  # (n_items, n_attributes), 1 where the item has the attribute
    vectors: Floats | None = None  # (n_items, d) of unit rows, from the text encoder
    kinds: Rows | None = None  # (n_items,) code of the kind of product: sizes and makers of one kind share it
    prices: Floats | None = None  # (n_items,) in the shop's currency, NaN where unknown
    cohorts: Rows | None = None  # (n_shoppers,) code of each training shopper's group, -1 where unknown
    friends: sparse.csr_array | None = None  # (n_shoppers, n_shoppers), 1 where the column's shopper is a friend


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Shoppers who stand before the shelf: what each took until now, and what day it is."""

    histories: Interactions  # of b shoppers
    shoppers: Rows  # (b,) their rows in the training data; -1 for somebody who was not there
    days: Rows  # (b,) the day of the visit, on the scale of `histories.days`

    def __len__(self) -> int:
        return len(self.histories)

    def take(self, rows: Rows) -> Visits:
        """Some of the visits, in that order."""
        return Visits(self.histories.take(rows), self.shoppers[rows], self.days[rows])


class Recommender(Protocol):
    """Scores every item for every visit, from histories alone or with what is known of the items.

    Frozen settings are the fields of each recommender; `fit` must be called before `score`. The same training data, the
    same settings and the same seed give the same scores.
    """

    name: str  # short machine name, "item-knn"
    label: str  # plain words, "Item neighbours (ItemKNN)"

    def fit(self, training: Interactions, side: SideInformation, progress: Progress = silent) -> Self:
        """Learn from the training histories; returns itself."""

    def score(self, visits: Visits) -> Floats:
        """(b, n_items) float32, finite, larger is better. All equal where the recommender has no opinion."""

    def settings(self) -> dict[str, Any]:
        """The settings in force, as plain data."""

    def save(self, folder: Path) -> None:
        """Write all that `load` needs to an empty folder: .npy, .safetensors and .json files."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The fitted recommender as it was saved."""
