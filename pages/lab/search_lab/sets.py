"""Query sets: saved, asked of every system, and told as a table with intervals and the worst queries first."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from pages.lab.search_lab import choices, ruled
from pages.lab.search_lab import set_result as search_lab_set_result
from pages.shared import owner, state
from pages.shared.drawing import emphasis
from pages.shared.pickers import select
from pages.shared.progress import time_left, waiting_words
from pages.shared.wording import count, plain, spelt
from recsys.errors import ArtifactError, ShelfLensError
from recsys.evaluation.search import lab as search_lab
from recsys.evaluation.search import lab_sets as search_lab_sets
from recsys.evaluation.search.lab_sets import GRADED
from recsys.jobs import FAILED, FINISHED, KINDS, RUNNING, STOPPED, WAITING, JobQueue, progressed

if TYPE_CHECKING:
    from pages.lab.search_lab.choices import Shown
    from recsys.engine import Engine
    from recsys.evaluation.search.lab_sets import SetRun
    from recsys.jobs import Job

EVERY: Final = 0.5  # seconds between two looks at a run


def jobs() -> JobQueue:
    """The work beside the app, the same for every tab and after every reload."""
    return JobQueue.of(state.settings())


def _subject(name: str) -> str:
    """Under what the runs of a set are found again: sets of another shop may have the same name."""
    return f"{state.settings().shop}/{name}"


def latest(name: str) -> Job | None:
    """The run of a set that was asked for last."""
    found = jobs().listed("queries", _subject(name))
    return found[0] if found else None


def finished(engine: Engine) -> SetRun | None:
    """The latest finished run of the chosen set, else of any set of this shop."""
    found = _finished_jobs()
    found.sort(key=lambda job: job.subject != _subject(str(state.choices()["queries"])))
    return opened(engine, found[0]) if found else None


def _finished_jobs() -> list[Job]:
    """The finished runs of this shop, the latest first."""
    return [job for job in jobs().listed("queries") if job.state == FINISHED and job.subject.startswith(_subject(""))]


def offered(engine: Engine) -> dict[str, list[str]]:
    """The sets to choose from with their queries: what has a grade, those of one's own, what came with the shop."""
    graded, built_in = list(choices.grades()), ruled.queries(engine)
    ready = {ruled.NAME: built_in} if built_in else {}
    return ({GRADED: graded} if graded else {}) | choices.query_sets() | ready


def in_sight(engine: Engine) -> str:
    """The set that the page begins with and its picker shows; "" where there is none.

    That is the chosen one, else the one that was run last, else the one that came with the shop: figures before a set
    that nobody has run yet.
    """
    there = offered(engine)
    run = (job.subject.removeprefix(_subject("")) for job in _finished_jobs())
    wanted = (str(state.choices()["queries"]), *run, ruled.NAME, *there)
    return next((name for name in wanted if name in there), "")


def run_of(engine: Engine, name: str) -> SetRun | None:
    """The latest run of a set of one's own; None where it has not finished."""
    job = latest(name) if name not in ("", ruled.NAME) else None
    return opened(engine, job) if job is not None and job.state == FINISHED else None


def opened(engine: Engine, job: Job) -> SetRun | None:
    """What a finished run found; None, said on the page, where its files are damaged."""
    try:
        return _opened(str(job.folder), job.ended, engine)
    except ArtifactError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return None


@st.cache_resource(show_spinner=False, max_entries=4)
def _opened(folder: str, ended: float | None, _engine: Engine) -> SetRun:
    return search_lab_sets.opened(Path(folder), partial(choices.twins_of, _engine))


def sets(engine: Engine, now: Shown) -> None:
    """Pick a set, run it, read the result; make and delete sets."""
    found, there, name = choices.query_sets(), offered(engine), in_sight(engine)
    if not there:
        _no_set()
        _new_set(expanded=True)
        return
    _picker(engine, now, there, name)
    if name == ruled.NAME:
        run = ruled.run(engine)
        if run is not None:
            search_lab_set_result.result(run, ruled.run_grades(engine, run))
        if not found:
            _no_set()
        _new_set(expanded=False)
        return
    job = latest(name)
    if job is not None and job.active:
        _progress(job.folder)
    elif job is not None and job.state in (FAILED, STOPPED):
        _ended_early(job)
    elif job is not None and job.state == FINISHED:
        if (run := opened(engine, job)) is not None:
            search_lab_set_result.result(run, choices.grades())
    else:
        st.info(
            "Run the set to see which system is best on it. It takes about 50 milliseconds a query.",
            icon=":material/play_circle:",
        )
    _new_set(expanded=False)
    if name in found and owner.may(choices.stored(partial(choices.book().owner_of_set, name), "")):
        _delete(name)


def _picker(engine: Engine, now: Shown, there: dict[str, list[str]], name: str) -> None:
    told = {each: count(len(queries), "query", "queries", shop=engine.shop) for each, queries in there.items()}
    labels = {each: f"{each} · {said}" for each, said in told.items()}
    if name == ruled.NAME:  # asked already, for nobody in particular
        select("queries", "Query set", list(there), name, labels)
    else:
        _ask(engine, now, there, name, labels)
    choices.say_narrowed(now.scope)
    with st.expander(f"The {told[name]} of this set"):
        st.dataframe(
            pd.DataFrame({"Query": there[name]}),
            key="search_lab.queries",
            hide_index=True,
            height=38 + 35 * min(len(there[name]), 8),
        )
        st.download_button(
            "Save as text",
            "\n".join(there[name]) + "\n",
            "queries.txt",
            "text/plain",
            key="search_lab.queries.txt",
            icon=":material/download:",
            on_click="ignore",
            help="One query a line, as it can be imported again",
        )


def _ask(engine: Engine, now: Shown, there: dict[str, list[str]], name: str, labels: dict[str, str]) -> None:
    """Which set, for whom, and the button that runs it."""
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    with left:
        select("queries", "Query set", list(there), name, labels)
    with middle:
        choices.shopper_picker(engine)
    with right:
        st.button(
            "Run over all systems",
            key="search_lab.run",
            type=emphasis(),
            icon=":material/play_arrow:",
            on_click=_start,
            args=(now, name),
            width="stretch",
        )


def _start(now: Shown, name: str) -> None:
    """Callback: ask every system beside the app; a run of the set that is at work ends."""
    scope, knobs = now.scope, asdict(state.current_request().knobs)
    arguments = [
        "--graded" if name == GRADED else f"--set={name}",
        f"--shop={state.settings().shop}",
        *([f"--shopper={scope.shopper}"] if scope.shopper else []),
        *([f"--visitor={scope.visitor}"] if scope.visitor else []),
        *(f"--department={department}" for department in scope.departments),
        *(["--verbatim"] if scope.verbatim else []),
        *(f"--{knob.replace('_', '-')}={value}" for knob, value in knobs.items()),
    ]
    state.choose(queries=name)  # it stays in sight when another set becomes the first of the list
    st.session_state[state.ACTED] = True
    with state.trouble_said():
        before = latest(name)
        if before is not None and before.active:
            owner.must(before.owner)
            jobs().cancel(before.folder)
        jobs().start("queries", arguments, label=name, subject=_subject(name), owner=owner.me())


def _ended_early(job: Job) -> None:
    st.error(f"The run failed: {plain(job.error)}", icon=":material/report:")
    if job.state == STOPPED and owner.may(job.owner):
        st.button("Go on", key="search_lab.again", icon=":material/play_arrow:", on_click=_go_on, args=(job,))
        st.caption(KINDS[job.kind].resuming)


def _go_on(job: Job) -> None:
    with state.trouble_said():
        owner.must(job.owner)
        jobs().again(job)


@st.fragment(run_every=EVERY)
def _progress(folder: Path) -> None:
    jobs().advance()
    job = jobs().find(folder)
    if job is None or not job.active:
        st.rerun()
        return
    so_far = progressed(folder, job.began) if job.state == RUNNING else None
    text, share = "It starts: opening the shop…", 0.0
    if job.state == WAITING:
        text = waiting_words(jobs().place(job))
    elif so_far is not None:
        share = so_far.share
        text = f"{share:.0%} · {plain(so_far.note)}{time_left(so_far)}"
    with st.container(border=True):
        st.progress(share, text=text)
        if owner.may(job.owner):
            st.button("Cancel", key="search_lab.cancel", icon=":material/stop_circle:", on_click=_cancel, args=(job,))


def _cancel(job: Job) -> None:
    with state.trouble_said():
        owner.must(job.owner)
        jobs().cancel(job.folder)
        jobs().forget(job.folder)


# --- making and deleting --------------------------------------------------------------------------------------


def _no_set() -> None:
    examples = state.open_shop().examples.search_set
    name = f"{spelt(len(examples), state.open_shop())} {'example' if len(examples) == 1 else 'examples'}"
    start = f"start with {name}, or paste your own below." if examples else "paste your own below."
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            "**No query set of your own yet:** list queries you care about, and the lab says which way of searching "
            f"is best on them, how sure that is, and which fail; {start}",
            width="stretch",
        )
        if not examples:
            return
        st.button(
            name.capitalize(),
            key="search_lab.examples",
            icon=":material/auto_awesome:",
            on_click=_save,
            args=(name.capitalize(), list(examples)),
        )


def _new_set(*, expanded: bool) -> None:
    with st.expander("New query set", icon=":material/playlist_add:", expanded=expanded), st.form("search_lab.new"):
        st.text_input("Name", key="search_lab.new.name", max_chars=60, placeholder="Christmas baking")
        st.text_area("Queries, one a line", key="search_lab.new.queries", height=140, max_chars=300_000)
        st.file_uploader(
            "Or a text file with one query a line (at most 2 MB)",
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
    kept = choices.store(partial(choices.book().save_set, name, queries, owner.me()))
    if kept is not None:
        state.choose(queries=" ".join(name.split()))
        queries_kept = count(kept, "query", "queries", shop=state.open_shop())
        state.say(f"Saved: {queries_kept} in “{plain(name)}”.", ":material/save:")


def _delete(name: str) -> None:
    with st.popover("Delete this set", icon=":material/delete:", type="tertiary"):
        st.write(f"“{plain(name)}” is deleted for everybody; grades of its queries stay.")
        st.button("Yes, delete it", key="search_lab.delete", type=emphasis(), on_click=_deleted, args=(name,))


def _deleted(name: str) -> None:
    if choices.store(partial(choices.book().delete_set, name, owner.me())) is None:
        return
    state.choose(queries="")
    state.say("The set was deleted.", ":material/delete:")
