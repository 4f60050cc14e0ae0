"""Tables of products: their columns, how many rows a browser gets, and the export."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from recsys import schema as s

MOST_ROWS: Final = 2_000  # in the browser; nobody scrolls further
PRODUCT_COLUMNS: Final[dict[str, Any]] = {
    s.ICON: st.column_config.TextColumn("", width=34),
    s.TITLE: st.column_config.TextColumn("Product", width="medium"),
    s.PRICE: st.column_config.NumberColumn("Price", format="dollar", help="US dollars per unit"),
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


def export(table: pd.DataFrame, file_name: str, key: str) -> None:
    """A button that saves the table as CSV, in the encoding that Excel opens rightly."""
    st.download_button(
        "Save as CSV",
        lambda: table.to_csv(index=False).encode("utf-8-sig"),
        file_name,
        "text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
        disabled=table.empty,
    )
