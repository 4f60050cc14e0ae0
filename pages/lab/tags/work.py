"""The tags that were asked for, with how far that is while they are made, and a button that ends it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.lab.tags import choices
from pages.shared.finding import finding
from pages.shared.wording import seconds

if TYPE_CHECKING:
    from pages.lab.tags.choices import Shown
    from recsys.engine import Engine
    from recsys.engine.tagging import Tagged
    from recsys.shops.contract import Shop

PATIENCE: Final = 0.6  # seconds that nothing is said of; what takes less would only flicker
EVERY: Final = 0.2  # seconds between two words about it


def tagged(engine: Engine, now: Shown, top: Any) -> Tagged | None:
    """The label of every product, at once where it is known already; None where nobody has asked.

    `top` is the place of the sentence that the page begins with: while the work is on, it says so.
    Any use of the page ends the work at its next word, and it goes on from there unless it was cancelled.
    """
    if now.request is None:
        return None
    place = st.empty()
    found = engine.tag(now.request, _Told(place, top, engine.shop))
    place.empty()
    return found


class _Told:
    """Draws how far the work is, once it takes longer than a moment."""

    def __init__(self, place: Any, top: Any, shop: Shop) -> None:
        self._place, self._top, self._shop = place, top, shop
        self._began = self._last = time.monotonic()
        self._bar: Any = None

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """`done` of `total` texts are read."""
        moment = time.monotonic()
        if (self._bar is None and moment - self._began < PATIENCE) or done >= total:
            return
        if self._bar is None:
            with self._top.container():
                finding("The products are being tagged.")
            with self._place.container(border=True):
                self._bar = st.progress(0.0)
                st.button("Cancel", key="tags.cancel", icon=":material/stop_circle:", on_click=choices.cancel)
        elif moment - self._last < EVERY:
            return
        self._last = moment
        left = (moment - self._began) * (total - done) / done
        number = self._shop.number
        said = f"{number(done)} of {number(total)} texts read · about {seconds(left)} left"
        self._bar.progress(done / total, text=f"{done / total:.0%} · {said}")
