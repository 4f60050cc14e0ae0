"""The shelf that is learned, with the buttons that teach it, and the settings of learning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import controls, feedback, learned, pictures, state
from pages.shared.wording import cut, money, plain
from pages.understand.live_learning.views import ITEMS, KEPT, STEP, VIEWS, WEIGHT
from recsys.errors import FeedbackError
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.learning import Lesson

CARD: Final = 130  # pixels
TITLE_LENGTH: Final = 44
ANOTHER: Final = (
    "This shelf knows two things only: what many take, and what was learned of this person. The Storefront’s weighs "
    "more, so that a product stands at another place there, and a press moves it by another number of places."
)
MOVES: Final = (
    "How far one act moves the products themselves, for this person alone: what was liked towards the taste, what was "
    "passed by away from it. 0: they stay where they are."
)


def lesson(engine: Engine) -> Lesson:
    """What was learned of this person, as the sliders say; nothing where their feedback cannot be read."""
    request, pace = state.current_request(), state.learning_of(state.choices())
    try:
        return engine.learning.of(request, pace)
    except FeedbackError as error:
        feedback.remember_trouble(error)
        return engine.learning.untaught(request, pace)


def shown(engine: Engine, lesson: Lesson) -> None:
    """The products, each with its place before and what can be said of it."""
    now = feedback.pressed(engine)
    rows = [int(row) for row in lesson.shelf]
    with st.grid(4, min_column_width=CARD, gap="small"):
        for place, (row, picture) in enumerate(zip(rows, pictures.of_rows(engine, rows), strict=True), 1):
            with st.container(gap="xxsmall"):
                st.markdown(picture)
                title = str(engine.catalogue.titles[row])
                st.markdown(f"**{place}** {_came(lesson, row, place)} {plain(cut(title, TITLE_LENGTH))}")
                if engine.capabilities.has(Capability.PRICES):
                    st.caption(plain(money(float(engine.catalogue.prices[row]), engine.shop)))
                feedback.buttons_of(engine, engine.catalogue.ids[row], title, now)
    st.caption(ANOTHER)


def _came(lesson: Lesson, row: int, place: int) -> str:
    """How the product moved by the feedback, on the shelf."""
    before = lesson.before.tolist()
    if row not in before:
        return ":green-badge[new]"
    step = before.index(row) + 1 - place
    if not step:
        return ""
    return f":green[▲ {step}]" if step > 0 else f":gray[▼ {-step}]"


def settings(engine: Engine, lesson: Lesson) -> None:
    """Step size, decay and weight; and how to forget."""
    with st.container(border=True):
        _slider(STEP, "Step size", "How far one act moves the taste (Adagrad). Small: slow and steady. Large: at once.")
        _slider(KEPT, "Kept from act to act", "1: nothing is forgotten. 0.5: each act halves what earlier ones taught.")
        _slider(WEIGHT, "Taste beside popularity", "How much the taste counts beside what everybody takes.")
        _slider(ITEMS, "Products move", MOVES)
        learned.switch()
        st.caption("The switch of the Storefront: on, its shelf learns at this very pace from the same presses.")
        if lesson.steps or lesson.forgotten:
            feedback.forgetting(engine, "Forget my feedback", "learning.forget")


def _slider(name: str, label: str, help: str) -> None:
    controls.stepped(name, VIEWS[name], label, help)
