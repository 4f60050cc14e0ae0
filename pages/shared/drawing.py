"""How every chart is put on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import plotly.graph_objects as go


def draw(figure: go.Figure, key: str, alt: str) -> None:
    """One chart in the page's theme, without the tool bar; `alt` says in words what it shows."""
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False, "responsive": True})
