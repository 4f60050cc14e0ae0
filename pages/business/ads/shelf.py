"""The shelf as a person sees it, sponsored products labelled in words, and what they displaced."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import pictures, state
from pages.shared.finding import between, fine, signed
from pages.shared.wording import count, cut, money, plain
from recsys.schema import NEW_SHOPPER

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.ads import Choice, Earned, Place, Sponsored

CARD: Final = 104  # pixels
COLUMNS: Final = 6
TITLE_LENGTH: Final = 40
SPONSORED: Final = "Sponsored"


def sentence(engine: Engine, choice: Choice, earned: Earned) -> str:
    """What the choice earns and what it costs, with intervals, as Markdown."""
    if not choice.places:
        return "No place is sold: the shelf is the most relevant one there is, and earns nothing from advertising."

    def said(cents: float) -> str:
        return plain(money(max(cents, 0.0) / 100, engine.shop))

    places = count(choice.places, "sponsored place", shop=engine.shop)
    cash, kept = earned.money, earned.kept
    if cash.mean <= 0:
        return f"With {places} nobody qualifies: nothing is earned, and the shelf stays as it is."
    lost = [fine(max(1 - each, 0.0)) for each in (kept.mean, kept.high, kept.low)]
    return (
        f"With {places}, a thousand simulated visits earn {said(cash.mean)} ({said(cash.low)} to {said(cash.high)}) "
        f"and the shelf loses {lost[0]} of its relevance ({lost[1]} to {lost[2]}){_clicks(earned)}."
    )


def _clicks(earned: Earned) -> str:
    """What becomes of all clicks, where that is known."""
    change = earned.clicks.mean - 1
    if not math.isfinite(change):
        return ""
    ends = sorted((earned.clicks.low - 1, earned.clicks.high - 1))
    return f"; clicks on anything change by {signed(change)} ({between(ends, signed)})"


def drawn(engine: Engine, choice: Choice, now: Sponsored) -> None:
    """The shelf, and below it what fell off."""
    who = engine.shop.people.one
    known = state.choices()["shopper"] not in (None, "", NEW_SHOPPER)
    seen_by = f"this {plain(who)} sees it" if known else "somebody sees it of whom nothing is known"
    st.markdown(f"##### The shelf as {seen_by}")
    _cards(engine, now.shelf)
    if choice.places and not now.winners:
        st.info("Nobody who bids is relevant enough for this shelf: all places stay with the best products.")
    elif now.unsold:
        st.caption(f"{count(now.unsold, 'place', shop=engine.shop)} not sold: nobody else qualified.")
    if now.gone:
        titles = ", ".join(f"“{plain(cut(str(engine.catalogue.titles[row]), TITLE_LENGTH))}”" for row in now.gone)
        st.markdown(f"**Pushed off the shelf:** {titles}. This shelf keeps {fine(now.kept)} of its relevance.")
    st.caption(
        "As at the first visit of a day, before any budget is short. Relevance is "
        + (f"the score of the learned order of this {plain(who)}" if known else "the place among what most people take")
        + ", 100 for the best product; nDCG of the shelf by it says how much is kept."
    )


def _cards(engine: Engine, shelf: tuple[Place, ...]) -> None:
    rows = [each.row for each in shelf]
    with st.grid(COLUMNS, min_column_width=CARD, gap=("small", "xsmall")):
        for number, (each, picture) in enumerate(zip(shelf, pictures.of_rows(engine, rows), strict=True), 1):
            with st.container(gap="xxsmall", border=each.sold is not None):
                st.markdown(picture)
                with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                    st.markdown(f":gray-badge[**{number}**]", width="content")
                    if each.sold is not None:
                        st.badge(SPONSORED, color="orange", help="Somebody pays for this place.")
                    elif each.before != number:
                        st.caption(f"was {each.before}", width="content")
                st.markdown(f":small[{plain(cut(str(engine.catalogue.titles[each.row]), TITLE_LENGTH))}]")
                st.caption(plain(f"{money(float(engine.catalogue.prices[each.row]), engine.shop)} · {_of(each.score)}"))


def _of(score: float) -> str:
    return f"relevance {100 * score:.0f}"
