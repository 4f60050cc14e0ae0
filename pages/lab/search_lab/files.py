"""Judgments in and out as CSV and TREC qrels, and the lists of the last set run as TREC runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from pages.lab.search_lab import choices, sets
from pages.shared import owner, state
from pages.shared.drawing import emphasis
from pages.shared.wording import count, plain
from recsys.errors import ShelfLensError
from recsys.evaluation.search import judgments
from recsys.evaluation.search import lab_sets as search_lab_sets
from recsys.evaluation.search.lab import DEPTH

if TYPE_CHECKING:
    from recsys.engine import Engine

NOTES = "search_lab.import.notes"


def files(engine: Engine) -> None:
    """What can be brought in and taken out."""
    if notes := st.session_state.pop(NOTES, []):
        st.success("  \n".join(plain(note) for note in notes), icon=":material/check_circle:")
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        _import(engine)
    with right, st.container(border=True, height="stretch"):
        _export()
    with st.container(border=True):
        _runs(engine)


def _import(engine: Engine) -> None:
    st.markdown("#### :material/upload: Import judgments")
    st.write(
        "A table with the columns `query,docid,rating`, or TREC qrels (`query 0 docid rating`). Separators, encoding "
        "and the usual names of columns are told by themselves; other scales than 0 to 3 are mapped, and it is said "
        "how. "
        "Docids are the ids of this catalogue."
    )
    file = st.file_uploader(
        "File, at most 2 MB", type=["csv", "txt", "qrels", "tsv"], key="search_lab.import", max_upload_size=2
    )
    if file is not None:
        st.button(
            "Import",
            key="search_lab.import.go",
            type=emphasis(),
            icon=":material/upload:",
            on_click=_imported,
            args=(engine, file.name, file.getvalue()),
        )
    st.caption("What is imported is kept beside the grades given here; where both speak of a product, the import wins.")


def _imported(engine: Engine, name: str, data: bytes) -> None:
    """Callback: check the file and keep its judgments, all or none."""
    st.session_state[state.ACTED] = True
    try:
        found = search_lab_sets.read_judgments(name, data, set(map(str, engine.catalogue.ids.tolist())))
    except ShelfLensError as error:
        st.session_state[choices.TROUBLE] = error.one_line()
        return
    kept = choices.store(partial(choices.book().give_all, found.ratings, f"import: {name}", owner.me()))
    if kept is not None:
        queries = count(len(found.ratings), "query", "queries", shop=engine.shop)
        said = f"{count(kept, 'judgment', shop=engine.shop)} of {queries} imported from {name}."
        st.session_state[NOTES] = [said, found.said, *found.notes]


def _export() -> None:
    st.markdown("#### :material/download: Export judgments")
    grades = choices.grades()
    number, shop = sum(map(len, grades.values())), state.open_shop()
    st.write(
        f"{count(number, 'grade', shop=shop)} for {count(len(grades), 'query', 'queries', shop=shop)} are kept."
        if number
        else "Nothing is graded yet: grade a query side by side, or import judgments."
    )
    kept = search_lab_sets.as_judgments(grades)
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            partial(judgments.csv_text, kept),
            "judgments.csv",
            "text/csv",
            on_click="ignore",
            key="search_lab.csv",
            icon=":material/download:",
            disabled=not number,
        )
        st.download_button(
            "TREC qrels",
            partial(judgments.qrels, kept),
            "judgments.qrels",
            "text/plain",
            on_click="ignore",
            key="search_lab.qrels",
            icon=":material/download:",
            disabled=not number,
        )
    st.caption("Queries are in small letters, as the engine reads them.")


def _runs(engine: Engine) -> None:
    st.markdown("#### :material/format_list_numbered: Export runs (TREC)")
    run = sets.finished(engine)
    if run is None:
        st.write(f"Run a query set first: then each system's lists can be saved here, {DEPTH} products a query.")
        return
    st.write(
        f"“{plain(run.name)}”: {count(len(run.queries), 'query', 'queries', shop=engine.shop)}, up to {DEPTH} "
        "products each, as `query Q0 docid rank score system`."
    )
    with st.container(horizontal=True):
        for system in run.systems:
            st.download_button(
                system.label,
                partial(search_lab_sets.trec_run, run, system.name),
                f"{system.name}.run",
                "text/plain",
                key=f"search_lab.run.{system.name}",
                on_click="ignore",
                icon=":material/download:",
            )
