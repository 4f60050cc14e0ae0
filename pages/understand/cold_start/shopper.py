"""A new shopper: quick choices between products, or words, become a shelf at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import pictures, state, strip
from pages.shared.finding import finding
from pages.shared.wording import count, cut, heard, money, plain
from pages.understand.cold_start import measured
from pages.understand.cold_start.views import ANSWERS, WORDS
from recsys.engine.newcomers import LIKE_MINDED, QUESTIONS, SKIPPED
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.newcomers import Meeting, Met

MOST: Final = 10  # questions
CARD: Final = 150  # pixels
SHELF_CARD: Final = 130
TITLE_LENGTH: Final = 60
NEAR: Final = 0.4  # cosine from which two products are called alike


def section(engine: Engine) -> None:
    """The question, the shelf as it is by now, and how much choices are worth."""
    given, words = str(state.choices()[ANSWERS]), str(state.choices()[WORDS])
    answers = list(given)[:MOST]
    if len(given) > MOST:
        strip.notes([f"The link holds more than {MOST} answers; the first {MOST} count."], icon=":material/link_off:")
    meeting = engine.newcomers.meet(answers, words)
    if meeting.unused:
        many = count(meeting.unused, "answer", shop=engine.shop)
        strip.notes([f"{many} in the link fit no question and are left out."], icon=":material/link_off:")
    finding(plain(_found(engine, meeting)))
    _question(engine, meeting)
    st.text_input(
        "Or say in words what you are after",
        key=state.seed_control(WORDS),
        on_change=state.take_control,
        args=(WORDS,),
        max_chars=100,
        placeholder=engine.shop.examples.placeholder or "Anything",
        help="The words count as one more choice. They are read as the shop's search reads them, and nothing is kept.",
    )
    _shelf(engine, meeting)
    measured.of_shoppers(engine)


def _found(engine: Engine, meeting: Meeting) -> str:
    chosen = sum(each.chosen is not None for each in meeting.asked)
    said = str(state.choices()[WORDS]).strip()
    if not chosen and not said:
        if not len(engine.newcomers.pool()):
            return "Nobody has bought anything here yet, so that no question would tell anything: words still do."
        return "Nothing is known of you yet: the shelf below is what most people buy. A few choices change that."
    what = " and ".join(
        filter(None, [count(chosen, "choice", shop=engine.shop) if chosen else "", "words" if said else ""])
    )
    return f"From {what} a taste was made, and the shelf below with it."


def _question(engine: Engine, meeting: Meeting) -> None:
    number = len(meeting.asked) + 1
    if meeting.question and number <= MOST:
        of = f"Question {number} of {QUESTIONS}" if number <= QUESTIONS else f"Question {number}, one more if you like"
        st.markdown(f"**{of}. Which of these would you rather have?**")
        with st.grid(len(meeting.question), min_column_width=CARD, gap="small"):
            shown = zip(meeting.question, pictures.of_rows(engine, meeting.question), strict=True)
            for place, (row, picture) in enumerate(shown, 1):
                _option(engine, row, picture, str(place))
    elif meeting.asked:
        st.markdown("**There is nothing left to ask.**")
    with st.container(horizontal=True, gap="small"):
        if meeting.question and number <= MOST:
            st.button("None of these", key="cold.skip", icon=":material/skip_next:", on_click=_answer, args=(SKIPPED,))
        if meeting.asked:
            st.button("One back", key="cold.back", icon=":material/undo:", on_click=_back)
        if meeting.asked or state.choices()[WORDS]:
            st.button("Start over", key="cold.over", icon=":material/restart_alt:", on_click=_over)


def _option(engine: Engine, row: int, picture: str, number: str) -> None:
    title = str(engine.catalogue.titles[row])
    with st.container(border=True, gap="xsmall"):
        st.markdown(picture)
        st.markdown(plain(cut(title, TITLE_LENGTH)))
        if engine.capabilities.has(Capability.PRICES):
            st.caption(plain(money(float(engine.catalogue.prices[row]), engine.shop)))
        st.button(
            f"This one{heard(f': {title}')}",
            key=f"cold.choose.{number}",
            on_click=_answer,
            args=(number,),
            width="stretch",
        )


def _answer(sign: str) -> None:
    """Callback: one more answer."""
    state.choose(**{ANSWERS: (str(state.choices()[ANSWERS]) + sign)[:MOST]})


def _back() -> None:
    """Callback: the last answer is taken back."""
    state.choose(**{ANSWERS: str(state.choices()[ANSWERS])[:MOST][:-1]})


def _over() -> None:
    """Callback: nothing was said."""
    state.choose(**{ANSWERS: "", WORDS: ""})


def _shelf(engine: Engine, meeting: Meeting) -> None:
    st.markdown("#### Your shelf by now")
    rows = [each.row for each in meeting.shelf]
    with st.grid(6, min_column_width=SHELF_CARD, gap="small"):
        for number, (met, picture) in enumerate(zip(meeting.shelf, pictures.of_rows(engine, rows), strict=True), 1):
            with st.container(gap="xxsmall"):
                st.markdown(picture)
                st.caption(f"**{number}** {plain(cut(str(engine.catalogue.titles[met.row]), TITLE_LENGTH))}")
                st.caption(f":gray[{plain(_why(engine, met))}]")
    chosen = any(each.chosen is not None for each in meeting.asked)
    if chosen or meeting.interest is not None:
        st.caption(
            "Two things make the order, each by its place: how near a product is to what you chose (cosine of their "
            "texts, 0 to 1), and how often those bought it who would have answered as you did. "
            f"How sure it is whom you are like: {100 * meeting.certainty:.0f} of 100 (0: anybody, 100: one known "
            f"{engine.shop.people.one})."
        )


def _why(engine: Engine, met: Met) -> str:
    """Why a product is on the shelf: the larger of the two reasons."""
    many = engine.shop.people.many
    bought = f"bought by {met.buyers} of the {LIKE_MINDED} {many} likest you" if met.buyers else ""
    if met.like == met.row:
        return "you chose it"
    if met.like is not None and met.cosine >= NEAR:
        near = f"near to “{cut(str(engine.catalogue.titles[met.like]), 34)}” ({met.cosine:.2f})"
        return f"{near}; {bought}" if bought else near
    if met.like is None and met.cosine >= NEAR:
        return f"near to your words ({met.cosine:.2f})" + (f"; {bought}" if bought else "")
    return bought or "bought by most"
