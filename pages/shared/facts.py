"""A few figures beside each other, each in large type under its name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import streamlit as st

ABREAST: Final = 5  # in a row at most, where there is room
NARROWEST: Final = 150  # pixels: two beside each other on a phone
OF_INTERVALS: Final = 210  # pixels in which "−7.3 % to +9.6 %" is not cut: one below the other on a phone


class Fact(NamedTuple):
    """A figure in words."""

    label: str
    value: str
    help: str = ""
    under: str = ""  # in small type below it, Markdown: an interval that would not fit beside the figure


def facts(shown: Sequence[Fact], *, border: bool = False, narrowest: int = NARROWEST) -> None:
    """The figures in rows that are as even as can be, seven as four and three; each `narrowest` pixels wide or more."""
    with st.grid(columns(len(shown)), min_column_width=narrowest, gap="small", border=border):
        for fact in shown:
            if not fact.under:
                st.metric(fact.label, fact.value, help=fact.help or None)
                continue
            with st.container(gap="xxsmall"):
                st.metric(fact.label, fact.value, help=fact.help or None)
                st.caption(fact.under)


def listed(rows: Sequence[tuple[str, Sequence[Fact]]]) -> None:
    """A row for each name with its figures, wide as a table and narrow as cards: nothing is cut at any width.

    Names and figures are Markdown.
    """
    most = max((len(figures) for _, figures in rows), default=1)
    for name, figures in rows:
        with st.container(border=True, gap="xxsmall"):
            st.markdown(f"**{name}**")
            with st.grid(most, min_column_width=NARROWEST, gap="small"):
                for fact in figures:
                    st.markdown(f":small[:gray[{fact.label}]]  \n{fact.value}", help=fact.help or None)


def columns(number: int) -> int:
    """How many stand in a row where there is room for ABREAST."""
    rows = math.ceil(number / ABREAST)
    return max(math.ceil(number / rows), 1) if rows else 1
