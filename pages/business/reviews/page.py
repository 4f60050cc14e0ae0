"""What people write about what they bought: how well it went, by what, and what is not to be trusted."""

from __future__ import annotations

import streamlit as st

from pages.business.reviews import brought, chosen, foretold, listening, measured, said
from pages.shared import address_bar, state, strip
from pages.shared.finding import finding
from pages.shared.wording import plain

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
obstacle = engine.reviews.obstacle
if obstacle:
    finding(plain(obstacle))
    st.info("A file of reviews can be read here all the same, below.", icon=":material/upload_file:")
    brought.section(engine)
else:
    category, item, what = chosen.of(engine)
    if state.choices()["reviews_of"] == "file":
        brought.section(engine)
    else:
        analysis = engine.reviews.of(category, item)
        if not engine.reviews.by_own_stars:
            st.caption(
                "Too few stars teach how words are judged here: that comes from other shops' sentences, told right for "
                "about eight in ten English reviews, and too often as bad."
            )
        said.section(engine, analysis, what, engine.reviews.course(category, item))
        if item is not None:
            foretold.section(engine, item)
        listening.section(engine, whose=item is None)
measured.section(engine)
