"""The frontier of money and relevance, and how budgets go over the day, with what is still being computed said."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import state
from pages.shared.drawing import draw
from pages.shared.finding import fine
from pages.shared.wording import plain
from recsys.engine.ads import NONE, PACINGS, UNLIMITED_SAID

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.ads import Choice, Earned

OFF: Final = "ads.cancelled"  # the choice whose frontier was cancelled
PATIENCE: Final = 0.6  # seconds that nothing is said of
SAID: Final = {"throttled": "auctions left out", "shaded": "bids lowered", "none": "not paced"}


def budgets(engine: Engine, choice: Choice) -> None:
    """Money spent by the hour for each way of pacing."""
    st.markdown("##### Budgets over the day")
    if not choice.places or not choice.budget:
        st.info(UNLIMITED_SAID if choice.places else "No place is sold, so that nothing is spent.")
        return
    from recsys.plots.ads import over_the_day

    found = {pacing: engine.ads.earned(replace(choice, pacing=pacing)) for pacing in PACINGS}
    lines = {SAID[pacing]: each.spent / 100 for pacing, each in found.items()}
    figure = over_the_day(lines, SAID[choice.pacing], engine.shop.money)
    draw(figure, "ads.day", "Lines: money spent by the hour of a simulated day, with and without pacing.")
    free = found[NONE]
    gone = "Even without pacing no budget runs out before the day ends."
    if free.ended > 0:
        gone = (
            f"Without pacing {fine(free.ended)} of the advertisers have hardly anything left before the day ends, the "
            f"middle one at {free.hour:.0f}:00."
        )
    used = "; ".join(f"{SAID[name]} {fine(each.used)}" for name, each in found.items())
    st.caption(plain(f"{gone} Of all budgets are spent: {used}. Means of ten simulated days."))


def frontier(engine: Engine, choice: Choice, earned: Earned) -> None:
    """What is earned against what is lost, for every number of places and every floor."""
    st.markdown("##### What relevance is sold for")
    if st.session_state.get(OFF) == choice and not engine.ads.is_found(choice):
        st.caption("The frontier of this choice was cancelled.")
        st.button("Draw it", key="ads.resume", icon=":material/play_arrow:", on_click=_resume)
        return
    place = st.empty()
    points = engine.ads.frontier(choice, _Told(place, choice))
    place.empty()
    from recsys.plots.ads import frontier as figure_of

    figure = figure_of(points, (earned.kept, earned.money) if choice.places else None, engine.shop.money)
    draw(figure, "ads.frontier", "Dots: relevance kept and money earned for each number of places and each floor.")
    st.caption(
        "Each line is a number of sponsored places, each dot a relevance floor: 90 % at the right, none at the left. "
        "Bars are 95 % intervals over simulated days; all else is as chosen. The star is the present choice."
    )


def _resume() -> None:
    """Callback: the frontier is wanted after all."""
    st.session_state.pop(OFF, None)
    state.act()


def _cancel(choice: Choice) -> None:
    """Callback: no frontier for this choice; points that were found are kept."""
    st.session_state[OFF] = choice
    state.act()


class _Told:
    """Draws how far the work is, once it takes longer than a moment; any use of the page ends it at its next word."""

    def __init__(self, place: Any, choice: Choice) -> None:
        self._place, self._choice, self._began = place, choice, time.monotonic()
        self._bar: Any = None

    def __call__(self, done: int, total: int, note: str = "") -> None:
        if done >= total or (self._bar is None and time.monotonic() - self._began < PATIENCE):
            return
        if self._bar is None:
            with self._place.container(border=True):
                self._bar = st.progress(0.0)
                st.button(
                    "Cancel", key="ads.cancel", icon=":material/stop_circle:", on_click=_cancel, args=(self._choice,)
                )
        self._bar.progress(done / total, text=f"{done} of {total}: {note}")
