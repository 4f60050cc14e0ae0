"""Products that look like a picture, and products described as the picture shows: two ways to be near it.

Both are cosines in the space that pictures, words and attributes share (`recsys.encoders.fusion`): of the picture with
each product's picture, and with what the shop says of the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from recsys.artifacts import mapped
from recsys.retrieval.contract import Signals
from recsys.retrieval.part import Grounds, Known, Part, Prepared
from recsys.schema import Candidates, Floats, Mask, Rows

ARTIFACT: Final = "fusion"
PICTURES: Final = "pictures"  # file of (n_items, 128) unit vectors of the pictures alone, 0 where there is none
DESCRIBED: Final = "described"  # the same of texts, attributes and prices
EVERYTHING: Final = "fused"  # the same of all that is known
SEEN: Final = 0.7  # of what the picture gets: the rest goes to what the shop says of a product


@dataclass(slots=True, eq=False)
class LooksRetriever:
    """Cosine between the picture of a request and one kind of the products' vectors, exact."""

    name: str
    vectors: Floats  # (n_items, d), of length 1 or 0

    @classmethod
    def load(cls, name: str, file: str, folder: Path) -> Self:
        """Over the vectors of a file of the prepared space."""
        return cls(name, mapped(folder / f"{file}.npy"))

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The k nearest products; those that have no such vector are never found."""
        if signals.looks is None or k < 1:
            return Candidates.nothing(self.name)
        cosines = self.vectors @ signals.looks
        there = cosines > 0 if allowed is None else (cosines > 0) & allowed
        rows = np.flatnonzero(there).astype(np.int32)
        return Candidates.best(rows, cosines[rows], k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The cosine of each row, 0 without a picture on either side."""
        if signals.looks is None or len(rows) == 0:
            return np.zeros(len(rows), np.float32)
        cosines: Floats = self.vectors[rows] @ signals.looks
        return np.maximum(cosines, np.float32(0))


def _made(name: str, file: str, prepared: Prepared) -> LooksRetriever | None:
    if not prepared.there(ARTIFACT):
        return None
    found = LooksRetriever.load(name, file, prepared.folder(ARTIFACT))
    return found if len(found.vectors) else None  # a shop without pictures


def _like(grounds: Grounds) -> str:
    return f"looks like the picture ({grounds.fact('cosine_looks'):.2f} of 1)"


def _by_looks(known: Known) -> float:
    return known.by_looks * SEEN


def _by_description(known: Known) -> float:
    return known.by_looks * (1.0 - SEEN)


LOOKS: Final = Part(
    name="looks",
    label="Looks like the picture",
    colour="#B0476B",
    phrase=_like,
    spoken=lambda grounds: "looks like your picture",
    weight=_by_looks,
    retriever=lambda prepared: _made("looks", PICTURES, prepared),
    stage="Looks (cosine to the picture)",
    from_last_found=True,
    fact="cosine_looks",
    answers=True,
)
SHOWN: Final = Part(
    name="shown",
    label="Described as the picture shows",
    colour="#4C8C8A",
    phrase=lambda grounds: "described as the picture shows",
    spoken=lambda grounds: "the kind of thing in your picture",
    weight=_by_description,
    retriever=lambda prepared: _made("shown", DESCRIBED, prepared),
    stage="What the picture shows (cosine to descriptions)",
    from_last_found=True,
    answers=True,
)
