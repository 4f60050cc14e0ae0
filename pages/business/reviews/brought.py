"""A file of reviews that somebody brings: opened, read as carefully as they choose, and forgotten."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.business.reviews import columns, effort, said
from pages.shared import strip
from pages.shared.finding import NO_BREAK
from pages.shared.wording import plain
from recsys.errors import ShelfLensError

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.reviews import Brought

PATIENCE: Final = 1.0  # seconds that nothing is said of
EVERY: Final = 0.2  # seconds between two words about it
NAMED: Final = "reviews.named"  # the file that was looked at last, and its columns
OPENED: Final = "reviews.opened"  # the file and the columns that were opened last, and their reviews
READ: Final = "reviews.read"  # what was read last: of which file, how, and what it says
ENDED: Final = "reviews.ended"  # the file whose reading was cancelled

Which = tuple[str, str | None, str]  # a file, its column of texts, None where its name says so, and that of stars
Asked = tuple[Which, str]  # and how carefully


def section(engine: Engine) -> None:
    """The uploader, its columns, how carefully it is read, and what the file says."""
    with st.container():  # else, while a file is read, what stood below shows up within
        _section(engine)


def _section(engine: Engine) -> None:
    from recsys.engine.reviews import MAX_MB  # here, as the page need not wait for it

    st.markdown("#### Reviews of your own")
    if not engine.reviews.takes_files:
        st.caption("Files can be read once the preparation beside the app is done.")
        return
    file = st.file_uploader(
        "A file of reviews",
        key="reviews.file",
        max_upload_size=MAX_MB,
        help="Commas, tabs or semicolons, packed or not; a column of texts, and one of stars if there are any. It is "
        "read and forgotten. Any of sixteen languages, English and Chinese measured.",
    )
    if file is None:
        for kept in (NAMED, OPENED, READ, ENDED):
            st.session_state.pop(kept, None)
        return
    try:
        if st.session_state.get(NAMED, ("",))[0] != file.file_id:
            st.session_state[NAMED] = (file.file_id, engine.reviews.headings(file.name, file.getvalue()))
        asked = columns.asked(st.session_state[NAMED][1], file.file_id)
        if asked is None:
            return
        which = (file.file_id, *asked)
        if st.session_state.get(OPENED, ((),))[0] != which:
            st.session_state[OPENED] = (which, engine.reviews.brought(file.name, file.getvalue(), *asked))
        brought = st.session_state[OPENED][1]
        strip.notes(list(brought.notes), icon=":material/info:")
        _told(engine, brought, which)
    except ShelfLensError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")


def _told(engine: Engine, brought: Brought, which: Which) -> None:
    asked = (which, effort.chosen(brought, engine.shop, "reviews.effort.{}.{}.{}".format(*which)))
    if st.session_state.get(READ, ((),))[0] != asked:
        if st.session_state.get(ENDED) == asked:
            st.info("Reading was cancelled.", icon=":material/stop_circle:")
            st.button("Read it after all", key="reviews.again", on_click=_end, args=(None,))
            return
        place = st.empty()
        careful, reader = asked[1] == effort.CAREFUL, effort.reader(brought, asked[1])
        found = engine.reviews.of_file(brought, _Bar(place, asked), careful=careful, reader=reader)
        place.empty()
        st.session_state[READ] = (asked, *found)
    _, analysis, read, course = st.session_state[READ]
    said.section(engine, analysis, "the file", course, tuple(read.texts), "file")


def _end(asked: Asked | None) -> None:
    """Callback: this reading is not wanted; None: it is after all."""
    st.session_state[ENDED] = asked


class _Bar:
    """Draws how far the reading is, once it takes longer than a moment; any use of the page ends it."""

    def __init__(self, place: Any, asked: Asked) -> None:
        self._place, self._asked = place, asked
        self._began = self._last = time.monotonic()
        self._bar: Any = None

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """`done` of `total` units are read."""
        moment = time.monotonic()
        if (self._bar is None and moment - self._began < PATIENCE) or not 0 < done < total:
            return
        if self._bar is None:
            with self._place.container(border=True):
                self._bar = st.progress(0.0)
                st.button(
                    "Cancel", key="reviews.end", icon=":material/stop_circle:", on_click=_end, args=(self._asked,)
                )
        elif moment - self._last < EVERY:
            return
        self._last = moment
        left = (moment - self._began) * (total - done) / done
        self._bar.progress(done / total, text=f"{100 * done / total:.0f}{NO_BREAK}% · about {effort.about(left)} left")
