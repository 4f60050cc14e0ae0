"""By what the map places products: by their words, by their pictures, or by all that is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import state
from pages.shared.wording import count
from recsys.engine import EVERYTHING, PICTURES, WORDS

if TYPE_CHECKING:
    from recsys.engine import Engine

CONTROL: Final = "map.placed"
LABELS: Final = {WORDS: "Words", PICTURES: "Pictures", EVERYTHING: "Everything"}
NEAR: Final = {
    WORDS: "they mean the same",
    PICTURES: "they look the same",
    EVERYTHING: "words, pictures, attributes and prices say the same",
}
HELP: Final = (
    "Words: text vectors of what the shop says of a product. Pictures: vectors of the pictures alone. Everything: "
    "fused vectors of text, picture, attributes and price. A picture that is asked with lies on the last two."
)


def placed(engine: Engine) -> str:
    """What is chosen; where nothing is, pictures once a picture is asked with, else words."""
    chosen, there = str(state.choices()["placed"]), engine.placings
    if chosen in there:
        return chosen
    asked = state.current_request().looks is not None
    return PICTURES if asked and PICTURES in there else WORDS


def control(engine: Engine) -> None:
    """The choice, where there is one."""
    if len(engine.placings) < 2:
        return
    st.session_state[CONTROL] = placed(engine)
    st.segmented_control(
        "Placed by",
        list(engine.placings),
        format_func=LABELS.__getitem__,
        key=CONTROL,
        required=True,
        on_change=_choose,
        help=HELP,
    )


def _choose() -> None:
    state.choose(placed=st.session_state[CONTROL])


def missing(engine: Engine) -> tuple[str, ...]:
    """What this shop cannot show of what the link asks for, and which products have no place on this map."""
    chosen, now = str(state.choices()["placed"]), placed(engine)
    if chosen and chosen != now:
        return (f"This shop has no map by {chosen}: its products have no pictures that were compared.",)
    without = engine.unplaced(now)
    if not without:
        return ()
    lack = "have no picture and no place" if now == PICTURES else "have no place"
    return (f"{count(without, 'product', shop=engine.shop)} {lack} on this map.",)
