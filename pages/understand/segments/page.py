"""The groups that all shoppers make: how large, what defines them, how they move from month to month."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import streamlit as st

from pages.shared import address_bar, state, strip
from pages.shared.drawing import draw
from pages.shared.finding import finding
from pages.shared.wording import no_people, plain
from pages.understand.segments import table
from recsys.plots.portrait import segment_history, segment_moves, segment_sizes

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
if engine.shoppers.empty:
    st.info(plain(no_people(engine.shop)), icon=":material/person_off:")
    st.stop()
looks = engine.portraits.looks
names = table.NAMES
sizes = np.array([np.bincount(look.segments.codes + 1, minlength=len(names) + 1) for look in looks])
finding(table.sentence(engine, sizes))
many = engine.shop.people.many
left, right = st.columns(2, gap="medium")
with left, st.container(border=True):
    said = ", ".join(f"{name} {size}" for name, size in zip(names, sizes[-1][1:], strict=True))
    draw(segment_sizes(names, sizes[-1][1:].tolist(), many), "segments.sizes", f"Bars: {said}.")
with right, st.container(border=True):
    table.definitions(engine)
if len(looks) > 1 and engine.portraits.first_day is not None:
    left, right = st.columns(2, gap="medium")
    first = engine.portraits.first_day
    days = [f"{first + timedelta(days=look.day):%Y-%m-%d}" for look in looks]
    with left, st.container(border=True):
        draw(
            segment_history(days, names, sizes[:, 1:], many),
            "segments.history",
            "Lines: the size of each group by month.",
        )
    moved = engine.portraits.moves()
    with right, st.container(border=True):
        if moved is not None:
            draw(
                segment_moves([*names, "Not yet"], moved), "segments.moves", "Table: how many went from which to which."
            )
            st.caption("“Not yet”: who had not bought anything by then.")
else:
    st.caption("It is not known when things were bought, so that nothing can be said of how groups move.")
table.people(engine)
