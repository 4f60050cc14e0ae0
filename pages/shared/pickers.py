"""Controls that several pages have: a select box for one choice of the address bar, and the words of its options."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.shared import state


def select(
    name: str,
    label: str,
    options: list[str],
    value: str,
    words: dict[str, str],
    *,
    help: str = "",
    void: tuple[str, ...] = (),
) -> None:
    """A select box for one choice of the address bar; a change makes the choices in `void` fall back to defaults."""
    st.selectbox(
        label,
        options,
        key=_key(name, value),
        format_func=partial(worded, words),
        on_change=_take,
        args=(name, void),
        help=help or None,
        filter_mode="contains",
    )


def worded(words: dict[str, str], option: str) -> str:
    """The words of an option. Of this module and not a closure, which a session could not keep."""
    return words.get(option, option)


def _key(name: str, value: str) -> str:
    """The widget key, holding the value that is in force."""
    key = state.control_key(name)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def _take(name: str, void: tuple[str, ...]) -> None:
    state.choose(**{name: st.session_state[state.control_key(name)]}, **dict.fromkeys(void, ""))
