"""The keyboard's way into what is open."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

SCRIPT: Final = Path(__file__).with_name("keyboard.js").read_text(encoding="utf-8")

_popovers = st.components.v2.component("shelflens.popovers", js=SCRIPT)


def reach_popovers() -> None:
    """Tab goes from the button of an open popover into it, and back to the page after its last control."""
    _popovers(key="keyboard")
