"""Products as cards on a shelf, and the dialog that explains one score to the last digit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from pages.shared import feedback, learned, picture_search, pictures, state
from pages.shared.drawing import draw
from pages.shared.tables import where
from pages.shared.wording import count, drawn, fact_label, fact_value, heard, marked, money, parts_said, plain, points
from recsys.plots.card import score_bar_svg
from recsys.schema import MAX_K, Answer, RankedItem
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.shops.contract import Shop

CARD_WIDTH = 142  # pixels: eight cards in a row on a laptop, two on a phone
XRAY_WIDTH = 175  # three beside the charts
COLUMNS = 8
TITLE_LENGTH = 38  # two lines on a card
WHY_PAGE = "pages/understand/why/page.py"
MORE = 12  # products more at a click


@dataclass(frozen=True, slots=True)
class Shared:
    """Of a shelf that two rankings share, by id of the product."""

    put_by: Mapping[str, feedback.PutBy] = field(default_factory=dict)  # whom what is taken counts for
    said: Mapping[str, str] | None = None  # whose product it is; None while that, and what tells of it, is hidden


def shelf(engine: Engine, answer: Answer, now: feedback.Pressed, shared: Shared | None = None) -> None:
    """All products of an answer as cards, best first."""
    full = max(
        (sum(max(0.0, part) for part in item.parts.values()) for item in answer.items),
        default=1.0,
    )
    xray = state.xray()
    columns: Literal["auto"] | int = "auto" if xray else COLUMNS
    with st.grid(columns, min_column_width=XRAY_WIDTH if xray else CARD_WIDTH, border=xray, gap=("medium", "xsmall")):
        for item, picture in zip(answer.items, pictures.of_shelf(engine, answer), strict=True):
            with st.container(
                gap="xsmall", key=f"card.{item.item_id}", height="stretch", vertical_alignment="distribute"
            ):
                with st.container(gap="xsmall"):
                    _product(engine, answer, item, picture)
                    _below(engine, item, full, shared)
                _actions(engine, answer, item, picture, now, shared)


def _product(engine: Engine, answer: Answer, item: RankedItem, picture: str) -> None:
    """What the product is, as anybody sees it: its picture, its name in two lines, its price."""
    st.markdown(picture)
    st.markdown(f":small[**{marked(item.title, item.marks, TITLE_LENGTH)}**]")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        if engine.capabilities.has(Capability.PRICES):
            st.markdown(f"**{plain(money(item.price, engine.shop))}**", width="content")
        picture_search.like_this(engine, item.row, str(item.item_id), item.title)
        if answer.movement is not None:
            _rank_change(item)
        feedback.undo_button(answer, item)


def _below(engine: Engine, item: RankedItem, full: float, shared: Shared | None) -> None:
    """Why it is here, for who shops or for who looks into the machine; nothing that tells a side that is hidden."""
    if shared is not None:
        if shared.said is None:
            return
        st.badge(shared.said[str(item.item_id)], color="blue")
    if state.xray():
        _machinery(engine, item, full)
    else:
        st.caption(plain(learned.line(item) or item.spoken))


def _machinery(engine: Engine, item: RankedItem, full: float) -> None:
    """What put the product there: its place, its points and what they are made of, with figures."""
    if shelved := where(engine, item.department, item.category):
        st.caption(plain(shelved))
    st.markdown(drawn(score_bar_svg(item.parts, full, engine.parts), _parts_said(engine, item)))
    st.markdown(f":gray-badge[**{item.rank}**] **{points(item.score)}** :small[:gray[points]]")
    folded = f" · {count(item.folded, 'look-alike', shop=engine.shop)} folded in" if item.folded else ""
    st.caption(plain(item.reason + folded))
    if moved := learned.line(item):
        st.caption(plain(f"{moved}."))


def _parts_said(engine: Engine, item: RankedItem) -> str:
    """The bar of a score in words."""
    return f"Points of {item.title}: {', '.join(parts_said(item.parts, engine.parts))}"


def _actions(
    engine: Engine, answer: Answer, item: RankedItem, picture: str, now: feedback.Pressed, shared: Shared | None
) -> None:
    with st.container(horizontal=True, gap=None, vertical_alignment="center", horizontal_alignment="distribute"):
        feedback.buttons(engine, item, now, shared.put_by.get(str(item.item_id)) if shared else None)
        if shared is not None and shared.said is None:
            return
        st.button(
            f"Why?{heard(f' is {item.title} here')}",
            key=f"why.{item.item_id}",
            type="tertiary",
            on_click=_ask,
            args=(engine, answer, item, picture),
            help="Why it is here: every part of its score",
        )


def _rank_change(item: RankedItem) -> None:
    """How feedback moved it; what re-ranking moved is said elsewhere."""
    now = item.rank_before or item.rank
    if item.was_rank is None:
        st.badge("new", color="green", help="Your feedback brought it onto the shelf")
    elif item.was_rank > now:
        st.badge(
            f"▲ {item.was_rank - now}",
            color="green",
            help=f"Was number {item.was_rank} without feedback",
        )
    elif item.was_rank < now:
        st.badge(
            f"▼ {now - item.was_rank}",
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


def _ask(engine: Engine, answer: Answer, item: RankedItem, picture: str) -> None:
    state.ask_for_details(
        {
            "id": str(item.item_id),
            "title": item.title,
            "picture": picture,
            "rank": item.rank,
            "score": item.score,
            "reason": item.reason if state.xray() else item.spoken,
            "raise": engine.would_raise(answer, item),
            "parts": dict(item.parts),
            "facts": {name: float(value) for name, value in item.facts.items()},
            "price": item.price,
            "shelf": where(engine, item.department, item.category),
        }
    )


def details() -> None:
    """Open the dialog that explains a score, when one was asked for."""
    product = state.asked_details()
    if product:
        _explain(product)


@st.dialog("Why is this here?", width="medium", icon=":material/help:")
def _explain(product: dict[str, Any]) -> None:
    from recsys.plots.shelf import waterfall

    engine = state.get_engine()
    shop, parts = engine.shop, engine.parts
    price = money(product["price"], shop) if engine.capabilities.has(Capability.PRICES) else ""
    facts = [product["shelf"], price, f"number {product['rank']} on the shelf"]
    picture, words = st.columns([1, 4], vertical_alignment="center")
    picture.markdown(product["picture"])
    with words:
        st.markdown(f"**{plain(product['title'])}**")
        st.caption(plain(" · ".join(filter(None, facts))))
        st.write(plain(product["reason"]))
    said = ", ".join(parts_said(product["parts"], parts))
    draw(waterfall(product["parts"], parts), "why.waterfall", f"Steps up to the score: {said}.")
    st.markdown(f":material/trending_up: {plain(product['raise'])}")
    if product["facts"] and state.xray():
        _figures(product["facts"], shop)
    if st.button(
        "What would change it?",
        key="closer",
        icon=":material/search_insights:",
        help="The purchases and words behind it, and the shelf without them",
        on_click=state.choose,
        kwargs={"why": product["id"]},
    ):
        st.switch_page(WHY_PAGE)


def _figures(facts: dict[str, float], shop: Shop) -> None:
    """The raw figures behind the parts, for who wants to reckon."""
    said = {fact_label(name, shop): fact_value(value, shop) for name, value in facts.items()}
    rows = [f"| {plain(label)} | {value} |" for label, value in said.items()]
    st.markdown("\n".join(["| Figure behind it | Value |", "| :-- | --: |", *rows]))
