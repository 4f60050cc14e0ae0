"""A catalogue of products as a shop: what its files say of them, and nobody who has bought anything yet."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.datasets.contract import CleaningRule, Dataset
from recsys.progress import Progress
from recsys.shops.contract import Shop
from recsys.shops.imported.catalogue import SearchCatalogue
from recsys.steps.versions import CATALOGUE

ICON: Final = "📦"
LICENCE: Final = "that of the catalogue's owner"


def shop_of(catalogue: SearchCatalogue) -> Shop:
    """The shop of these products; catalogues of the same files have one name."""
    name = CATALOGUE + catalogue.fingerprint[:16]
    return Shop(
        name=name,
        title=catalogue.name,
        description=f"{len(catalogue):,} products of the folder {catalogue.name}",
        licence=LICENCE,
        load=partial(_load, name, catalogue),
        version=lambda: catalogue.fingerprint,
        icon=ICON,
    )


def _load(name: str, catalogue: SearchCatalogue, progress: Progress) -> Dataset:
    from recsys.datasets.completing import completed

    items = pd.DataFrame(
        {
            s.ITEM_ID: list(catalogue.ids),
            s.TITLE: list(catalogue.titles),
            s.BRAND: list(catalogue.brands),
            s.CATEGORY: list(catalogue.categories),
            s.DESCRIPTION: list(catalogue.descriptions),
            s.PRICE: catalogue.prices.astype(np.float64),
        }
    )
    progress(1, 1, f"{len(items):,} products")
    return completed(
        name,
        items,
        source=f"the folder {catalogue.name}",
        licence=LICENCE,
        icon=ICON,
        cleaning=[CleaningRule(note, "products", len(items), 0, note) for note in catalogue.notes],
        tables={"attributes": _attributes(catalogue)},
    )


def _attributes(catalogue: SearchCatalogue) -> pd.DataFrame:
    """A row per attribute of each product: item_id, attribute, value; those without a value say nothing."""
    rows = [
        (item_id, name, value)
        for item_id, pairs in zip(catalogue.ids, catalogue.attributes, strict=True)
        for name, value in pairs
        if name and value
    ]
    return pd.DataFrame(rows, columns=[s.ITEM_ID, s.ATTRIBUTE, s.VALUE]).astype("str")
