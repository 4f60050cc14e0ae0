"""Whose reviews are read: the shop's, a category's, a product's, or those of a file that somebody brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.reviews.views import CATEGORY, PRODUCT
from pages.shared import controls, state, strip
from pages.shared.wording import cut

if TYPE_CHECKING:
    from recsys.engine import Engine

SCOPES: Final = {"shop": "All of the shop", "category": "A category", "product": "A product", "file": "A file of yours"}
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
