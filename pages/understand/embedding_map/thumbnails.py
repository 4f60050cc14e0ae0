"""Pictures on the map: a small one beside what is pointed at, and the one that was asked with, pinned to its place.

A browser has none of them at first but those of the shelf. What is pointed at and has no picture there is asked for,
with those that lie around it, and comes in some tens of milliseconds; what came is kept in the browser.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import streamlit as st

from pages.shared import state
from recsys.plots.maps import ASKED
from recsys.plots.style import PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys.engine import Engine
    from recsys.schema import Answer, Floats

KEY: Final = "map.thumbnails"
WANTED: Final = "map.thumbnails.wanted"  # the row that a browser has asked for
AROUND: Final = 40  # pictures that come with the one that was asked for: 28 KB
SCRIPT: Final = Path(__file__).with_name("thumbnails.js").read_text(encoding="utf-8")

_thumbnails = st.components.v2.component("shelflens.thumbnails", js=SCRIPT)


@st.fragment
def thumbnails(engine: Engine, answer: Answer, positions: Floats, chart: str) -> None:
    """Pictures for the chart of that key, whose products lie at `positions` (n_items, dims)."""
    if not engine.pictured:
        return
    wanted = st.session_state.pop(WANTED, None)
    rows = around(positions, wanted) if wanted is not None else [item.row for item in answer.items]
    _thumbnails(
        data={
            "shop": engine.plan.versions["dataset"],
            "chart": "st-key-" + chart.replace(".", "-"),
            "pictures": {str(row): address for row, address in addresses(engine, rows)},
            "asked": {"meta": ASKED, "picture": _asked(engine), "colour": PICTURE},
        },
        key=KEY,
        on_row_change=_want,
    )


def around(positions: Floats, row: int) -> list[int]:
    """The row and those of the products nearest to it on the map, AROUND of them; none for what is no row."""
    if not 0 <= row < len(positions):
        return []
    away = np.nan_to_num(((positions - positions[row]) ** 2).sum(axis=1), nan=np.inf)
    near = np.argsort(away, kind="stable")[: AROUND + 1].tolist()
    return [row, *(each for each in near if each != row)]


def _want() -> None:
    asked = st.session_state[KEY].get("row")
    if isinstance(asked, int):
        st.session_state[WANTED] = asked


def addresses(engine: Engine, rows: Iterable[int]) -> Iterable[tuple[int, str]]:
    """The small pictures of these products, each as an address that holds it; those without one are left out."""
    for row in rows:
        if small := engine.thumbnail(row):
            yield row, _address(small, "webp")


def _asked(engine: Engine) -> str:
    """The picture that is asked with, as an address that holds it; "" where there is none."""
    looks = state.current_request().looks
    if looks is None:
        return ""
    if not looks.item:
        return _address(state.brought_picture().thumbnail, "jpeg")
    row = engine.catalogue.row(looks.item)
    small = None if row is None else engine.thumbnail(row)
    return _address(small, "webp") if small else ""


def _address(picture: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{b64encode(picture).decode()}"
