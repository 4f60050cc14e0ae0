"""Which way of searching is best for your queries: systems side by side, grades, and query sets with intervals."""

from __future__ import annotations

import streamlit as st

from pages.components import (
    address_bar,
    search_lab_choices,
    search_lab_compare,
    search_lab_files,
    search_lab_sets,
    state,
    strip,
)

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
now = search_lab_choices.shown()
strip.notes(now.notes, icon=":material/link_off:")
section = search_lab_choices.section()
search_lab_choices.trouble()  # of what was just done
if section == "compare":
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        search_lab_choices.query_field()
    with right:
        search_lab_choices.shopper_picker(engine)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        search_lab_choices.system_picker(now)
    with right:
        search_lab_choices.weights(engine)
    if now.key:
        search_lab_compare.compare(engine, now)
    else:
        search_lab_compare.nothing_asked()
elif section == "sets":
    search_lab_sets.sets(engine, now)
else:
    search_lab_files.files(engine)
search_lab_choices.trouble()  # of what was read for this page
