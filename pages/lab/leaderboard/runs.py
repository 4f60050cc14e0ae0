"""Starting a run from the page: what to compare, how far it has come, stopping it, and what went wrong."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.lab.leaderboard.choices import NARROWER
from pages.lab.leaderboard.wording import protocols, run_label
from pages.shared import owner, state
from pages.shared.drawing import emphasis
from pages.shared.finding import first_step
from pages.shared.pickers import GIVE_SEQUENCES, attributes_file, brought, sequences_file, worded
from pages.shared.progress import progress_words
from pages.shared.wording import cut, plain
from recsys.errors import ShelfLensError
from recsys.evaluation import runs
from recsys.jobs import FAILED, KINDS, STOPPED, JobQueue
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pages.lab.leaderboard.choices import Shown
    from recsys.engine import Engine
    from recsys.jobs import Job, Upload

EVERY: Final = 1.0  # seconds between two looks at a run
IDLE: Final = 5.0  # seconds between two looks for a run that somebody else started
LARGEST_SEED: Final = 2**31 - 1
VARIANTS: Final = {"strict": "Strict: learned without the validation", "refit": "Refit: learned again with it"}
VARIANT_OF: Final = {"next-basket": "refit", "sequences": "strict"}  # the defaults of the command line


def jobs() -> JobQueue:
    """The work beside the app, the same for every tab and after every reload."""
    return JobQueue.of(state.settings())


def latest() -> Job | None:
    """The run at work or waiting, else the one that ended last."""
    found = jobs().listed("evaluate")
    at_work = [job for job in found if job.active]
    if at_work:
        return at_work[-1]
    return found[0] if found else None


def work() -> bool:
    """The run at work with its progress, or why the last one ended early; whether one is at work."""
    job = latest()
    if job is not None and job.active:
        _progress(job.folder)
        return True
    _watch(_seen(job))
    if job is not None and job.state in (FAILED, STOPPED):
        _ended_early(job)
    return False


def starter(*, expanded: bool) -> None:
    """The form that starts a run."""
    with st.expander("Start a run", icon=":material/play_circle:", expanded=expanded):
        _form()


def _ended_early(job: Job) -> None:
    """Why it did, to be started again or dismissed."""
    with st.container(border=True):
        st.error(f"The run failed: {plain(cut(job.error, 600))}", icon=":material/report:")
        if not owner.may(job.owner):
            st.caption(owner.NOT_YOURS)
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            if job.state == STOPPED:
                st.button(
                    "Start it again", key="leaderboard.again", icon=":material/replay:", on_click=_again, args=(job,)
                )
                st.caption(KINDS[job.kind].resuming)
            st.button("Dismiss", key="leaderboard.dismiss", on_click=_forget, args=(job,))


def _again(job: Job) -> None:
    with state.trouble_said():
        owner.must(job.owner)
        jobs().again(job)


def _forget(job: Job) -> None:
    with state.trouble_said():
        owner.must(job.owner)
        jobs().forget(job.folder)


def _seen(job: Job | None) -> tuple[str, str]:
    """Differs when another run was started, dismissed or has ended."""
    return ("", "") if job is None else (job.id, job.state)


def nothing_of_here(engine: Engine) -> None:
    """The empty state: what to do in one sentence, with a button that does it where the shop has data for it."""
    shop = engine.shop
    if not engine.dataset_info["events"]:
        st.info(
            f"No recommender was compared on {plain(shop.title)}: nobody has done anything in it yet. Start a run on a "
            "file of sequences at the end of this page.",
            icon=":material/leaderboard:",
        )
        return
    first_step(
        f"**No recommender was compared on {plain(shop.title)} yet:** have them all foretell every "
        f"{shop.people.one}’s last basket and see which one to use.",
        "Compare them now",
        key="leaderboard.first",
        on_click=_first,
        help="It runs beside the app, and this page stays usable.",
    )


def _first() -> None:
    arguments, _ = command("next-basket", {"protocol": VARIANT_OF["next-basket"]}, (), 0)
    with state.trouble_said():
        begin(arguments)
    state.act()


@st.fragment(run_every=IDLE)
def _watch(seen: tuple[str, str]) -> None:
    """Draw the page anew when a run was started or dismissed in another tab."""
    if _seen(latest()) != seen:
        st.rerun()


# --- at work ------------------------------------------------------------------------------------------------


@st.fragment(run_every=EVERY)
def _progress(folder: Path) -> None:
    jobs().advance()
    job = jobs().find(folder)
    if job is None or not job.active:
        if job is not None and job.result:
            state.choose(run=job.result, metric="", **dict.fromkeys(NARROWER, ""))
            state.say("The run is finished and selected.", ":material/flag:")
        st.rerun()
        return
    with st.container(border=True):
        share, words = progress_words(jobs(), job, "A run starts: reading the data…")
        st.progress(share, text=words)
        with st.container(horizontal=True, vertical_alignment="center"):
            if owner.may(job.owner) and st.button(
                "Cancel the run", key="leaderboard.cancel", icon=":material/stop_circle:"
            ):
                with state.trouble_said():
                    _cancel(job)
                st.rerun()
            st.caption(
                "It runs beside the app: everybody sees it here, and this page stays usable. A run that is "
                "cancelled leaves nothing behind."
            )


def _cancel(job: Job) -> None:
    owner.must(job.owner)
    jobs().cancel(job.folder)
    jobs().forget(job.folder)


# --- the form -----------------------------------------------------------------------------------------------


@st.fragment
def _form() -> None:
    """A fragment, since what is asked for depends on the protocol, and nothing else changes before the start."""
    known, lacking = _questions(state.get_engine())
    for why in lacking:
        st.caption(f":material/info: {plain(why)}")
    protocol = st.segmented_control(
        "Question",
        list(known),
        format_func=partial(worded, known),
        default=next(iter(known)),
        required=True,
        key="leaderboard.form.protocol",
        width="stretch",
    )
    settings = _protocol_settings(str(protocol))
    left, right = st.columns([75, 25])
    labels = _models()
    models = left.multiselect(
        "Recommenders",
        list(labels),
        format_func=partial(worded, labels),
        key="leaderboard.form.models",
        placeholder="All that the data suits",
        help="Bestsellers and the simple baselines are worth having in every run.",
    )
    seed = right.number_input(
        "Seed",
        0,
        LARGEST_SEED,
        0,
        key="leaderboard.form.seed",
        help="Of everything that is drawn: the same seed gives the same figures.",
    )
    if not st.button("Start", key="leaderboard.start", type=emphasis(), icon=":material/play_arrow:"):
        return
    try:  # a fragment runs outside the shell that puts errors into words
        paths, uploads = brought({name: settings.pop(name, None) for name in ("interactions", "attributes")})
    except ShelfLensError as error:
        st.error(plain(error.one_line()), icon=":material/report:")
        return
    arguments, missing = command(str(protocol), settings | paths, models, int(seed or 0), tuple(uploads))
    if missing:
        st.error(missing, icon=":material/report:")
    else:
        _start(arguments, uploads)


def _questions(engine: Engine) -> tuple[dict[str, str], tuple[str, ...]]:
    """(the questions that this shop's data can answer, why others are left out in plain words)."""
    known = protocols(engine.shop.people)
    if not engine.dataset_info["events"]:
        why = "Nobody has done anything in this shop yet: a run can only ask about a file of sequences."
        return {"sequences": known["sequences"]}, (why,)
    if engine.capabilities.has(Capability.DATES):
        return known, ()
    del known["temporal"]
    return known, engine.capabilities.missing(Capability.DATES)


def _start(arguments: list[str], uploads: dict[str, Upload]) -> None:
    try:  # a fragment runs outside the shell that puts errors into words
        before = latest()
        if before is not None and before.active:
            st.warning("A run is at work already. Wait for it or cancel it.", icon=":material/hourglass:")
            return
        begin(arguments, uploads)
    except ShelfLensError as error:
        st.error(plain(error.one_line()), icon=":material/report:")
        return
    st.rerun()


def begin(arguments: list[str], uploads: dict[str, Upload] | None = None) -> None:
    """Queue a run of the open shop, or of what was uploaded. Raises BadRequestError, StorageError."""
    whole = [*arguments, "--json", f"--shop={state.settings().shop}"]
    jobs().start("evaluate", whole, owner=owner.me(), files=uploads)


def _protocol_settings(protocol: str) -> dict[str, Any]:
    """What one protocol wants to know besides."""
    if protocol == "temporal":
        return {
            "days": st.number_input(
                "Days of the test, and of the validation before it", 1, 3_650, 30, key="leaderboard.form.days"
            )
        }
    chosen: dict[str, Any] = {}
    if protocol == "sequences":
        left, right = st.columns(2)
        with left:
            chosen["interactions"] = sequences_file("leaderboard.form.interactions")
        with right:
            chosen["attributes"] = attributes_file("leaderboard.form.attributes")
    else:
        st.caption(f"Of the data set that the app shows: {plain(state.settings().shop.replace('_', ' '))}.")
    default = list(VARIANTS).index(VARIANT_OF[protocol])
    chosen["protocol"] = st.radio(
        "Before the test",
        list(VARIANTS),
        default,
        format_func=partial(worded, VARIANTS),
        horizontal=True,
        key=f"leaderboard.form.variant.{protocol}",
        help="The validation is the purchase before the last one; settings are chosen on it "
        "either way. Figures of the two must not be compared.",
    )
    return chosen


def command(
    protocol: str, settings: dict[str, Any], models: Sequence[str], seed: int, uploaded: Sequence[str] = ()
) -> tuple[list[str], str]:
    """(the arguments of the command line that runs this, or what is missing in one plain sentence)."""
    given = {name: str(value).strip() for name, value in settings.items() if str(value or "").strip()}
    if protocol == "sequences" and "interactions" not in {*given, *uploaded}:
        return [], GIVE_SEQUENCES
    options = [f"--{name}={value}" for name, value in given.items()]
    return [protocol, f"--seed={seed}", *([f"--models={','.join(models)}"] if models else []), *options], ""


def _models() -> dict[str, str]:
    """Recommender -> plain words; imported here, since only the form needs the list."""
    from recsys.ranking.models import MODELS

    return {model.name: model.label for model in MODELS.values()}


# --- removing -----------------------------------------------------------------------------------------------


def remover(now: Shown) -> None:
    """A button that deletes the run shown, after a second press; what is built in or somebody else's stays."""
    if now.run.built_in or not owner.may(now.run.owner):
        return
    with st.popover("Remove this run", icon=":material/delete:", type="tertiary"):
        st.write(f"{plain(run_label(now.report))}: its figures and lists are deleted for everybody.")
        st.button("Yes, remove it", key="leaderboard.remove", type=emphasis(), on_click=_remove, args=(now.run.id,))


def _remove(run_id: str) -> None:
    said = "The run was removed."
    try:  # a callback runs outside the shell that puts errors into words
        owner.must(runs.find(state.settings().runs_dir, run_id).owner)
        runs.remove(state.settings().runs_dir, run_id)
    except ShelfLensError as error:  # somebody else was faster, or the disk does not let go of it
        said = plain(error.one_line())
    state.choose(run="", metric="", **dict.fromkeys(NARROWER, ""))
    state.say(said, ":material/delete:")
