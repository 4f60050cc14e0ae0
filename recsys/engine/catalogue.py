"""The products as the engine holds them: the table for people, arrays for the arithmetic."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.schema import Floats, Mask, Rows


class Catalogue:
    """The items table by row, and the columns that every answer reads as plain arrays."""

    def __init__(self, items: pd.DataFrame) -> None:
        self.items = items
        self.ids: npt.NDArray[Any] = items[s.ITEM_ID].to_numpy()
        self.titles, self.names, self.icons = (self._objects(c) for c in (s.TITLE, s.NAME, s.ICON))
        self.departments, self.categories = (self._objects(c) for c in (s.DEPARTMENT, s.CATEGORY))
        self._department_codes, self._department_names = pd.factorize(items[s.DEPARTMENT])
        self.prices = items[s.PRICE].to_numpy(np.float64, na_value=np.nan)
        self.buyers = items[s.BUYERS].to_numpy(np.int32)
        self.kinds = items[s.KIND].to_numpy(np.int32)
        self.title_codes = pd.factorize(items[s.TITLE])[0].astype(np.int32)
        purchases = items[s.PURCHASES].to_numpy(np.float64)
        self.share: Floats = (purchases / max(purchases.sum(), 1.0)).astype(np.float32)  # of all purchase lines
        self._row_of_id = {str(i): row for row, i in enumerate(self.ids.tolist())}

    def _objects(self, column: str) -> npt.NDArray[Any]:
        """A column as Python strings, each distinct one held once: titles repeat, departments all the more."""
        codes, distinct = pd.factorize(self.items[column])
        return np.asarray([str(value) for value in distinct], dtype=object)[codes]

    def in_departments(self, names: Collection[str]) -> Mask:
        """Which products are in one of these departments, (n_items,)."""
        wanted = [code for code, name in enumerate(self._department_names) if name in names]
        return np.isin(self._department_codes, wanted)

    @property
    def department_codes(self) -> tuple[npt.NDArray[np.int32], list[str]]:
        """(each product's department as a code (n_items,), the names of the codes)."""
        return self._department_codes.astype(np.int32), [str(name) for name in self._department_names]

    @property
    def size(self) -> int:
        """How many products there are."""
        return len(self.ids)

    def row(self, item_id: int | str) -> int | None:
        """The row of the product with that id; None when there is none."""
        return self._row_of_id.get(str(item_id))

    def id(self, row: int) -> int | str:
        """The source's own id, as a plain Python value."""
        value = self.ids[row]
        return value.item() if hasattr(value, "item") else str(value)

    def groups(self, fold: str) -> Rows:
        """The group of each product under a fold: products of one group are look-alikes."""
        if fold == "kind":
            return self.kinds
        return self.title_codes if fold == "title" else np.arange(self.size, dtype=np.int32)


def coded(names: Any) -> tuple[Rows, tuple[str, ...]]:
    """(a code for each name (n,), -1 for an empty or missing one; the names of the codes, in order of appearance)."""
    codes, distinct = pd.factorize(pd.Series(names).astype(object).fillna("").astype(str).replace("", None))
    return codes.astype(np.int32), tuple(str(name) for name in distinct)
