"""The groups in charts: how large they are, how they grew, and who went from which to which."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from pages.shared.drawing import draw
from pages.shared.finding import finding
from pages.understand.segments import table
from recsys.plots.portrait import segment_history, segment_moves, segment_sizes

if TYPE_CHECKING:
    from recsys.engine import Engine


def groups(engine: Engine) -> None:
    """The finding, sizes and definitions, and the moves of the shops that know when things were bought."""
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
    first = engine.portraits.first_day
    if len(looks) < 2 or first is None:
        st.caption("It is not known when things were bought, so that nothing can be said of how groups move.")
        return
    left, right = st.columns(2, gap="medium")
    days = [f"{first + timedelta(days=look.day):%Y-%m-%d}" for look in looks]
    with left, st.container(border=True):
        lines = segment_history(days, names, sizes[:, 1:], many)
        draw(lines, "segments.history", "Lines: the size of each group by month.")
    moved = engine.portraits.moves()
    with right, st.container(border=True):
        if moved is not None:
            moves = segment_moves([*names, "Not yet"], moved)
            draw(moves, "segments.moves", "Table: how many went from which to which.")
            st.caption("“Not yet”: who had not bought anything by then.")
