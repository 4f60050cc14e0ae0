"""Who buys alike, and what they buy that this one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import state
from pages.shared.wording import count, cut, plain
from recsys.schema import SHOPPER_ID

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.portraits import Portrait

SHOWN: Final = 6  # people to go on to
LABEL_LENGTH: Final = 60


def alike(engine: Engine, portrait: Portrait) -> None:
    """The most alike, as buttons that open their portraits, and what is missing here."""
    many = engine.shop.people.many
    if not portrait.alike:
        st.caption(f"No other {engine.shop.people.one} bought any of the same products.")
        return
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        st.markdown(f"**{plain(many.capitalize())} who buy alike**")
        labels = state.shopper_labels(engine)
        ids = engine.shoppers[SHOPPER_ID].astype(str).to_numpy()
        for row, cosine in portrait.alike[:SHOWN]:
            shopper = str(ids[row])
            st.button(
                f"**{plain(shopper)}** {plain(cut(labels.get(shopper, ''), LABEL_LENGTH))} :gray[{cosine:.2f}]",
                key=f"alike.{shopper}",
                type="tertiary",
                help="Open this portrait",
                on_click=state.choose,
                kwargs={"shopper": shopper},
            )
        st.caption(
            "By the cosine of what was bought (0 to 1): each product by how often, the rarer it is the more (tf-idf)."
        )
    with right, st.container(border=True):
        st.markdown("**What they buy and this one does not**")
        titles = engine.catalogue.titles
        of = len(portrait.alike)
        lines = [f"- {plain(str(titles[item]))} :gray[{buyers} of {of}]" for item, buyers in portrait.missing]
        st.markdown("\n".join(lines) if lines else "Nothing: this one buys all that they buy.")
        if lines:
            most = count(of, engine.shop.people.one, many, shop=engine.shop)
            st.caption(plain(f"Among the {most} who buy most alike, of whom {min(of, SHOWN)} are listed."))
