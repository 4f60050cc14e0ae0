"""Any list of labels on every product of the shop, without training, and where tags and the shop disagree."""

from __future__ import annotations

import streamlit as st

from pages.lab.tags import choices as tag_choices
from pages.lab.tags import finding as tag_finding
from pages.lab.tags import results as tag_results
from pages.lab.tags import work as tag_work
from pages.shared import address_bar, state, strip

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
now = tag_choices.shown(engine)
strip.notes(now.notes, icon=":material/link_off:")
top = st.empty()
tag_choices.controls(engine, now)
tag_choices.form(engine, now)
tagged = tag_work.tagged(engine, now, top)
with top.container():
    tag_finding.top(engine, now, tagged)
if tagged is not None:
    tag_results.results(engine, now, tagged)
