"""Grading products for a query with a click: kept at once, taken back, and cleared."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import streamlit as st

from pages.lab.search_lab import choices
from pages.shared import owner, state
from pages.shared.drawing import emphasis
from pages.shared.wording import bare, count, plain

GRADES: Final = (0, 1, 2, 3)
MEANING: Final = "0 not relevant, 1 related, 2 good, 3 exactly this"


def control(system: str, item_id: str, title: str, query: str, grade: int | None) -> None:
    """The four grades of one product; a click on the grade it has takes the grade away."""
    key = f"search_lab.grade.{system}.{item_id}"
    if key not in st.session_state or st.session_state[key] != grade:
        st.session_state[key] = grade  # the same product stands in other lists too: all show what is stored
    st.segmented_control(
        f"Grade of {bare(title)}",
        GRADES,
        key=key,
        label_visibility="collapsed",
        on_change=_give,
        args=(key, query, item_id),
    )


def _give(key: str, query: str, item_id: str) -> None:
    grader = str(state.choices().get(choices.GRADER, ""))
    choices.store(partial(choices.book().give, query, item_id, st.session_state[key], grader, owner.me()))


def bar(query: str, graded: Mapping[str, int], *, ruled: bool = False) -> None:
    """What the grades mean, how many were given here, and how to take them back; `ruled`: rules gave the others."""
    number = count(len(graded), "grade", shop=state.open_shop())
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        given = f"**{number}** for this query" if graded else "Nothing is graded yet"
        rest = "a product without one counts as 0"
        if ruled:
            rest = "the others are built in, by rules" if graded else "a click sets your own"
            given = given if graded else "Graded by built-in rules"
        st.markdown(f":small[{given}. Grades: {MEANING}; {rest}.]", width="stretch")
        st.button(
            "Undo",
            key="search_lab.undo",
            icon=":material/undo:",
            on_click=_undo,
            args=(query,),
            help="Take the last grade of this query back",
            disabled=not graded,
        )
        with st.popover("Clear", icon=":material/delete:", disabled=not graded):
            st.write(f"All {number} of “{plain(query)}” are deleted for good.")
            st.button("Yes, clear them", key="search_lab.clear", type=emphasis(), on_click=_clear, args=(query,))


def _undo(query: str) -> None:
    event = choices.store(partial(choices.book().undo, query, owner.me()))
    said = "There is no grade of this query to take back."
    if event is not None:
        undone = f"The grade {event.grade} is undone."
        said = "The grade that was taken away is back." if event.grade is None else undone
    state.say(said, ":material/undo:")


def _clear(query: str) -> None:
    gone = choices.store(partial(choices.book().clear, query, owner.me()))
    if gone is not None:
        state.say(f"{count(gone, 'grade', shop=state.open_shop())} cleared.", ":material/delete:")
