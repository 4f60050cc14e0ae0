"""The shelf below the map: pointing at a product rings its dot, pointing at a dot marks its product."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import pictures
from pages.shared.wording import cut, money, plain
from recsys.plots.style import SHOWN
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer

KEY: Final = "dot"  # of a product's place in the strip, with its row
WIDTH: Final = 96  # pixels: twelve beside each other on a laptop
TITLE_LENGTH: Final = 34
SCRIPT: Final = Path(__file__).with_name("hover.js").read_text(encoding="utf-8")

_hover_links = st.components.v2.component("shelflens.hover_links", js=SCRIPT)


def strip(engine: Engine, answer: Answer) -> None:
    """The products of the shelf in their order, in one row that scrolls where it is too long."""
    if not answer.items:
        return
    priced = engine.capabilities.has(Capability.PRICES)
    with st.grid(len(answer.items), min_column_width=WIDTH, gap="xsmall", wrap=False):
        for item, picture in zip(answer.items, pictures.of_shelf(engine, answer), strict=True):
            with st.container(gap="xxsmall", key=f"{KEY}.{item.row}"):
                st.markdown(picture)
                price = f" · {plain(money(item.price, engine.shop))}" if priced else ""
                st.caption(f"**{item.rank}** {plain(cut(item.title, TITLE_LENGTH))}{price}")
    _hover_links(data={"prefix": f"st-key-{KEY}-", "colour": SHOWN}, key="map.hover")
