"""Somebody or something nobody knows: a new shopper makes a few choices, a new product is looked ahead for."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, state, strip
from pages.understand.cold_start import product, shopper

NEWCOMERS = {"shopper": "A new shopper", "product": "A new product"}

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
st.segmented_control(
    "Who comes?",
    list(NEWCOMERS),
    format_func=NEWCOMERS.__getitem__,
    key=state.seed_control("newcomer"),
    on_change=state.take_control,
    args=("newcomer",),
    required=True,
)
(shopper if state.choices()["newcomer"] == "shopper" else product).section(engine)
