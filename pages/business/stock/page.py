"""Launch and stock: what will run out, what will be sold of one thing, how the new products do."""

from __future__ import annotations

import streamlit as st

from pages.business.stock import demand, measured, newcomers, out
from pages.business.stock.views import DEMAND, NEW, OUT
from pages.shared import address_bar, controls, state, strip
from pages.shared.wording import plain

QUESTIONS = {OUT: "What will run out", DEMAND: "What will be sold", NEW: "New products"}
SECTIONS = {OUT: out.section, DEMAND: demand.section, NEW: newcomers.section}

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
if engine.stock.why_not:
    st.info(plain(engine.stock.why_not), icon=":material/inventory_2:")
else:
    controls.one_of("stock_asks", "What do you want to know?", QUESTIONS)
    SECTIONS[state.choices()["stock_asks"]](engine)
    measured.section(engine)
