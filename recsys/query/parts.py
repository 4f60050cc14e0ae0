"""What can be meant beside the words: each part knows where it was said, and what its chip says."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

from recsys.query.amounts import plain
from recsys.schema.money import Money

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was meant. `spans` are the places [start, end) of the query that said it.

    `in_meaning`: its words are also searched for. `words_return`: when it is taken back, its words become plain words
    of the query; otherwise they vanish, as "under 3" is nothing to search for.
    """

    kind: ClassVar[str] = ""
    in_meaning: ClassVar[bool] = False
    words_return: ClassVar[bool] = False
    spans: tuple[Span, ...]

    @property
    def label(self) -> str:
        """What its chip says."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class PricePart(Part):
    """A range of prices in the shop's money; None: no bound on that side. An open bound is not itself in the range."""

    kind: ClassVar[str] = "price"
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    money: Money = field(kw_only=True)
    cheap: bool = False  # the bound is the catalogue's lower quartile, not a number that was said

    @property
    def label(self) -> str:
        """For example "price below 3.00" with the sign of the money."""
        if self.low is not None and self.high is not None:
            return f"price {self.money.said(self.low)} to {self.money.said(self.high)}"
        if self.high is not None:
            why = " (cheap)" if self.cheap else ""
            return f"price {'below' if self.high_open else 'up to'} {self.money.said(self.high)}{why}"
        return f"price {'above' if self.low_open else 'from'} {self.money.said(self.low or 0.0)}"


@dataclass(frozen=True, slots=True)
class BrandPart(Part):
    """Whose brand: the house's own or everybody else's; `name` is that value of the brand column."""

    kind: ClassVar[str] = "brand"
    name: str = ""

    @property
    def label(self) -> str:
        """For example "house brand"."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class MakePart(BrandPart):
    """A make of the catalogue's: products' names may hold it too, so that it is searched for as well."""

    in_meaning: ClassVar[bool] = True
    words_return: ClassVar[bool] = True

    @property
    def label(self) -> str:
        """For example "brand Acme"."""
        return f"brand {self.name}"


@dataclass(frozen=True, slots=True)
class SizePart(Part):
    """A package size between two amounts of a unit, equal for an exact one; `times` packages of it, when said.

    `grams`, `milliliters` and `count` are what one unit is in each dimension, NaN where it measures nothing of it.
    """

    kind: ClassVar[str] = "size"
    low: float = 0.0
    high: float = math.inf
    unit: str = ""
    grams: float = math.nan
    milliliters: float = math.nan
    count: float = math.nan
    times: int = 1

    @property
    def label(self) -> str:
        """For example "16 oz", "6 x 330 ml", "2 to 3 lb", "up to 10 lb"."""
        many = f"{self.times} x " if self.times > 1 else ""
        if self.low == self.high:
            return f"{many}{plain(self.low)} {self.unit}"
        if not self.low:
            return f"up to {plain(self.high)} {self.unit}"
        if math.isinf(self.high):
            return f"from {plain(self.low)} {self.unit}"
        return f"{plain(self.low)} to {plain(self.high)} {self.unit}"


@dataclass(frozen=True, slots=True)
class WithoutPart(Part):
    """Words that no name on the shelf may hold."""

    kind: ClassVar[str] = "without"
    words: str = ""

    @property
    def label(self) -> str:
        """For example "without egg"."""
        return f"without {self.words}"


@dataclass(frozen=True, slots=True)
class DepartmentPart(Part):
    """A department that was named as one: "in the garden department"."""

    kind: ClassVar[str] = "department"
    words_return: ClassVar[bool] = True
    name: str = ""

    @property
    def label(self) -> str:
        """For example "in Garden"."""
        return f"in {self.name}"


@dataclass(frozen=True, slots=True)
class ExactPart(Part):
    """Words in quotes: they are searched for, and must stand in the name exactly like this."""

    kind: ClassVar[str] = "exact"
    in_meaning: ClassVar[bool] = True
    words_return: ClassVar[bool] = True
    words: str = ""

    @property
    def label(self) -> str:
        """For example "exactly “peanut butter”"."""
        return f"exactly “{self.words}”"


@dataclass(frozen=True, slots=True)
class ModelPart(Part):
    """A model number: it is searched for, and words count more than meaning."""

    kind: ClassVar[str] = "model"
    in_meaning: ClassVar[bool] = True
    words_return: ClassVar[bool] = True
    word: str = ""

    @property
    def label(self) -> str:
        """For example "model WH-1000XM4"."""
        return f"model {self.word}"
