"""The system learns while one looks: press *like*, and see what moved, on the map and in the ranks, and if it pays."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, controls, feedback, state, strip
from pages.shared.finding import finding
from pages.shared.wording import plain
from pages.understand.live_learning import moved, shelf, worth

engine = state.get_engine()
controls.who(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
lesson = shelf.lesson(engine)
feedback.trouble()
finding(plain(moved.sentence(engine, lesson)))
strip.notes(moved.notes(engine, lesson))
left, right = st.columns([66, 34], gap="medium")
with left:
    shelf.shown(engine, lesson)
with right:
    shelf.settings(engine, lesson)
    moved.way(engine, lesson)
moved.steps(engine, lesson)
moved.products(engine, lesson)
worth.section(engine)
