"""All products on a map of meaning, with the query, the shopper and the shopper's history on it."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, controls, shops, state, strip
from pages.understand.embedding_map import view
from pages.understand.embedding_map.board import board

engine = state.get_engine()
controls.request_bar(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")

if not view.maps(engine):
    st.info(
        "The maps are not drawn yet: they are prepared last, and this page shows them once they are there.",
        icon=":material/map:",
    )
    shops.the_rest(engine)
else:
    board(engine)
