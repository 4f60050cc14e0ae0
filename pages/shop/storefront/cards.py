"""Products as cards on a shelf, and the dialog that explains one score to the last digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.shared import feedback, state
from pages.shared.tables import where
from pages.shared.wording import count, fact_label, fact_value, marked, money, plain, points
from recsys.plots.card import score_bar_svg, tile_svg
from recsys.plots.style import department_colours
from recsys.schema import MAX_K, Answer, RankedItem
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine

CARD_WIDTH = 180  # pixels: three cards beside the charts on a laptop, two on a phone
TITLE_LENGTH = 70
MORE = 12  # products more at a click


def shelf(engine: Engine, answer: Answer, now: feedback.Pressed) -> None:
    """All products of an answer as cards, best first."""
    colours = department_colours(state.department_names(engine))
    full = max(
        (sum(max(0.0, part) for part in item.parts.values()) for item in answer.items),
        default=1.0,
    )
    with st.grid(min_column_width=CARD_WIDTH, border=True, gap="xsmall"):
        for item in answer.items:
            with st.container(gap="xsmall", key=f"card.{item.item_id}"):
                _card(
                    engine,
                    item,
                    now,
                    colours.get(item.department, "#808894"),
                    full,
                    moved=bool(answer.movement),
                )


def _card(
    engine: Engine,
    item: RankedItem,
    now: feedback.Pressed,
    colour: str,
    full: float,
    *,
    moved: bool,
) -> None:
    st.image(tile_svg(item.icon, colour), width="stretch")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", width="content"):
            st.markdown(f":gray-badge[**{item.rank}**]", width="content")
            if moved:
                _rank_change(item)
        if engine.capabilities.has(Capability.PRICES):
            st.markdown(f"**{plain(money(item.price, engine.shop))}**", width="content")
    st.markdown(f"**{marked(item.title, item.marks, TITLE_LENGTH)}**")
    if shelved := where(engine, item.department, item.category):
        st.caption(plain(shelved))
    st.image(score_bar_svg(item.parts, full, engine.parts), width="stretch")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{points(item.score)}** :small[:gray[points]]", width="content")
        st.button(
            "Why?",
            key=f"why.{item.item_id}",
            type="tertiary",
            on_click=_ask,
            args=(engine, item),
            help="Every part of this score, with the figures behind it",
        )
    folded = f" · {count(item.folded, 'look-alike', shop=engine.shop)} folded in" if item.folded else ""
    st.caption(plain(item.reason + folded))
    feedback.buttons(engine, item, now)


def _rank_change(item: RankedItem) -> None:
    if item.was_rank is None:
        st.badge("new", color="green", help="Your feedback brought it onto the shelf")
    elif item.was_rank > item.rank:
        st.badge(
            f"▲ {item.was_rank - item.rank}",
            color="green",
            help=f"Was number {item.was_rank} without feedback",
        )
    elif item.was_rank < item.rank:
        st.badge(
            f"▼ {item.rank - item.was_rank}",
            color="gray",
            help=f"Was number {item.was_rank} without feedback",
        )


def more(answer: Answer) -> None:
    """A longer shelf, as long as there is more to show."""
    k = answer.request.k
    if len(answer.items) == k < MAX_K:
        st.button(
            f"Show {min(MORE, MAX_K - k)} more",
            key="more",
            icon=":material/expand_more:",
            width="stretch",
            on_click=state.choose,
            kwargs={"k": min(k + MORE, MAX_K)},
        )


def _ask(engine: Engine, item: RankedItem) -> None:
    state.ask_for_details(
        {
            "title": item.title,
            "icon": item.icon,
            "rank": item.rank,
            "score": item.score,
            "reason": item.reason,
            "parts": dict(item.parts),
            "facts": {name: float(value) for name, value in item.facts.items()},
            "price": item.price,
            "shelf": where(engine, item.department, item.category),
        }
    )
    feedback.clicked(engine, item.item_id)


def details() -> None:
    """Open the dialog that explains a score, when one was asked for."""
    product = state.asked_details()
    if product:
        _explain(product)


@st.dialog("Why is this here?", width="medium", icon=":material/help:")
def _explain(product: dict[str, Any]) -> None:
    engine = state.get_engine()
    shop = engine.shop
    price = money(product["price"], shop) if engine.capabilities.has(Capability.PRICES) else ""
    facts = [product["shelf"], price, f"number {product['rank']} on the shelf"]
    st.subheader(f"{product['icon']} {plain(product['title'])}", anchor=False)
    st.caption(plain(" · ".join(filter(None, facts))))
    st.write(plain(product["reason"]))
    parts = state.get_engine().parts
    st.image(score_bar_svg(product["parts"], sum(max(0.0, part) for part in product["parts"].values()), parts))
    rows = [
        f"| {label} | {points(product['parts'][part])} |"
        for part, label in parts.labels.items()
        if part in product["parts"]
    ]
    total = f"| **Score: the sum of its parts** | **{points(product['score'])}** |"
    st.markdown("\n".join(["| Part of the score | Points of 100 |", "| :-- | --: |", *rows, total]))
    if product["facts"]:
        said = {fact_label(name, shop): fact_value(value, shop) for name, value in product["facts"].items()}
        figures = [f"| {plain(label)} | {value} |" for label, value in said.items()]
        st.markdown("\n".join(["| Figure behind it | Value |", "| :-- | --: |", *figures]))
