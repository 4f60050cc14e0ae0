"""The sliders of the page, and the choice that they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.business.ads.views import VIEWS
from pages.shared import controls, state
from pages.shared.wording import money, plain
from recsys.engine.ads import NONE, SHADED, SIMULATED, THROTTLED, Choice

if TYPE_CHECKING:
    from recsys.engine import Engine

PACING: Final = {THROTTLED: "Leave auctions out", SHADED: "Lower bids", NONE: "Not at all"}
LAST: Final = "0"  # of a slider on which it means "no limit"


def choice() -> Choice:
    """What is chosen."""
    chosen = state.choices()
    return Choice(
        int(chosen["ad_places"]),
        int(chosen["ad_floor"]) / 100,
        int(chosen["ad_reserve"]) / 100,
        float(chosen["ad_budget"]),
        int(chosen["ad_cap"]),
        str(chosen["ad_pacing"]),
    )


def panel(engine: Engine) -> None:
    """All that the shop decides, with what is simulated said first."""
    st.warning(plain(SIMULATED), icon=":material/science:")
    for assumed in engine.ads.makers.said:
        st.caption(plain(assumed))
    _slider("ad_places", "Sponsored places", str, "Of the twelve on a shelf: the first, fourth, seventh and tenth.")
    _slider(
        "ad_floor",
        "Relevance floor",
        lambda value: "none" if value == "0" else f"{value} %",
        "A sponsored product needs this share of the score of the product that it displaces.",
    )
    _slider(
        "ad_reserve",
        "Least bid for a click (reserve price)",
        lambda value: _cents(engine, int(value) / 100),
        "Who bids less takes no part, and nobody pays less.",
    )
    _slider(
        "ad_budget",
        "Daily budget of each advertiser",
        lambda value: "no limit" if value == LAST else _cents(engine, float(value)),
        "Never overspent: nobody bids more than what is left.",
        limit=True,
    )
    _slider(
        "ad_cap",
        f"Showings of one product to one {engine.shop.people.one} a day",
        lambda value: "any number" if value == LAST else value,
        "A frequency cap: after that the next advertiser has its chance.",
        limit=True,
    )
    controls.one_of(
        "ad_pacing",
        "Budgets last the day by",
        PACING,
        help="Leave auctions out: each advertiser takes part in a share of them. Lower bids: in all of them, for less.",
    )


def _cents(engine: Engine, bids: float) -> str:
    return money(engine.ads.cents(bids) / 100, engine.shop)


def _slider(name: str, label: str, said: Callable[[str], str], help: str, *, limit: bool = False) -> None:
    values = sorted(VIEWS[name], key=lambda value: (limit and value == LAST, int(value)))
    st.select_slider(
        label,
        values,
        format_func=said,
        key=state.seed_control(name),
        on_change=state.take_control,
        args=(name,),
        help=help,
    )
