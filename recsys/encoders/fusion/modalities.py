"""What is known of products, modality by modality: the input of the fusion, to learn from and to encode."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from recsys.schema import Floats

TEXT: Final = "text"
PICTURE: Final = "picture"
ATTRIBUTES: Final = "attributes"
PRICE: Final = "price"
NAMES: Final = (TEXT, PICTURE, ATTRIBUTES, PRICE)

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Attributes:
    """Values of named attributes; `codes` is (n, names), -1 where a product has none.

    `vectors` is (values, d) the text encoder's vector of "name: value": a value that nobody learned from has one too.
    """

    names: tuple[str, ...]
    values: tuple[tuple[str, str], ...]  # (name, value) of each code
    codes: Ints
    vectors: Floats

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[str]], encode: Callable[[list[str]], Floats]) -> Self:
        """Of columns of equal length; "" is no value. `encode` gives unit vectors of texts."""
        values = sorted({(name, value) for name, column in columns.items() for value in column if value})
        code = {pair: number for number, pair in enumerate(values)}
        codes = [[code.get((name, value), -1) for value in column] for name, column in columns.items()]
        rows = max((len(column) for column in columns.values()), default=0)
        table = np.array(codes, np.int64).reshape(len(columns), rows).T
        vectors = encode([f"{name}: {value}" for name, value in values]) if values else np.empty((0, 0), np.float32)
        return cls(tuple(columns), tuple(values), table, vectors)

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Ints) -> Attributes:
        """Those of some products."""
        return Attributes(self.names, self.values, self.codes[rows], self.vectors)

    def there(self) -> Bools:
        """(n,) which products have any."""
        return np.asarray((self.codes >= 0).any(axis=1), np.bool_)

    def pooled(self, kept: Bools | None = None) -> Floats:
        """(n, d) the mean of each product's vectors; `kept` (n, names) leaves some out. Zeros where there are none."""
        has = self.codes >= 0
        if kept is not None:
            has &= kept
        looked_up = np.vstack([self.vectors, np.zeros((1, self.vectors.shape[1]), np.float32)])
        total = looked_up[np.where(has, self.codes, -1)].sum(axis=1)  # (n, names, d) -> (n, d)
        found: Floats = total / np.maximum(has.sum(axis=1, keepdims=True), 1).astype(np.float32)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Modalities:
    """n products; a modality that is None is missing for all. A row of NaN is missing for that product alone."""

    text: Floats | None = None  # (n, d)
    picture: Floats | None = None  # (n, p)
    attributes: Attributes | None = None
    price: npt.NDArray[np.float64] | None = None  # (n,) in the shop's money, above 0

    def __post_init__(self) -> None:
        counts = {len(part) for part in self.given().values()}
        if len(counts) != 1:
            raise ValueError(f"modalities of {sorted(counts)} products; all of one count, and at least one, are wanted")

    def __len__(self) -> int:
        return len(next(iter(self.given().values())))

    def given(self) -> dict[str, Floats | Attributes | npt.NDArray[np.float64]]:
        """Those that are not None, by name."""
        parts = {TEXT: self.text, PICTURE: self.picture, ATTRIBUTES: self.attributes, PRICE: self.price}
        return {name: part for name, part in parts.items() if part is not None}

    def there(self, name: str) -> Bools:
        """(n,) which products have this modality."""
        part = self.given().get(name)
        if part is None:
            return np.zeros(len(self), np.bool_)
        if isinstance(part, Attributes):
            return part.there()
        with np.errstate(invalid="ignore"):
            if name == PRICE:
                return np.isfinite(part) & (part > 0)
        return np.isfinite(part[:, 0]) if part.shape[1] else np.zeros(len(part), np.bool_)

    def only(self, *names: str) -> Modalities:
        """As if nothing else were known. Raises ValueError where nothing is left."""
        return Modalities(**{name: part for name, part in self.given().items() if name in names})  # type: ignore[arg-type]

    def take(self, rows: Ints) -> Modalities:
        """Those of some products."""
        return Modalities(**{name: _rows(part, rows) for name, part in self.given().items()})  # type: ignore[arg-type]


def _rows(part: Floats | Attributes | npt.NDArray[np.float64], rows: Ints) -> object:
    return part.take(rows) if isinstance(part, Attributes) else part[rows]
