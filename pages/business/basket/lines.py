"""The lines of the basket: quantity, price, what could stand in, and the total."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.basket import held
from pages.business.basket.views import INSTEAD
from pages.shared import state
from pages.shared.wording import count, cut, heard, money, plain
from recsys.engine.basket import MOST_PIECES, Basketful, Line
from recsys.errors import BadRequestError
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine

TITLE_LENGTH: Final = 60
MOST_LINES: Final = 30  # that are drawn
STAND_INS: Final = 4
TITLE_WIDTH, PIECES_WIDTH, BUTTON_WIDTH = 230, 110, 60  # pixels


def section(engine: Engine, basket: Basketful) -> None:
    """Each product with its pieces; what could stand in for one that is out of stock or was asked about."""
    if not basket.lines:
        return
    about = str(state.choices()[INSTEAD])
    for line in basket.lines[:MOST_LINES]:
        _line(engine, line, about)
    if len(basket.lines) > MOST_LINES:
        st.caption(plain(f"And {count(len(basket.lines) - MOST_LINES, 'product', shop=engine.shop)} more."))
    _total(engine, basket)


def _line(engine: Engine, line: Line, about: str) -> None:
    item, title = str(engine.catalogue.id(line.row)), held.titled(engine, line.row)
    key = f"basket.pieces.{item}"
    st.session_state[key] = line.quantity
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            gone = " :red-badge[out of stock]" if line.in_stock is False else ""
            st.markdown(f"{plain(cut(title, TITLE_LENGTH))}{gone}  \n{_price(engine, line)}", width="stretch")
            st.number_input(
                f"Pieces of {plain(title)}",
                min_value=0,
                max_value=MOST_PIECES,
                key=key,
                on_change=held.put,
                args=(item, key),
                label_visibility="collapsed",
                width=PIECES_WIDTH,
            )
            st.button(
                heard(f"What could stand in for {title}"),
                key=f"basket.instead.{item}",
                icon=":material/swap_horiz:",
                on_click=held.show_instead,
                args=(item,),
                help="What could stand in for it",
            )
            st.button(
                heard(f"Take {title} out"),
                key=f"basket.out.{item}",
                icon=":material/close:",
                on_click=held.out,
                args=(item,),
                help="Take it out",
                type="tertiary",
            )
        if about == item or (not about and line.in_stock is False):
            _stand_ins(engine, line, item)


def _price(engine: Engine, line: Line) -> str:
    if not engine.capabilities.has(Capability.PRICES):
        return ""
    if math.isnan(line.price):
        return ":small[:gray[price unknown]]"
    each, total = (plain(money(price, engine.shop)) for price in (line.price, line.price * line.quantity))
    said = f"{line.quantity} × {each} = **{total}**" if line.quantity > 1 else f"**{total}**"
    return f":small[{said}]"


def _stand_ins(engine: Engine, line: Line, item: str) -> None:
    """Substitutes: dearer ones too where it is out of stock, else only those that cost no more."""
    cheaper = line.in_stock is not False and not math.isnan(line.price) and line.price > 0
    try:
        found = engine.basket.substitutes(item, STAND_INS, below=line.price if cheaper else None)
    except BadRequestError as error:
        st.caption(plain(error.one_line()))
        return
    if not found:
        dear = " for no more money" if cheaper else ""
        st.caption(f"Nothing of its category is so much like it{dear}.")
        return
    st.caption(
        "**Could stand in**: described alike (1 is the same), of its category, and not taken with it on one visit more "
        "often than by chance."
    )
    for each in found:
        other, price = str(engine.catalogue.id(each.row)), float(engine.catalogue.prices[each.row])
        said = [f"alike {each.cosine:.2f}"]
        if engine.capabilities.has(Capability.PRICES) and not math.isnan(price):
            said.insert(0, money(price, engine.shop))
            if not math.isnan(line.price) and line.price - price >= 0.005:
                said.append(f"saves {money(line.price - price, engine.shop)}")
        people = engine.shop.people
        if each.people:
            said.append(f"{count(each.people, people.one, people.many, shop=engine.shop)} bought both, apart")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            title = held.titled(engine, each.row)
            st.markdown(
                f":small[{plain(cut(title, TITLE_LENGTH))}  \n:gray[{plain(' · '.join(said))}]]", width="stretch"
            )
            st.button(
                f"Take it{heard(f': {title}')}", key=f"basket.swap.{other}", on_click=held.swap, args=(item, other)
            )


def _total(engine: Engine, basket: Basketful) -> None:
    shop = engine.shop
    said = f"{count(len(basket.lines), 'product', shop=shop)}, {count(basket.pieces, 'piece', shop=shop)}"
    if engine.capabilities.has(Capability.PRICES):
        said += f": {money(basket.amount, shop)}"
        if basket.unpriced:
            said += f", and {count(basket.unpriced, 'product', shop=shop)} without a price"
    st.markdown(f"**{plain(said)}**")
