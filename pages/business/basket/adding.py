"""What is put into the basket: found by words, or what somebody usually takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.basket import held
from pages.business.basket.views import WORDS
from pages.shared import feedback, state
from pages.shared.wording import bare, cut, money, plain
from recsys.schema import Request
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine

FOUND: Final = 5  # products offered for what is typed
TITLE_LENGTH: Final = 60
MOST_WORDS: Final = 80


def section(engine: Engine, shopper: str | None, *, empty: bool) -> None:
    """The field with what it finds, and where a basket may begin."""
    st.text_input(
        "Add a product",
        key=state.seed_control(WORDS),
        on_change=state.take_control,
        args=(WORDS,),
        max_chars=MOST_WORDS,
        placeholder=engine.shop.examples.placeholder or "What shall be in the basket?",
        icon=":material/search:",
        help="Read as the shop's search reads it.",
    )
    words = str(state.choices()[WORDS]).strip()
    if words:
        _found(engine, words)
    with st.container(horizontal=True, gap="small"):
        usual = engine.basket.usual(shopper) if shopper else ()
        if usual:
            st.button(
                f"Start from the usual basket ({len(usual)})",
                key="basket.usual",
                icon=":material/history:",
                on_click=held.start_from,
                args=(usual,),
                help="What was in three visits and more, how often and how due it is.",
            )
        if own := _of_the_shop(engine):
            st.button(
                f"Take over the shop's basket ({len(own)})",
                key="basket.own",
                icon=":material/shopping_basket:",
                on_click=held.start_from,
                args=(own,),
                help="What was put into the basket at the top. This one here is for trying: nothing in it is stored.",
            )
        if not empty:
            st.button("Empty it", key="basket.empty", icon=":material/delete:", on_click=held.empty)
    if shopper and not usual and empty:
        st.caption("Nothing was taken on three visits and more, so that there is no usual basket to begin with.")


def _of_the_shop(engine: Engine) -> tuple[str, ...]:
    """The ids of what this person put into the basket at the top of every page."""
    kept = sorted(item for item, kind in feedback.pressed(engine) if kind == "basket")
    return tuple(item for item in kept if engine.catalogue.row(item) is not None)


def _found(engine: Engine, words: str) -> None:
    answer = engine.answer(Request(query=words, k=FOUND))
    if not answer.items:
        st.caption("Nothing here is like that; other words may find it.")
    for item in answer.items:
        title = cut(item.title, TITLE_LENGTH)
        price = float(engine.catalogue.prices[item.row])
        said = f" · {money(price, engine.shop)}" if engine.capabilities.has(Capability.PRICES) else ""
        st.button(
            f"{bare(title)}{plain(said)}",
            key=f"basket.find.{item.item_id}",
            icon=":material/add:",
            on_click=held.add,
            args=(str(item.item_id),),
        )
