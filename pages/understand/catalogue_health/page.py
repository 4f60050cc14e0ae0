"""What was loaded, dropped and why, what is missing, odd or alike, and how unevenly products sell."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, state, strip
from pages.shared.finding import finding
from pages.shared.wording import plain
from pages.understand.catalogue_health import sections as health_sections
from pages.understand.catalogue_health.finding import sentence

engine = state.get_engine()
report = health_sections.report_of(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")

section = health_sections.chosen_section(engine)
finding(sentence(section, report, engine.shop))
health_sections.picker(engine)
health_sections.BODIES[section](report)
health_sections.figures(report)
source, licence = engine.dataset_info.get("source", ""), engine.dataset_info.get("licence", "")
st.caption(f"Source: {plain(source)}. Licence: {plain(licence)}.")
