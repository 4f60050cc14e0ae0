"""The system learns while one looks: press *like*, and see what moved, on the map and in the ranks, and if it pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import address_bar, controls, feedback, state, strip
from pages.shared.finding import finding
from pages.shared.wording import plain
from pages.understand.live_learning import moved, shelf, worth

if TYPE_CHECKING:
    from recsys.engine import Engine


def _learning(engine: Engine) -> None:
    """The shelf that learns, beside what moved, and in short what it is worth."""
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
    worth.in_short(engine)


engine = state.get_engine()
worth.switch()
question = worth.asked()
if question is None:
    controls.who(engine)
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
if question is None:
    _learning(engine)
else:
    question.draw(engine)
