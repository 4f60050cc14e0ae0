"""All products on a map of meaning, with the query, the shopper and the shopper's history on it."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, controls, picture_search, shops, state, strip
from pages.shared.wording import a
from pages.understand.embedding_map import gap, placed, shelf_strip
from pages.understand.embedding_map import panel as map_panel
from pages.understand.embedding_map import view as map_view

engine = state.get_engine()
controls.request_bar(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")

if not map_view.maps(engine):
    st.info(
        "The maps are not drawn yet: they are prepared last, and this page shows them once they are there.",
        icon=":material/map:",
    )
    shops.the_rest(engine)
    st.stop()
chosen = map_view.info(engine)
strip.notes(map_view.missing(engine))
answer = engine.answer(state.current_request())  # reads and encodes the query once for all that is drawn
picture_search.shown(engine, answer)
if state.xray():
    map_view.controls(engine)
    map_view.look(engine, answer)
close = map_view.close_up(engine, answer)
if map_view.nothing_to_compare(answer):
    wish = "Type a query" if engine.shoppers.empty else f"Type a query or pick {a(engine.shop.people.one)}"
    st.info(
        f"{wish}, and the colours show how similar each product is.",
        icon=":material/palette:",
    )

if state.xray():
    board, beside = st.columns([68, 32], gap="medium")
    with board:
        map_view.draw(engine, chosen, answer, close)
        st.caption(map_view.how_faithful(engine, chosen, close))
    with beside:
        map_view.filters(engine)
        map_panel.panel(engine)
else:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(map_view.finding(engine, answer, close), width="stretch")
        placed.control(engine)
        map_view.look(engine, answer)
    map_view.draw(engine, chosen, answer, close)
    if map_view.something(answer):
        shelf_strip.strip(engine, answer)
    if map_view.pointed_at(engine):
        map_panel.panel(engine)
    st.caption(map_view.how_faithful(engine, chosen, close))
gap.gap(engine)
