"""Controls that several pages have: select boxes for choices of the address bar, links to queries, files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.shared import state
from pages.shared.wording import plain
from recsys.errors import BadRequestError
from recsys.jobs import import_folder
from recsys.jobs.uploads import MAX_MB, Upload

SEQUENCES: Final = (
    "A line per user, `user item item ...` in order; or a row per event, CSV, parquet or JSON lines of user, item and "
    "maybe time and event. Columns are told by their names, in any order; commas, semicolons, tabs or blanks; ids of "
    "any kind; packed files (.gz and the like) too."
)
GIVE_SEQUENCES: Final = (
    "Give a file of sequences: a line per user (`user item item ...`), or CSV, parquet or JSON lines of "
    "user,item[,time][,event]."
)

Given = Path | UploadedFile | None  # a file of the import folder, one that was uploaded, or none


def select(
    name: str,
    label: str,
    options: list[str],
    value: str,
    words: dict[str, str],
    *,
    help: str = "",
    void: tuple[str, ...] = (),
) -> None:
    """A select box for one choice of the address bar; a change makes the choices in `void` fall back to defaults."""
    st.selectbox(
        label,
        options,
        key=_key(name, value),
        format_func=partial(worded, words),
        on_change=_take,
        args=(name, void),
        help=help or None,
        filter_mode="contains",
    )


def asking(label: str, query: str, *, key: str, help: str) -> None:
    """A button like a link that searches for another query."""
    st.button(label, key=key, type="tertiary", help=help, on_click=state.choose, kwargs={"q": query})


def sequences_file(key: str) -> Given:
    """A file of sequences, from the import folder or uploaded; None where none is given."""
    return _file(
        "File of sequences",
        key,
        SEQUENCES,
    )


def attributes_file(key: str) -> Given:
    """A file that says more of the items; None where none is given."""
    return _file("File of item attributes (optional)", key, 'JSON {"item": [attribute, ...]}; .gz is read.')


def brought(given: Mapping[str, Given]) -> tuple[dict[str, Path], dict[str, Upload]]:
    """What was given for each option: (files of the import folder, uploads). Raises DataError for one too large."""
    paths = {name: file for name, file in given.items() if isinstance(file, Path)}
    received = {name: file for name, file in given.items() if isinstance(file, UploadedFile)}
    return paths, {name: Upload(file.name, file.getvalue()) for name, file in received.items()}


def _file(label: str, key: str, help: str) -> Given:
    """Never a path that is typed: what the server may read is in the folder that its owner has set, or comes along."""
    folder = state.settings().import_dir
    if names := import_folder.listed(folder):
        where = f"{label}: in the import folder"
        picked = st.selectbox(where, ["", *names], format_func=_upload_or_name, key=f"{key}.name")
        if picked:
            try:  # a fragment runs outside the shell that puts errors into words
                return import_folder.inside(folder, picked)
            except BadRequestError as error:  # it was removed this moment
                st.error(plain(error.one_line()), icon=":material/report:")
                return None
    return st.file_uploader(label, key=key, help=help, max_upload_size=MAX_MB)


def _upload_or_name(name: str) -> str:
    return name or "none: upload one"


def worded(words: dict[str, str], option: str) -> str:
    """The words of an option. Of this module and not a closure, which a session could not keep."""
    return words.get(option, option)


def _key(name: str, value: str) -> str:
    """The widget key, holding the value that is in force."""
    key = state.control_key(name)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def _take(name: str, void: tuple[str, ...]) -> None:
    state.choose(**{name: st.session_state[state.control_key(name)]}, **dict.fromkeys(void, ""))
