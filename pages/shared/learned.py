"""A shelf that learns step by step from what is pressed: the switch, and what it moved, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import state
from pages.shared.views import LEARN, OFF, ON
from pages.shared.wording import count, plain

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer, RankedItem

LEARNING_PAGE: Final = "pages/understand/live_learning/page.py"
HELP: Final = (
    "On: each like, basket and “not for me” moves your shelf by a step of learning, at once, and a line on the product "
    "says which press moved it. With a query it only decides between products that answer it nearly equally well. Off: "
    "likes pull the shelf towards what is like them, as ever. It is off at first: measured on 100 simulated newcomers, "
    "it finds neither more nor less of what they like than the usual way does; the difference may be luck."
)


def switch() -> None:
    """The switch by which the shelf learns from presses."""
    key = state.control_key(LEARN)
    st.session_state[key] = is_on()
    st.toggle("Learn from what I press", key=key, on_change=_switch, help=HELP)


def is_on() -> bool:
    """Whether shelves learn from presses."""
    return bool(state.choices()[LEARN] == ON)


def _switch() -> None:
    state.choose(**{LEARN: ON if st.session_state[state.control_key(LEARN)] else OFF})


def told(engine: Engine, answer: Answer) -> None:
    """The switch, and while it is on: what all presses moved on the shelf, and the way to the page that shows how."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="learned"):
        switch()
        if answer.movement is None or answer.request.learning is None:
            return
        moved = [item for item in answer.items if line(item)]
        said = "" if state.xray() else f"{answer.movement.summary} "  # there it stands with the figures of feedback
        if moved:
            said += f"It brought up {count(len(moved), 'product', shop=engine.shop)} of {len(answer.items)} here."
        st.caption(plain(said), width="stretch")
        st.page_link(LEARNING_PAGE, label="See what moved", icon=":material/school:")


def line(item: RankedItem) -> str:
    """How far a press brought a product up, and which: "Moved up 12 places because you liked …"; "" where none did."""
    up = int(item.facts.get("brought_up", 0))
    if not item.taught or up <= 0:
        return ""
    return f"Moved up {up} {'place' if up == 1 else 'places'} {item.taught}"
