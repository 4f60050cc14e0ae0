"""The pictures of the demo store: what each is drawn from follows from what the shop says of the product."""

from __future__ import annotations

from typing import Final
from zlib import crc32

import pandas as pd

from recsys import schema as s
from recsys.shops.demo_store import drawing
from recsys.shops.demo_store.looks import Look
from recsys.shops.demo_store.products import colours, product_types

PIXELS: Final = 320  # a side: a card shows 140 to 200, on a dense screen twice that


def picture(look: Look) -> bytes:
    """The JPEG of a product."""
    return drawing.picture(look, PIXELS)


def looks(items: pd.DataFrame, attributes: pd.DataFrame) -> list[Look]:
    """A look for each item, in order; its id tells apart what is alike in all attributes."""
    of_type, palette = {kind.name: kind.silhouette for kind in product_types()}, colours()
    said = attributes.pivot(index=s.ITEM, columns=s.ATTRIBUTE, values=s.VALUE).loc[items[s.ITEM]]
    told = zip(items[s.ITEM_ID], items[s.DEPARTMENT], said.to_dict("records"), strict=True)
    return [
        Look(
            silhouette=of_type[its["type"]],
            colour=palette[its["colour"]].hex,
            accent=palette[its["accent"]].hex,
            material=its["material"],
            pattern=its["pattern"],
            style=its["style"],
            audience=its["audience"],
            department=department,
            seed=crc32(str(item_id).encode()),
        )
        for item_id, department, its in told
    ]
