"""A basket: what completes it and why, what could stand in for a product, and how to bring it to an amount."""

from __future__ import annotations

import streamlit as st

from pages.business.basket import adding, completing, held, lines, measured, reaching
from pages.shared import address_bar, controls, state, strip
from pages.shared.finding import finding
from pages.shared.wording import plain
from recsys.schema import NEW_SHOPPER

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
if engine.basket.missing:
    st.info(
        plain(
            f"{engine.basket.missing} What completes a basket is learned from purchases that belong to one visit; "
            "another shop can be chosen at the top."
        ),
        icon=":material/shopping_basket:",
    )
    measured.section(engine)
else:
    controls.who(engine)
    shopper = state.choices()["shopper"]
    known = shopper if shopper != NEW_SHOPPER else None
    wanted, notes = held.held()
    only_new = completing.only_new(known)
    basket = engine.basket.complete(wanted, known, only_new=only_new)
    strip.notes([*notes, *basket.notes], icon=":material/link_off:")
    finding(plain(completing.sentence(engine, basket)))
    left, right = st.columns(2, gap="medium")
    with left:
        adding.section(engine, known, empty=not basket.lines)
        lines.section(engine, basket)
        reaching.section(engine, basket, known, only_new)
    with right:
        completing.section(engine, basket, known)
    measured.section(engine)
