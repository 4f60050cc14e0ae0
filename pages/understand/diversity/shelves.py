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

CARD_WIDTH: Final = 96  # pixels: six abreast beside the sliders, three on a phone
COLUMNS: Final = 6
WIDE: Final = 12  # over the whole page
TITLE_LENGTH: Final = 30


def now(engine: Engine, found: Diversity) -> None:
    """The shelf as it is set, beside the sliders that move it; by score alone where nothing is set."""
    if not found.after.request.reranking.on:
        st.markdown("##### The shelf by score alone")
        _shelf(engine, found.before, {item.row: ("", "gray", "") for item in found.before.items}, "before")
        return
    st.markdown("##### The shelf as it is set")
    shown = len(found.before.items)
    _shelf(engine, found.after, {item.row: _came(item, shown) for item in found.after.items}, "after")


def before(engine: Engine, found: Diversity) -> None:
    """The shelf by score alone, to compare with the one that is set; nothing where that is the same."""
    if not found.after.request.reranking.on:
        return
    places = {item.row: item.rank for item in found.after.items}
    st.markdown("##### The shelf by score alone")
    _shelf(engine, found.before, {item.row: _went(item, places) for item in found.before.items}, "before", WIDE)


def _shelf(
    engine: Engine, answer: Answer, moves: dict[int, tuple[str, str, str]], key: str, columns: int = COLUMNS
) -> None:
    with st.grid(columns, min_column_width=CARD_WIDTH, gap=("small", "xsmall")):
        for item, picture in zip(answer.items, pictures.of_shelf(engine, answer), strict=True):
            with st.container(gap="xxsmall", key=f"diversity.{key}.{item.item_id}"):
                st.markdown(picture)
                with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                    st.markdown(f":gray-badge[**{item.rank}**]", width="content")
                    label, colour, help = moves[item.row]
                    if label:
                        st.badge(label, color=colour, help=help)  # type: ignore[arg-type]
                    st.caption(points(item.score), help=plain(_about(engine, item)), width="content")
                st.markdown(f":small[{plain(cut(item.title, TITLE_LENGTH))}]")


def _about(engine: Engine, item: RankedItem) -> str:
    """What stands behind a figure: the whole title, price, shelf, and what the figure is."""
    price = money(item.price, engine.shop) if engine.capabilities.has(Capability.PRICES) else ""
    shelf = item.category if engine.capabilities.has(Capability.CATEGORIES) else item.department
    facts = " · ".join(filter(None, [price, shelf]))
    return f"{item.title}: {facts or 'no price or shelf is known'}. Its score, in points of 100."


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
