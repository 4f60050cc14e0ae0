"""Who is shopping: the shopper's label, what it often buys, and what is known about it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import state
from pages.shared.wording import count, money, plain
from recsys.schema import (
    BASKETS,
    DAYS_BETWEEN,
    ICON,
    LABEL,
    NEW_SHOPPER,
    SHOPPER_ID,
    SPEND,
    TITLE,
    Request,
)
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    import pandas as pd

    from recsys.engine import Engine

LOOK_BACK = 200  # distinct products, most recent first: enough to tell what somebody buys often
OFTEN = 6
LOOKS = (Capability.VIEWS, Capability.FAVOURITES, Capability.BASKETS)  # what is done with a product but bought


def label(engine: Engine, request: Request) -> str:
    """The shopper's label, "" for nobody and for a new shopper."""
    return state.shopper_labels(engine).get(request.shopper or "", "")


def looked(engine: Engine) -> bool:
    """Whether labels and figures of shoppers count visits on which nothing was bought too."""
    return any(engine.capabilities.has(kind) for kind in LOOKS)


def panel(engine: Engine, request: Request) -> None:
    """What is known about the shopper who is picked."""
    if request.shopper is None:
        return
    if request.shopper == NEW_SHOPPER:
        with st.expander("New shopper", icon=":material/person:", expanded=True):
            st.caption("No history. Like a few products and the shelf learns at once.")
        return
    found = engine.shoppers[engine.shoppers[SHOPPER_ID].astype(str) == request.shopper]
    if found.empty:
        return
    who = f"{engine.shop.people.one.capitalize()} {plain(request.shopper)}"
    with st.expander(who, icon=":material/person:", expanded=True):
        _portrait(found.iloc[0], engine)
        often = engine.history(request.shopper, LOOK_BACK).nlargest(OFTEN, "times")
        if len(often):
            lines = [
                f"{icon} {plain(title)} · {engine.shop.number(times)}×"
                for icon, title, times in zip(often[ICON], often[TITLE], often["times"], strict=True)
            ]
            st.caption("**Buys most often**  \n" + "  \n".join(lines))


def _portrait(row: pd.Series, engine: Engine) -> None:
    shop, has = engine.shop, engine.capabilities.has
    st.markdown(plain(str(row[LABEL])))
    if has(Capability.TRAITS):
        traits = [str(row[name]) for name in shop.people.traits if isinstance(row[name], str) and row[name]]
        said = plain(" · ".join(traits)) if traits else f"No demographics are known for this {shop.people.one}."
        st.caption(said)
    bought = "basket" if has(Capability.VISITS) else "purchase"
    rhythm = count(int(row[BASKETS]), "visit" if looked(engine) else bought, shop=engine.shop)
    if has(Capability.SPEND):
        rhythm += f", {money(float(row[SPEND]), shop)} in all"
    if has(Capability.DATES) and not math.isnan(float(row[DAYS_BETWEEN])):
        rhythm += f", one every {float(row[DAYS_BETWEEN]):.0f} days"
    st.caption(plain(rhythm))
