"""What stands beside the embedding map: a product's neighbours, the region that was drawn, what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.tables import MOST_ROWS, export, known_columns, product_columns, where
from pages.shared.wording import count, cut, drawn, money, plain
from pages.understand.embedding_map import view as map_view
from recsys import schema as s
from recsys.schema import Rows
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine

NEAR = [s.ICON, s.TITLE, s.PRICE, s.DEPARTMENT, s.ITEM_ID]
LISTED = [s.ICON, s.TITLE, s.PRICE, s.DEPARTMENT, s.CATEGORY, s.PURCHASES, s.ITEM_ID]


def panel(engine: Engine) -> None:
    """Whatever was pointed at, drawn or found; else how to do it."""
    row, region, found = map_view.product(engine), map_view.region(), map_view.found_rows(engine)
    if region:
        _region(engine, np.array(region, np.int32))
    if row is not None:
        _neighbours(engine, row)
    if state.choices()["find"].strip():
        _found(engine, found)
    if not region and row is None and not state.choices()["find"].strip():
        _how_to()


def _how_to() -> None:
    with st.container(border=True):
        st.markdown("**Point, click, draw**")
        st.markdown(
            "- **Hover** over a point for the product.\n"
            "- **Click** it (in 2-D; in 3-D find it by name) for its nearest neighbours.\n"
            "- **Draw** a box or a lasso (buttons above the map, in 2-D) to list a region and export it.\n"
            "- **Scroll** to zoom, drag to move, click a name in the legend to hide it."
        )


def _neighbours(engine: Engine, row: int) -> None:
    rows, scores, folded = map_view.neighbours(engine, row)
    about = engine.items.iloc[row]
    picture = engine.thumbnail(row)
    with st.container(border=True):
        if picture:
            with st.container(width=96):
                st.markdown(drawn(picture, f"Picture of {about[s.TITLE]}", "webp"))
        st.markdown(f"**Nearest neighbours of {about[s.ICON]} {plain(str(about[s.TITLE]))}**")
        price = money(float(about[s.PRICE]), engine.shop) if engine.capabilities.has(Capability.PRICES) else ""
        st.caption(plain(" · ".join(filter(None, [price, where(engine, about[s.DEPARTMENT], about[s.CATEGORY])]))))
        table = engine.items.iloc[rows][known_columns(engine, NEAR)]
        table.insert(0, "score", scores)  # first, so that the narrow column beside the map shows it
        table.insert(3, "folded", folded)
        _choosable(engine, table, rows, f"near.{row}")
        st.button(
            "Clear",
            key="map.clear",
            icon=":material/close:",
            type="tertiary",
            on_click=state.choose,
            kwargs={"product": ""},
        )


def _choosable(engine: Engine, table: pd.DataFrame, rows: Rows, key: str) -> None:
    """A table in which a click on a row looks at that product."""

    def look() -> None:
        picked = st.session_state[key]["selection"]["rows"]
        if picked:
            state.choose(product=str(engine.catalogue.id(int(rows[picked[0]]))))

    st.dataframe(
        table,
        key=key,
        hide_index=True,
        column_config=product_columns(engine.shop),
        on_select=look,
        selection_mode="single-row",
        height=min(38 + 35 * len(table), 420),
    )


def _region(engine: Engine, rows: Rows) -> None:
    rows = rows[rows < len(engine.items)]
    has = engine.capabilities.has
    table = engine.items.iloc[rows].sort_values(s.PURCHASES, ascending=False, kind="stable")
    table = table[known_columns(engine, LISTED)]
    with st.container(border=True):
        st.markdown(f"**The region you drew: {count(len(table), 'product', shop=engine.shop)}**")
        said = [_departments(table[s.DEPARTMENT], engine)] if has(Capability.DEPARTMENTS) else []
        if has(Capability.PRICES):
            said.append(f"median price {money(float(table[s.PRICE].median()), engine.shop)}")
        if said:
            st.caption(plain(" · ".join(said)))
        st.dataframe(
            table.head(MOST_ROWS),
            key="map.region.table",
            hide_index=True,
            column_config=product_columns(engine.shop),
            height=320,
        )
        if len(table) > MOST_ROWS:
            st.caption(f"The {engine.shop.number(MOST_ROWS)} most bought are shown; the CSV holds all.")
        export(table, "region.csv", "map.region.csv")
        st.caption("Double-click the map to let the region go.")


def _departments(column: pd.Series, engine: Engine) -> str:
    """The departments of a region, those with most products first."""
    by = column.value_counts()
    named = ", ".join(f"{name} {engine.shop.number(number)}" for name, number in by.head(4).items())
    return named + (f" and {len(by) - 4} more departments" if len(by) > 4 else "")


def _found(engine: Engine, rows: Rows) -> None:
    words = plain(cut(state.choices()["find"], 40))
    with st.container(border=True):
        st.markdown(f"**{count(len(rows), 'product', shop=engine.shop)} named “{words}”**")
        if len(rows) == 0:
            st.caption("No title holds all of these words. Try fewer or shorter ones.")
            return
        if len(rows) > map_view.FOUND:
            st.caption(f"The {map_view.FOUND} most bought are marked and listed.")
        listed = rows[: map_view.FOUND]
        _choosable(engine, engine.items.iloc[listed][known_columns(engine, LISTED)], listed, "map.found")
