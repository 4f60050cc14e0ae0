"""What each shopper is likely to want next, ranked once at preparation: the ranker itself is not loaded here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from recsys.artifacts import Artifact
from recsys.ranking.weighted_parts import Parts
from recsys.schema import Rows

NAME: Final = "learned"
STAGE: Final = "Learned order (all recommenders, weighed by what was {bought} next)"
BLEND: Final = "blend"  # the folder, beside the shortlists, of what made them
LOWEST: Final = 0.1
"""The last product of a shortlist, on the scale on which the first one is 1. What is on no shortlist stays below it."""


@dataclass(frozen=True, slots=True, eq=False)
class Shortlist:
    """The products of one shopper, best first."""

    rows: Rows  # (m,)
    parts: Parts  # part -> (m,); they sum to the learned score on the scale LOWEST to 1

    def on(self, rows: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """(positions in `rows` (p,) of what is on the shortlist, where each stands here)."""
        _, here, there = np.intersect1d(rows, self.rows, assume_unique=True, return_indices=True)
        return here.astype(np.int64), there.astype(np.int64)


class Shortlists:
    """The shortlists of all shoppers, memory-mapped."""

    def __init__(
        self, indptr: npt.NDArray[np.int64], items: npt.NDArray[Any], parts: npt.NDArray[Any], names: tuple[str, ...]
    ) -> None:
        self._indptr, self._items, self._parts, self._names = indptr, items, parts, names

    @classmethod
    def load(cls, artifact: Artifact) -> Self:
        """The shortlists that `learn` wrote. Raises ArtifactError when they cannot be read."""
        return cls(
            np.asarray(artifact.array("shortlist_indptr")),
            artifact.array("shortlist_items"),
            artifact.array("shortlist_parts"),
            tuple(artifact.info["parts"]),
        )

    def of(self, shopper: int | None) -> Shortlist | None:
        """The shortlist of the shopper in that row; None where there is none."""
        if shopper is None or shopper + 1 >= len(self._indptr):
            return None
        start, end = self._indptr[shopper], self._indptr[shopper + 1]
        if start == end:
            return None
        parts = np.asarray(self._parts[start:end], np.float64)  # (m, p)
        return Shortlist(
            np.asarray(self._items[start:end], np.int32),
            {name: parts[:, place] for place, name in enumerate(self._names)},
        )
