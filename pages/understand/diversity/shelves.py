"""The shelf before and after: small cards with where each product stood, came from, or went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import pictures
from pages.shared.wording import cut, money, plain, points
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.diversity import Diversity
    from recsys.schema import Answer, RankedItem

CARD_WIDTH: Final = 96  # pixels: a shelf of twelve in one row on a laptop, three abreast on a phone
COLUMNS: Final = 12
TITLE_LENGTH: Final = 30


def both(engine: Engine, found: Diversity) -> None:
    """The shelf as it is set over the shelf by score alone; the latter alone where nothing is set."""
    now = {item.row: item.rank for item in found.after.items}
    if found.after.request.reranking.on:
        st.markdown("#### The shelf as it is set")
        shown = len(found.before.items)
        _shelf(engine, found.after, {item.row: _came(item, shown) for item in found.after.items}, "after")
    st.markdown("#### The shelf by score alone")
    _shelf(engine, found.before, {item.row: _went(item, now) for item in found.before.items}, "before")


def _shelf(engine: Engine, answer: Answer, moves: dict[int, tuple[str, str, str]], key: str) -> None:
    with st.grid(COLUMNS, min_column_width=CARD_WIDTH, gap=("medium", "xsmall")):
        for item, picture in zip(answer.items, pictures.of_shelf(engine, answer), strict=True):
            with st.container(gap="xsmall", key=f"diversity.{key}.{item.item_id}"):
                st.markdown(picture)
                with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                    st.markdown(f":gray-badge[**{item.rank}**]", width="content")
                    label, colour, help = moves[item.row]
                    if label:
                        st.badge(label, color=colour, help=help)  # type: ignore[arg-type]
                st.markdown(f":small[**{plain(cut(item.title, TITLE_LENGTH))}**]")
                st.caption(plain(_about(engine, item)))


def _about(engine: Engine, item: RankedItem) -> str:
    price = money(item.price, engine.shop) if engine.capabilities.has(Capability.PRICES) else ""
    shelf = item.category if engine.capabilities.has(Capability.CATEGORIES) else item.department
    return " · ".join(filter(None, [price, shelf, f"{points(item.score)} points"]))


def _came(item: RankedItem, shown: int) -> tuple[str, str, str]:
    """(what its badge says, its colour, what it says on hover) of a product on the shelf as it is set."""
    was = item.rank_before or item.rank
    if was > shown:
        return "new", "green", f"Number {was} by score alone: it came onto the shelf"
    if was == item.rank:
        return "", "gray", ""
    arrow, way = ("▲", "up") if was > item.rank else ("▼", "down")
    return f"{arrow} {abs(was - item.rank)}", "gray", f"Number {was} by score alone: {way} {abs(was - item.rank)}"


def _went(item: RankedItem, now: dict[int, int]) -> tuple[str, str, str]:
    """The same of a product on the shelf by score alone."""
    if item.row not in now:
        return "left", "orange", "Not on the shelf as it is set"
    if now[item.row] == item.rank:
        return "", "gray", ""
    return f"→ {now[item.row]}", "gray", f"Number {now[item.row]} on the shelf as it is set"
