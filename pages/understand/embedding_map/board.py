"""The map with what stands beside it: for analysts with its filters, at a glance with the shelf under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import picture_search, state, strip
from pages.shared.wording import a
from pages.understand.embedding_map import gap, panel, placed, shelf_strip, view

if TYPE_CHECKING:
    from recsys.engine import CloseUp, Engine, MapInfo
    from recsys.schema import Answer


def board(engine: Engine) -> None:
    """The map with all that is marked on it."""
    chosen = view.info(engine)
    strip.notes(view.missing(engine))
    answer = engine.answer(state.current_request())  # reads and encodes the query once for all that is drawn
    picture_search.shown(engine, answer)
    if state.xray():
        view.controls(engine)
        view.look(engine, answer)
    close = view.close_up(engine, answer)
    if view.nothing_to_compare(answer):
        wish = "Type a query" if engine.shoppers.empty else f"Type a query or pick {a(engine.shop.people.one)}"
        st.info(
            f"{wish}, and the colours show how similar each product is.",
            icon=":material/palette:",
        )
    if state.xray():
        _for_analysts(engine, chosen, answer, close)
    else:
        _at_a_glance(engine, chosen, answer, close)
    gap.gap(engine)


def _for_analysts(engine: Engine, chosen: MapInfo, answer: Answer, close: CloseUp | None) -> None:
    drawn, beside = st.columns([68, 32], gap="medium")
    with drawn:
        view.draw(engine, chosen, answer, close)
        st.caption(view.how_faithful(engine, chosen, close))
    with beside:
        view.filters(engine)
        panel.panel(engine)


def _at_a_glance(engine: Engine, chosen: MapInfo, answer: Answer, close: CloseUp | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(view.finding(engine, answer, close), width="stretch")
        placed.control(engine)
        view.look(engine, answer)
    view.draw(engine, chosen, answer, close)
    if view.something(answer):
        shelf_strip.strip(engine, answer)
    if view.pointed_at(engine):
        panel.panel(engine)
    st.caption(view.how_faithful(engine, chosen, close))
