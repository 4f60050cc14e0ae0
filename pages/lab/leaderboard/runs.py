"""Starting a run from the page: what to compare, how far it has come, stopping it, and what went wrong."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.lab.leaderboard.choices import NARROWER, worded
from pages.lab.leaderboard.wording import PROTOCOLS, run_label, seconds
from pages.shared import state
from pages.shared.wording import cut, plain
from recsys.errors import ShelfLensError
from recsys.evaluation import runs
from recsys.evaluation.background import BackgroundRun
from recsys.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pages.lab.leaderboard.choices import Shown

EVERY: Final = 1.0  # seconds between two looks at a run
IDLE: Final = 5.0  # seconds between two looks for a run that somebody else started
LARGEST_SEED: Final = 2**31 - 1
VARIANTS: Final = {"strict": "Strict: learned without the validation", "refit": "Refit: learned again with it"}
VARIANT_OF: Final = {"next-basket": "refit", "sequences": "strict"}  # the defaults of the command line


@dataclass(slots=True)
class Board:
    """The one run of this server: every tab sees it, and a second one would only slow both down."""

    run: BackgroundRun | None = None
    changes: int = 0  # how often a run was started or cleared: a tab that saw fewer has to draw anew
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, arguments: Sequence[str]) -> bool:
        """Start a run unless one is at work; whether it was started."""
        with self.lock:
            if self.run is not None and self.run.running:
                return False
            self.run = BackgroundRun.start(arguments)
            self.changes += 1
            return True

    def clear(self) -> None:
        """Stop the run when it is at work, and forget it."""
        with self.lock:
            if self.run is not None:
                self.run.cancel()
                self.run.forget()
            self.run = None
            self.changes += 1


@st.cache_resource(show_spinner=False)
def board() -> Board:
    """The board that all sessions share."""
    return Board()


def work(*, anything_kept: bool) -> None:
    """The run at work with its progress, else why the last one failed and the form that starts one."""
    run, changes = board().run, board().changes
    if run is not None and run.running:
        _progress()
        return
    _watch(changes)
    if run is not None and (error := run.error()):
        with st.container(border=True):
            st.error(f"The run failed: {plain(cut(error, 600))}", icon=":material/report:")
            st.button("Dismiss", key="leaderboard.dismiss", on_click=board().clear)
    with st.expander("Start a run", icon=":material/play_circle:", expanded=not anything_kept):
        _form()


def nothing_kept() -> None:
    """The empty state: what this page is for, and what to do."""
    st.markdown("### :material/leaderboard: No run is kept yet")
    st.write(
        "A run asks every recommender the same question, for example which products each household puts into its last "
        "basket, and judges the answers by what really happened. Then this page says which recommender to use for "
        "which shoppers, how sure that is, and what it costs. Start a run below; it works beside the app and is kept."
    )


@st.fragment(run_every=IDLE)
def _watch(changes: int) -> None:
    """Draw the page anew when a run was started or dismissed in another tab."""
    if board().changes != changes:
        st.rerun()


# --- at work ------------------------------------------------------------------------------------------------


@st.fragment(run_every=EVERY)
def _progress() -> None:
    run = board().run
    if run is None or not run.running:
        if run is not None and (finished := run.run_id()):
            state.choose(run=finished, metric="", **dict.fromkeys(NARROWER, ""))
            state.say("The run is finished and selected.", ":material/flag:")
        st.rerun()
        return
    so_far = run.progress()
    with st.container(border=True):
        if so_far is None:
            st.progress(0.0, text="A run starts: reading the data…")
        else:
            left = "" if so_far.seconds_left is None else f" · about {seconds(so_far.seconds_left)} left"
            st.progress(so_far.share, text=f"{so_far.share:.0%} · {plain(so_far.label)}: {plain(so_far.note)}{left}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Cancel the run", key="leaderboard.cancel", icon=":material/stop_circle:"):
                board().clear()
                st.rerun()
            st.caption(
                "It runs beside the app: everybody sees it here, and this page stays usable. A run that is "
                "cancelled leaves nothing behind."
            )


# --- the form -----------------------------------------------------------------------------------------------


@st.fragment
def _form() -> None:
    """A fragment, since what is asked for depends on the protocol, and nothing else changes before the start."""
    protocol = st.segmented_control(
        "Question",
        list(PROTOCOLS),
        format_func=partial(worded, PROTOCOLS),
        default=next(iter(PROTOCOLS)),
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
    if not st.button("Start", key="leaderboard.start", type="primary", icon=":material/play_arrow:"):
        return
    arguments, missing = command(str(protocol), settings, models, int(seed or 0))
    if missing:
        st.error(missing, icon=":material/report:")
    else:
        _start(arguments)


def _start(arguments: list[str]) -> None:
    try:  # a fragment runs outside the shell that puts errors into words
        begun = board().start(arguments)
    except ShelfLensError as error:
        st.error(plain(error.one_line()), icon=":material/report:")
        return
    if begun:
        st.rerun()
    st.warning("A run is at work already. Wait for it or cancel it.", icon=":material/hourglass:")


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
        chosen["interactions"] = left.text_input(
            "File of sequences",
            key="leaderboard.form.interactions",
            placeholder="/path/to/interactions.txt.gz",
            help="On the machine that runs the app; a line per user: `user item item ...`, in order; .gz is read.",
        )
        chosen["attributes"] = right.text_input(
            "File of item attributes (optional)",
            key="leaderboard.form.attributes",
            placeholder="/path/to/item2attributes.json",
            help='JSON {"item": [attribute, ...]}; .gz is read.',
        )
    else:
        st.caption(f"Of the data set that the app shows: {plain(load_settings().shop.replace('_', ' '))}.")
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


def command(protocol: str, settings: dict[str, Any], models: Sequence[str], seed: int) -> tuple[list[str], str]:
    """(the arguments of the command line that runs this, or what is missing in one plain sentence)."""
    given = {name: str(value).strip() for name, value in settings.items() if str(value or "").strip()}
    if protocol == "sequences" and "interactions" not in given:
        return [], "Give the path of a file of sequences, one `user item item ...` per line."
    options = [f"--{name}={value}" for name, value in given.items()]
    return [protocol, f"--seed={seed}", *([f"--models={','.join(models)}"] if models else []), *options], ""


def _models() -> dict[str, str]:
    """Recommender -> plain words; imported here, since only the form needs the list."""
    from recsys.ranking.models import MODELS

    return {model.name: model.label for model in MODELS.values()}


# --- removing -----------------------------------------------------------------------------------------------


def remover(now: Shown) -> None:
    """A button that deletes the run shown, after a second press."""
    with st.popover("Remove this run", icon=":material/delete:", type="tertiary"):
        st.write(f"{plain(run_label(now.report))}: its figures and lists are deleted for everybody.")
        st.button("Yes, remove it", key="leaderboard.remove", type="primary", on_click=_remove, args=(now.run.id,))


def _remove(run_id: str) -> None:
    said = "The run was removed."
    try:  # a callback runs outside the shell that puts errors into words
        runs.remove(load_settings().runs_dir, run_id)
    except ShelfLensError as error:  # somebody else was faster, or the disk does not let go of it
        said = error.one_line()
    state.choose(run="", metric="", **dict.fromkeys(NARROWER, ""))
    state.say(said, ":material/delete:")
