"""The products as arrays: codes for words, typical prices, and the groups that a page may list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

FIELDS: Final = (
    "type", "department", "colour", "material", "pattern", "style", "occasion", "season", "audience", "brand",
)  # fmt: skip
HOME, DEPARTMENT, TYPE, SEARCH, GIFT = range(5)
"""The kinds of page, in the order of `Model.kinds`."""

EVERYONE: Final = "everyone"


@dataclass(frozen=True)
class Shelf:
    """Groups of products, padded to one width: rows (n_groups, width) of products, -1 where a group ends."""

    rows: np.ndarray

    @classmethod
    def of(cls, codes: np.ndarray, n_groups: int) -> Shelf:
        """One group for each code 0..n_groups-1; products of code -1 are in none."""
        members = [np.flatnonzero(codes == code) for code in range(n_groups)]
        rows = np.full((n_groups, max((len(each) for each in members), default=0)), -1, np.int32)
        for code, each in enumerate(members):
            rows[code, : len(each)] = each
        return cls(rows)


@dataclass(frozen=True)
class Catalogue:
    """m products. `codes[field]` (m,) points into `words[field]`, which is sorted."""

    ids: np.ndarray
    codes: dict[str, np.ndarray]
    words: dict[str, list[str]]
    price: np.ndarray  # (m,)
    relative_price: np.ndarray  # (m,) log of the price beside the median of its type
    quality: np.ndarray  # (m,) 0..1
    launch: np.ndarray  # (m,) day
    repeat: np.ndarray  # (m,) days after which it is needed again, 0 for never
    type_department: np.ndarray  # (n_types,)
    type_repeat: np.ndarray  # (n_types,)
    type_share: np.ndarray  # (n_types,) how common, mean 1
    shelves: tuple[Shelf, Shelf, Shelf, Shelf, Shelf]  # by kind of page

    @property
    def m(self) -> int:
        """How many products."""
        return len(self.ids)

    def n(self, field: str) -> int:
        """How many words a field has."""
        return len(self.words[field])


def catalogue(products: pd.DataFrame) -> Catalogue:
    """The products, coded. Raises KeyError for a missing column and ValueError for a price that is none."""
    price = products["price"].to_numpy(np.float64)
    if not (price > 0).all():
        raise ValueError(f"{int((~(price > 0)).sum()):,} products have no price above 0; give each one")
    codes, words = {}, {}
    for field in FIELDS:
        names, code = np.unique(products[field].fillna("").astype(str).to_numpy(object), return_inverse=True)
        codes[field], words[field] = code.astype(np.int32), [str(name) for name in names]
    kinds = codes["type"]
    by = pd.DataFrame({"type": kinds, "price": price, "department": codes["department"],
                       "repeat": products["repeat_days"].to_numpy(np.float64),
                       "share": products["share"].to_numpy(np.float64)}).groupby("type")  # fmt: skip
    typical = by["price"].median().to_numpy()
    share = by["share"].first().to_numpy()
    return Catalogue(
        ids=products["item_id"].astype(str).to_numpy(object),
        codes=codes,
        words=words,
        price=price,
        relative_price=np.log(price / typical[kinds]),
        quality=products["quality"].to_numpy(np.float64),
        launch=products["launch_day"].to_numpy(np.int64),
        repeat=products["repeat_days"].to_numpy(np.float64),
        type_department=by["department"].first().to_numpy(),
        type_repeat=by["repeat"].first().to_numpy(),
        type_share=share / share.mean(),
        shelves=_shelves(codes, words),
    )


def _shelves(codes: dict[str, np.ndarray], words: dict[str, list[str]]) -> tuple[Shelf, Shelf, Shelf, Shelf, Shelf]:
    home = Shelf.of(np.zeros_like(codes["type"]), 1)
    types = Shelf.of(codes["type"], len(words["type"]))
    # a gift is looked for by whom it is for, so what is for everyone is on no such list
    gifts = codes["audience"].copy()
    gifts[np.array([word == EVERYONE for word in words["audience"]])[gifts]] = -1
    return (
        home,
        Shelf.of(codes["department"], len(words["department"])),
        types,
        types,
        Shelf.of(gifts, len(words["audience"])),
    )
