"""Tables of products: their columns, how many rows a browser gets, and the export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.shared.wording import currency
from recsys import schema as s
from recsys.schema.capabilities import Capability
from recsys.schema.cells import csv_table

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.shops.contract import Shop

MOST_ROWS: Final = 2_000  # in the browser; nobody scrolls further
CURRENCY_FORMATS: Final = {"USD": "dollar", "EUR": "euro", "JPY": "yen"}


def money_column(label: str, shop: Shop, help: str | None = None) -> Any:
    """A column of amounts; where the browser has no format for the currency, the label names it."""
    known = CURRENCY_FORMATS.get(shop.money.currency)
    title = label if known else f"{label} ({shop.money.currency})"
    return st.column_config.NumberColumn(title, format=known or "%.2f", help=help)


def product_columns(shop: Shop) -> dict[str, Any]:
    """How the columns of products are shown."""
    return {
        s.ICON: st.column_config.TextColumn("", width=34),
        s.TITLE: st.column_config.TextColumn("Product", width="medium"),
        s.PRICE: money_column("Price", shop, f"{currency(shop)} per unit"),
        s.DEPARTMENT: st.column_config.TextColumn("Department"),
        s.CATEGORY: st.column_config.TextColumn("Category"),
        s.PURCHASES: st.column_config.NumberColumn("Bought", format="localized", help="Purchase lines in the period"),
        s.ITEM_ID: st.column_config.TextColumn("Id"),
        "score": st.column_config.NumberColumn(
            "Cosine", width=62, format="%.2f", help="Similarity of meaning: 1 is the same, 0 unrelated"
        ),
        "folded": st.column_config.NumberColumn(
            "Look-alikes", help="More products of the same kind, in other sizes or by other makers"
        ),
        "products": st.column_config.NumberColumn("Products", format="localized"),
    }


LACKING: Final = {
    s.PRICE: Capability.PRICES,
    s.DEPARTMENT: Capability.DEPARTMENTS,
    s.CATEGORY: Capability.CATEGORIES,
    s.PURCHASES: Capability.PURCHASES,
}


def known_columns(engine: Engine, columns: Sequence[str]) -> list[str]:
    """Those of these columns in which this shop has something to say."""
    return [name for name in columns if name not in LACKING or engine.capabilities.has(LACKING[name])]


def where(engine: Engine, department: str, category: str) -> str:
    """Where a product stands in the shop, as far as this shop has an order: "Footwear · Sandals"."""
    has = engine.capabilities.has
    said = [department] if has(Capability.DEPARTMENTS) else []
    return " · ".join([*said, category] if has(Capability.CATEGORIES) else said)


def export(table: pd.DataFrame, file_name: str, key: str) -> None:
    """A button that saves the table as CSV, in the encoding that Excel opens rightly; no cell starts a formula."""
    st.download_button(
        "Save as CSV",
        lambda: csv_table(table).encode("utf-8-sig"),
        file_name,
        "text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
        disabled=table.empty,
    )
