"""What diversity costs this shopper: the whole shelf at once, with its measures beside the sliders that move it."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, controls, picture_search, state, strip
from pages.shared.finding import finding
from pages.understand.diversity import everybody, shelves
from pages.understand.diversity import settings as diversity_settings
from pages.understand.diversity.figures import curve, measures
from pages.understand.diversity.finding import explained, sentence

engine = state.get_engine()
controls.request_bar(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")

found = engine.diversity(state.current_request())
picture_search.shown(engine, found.after)
if not found.after.items:
    strip.nothing_found(found.after)
else:
    finding(sentence(found, engine.shop))
    sliders, beside = st.columns([30, 70], gap="medium")
    with sliders:
        diversity_settings.panel(engine, found)
    with beside:
        strip.notes(found.given_up, icon=":material/undo:")
        measures(found, engine)
        shelves.now(engine, found)
    left, right = st.columns(2, gap="medium")
    with left:
        curve(found, engine)
    with right:
        st.markdown(explained(found, engine.shop))
    shelves.before(engine, found)
    everybody.section(engine)
