"""From visits to a table: candidates of all recommenders, described by all families of features."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress, silent
from recsys.ranking.blend.family import Family
from recsys.ranking.blend.links import CooccurrenceVectors, Links, NearestShoppers
from recsys.ranking.blend.opinions import columns_of, opinions, propose
from recsys.ranking.blend.own_purchases import OwnKinds, OwnPurchases
from recsys.ranking.blend.popularity import Popularity, RecentPopularity
from recsys.ranking.blend.table import Choices, Column, FeatureTable, stack
from recsys.ranking.blend.visit import Prices, TheVisit
from recsys.recommenders.contract import Recommender, SideInformation, Visits
from recsys.schema import Floats, Rows

FAMILIES: Final[tuple[type[Family], ...]] = (
    OwnPurchases, OwnKinds, Popularity, RecentPopularity, Links, CooccurrenceVectors, NearestShoppers, TheVisit, Prices,
)  # fmt: skip
CELLS_AT_ONCE: Final = 8_000_000  # of each recommender's scores: 32 MB
MOST_AT_ONCE: Final = 4  # chunks, of half a gigabyte each
Made = TypeVar("Made")


def families_for(training: Interactions, side: SideInformation) -> list[Family]:
    """The families that the data has the means for, not yet fitted."""
    return [family() for family in FAMILIES if family.fits(training, side)]


@dataclass(frozen=True, slots=True, eq=False)
class Describer:
    """Fitted recommenders and families of features, and how many candidates each recommender proposes."""

    bases: Mapping[str, Recommender]
    families: Sequence[Family]
    per_base: Mapping[str, int]
    seen: bool  # whether what was taken before stands for choice again

    @property
    def columns(self) -> tuple[Column, ...]:
        """What `describe` tells of each candidate."""
        own = (column for family in self.families for column in family.columns)
        return (*columns_of(self.bases), *own)

    def chunks(self, visits: Visits) -> list[Rows]:
        """The rows of the visits, in chunks whose scores fit into memory."""
        size = max(1, CELLS_AT_ONCE // visits.histories.n_items)
        return [
            np.arange(start, min(start + size, len(visits)), dtype=np.int32) for start in range(0, len(visits), size)
        ]

    def scores(self, visits: Visits) -> dict[str, Floats]:
        """(b, n_items) of each recommender."""
        return {name: base.score(visits) for name, base in self.bases.items()}

    def propose(self, scores: Mapping[str, Floats], visits: Visits) -> Choices:
        """The candidates of each visit."""
        return propose(scores, self.per_base, visits, self.seen)

    def features(self, scores: Mapping[str, Floats], visits: Visits, choices: Choices) -> Floats:
        """(m, f) in the order of `columns`."""
        blocks = [opinions(scores, choices), *(family.values(visits, choices) for family in self.families)]
        return np.concatenate(blocks, axis=1)

    def describe(self, visits: Visits, progress: Progress = silent) -> FeatureTable:
        """All candidates of all visits, chunk by chunk."""
        tables = []
        for rows, table in beside_each_other(lambda rows: self._table(visits.take(rows)), self.chunks(visits)):
            progress(int(rows[0]), len(visits), "describing candidates")
            tables.append(table)
        return stack(tables)

    def _table(self, visits: Visits) -> FeatureTable:
        scores = self.scores(visits)
        choices = self.propose(scores, visits)
        return FeatureTable(choices, self.features(scores, visits, choices))


def beside_each_other(work: Callable[[Rows], Made], chunks: Sequence[Rows]) -> Iterator[tuple[Rows, Made]]:
    """(chunk, what was made of it), in order; a few are made at once: numpy and scipy let other threads work."""
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_AT_ONCE)) as pool:
        yield from zip(chunks, pool.map(work, chunks), strict=True)
