"""Where a query, a picture, a shopper and the products lie in the one space that a shop with pictures has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from recsys.artifacts import mapped
from recsys.ranking.weighted_parts import Parts
from recsys.retrieval.contract import Signals
from recsys.retrieval.looks import ARTIFACT, EVERYTHING
from recsys.schema import Floats, Rows

if TYPE_CHECKING:
    from recsys.encoders.fusion.fusion import Fusion

INTERESTS: Final = "interests"  # the artefact, and its file: (n_shoppers, d), 0 for those without a history


class OneSpace:
    """Cosines of whoever asks with products, all in one space; opened when it is first asked."""

    def __init__(self, folder: Callable[[str], Path], shoppers: bool) -> None:
        """`shoppers` is whether these have places yet."""
        self._folder, self._shoppers = folder, shoppers

    @cached_property
    def fusion(self) -> Fusion:
        """What brings words and pictures into the space."""
        from recsys.encoders.fusion.fusion import Fusion

        return Fusion.load(self._folder(ARTIFACT))

    @cached_property
    def products(self) -> Floats:
        """(n_items, d) of all that is known of each product."""
        return mapped(self._folder(ARTIFACT) / f"{EVERYTHING}.npy")

    @cached_property
    def _interests(self) -> Floats | None:
        found = mapped(self._folder(INTERESTS) / f"{INTERESTS}.npy") if self._shoppers else None
        return found if found is not None and len(found) else None

    def words(self, vector: Floats) -> Floats:
        """(d,) the place of words, from their vector of the text encoder."""
        found: Floats = self.fusion.encode(text=vector[None], query=True)[0]
        return found

    def changed(self, looks: Floats, words: Floats) -> tuple[Floats, tuple[str, ...]]:
        """((d,) the place of what is like a picture but as words say, the attributes that they change)."""
        from recsys.encoders.fusion.changing import changed

        return changed(self.fusion, looks, words)

    def shopper(self, row: int) -> Floats | None:
        """(d,) the place of a shopper's interest, as the Transformer learned it; None without one."""
        if self._interests is None or not 0 <= row < len(self._interests):
            return None
        found = np.asarray(self._interests[row], np.float32)
        return found if found.any() else None

    def nearness(self, rows: Rows, signals: Signals, shopper: int | None) -> Parts:
        """Name -> (k,): "space_" and who asks, the cosine of each product with the query, picture and shopper."""
        query = None if signals.query_vector is None else self.words(signals.query_vector)
        places = {
            "query": query,
            "picture": signals.looks,
            "shopper": None if shopper is None else self.shopper(shopper),
        }
        there = np.asarray(self.products[rows], np.float64)  # (k, d)
        return {f"space_{who}": np.round(there @ place, 4) for who, place in places.items() if place is not None}
