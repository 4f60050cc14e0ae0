"""A few figures beside each other, each in large type under its name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import streamlit as st

ABREAST: Final = 5  # in a row at most, where there is room
NARROWEST: Final = 150  # pixels: two beside each other on a phone


class Fact(NamedTuple):
    """A figure in words."""

    label: str
    value: str
    help: str = ""


def facts(shown: Sequence[Fact], *, border: bool = False) -> None:
    """The figures in rows that are as even as can be: seven as four and three."""
    with st.grid(columns(len(shown)), min_column_width=NARROWEST, gap="small", border=border):
        for fact in shown:
            st.metric(fact.label, fact.value, help=fact.help or None)


def columns(number: int) -> int:
    """How many stand in a row where there is room for ABREAST."""
    rows = math.ceil(number / ABREAST)
    return max(math.ceil(number / rows), 1) if rows else 1
