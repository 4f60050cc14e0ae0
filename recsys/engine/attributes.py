"""What the shop says of its products in named values: colour, material, style; read when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s

MOST_VALUES: Final = 30  # more are not told apart in a picture
COMMON: Final = 0.02  # of the products: an attribute of fewer says too little of all of them


class Attributes:
    """The attributes by which products can be told apart at a glance, and their values."""

    def __init__(self, load: Callable[[], pd.DataFrame | None], n_items: int) -> None:
        """`load` reads the shop's table of attributes; None where it has none."""
        self._load, self._n_items = load, n_items

    @cached_property
    def _values(self) -> dict[str, npt.NDArray[np.object_]]:
        table = self._load()
        if table is None:
            return {}
        first = table.drop_duplicates([s.ITEM, s.ATTRIBUTE])  # of several values of one product
        found: dict[str, npt.NDArray[np.object_]] = {}
        for name, of in first.groupby(s.ATTRIBUTE, sort=True):
            if 2 <= of[s.VALUE].nunique() <= MOST_VALUES and len(of) >= COMMON * self._n_items:
                values = np.full(self._n_items, "", dtype=object)
                values[of[s.ITEM].to_numpy()] = of[s.VALUE].astype(str).to_numpy(dtype=object)
                found[str(name)] = values
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """Those with 2 to MOST_VALUES values that enough products have, by name."""
        return tuple(self._values)

    def of(self, name: str) -> npt.NDArray[np.object_]:
        """(n_items,) the value that each product has, "" where it has none. Raises KeyError for none of `names`."""
        return self._values[name]
