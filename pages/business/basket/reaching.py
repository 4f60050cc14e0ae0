"""A few products more that bring the basket to an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.basket import held
from pages.business.basket.views import REACH
from pages.shared import state
from pages.shared.wording import currency, cut, heard, money, plain
from recsys.engine.basket import Basketful
from recsys.engine.new_products import read_price
from recsys.errors import BadRequestError
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine

TITLE_LENGTH: Final = 44
MOST_CHARACTERS: Final = 14


def section(engine: Engine, basket: Basketful, shopper: str | None, only_new: bool) -> None:
    """The amount that is asked for, and up to three sets that reach it."""
    if not engine.capabilities.has(Capability.PRICES):
        st.caption(Capability.PRICES.missing + " So no amount can be reached.")
        return
    st.text_input(
        f"Bring it to an amount ({currency(engine.shop)})",
        key=state.seed_control(REACH),
        on_change=state.take_control,
        args=(REACH,),
        max_chars=MOST_CHARACTERS,
        placeholder=f"{engine.shop.money.number(35, 0)}, say",
        help="At most four products more. Among sets that go over it by little, the one of which most is likely wanted "
        "for the money.",
    )
    typed = str(state.choices()[REACH]).strip()
    if not typed:
        return
    target = read_price(typed, engine.shop.money.locale)
    if target is None:
        st.warning(plain(f"An amount of “{typed[:20]}” is no number here: type 35, say."), icon=":material/report:")
        return
    try:
        found = engine.basket.reach(basket, target, shopper, only_new=only_new)
    except BadRequestError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    if target <= basket.amount:
        st.caption(plain(f"The basket comes to {money(basket.amount, engine.shop)} already."))
    elif not found:
        st.caption(
            plain(f"No four of what completes it bring it from {money(basket.amount, engine.shop)} to that much.")
        )
    for number, each in enumerate(found):
        titles = [held.titled(engine, row) for row in each.rows]
        ids = tuple(str(engine.catalogue.id(row)) for row in each.rows)
        over = f", {money(each.over, engine.shop)} above" if each.over >= 0.005 else ", exactly"
        with st.container(border=True, horizontal=True, gap="small", vertical_alignment="center"):
            named = " + ".join(cut(title, TITLE_LENGTH) for title in titles)
            said = f"{money(each.costs, engine.shop)} more make {money(each.amount, engine.shop)}{over}"
            st.markdown(f":small[{plain(named)}  \n:gray[{plain(said)}]]", width="stretch")
            st.button(
                f"Add{heard(': ' + ', '.join(titles))}",
                key=f"basket.reach.{number}",
                icon=":material/add_shopping_cart:",
                on_click=held.add,
                args=ids,
            )
