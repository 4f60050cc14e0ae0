"""By what products are placed on the maps: by words, by pictures, or by everything that is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from recsys.artifacts import PREPARE
from recsys.encoders.close_up import CloseUp, close_up
from recsys.encoders.fusion.fusion import as_query
from recsys.encoders.item_maps import ItemMaps
from recsys.encoders.maps import Maps
from recsys.encoders.placing import PLACED_AMONG, MapInfo, among_neighbours
from recsys.engine.one_space import OneSpace
from recsys.errors import ArtifactError
from recsys.index.shared_rows import SharedRowsIndex
from recsys.schema import Answer, Candidates, Floats, Rows

WORDS, PICTURES, EVERYTHING = "words", "pictures", "everything"
FOLDERS: Final = {PICTURES: "pictures", EVERYTHING: "fused"}  # of the prepared maps, and files of the prepared space


@dataclass(frozen=True, slots=True, eq=False)
class Placings:
    """The maps by what they place products by. Those by words are of texts, the others of products."""

    index: SharedRowsIndex
    words: Maps | None
    others: Mapping[str, ItemMaps]  # by PICTURES and EVERYTHING; empty where the shop has no pictures
    space: OneSpace | None  # what brings words and shoppers among pictures; None where the shop has none
    gap: Mapping[str, Any]  # between texts and pictures, as `recsys.encoders.modality_gap.both` says it

    @property
    def names(self) -> tuple[str, ...]:
        """What there are maps of."""
        return (*((WORDS,) if self.words else ()), *self.others)

    def infos(self, placed: str) -> Sequence[MapInfo]:
        """The maps of one placing; none while they are being made."""
        if placed == WORDS:
            return self.words.infos if self.words else ()
        return self.others[placed].infos if placed in self.others else ()

    def without(self, placed: str) -> int:
        """How many products have no place."""
        return int((~self.others[placed].there).sum()) if placed in self.others else 0

    def positions(self, method: str, dims: int, placed: str) -> Floats:
        """Where each product lies, (n_items, dims), NaN for one without a place. Raises ArtifactError without it."""
        if placed == WORDS:
            return self.index.of_items(self._of_words().positions(method, dims))
        return self._other(placed).positions(method, dims)

    def place(self, method: str, dims: int, vectors: Floats) -> Floats:
        """Where vectors of texts (m, d) belong among words, (m, dims)."""
        return self._of_words().place(method, dims, vectors)

    def spots(
        self, answer: Answer, looks: Floats | None, person: int | None, method: str, dims: int, placed: str
    ) -> dict[str, Floats]:
        """Where the "query", the "shopper" and the picture that was asked with ("looks") lie, (1, dims) each.

        Among words a picture has no place. Elsewhere a query lies where its words would, taken for a product's text;
        a shopper (the row `person`) where the Transformer has placed them, else among the products nearest in meaning
        to what they like.
        """
        if placed == WORDS:
            spots = self.place(method, dims, np.stack(list(answer.vectors.values()))) if answer.vectors else ()
            return {who: spot[None] for who, spot in zip(answer.vectors, spots, strict=True)}
        known = None if person is None or self.space is None else self.space.shopper(person)
        maps, asking = self._other(placed), {"looks": looks, "query": self.asked_in_words(answer), "shopper": known}
        found = {who: maps.place(method, dims, vector[None]) for who, vector in asking.items() if vector is not None}
        if answer.interest_vector is not None and known is None:
            likes = np.where(maps.there, self.index.scores(answer.interest_vector), -np.inf)
            rows = np.argsort(-likes, kind="stable")[: min(PLACED_AMONG, int(maps.there.sum()))]
            found["shopper"] = among_neighbours(maps.positions(method, dims)[rows][None], likes[rows][None])
        return found

    def asked_in_words(self, answer: Answer) -> Floats | None:
        """(d,) the query as one that looks for products in the space that words and pictures share."""
        if answer.query_vector is None or self.space is None:
            return None
        return self.space.words(np.asarray(answer.query_vector, np.float32))

    def scores(self, asking: Floats, placed: str) -> Floats:
        """(n_items,) the cosine of every product with a vector that looks for them; 0 for one without a place."""
        return np.asarray(self._other(placed).vectors @ asking, np.float32)

    def close_up(self, asking: Floats, placed: str, shown: Rows) -> CloseUp:
        """What lies near a picture that is asked with, and the products `shown`."""
        return close_up(asking, as_query(np.asarray(self._other(placed).vectors)), shown)

    def nearest(self, row: int, k: int, placed: str) -> Candidates:
        """The k products nearest to the one in that row, itself left out; none where it has no place."""
        maps = self._other(placed)
        if not maps.there[row]:
            return Candidates.nothing("neighbours")
        rows, cosines = maps.nearest(as_query(np.asarray(maps.vectors[row : row + 1]))[0], k + 1)
        keep = rows != row
        return Candidates(rows[keep][:k], cosines[keep][:k], "neighbours")

    def _of_words(self) -> Maps:
        if self.words is None:
            raise ArtifactError("the maps are not made yet", remedy=PREPARE)
        return self.words

    def _other(self, placed: str) -> ItemMaps:
        if placed not in self.others:
            raise ArtifactError(
                f"there is no map by {placed[:40]!r}", allowed=", ".join(self.names) or "none yet", remedy=PREPARE
            )
        return self.others[placed]
