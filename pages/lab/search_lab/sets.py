"""Query sets: saved, asked of every system, and told as a table with intervals and the worst queries first."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from pages.lab.search_lab import choices
from pages.lab.search_lab import set_result as search_lab_set_result
from pages.shared import state
from pages.shared.pickers import select
from pages.shared.wording import count, plain, seconds
from recsys.errors import ShelfLensError
from recsys.evaluation.search import lab as search_lab
from recsys.evaluation.search import lab_sets as search_lab_sets
from recsys.evaluation.search.lab_sets import SetJob

if TYPE_CHECKING:
    from pages.lab.search_lab.choices import Shown
    from recsys.engine import Engine
    from recsys.evaluation.search.lab_sets import SetRun

EVERY: Final = 0.5  # seconds between two looks at a run
GRADED: Final = "All queries with a grade"
EXAMPLES: Final = "Ten examples"
JOB: Final = "search_lab.job"  # the session's run, by its number
MOST_JOBS: Final = 8  # remembered; the lists of 500 queries and five systems are 25 MB
MOST_AT_WORK: Final = 2


@dataclass(slots=True)
class Jobs:
    """The set runs of this server, the latest MOST_JOBS of them; each belongs to the session that knows its number."""

    jobs: dict[int, SetJob] = field(default_factory=dict)
    started: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, *arguments: Any) -> int | None:
        """Start a run and give its number; None while others are at work."""
        with self.lock:
            if sum(job.running for job in self.jobs.values()) >= MOST_AT_WORK:
                return None
            self.started += 1
            self.jobs[self.started] = SetJob.start(*arguments)
            for old in [n for n, job in self.jobs.items() if not job.running][: max(0, len(self.jobs) - MOST_JOBS)]:
                del self.jobs[old]
            return self.started


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The runs that all sessions share."""
    return Jobs()


def mine() -> SetJob | None:
    """The run of this session."""
    return jobs().jobs.get(int(st.session_state.get(JOB, 0)))


def finished() -> SetRun | None:
    """The finished run of this session."""
    job = mine()
    return None if job is None or job.running else job.run


def sets(engine: Engine, now: Shown) -> None:
    """Pick a set, run it, read the result; make and delete sets."""
    found = choices.query_sets()
    graded = list(choices.grades())
    offered = ({GRADED: graded} if graded else {}) | found
    if not offered:
        _no_set()
        _new_set(expanded=True)
        return
    wanted = str(state.choices()["queries"])
    name = wanted if wanted in offered else next(iter(offered))
    _picker(engine, now, offered, name)
    job = mine()
    if job is not None and job.running:
        _progress()
    elif job is not None and job.error:
        st.error(f"The run failed: {plain(job.error)}", icon=":material/report:")
    elif job is not None and job.run is not None:
        search_lab_set_result.result(job.run)
    else:
        st.info(
            "Run the set to see which system is best on it. It takes about 50 milliseconds a query.",
            icon=":material/play_circle:",
        )
    _new_set(expanded=False)
    if name in found:
        _delete(name)


def _picker(engine: Engine, now: Shown, offered: dict[str, list[str]], name: str) -> None:
    labels = {each: f"{each} · {count(len(queries), 'query', 'queries')}" for each, queries in offered.items()}
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    with left:
        select("queries", "Query set", list(offered), name, labels)
    with middle:
        choices.shopper_picker(engine)
    with right:
        st.button(
            "Run over all systems",
            key="search_lab.run",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(engine, now, name, offered[name]),
            width="stretch",
        )
    choices.say_narrowed(now.scope)
    with st.expander(f"The {count(len(offered[name]), 'query', 'queries')} of this set"):
        st.dataframe(
            pd.DataFrame({"Query": offered[name]}),
            key="search_lab.queries",
            hide_index=True,
            height=38 + 35 * min(len(offered[name]), 8),
        )
        st.download_button(
            "Save as text",
            "\n".join(offered[name]) + "\n",
            "queries.txt",
            "text/plain",
            key="search_lab.queries.txt",
            icon=":material/download:",
            on_click="ignore",
            help="One query a line, as it can be imported again",
        )


def _start(engine: Engine, now: Shown, name: str, queries: list[str]) -> None:
    """Callback: ask every system; the personal one where there is a shopper."""
    before = mine()
    if before is not None:
        before.cancel()
        before.wait(2)
    yours = state.current_request().knobs
    chosen = [system for system in search_lab.systems(yours).values() if system.name != "personal" or now.scope.shopper]
    number = jobs().start(engine.answer, name, queries, chosen, now.scope, choices.twins(engine))
    if number is None:
        state.say("Other runs are at work. Try again in a moment.", ":material/hourglass:")
    else:
        st.session_state[JOB] = number
    st.session_state[state.ACTED] = True


@st.fragment(run_every=EVERY)
def _progress() -> None:
    job = mine()
    if job is None or not job.running:
        st.rerun()
        return
    left = job.seconds_left
    text = f"{job.done} of {count(job.total, 'query', 'queries')}"
    with st.container(border=True):
        st.progress(job.done / max(1, job.total), text=text + (f" · about {seconds(left)} left" if left else ""))
        st.button("Cancel", key="search_lab.cancel", icon=":material/stop_circle:", on_click=_cancel)


def _cancel() -> None:
    if (job := mine()) is not None:
        job.cancel()
    st.session_state.pop(JOB, None)


# --- making and deleting --------------------------------------------------------------------------------------


def _no_set() -> None:
    st.markdown("### :material/checklist: No query set yet")
    st.write(
        "A set is a list of queries you care about. Run over all systems it says which one is best, how sure that is, "
        "and which queries fail. Start with ten examples, or paste your own below."
    )
    st.button(
        EXAMPLES,
        key="search_lab.examples",
        icon=":material/auto_awesome:",
        on_click=_save,
        args=(EXAMPLES, list(choices.EXAMPLES)),
    )


def _new_set(*, expanded: bool) -> None:
    with st.expander("New query set", icon=":material/playlist_add:", expanded=expanded), st.form("search_lab.new"):
        st.text_input("Name", key="search_lab.new.name", max_chars=60, placeholder="Christmas baking")
        st.text_area("Queries, one a line", key="search_lab.new.queries", height=140, max_chars=300_000)
        st.file_uploader(
            "Or a text file with one query a line (UTF-8, at most 2 MB)",
            type=["txt", "csv"],
            key="search_lab.new.file",
            max_upload_size=2,
        )
        st.form_submit_button("Save the set", icon=":material/save:", on_click=_save_form)


def _save_form() -> None:
    name = str(st.session_state["search_lab.new.name"] or "").strip()
    typed = str(st.session_state["search_lab.new.queries"] or "")
    file = st.session_state["search_lab.new.file"]
    try:
        queries = search_lab_sets.read_queries(file.name, file.getvalue()) if file else []
        queries += [each for each in map(search_lab.normalised, typed.splitlines()) if each]
    except ShelfLensError as error:
        st.session_state[choices.TROUBLE] = error.one_line()
        return
    _save(name, queries)


def _save(name: str, queries: list[str]) -> None:
    kept = choices.store(partial(choices.book().save_set, name, queries))
    if kept is not None:
        state.choose(queries=" ".join(name.split()))
        state.say(f"Saved: {count(kept, 'query', 'queries')} in “{plain(name)}”.", ":material/save:")


def _delete(name: str) -> None:
    with st.popover("Delete this set", icon=":material/delete:", type="tertiary"):
        st.write(f"“{plain(name)}” is deleted for everybody; grades of its queries stay.")
        st.button("Yes, delete it", key="search_lab.delete", type="primary", on_click=_deleted, args=(name,))


def _deleted(name: str) -> None:
    choices.store(partial(choices.book().delete_set, name))
    state.choose(queries="")
    state.say("The set was deleted.", ":material/delete:")
