"""How every chart is put on a page, and what the button that matters looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

if TYPE_CHECKING:
    import plotly.graph_objects as go


def emphasis() -> Literal["primary", "secondary"]:
    """How the button that matters most looks: in the app's colour, but for the dark theme.

    There the app's colour is light, as text on black needs it, and a button's white letters could not be read on it.
    """
    return "secondary" if st.context.theme.type == "dark" else "primary"


def draw(figure: go.Figure, key: str, alt: str) -> None:
    """One chart in the page's theme, without the tool bar; `alt` says in words what it shows."""
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False, "responsive": True})
