"""What defines each group, and who is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from pages.shared import state
from pages.shared.tables import MOST_ROWS, export, money_column
from pages.shared.wording import plain
from recsys.engine.portraits import SEGMENTS
from recsys.schema import SHOPPER_ID
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine

NAMES: Final = [name for name, *_ in SEGMENTS]
EVERYBODY: Final = "All of them"
PORTRAIT: Final = "pages/understand/portrait/page.py"


def sentence(engine: Engine, sizes: npt.NDArray[Any]) -> str:
    """The largest group, and the one that grew most in the last month."""
    now = sizes[-1][1:]
    many, number = plain(engine.shop.people.many), engine.shop.number
    largest = int(now.argmax())
    said = f"{number(int(now[largest]))} of {number(int(now.sum()))} {many} are “{NAMES[largest]}”"
    if len(sizes) < 2:
        return f"{said}."
    change = now - sizes[-2][1:]
    most = int(np.abs(change).argmax())
    if not change[most]:
        return f"{said}; no group changed its size in the last month."
    return f"{said}; “{NAMES[most]}” changed most in the last month: {change[most]:+d}."


def definitions(engine: Engine) -> None:
    """What each group is, in words, with what it is worth."""
    found = engine.portraits.looks[-1].segments
    priced = engine.capabilities.has(Capability.PRICES)
    rows = ["| Group | Who | Share of all worth |" if priced else "| Group | Who |"]
    rows.append("| :-- | :-- | --: |" if priced else "| :-- | :-- |")
    total = float(np.nansum(found.money))
    for code, (name, meaning, *_) in enumerate(SEGMENTS):
        worth = f" {np.nansum(found.money[found.codes == code]) / total:.0%} |" if priced and total > 0 else ""
        rows.append(f"| **{name}** | {meaning} |{worth}")
    st.markdown("\n".join(rows))
    st.caption(
        "Everybody who bought anything is brought to 1 to 5 by how lately and by how often (fifths of all); the group "
        "follows from these two. Worth: all that the group ever bought, at the prices of the catalogue."
    )


def people(engine: Engine) -> None:
    """Who is in a group: a table to sort, to save, and to go on from."""
    found = engine.portraits.looks[-1].segments
    chosen = st.selectbox("Who is in", [EVERYBODY, *NAMES], key="segments.chosen", help="The table shows these.")
    ids = engine.shoppers[SHOPPER_ID].astype(str).to_numpy()
    table = pd.DataFrame(
        {
            SHOPPER_ID: ids,
            "group": [NAMES[code] if code >= 0 else "Not yet" for code in found.codes],
            "days": found.recency,
            "baskets": found.frequency.astype(int),
            "worth": found.money,
        }
    )
    if chosen != EVERYBODY:
        table = table[table["group"] == chosen]
    table = table.sort_values(["baskets", SHOPPER_ID], ascending=[False, True])
    dated, priced = engine.capabilities.has(Capability.DATES), engine.capabilities.has(Capability.PRICES)
    shown = [SHOPPER_ID, "group", *(["days"] if dated else []), "baskets", *(["worth"] if priced else [])]
    picked = st.dataframe(
        table[shown].head(MOST_ROWS),
        hide_index=True,
        key="segments.people",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            SHOPPER_ID: st.column_config.TextColumn(engine.shop.people.one.capitalize()),
            "group": st.column_config.TextColumn("Group"),
            "days": st.column_config.NumberColumn("Days since", format="%d", help="Days since the last purchase"),
            "baskets": st.column_config.NumberColumn("Baskets", format="localized"),
            "worth": money_column("Worth", engine.shop, "At the prices of the catalogue"),
        },
    )
    rows = picked.selection.rows if hasattr(picked, "selection") else []
    with st.container(horizontal=True):
        export(table[shown], "segments.csv", "segments.save")
        if rows and st.button(
            "Open this portrait",
            key="segments.open",
            icon=":material/account_circle:",
            on_click=state.choose,
            kwargs={"shopper": str(table.iloc[rows[0]][SHOPPER_ID])},
        ):
            st.switch_page(PORTRAIT)
