"""Controls that several pages have: select boxes for choices of the address bar, links to queries, paths of files."""

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


def asking(label: str, query: str, *, key: str, help: str) -> None:
    """A button like a link that searches for another query."""
    st.button(label, key=key, type="tertiary", help=help, on_click=state.choose, kwargs={"q": query})


def sequences_file(key: str) -> str:
    """The path of a file of sequences, "" where none is given."""
    help = "On the machine that runs the app; a line per user: `user item item ...`, in order; .gz is read."
    return _path("File of sequences", key, "/path/to/interactions.txt.gz", help)


def attributes_file(key: str) -> str:
    """The path of a file that says more of the items, "" where none is given."""
    help = 'JSON {"item": [attribute, ...]}; .gz is read.'
    return _path("File of item attributes (optional)", key, "/path/to/item2attributes.json", help)


def _path(label: str, key: str, example: str, help: str) -> str:
    return (st.text_input(label, key=key, placeholder=example, help=help) or "").strip()


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
