"""Which column of a file holds the texts, and which the stars: guessed by their names, and changed by whoever knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

if TYPE_CHECKING:
    from recsys.engine import Engine

NONE: Final = ""
MOST: Final = 60  # characters of a name


def asked(engine: Engine, name: str, data: bytes) -> tuple[str | None, str] | None:
    """(the column of the texts, None where the guess holds; that of the stars, "" of none).

    None, and a word about it, where nothing tells which column holds the texts. Raises DataError for what is no table.
    """
    found = engine.reviews.headings(name, data)
    clear = found.text is not None and found.stars is not None
    with st.expander("Which column is what?", expanded=not clear):
        left, right = st.columns(2, gap="medium")
        with left:
            text = st.selectbox(
                "Texts",
                found.names,
                index=found.names.index(found.text) if found.text is not None else None,
                placeholder="Choose the column that holds the texts",
                format_func=_called,
                key=f"reviews.text.{name}",
                help="A title is read before it, where a column is called so and none is chosen here.",
            )
        with right:
            stars = st.selectbox(
                "Stars, 1 to 5",
                (NONE, *found.names),
                index=0 if found.stars is None else 1 + found.names.index(found.stars),
                format_func=_called,
                key=f"reviews.stars.{name}",
                help="Without them, how good a review is follows from its words alone.",
            )
    if text is None:
        st.warning(
            "Nothing in the first line is called as a review's text would be. Choose the column above.",
            icon=":material/view_column:",
        )
        return None
    return (None if text == found.text else text), str(stars)


def _called(name: str) -> str:
    return "None" if name == NONE else name if len(name) <= MOST else f"{name[: MOST - 1]}…"
