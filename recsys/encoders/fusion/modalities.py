"""What is known of products, one array per kind of knowledge: any of them may be missing for any product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.schema import Floats

KINDS: Final = ("text", "picture", "attributes", "price")


@dataclass(frozen=True, slots=True, eq=False)
class Modalities:
    """n products. A row that is all NaN is missing; an array that is None is missing for all of them.

    `attributes` holds the mean of the text vectors of "colour: red", "type: dress" and so on, so that a value that no
    product had while learning means something too. `labels` (n, a) says the same as whole numbers, -1 for none, one
    column per attribute: what products have in common is learned from it.
    """

    text: Floats | None = None  # (n, d) of a text encoder
    picture: Floats | None = None  # (n, d) of a picture encoder
    attributes: Floats | None = None  # (n, d) of a text encoder
    price: Floats | None = None  # (n,) in the shop's money
    labels: npt.NDArray[np.int32] | None = None  # (n, a)

    @property
    def given(self) -> Mapping[str, Floats]:
        """The arrays there are, by kind, prices as logarithms: (n, d) each."""
        found: dict[str, Floats] = {}
        for kind in KINDS:
            values = getattr(self, kind)
            if values is not None:
                found[kind] = np.log1p(np.maximum(values, 0))[:, None] if kind == "price" else values
        return found

    def take(self, rows: npt.NDArray[np.int64]) -> Modalities:
        """Some of the products, in the order of `rows`."""
        return Modalities(*(None if each is None else each[rows] for each in self._arrays()))

    def only(self, *kinds: str) -> Modalities:
        """As if nothing else were known."""
        return replace(self, **{kind: None for kind in KINDS if kind not in kinds})

    def _arrays(self) -> tuple[Any, ...]:
        return self.text, self.picture, self.attributes, self.price, self.labels


def described(values: Sequence[Sequence[str]], vector_of: Mapping[str, Floats]) -> Floats:
    """(n, d) the mean vector of each product's attributes, NaN for one that has none."""
    width = len(next(iter(vector_of.values())))
    found = np.full((len(values), width), np.nan, np.float32)
    for row, mine in enumerate(values):
        if mine:
            found[row] = np.mean([vector_of[each] for each in mine], axis=0)
    return found
