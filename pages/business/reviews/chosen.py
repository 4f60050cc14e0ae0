"""Whose reviews are read: the shop's, a category's, a product's; and the stars somebody would give a product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.reviews.views import CATEGORY, PRODUCT
from pages.shared import controls, state, strip
from pages.shared.wording import cut, plain

if TYPE_CHECKING:
    from recsys.engine import Engine

SCOPES: Final = {"shop": "All of the shop", "category": "A category", "product": "A product"}
OFFERED: Final = 300  # products of the list, those with most reviews
TITLE: Final = 60


def of(engine: Engine) -> tuple[str, int | None, str]:
    """(category or "", row of a product or None, what it is called within a sentence)."""
    controls.one_of("reviews_of", "Whose reviews?", SCOPES)
    scope = state.choices()["reviews_of"]
    if scope == "category" and engine.reviews.categories:
        name = _select(CATEGORY, "Category", engine.reviews.categories, {})
        return name, None, f"the category “{name}”"
    if scope == "product" and engine.reviews.products:
        names = {str(engine.catalogue.id(row)): str(engine.catalogue.titles[row]) for row in _offered(engine)}
        row = engine.catalogue.row(_select(PRODUCT, "Product", tuple(names), names))
        return "", row, f"“{cut(str(engine.catalogue.titles[row]), TITLE)}”"
    return "", None, "the shop"


def _offered(engine: Engine) -> tuple[int, ...]:
    asked = engine.catalogue.row(str(state.choices()[PRODUCT]))
    first = engine.reviews.products[:OFFERED]
    return first if asked is None or asked in first or asked not in engine.reviews.products else (asked, *first)


def _select(name: str, label: str, options: tuple[str, ...], titles: dict[str, str]) -> str:
    wanted = str(state.choices()[name])
    if wanted not in options:
        if wanted:
            strip.notes(
                [f"There are no reviews of “{cut(wanted, 40)}”; the first is shown."], icon=":material/link_off:"
            )
        wanted = options[0]
    key = state.control_key(name)
    st.session_state[key] = wanted
    st.selectbox(
        label,
        options,
        format_func=lambda option: titles.get(option, option),
        key=key,
        on_change=state.take_control,
        args=(name,),
        help="Those with most reviews come first.",
    )
    return wanted


def foretold(engine: Engine, item: int | None) -> None:
    """The stars that the chosen person would give the product."""
    shopper = state.current_request().shopper
    if item is None:
        return
    st.markdown("#### What would somebody give it?")
    people = [str(each) for each in engine.shoppers["shopper_id"].tolist()]
    row = people.index(str(shopper)) if str(shopper) in people else None
    found = engine.reviews.foretold(-1 if row is None else row, item)
    if found is None:
        st.caption("Too few stars of known people are there to foretell any.")
        return
    who = (
        f"Somebody unknown, as no {engine.shop.people.one} is chosen,"
        if row is None
        else f"The {engine.shop.people.one} {shopper}"
    )
    st.markdown(
        plain(
            f"{who} would give about {found.stars:.1f} stars; eight of ten such ratings lie between "
            f"{found.low:.1f} and {found.high:.1f}. "
            f"Known are {found.of_item} ratings of the product and {found.of_shopper} of the person."
        )
    )
