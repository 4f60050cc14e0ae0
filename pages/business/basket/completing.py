"""What completes the basket, each product with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.basket import held
from pages.business.basket.reasons import head, why
from pages.business.basket.views import AMONG, NEW, SAID, VIEWS
from pages.shared import pictures, state
from pages.shared.wording import count, cut, heard, money, plain
from recsys.engine.basket import POPULAR, Basketful
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.basket import Suggestion

CARD: Final = 125  # pixels
COLUMNS: Final = 4
TITLE_LENGTH: Final = 54
IN_SENTENCE: Final = 46


def only_new(shopper: str | None) -> bool:
    """Whether only what a known shopper never took shall be suggested."""
    return shopper is not None and state.choices()[AMONG] == NEW


def sentence(engine: Engine, basket: Basketful) -> str:
    """What the page found, with figures."""
    shop = engine.shop
    first = basket.suggestions[0] if basket.suggestions else None
    best = (
        f"“{cut(held.titled(engine, first.row), IN_SENTENCE)}” ({why(engine, first.row, first.because)})"
        if first
        else ""
    )
    if not basket.lines:
        return f"The basket is empty. Begin with {best}, say." if best else "The basket is empty."
    comes = f"{count(basket.pieces, 'piece', shop=shop)}"
    if engine.capabilities.has(Capability.PRICES):
        comes += f" for {money(basket.amount, shop)}"
    if first and first.because.part == POPULAR:
        return f"{comes}: nothing is known to go with it; what most take is {best}."
    return f"{comes}: most likely missing is {best}." if best else f"{comes}: there is nothing left to suggest."


def section(engine: Engine, basket: Basketful, shopper: str | None) -> None:
    """The cards, best first; of a known shopper it can be asked for what is new to them."""
    st.markdown("**Completes the basket**" if basket.lines else "**To begin with**")
    if shopper is not None:
        st.segmented_control(
            "Suggested",
            VIEWS[AMONG],
            format_func=SAID[AMONG].__getitem__,
            required=True,
            key=state.seed_control(AMONG),
            on_change=state.take_control,
            args=(AMONG,),
            label_visibility="collapsed",
            help="New to them: what they are not known to have taken, in the order learned from baskets in which "
            "somebody took something for the first time.",
        )
    if basket.lines and not engine.basket.heeds_baskets(shopper, only_new(shopper)):
        st.caption(
            "What is in a basket says nothing here of what else goes into it, as far as the purchases tell: what "
            "follows rests on habits, on the visits after, and on bestsellers."
        )
    if not basket.suggestions:
        st.caption(
            "Nothing is left to suggest: all else is in the basket, out of stock or, where only what is new is asked "
            "for, known to them."
        )
        return
    shown = pictures.of_rows(engine, [each.row for each in basket.suggestions])
    with st.grid(COLUMNS, min_column_width=CARD, gap="small"):
        for each, picture in zip(basket.suggestions, shown, strict=True):
            _card(engine, each, picture)


def _card(engine: Engine, each: Suggestion, picture: str) -> None:
    title, item = held.titled(engine, each.row), str(engine.catalogue.id(each.row))
    price = money(float(engine.catalogue.prices[each.row]), engine.shop)
    known = f" · **{plain(price)}**" if engine.capabilities.has(Capability.PRICES) else ""
    several = f" · usually {each.pieces} pieces" if each.pieces > 1 else ""
    with st.container(border=True, gap="xxsmall"):
        st.markdown(picture)
        st.markdown(f":small[{plain(cut(title, TITLE_LENGTH))}{known}{several}]")
        st.markdown(f":small[**{head(each.because)}**  \n:gray[{plain(why(engine, each.row, each.because))}]]")
        st.button(
            f"Add{f' {each.pieces}' if several else ''}{heard(f': {title}')}",
            key=f"basket.add.{item}",
            icon=":material/add_shopping_cart:",
            on_click=held.add,
            args=(item,) * each.pieces,
            width="stretch",
        )
