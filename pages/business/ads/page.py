"""Sponsored places on the shelf: what a person sees, what it earns and costs, who won and what they pay."""

from __future__ import annotations

import streamlit as st

from pages.business.ads import auctions, charts, measured, settings, shelf
from pages.shared import address_bar, controls, state, strip
from pages.shared.finding import finding
from pages.shared.wording import plain

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
if engine.ads.missing:
    finding("No places can be sold on the shelves of this shop.")
    st.info(
        plain(f"{engine.ads.missing} Advertisers bid for products with a price, by their brand or category."),
        icon=":material/sell:",
    )
    st.caption("Open another shop in the list of shops to see it.")
else:
    controls.who(engine)
    choice = settings.choice()
    now = engine.ads.shelf(state.choices()["shopper"], choice)
    earned = engine.ads.earned(choice)
    finding(shelf.sentence(engine, choice, earned))
    sliders, beside = st.columns([30, 70], gap="medium")
    with sliders:
        settings.panel(engine)
    with beside:
        shelf.drawn(engine, choice, now)
    auctions.table(engine, now)
    left, right = st.columns(2, gap="medium")
    with right:
        charts.budgets(engine, choice)
    with left:
        charts.frontier(engine, choice, earned)
    measured.section(engine)
