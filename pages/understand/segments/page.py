"""The groups that all shoppers make: how large, what defines them, how they move from month to month."""

from __future__ import annotations

import streamlit as st

from pages.shared import address_bar, state, strip
from pages.shared.wording import no_people, plain
from pages.understand.segments import table
from pages.understand.segments.groups import groups

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
if engine.shoppers.empty:
    st.info(plain(no_people(engine.shop)), icon=":material/person_off:")
else:
    groups(engine)
    table.people(engine)
