"""Which way of searching is best for your queries: systems side by side, grades, and query sets with intervals."""

from __future__ import annotations

import streamlit as st

from pages.lab.search_lab import choices as search_lab_choices
from pages.lab.search_lab import compare as search_lab_compare
from pages.lab.search_lab import files as search_lab_files
from pages.lab.search_lab import finding as search_lab_finding
from pages.lab.search_lab import sets as search_lab_sets
from pages.shared import address_bar, state, strip

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
now = search_lab_choices.shown(search_lab_choices.example(engine))
strip.notes(now.notes, icon=":material/link_off:")
in_sight = search_lab_sets.in_sight(engine)
search_lab_finding.top(engine, in_sight, search_lab_sets.run_of(engine, in_sight))
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
