"""A file of reviews that somebody brings, read the same way and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.business.reviews import columns, said
from pages.shared import strip
from pages.shared.wording import plain
from recsys.errors import ShelfLensError

if TYPE_CHECKING:
    from recsys.engine import Engine


def section(engine: Engine) -> None:
    """The uploader, and what the file says."""
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
        return
    try:
        asked = columns.asked(engine, file.name, file.getvalue())
        if asked is None:
            return
        with st.spinner("Reading"):
            analysis, read, notes = engine.reviews.of_file(file.name, file.getvalue(), *asked)
    except ShelfLensError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    strip.notes(list(notes), icon=":material/info:")
    said.section(engine, analysis, "the file", engine.reviews.course_of(read), tuple(read.texts), "file")
