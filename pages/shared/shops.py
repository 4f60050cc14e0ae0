"""Which shop is open: chosen in the bar on top, told by the link; and what to do about one that is not prepared."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import owner, state
from pages.shared.drawing import emphasis
from pages.shared.pickers import worded
from pages.shared.progress import progress_words
from pages.shared.wording import a, cut, plain
from recsys.jobs import FAILED, STOPPED, JobQueue
from recsys.schema import NEW_SHOPPER
from recsys.settings import Settings
from recsys.shops.registry import shop, shops

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.jobs import Job
    from recsys.shops.contract import Shop

EVERY: Final = 1.0  # seconds between two looks at a preparation
# not the key of a choice: it is drawn before the link is read, which sets those
PICKER: Final = "shop.picker"
MADE_UP: Final = "These people and purchases are made up."
SEEN: Final = "shops.seen"  # the shop that this session has drawn last


@st.cache_data(ttl=5, max_entries=4, show_spinner=False)
def _ready(key: str, _settings: Settings) -> dict[str, bool]:
    from recsys.engine.inventory import prepared_shops

    return prepared_shops(_settings)


def picker() -> None:
    """The select box of shops, where there is more than one."""
    settings, found = state.settings(), shops()
    here = shop(settings.shop)
    if len(found) > 1:
        ready = _ready(settings.model_copy(update={"shop": ""}).model_dump_json(), settings)
        words = {s.name: s.title + ("" if ready.get(s.name) else " · not prepared") for s in found}
        if st.session_state.get(PICKER) != here.name:
            st.session_state[PICKER] = here.name
        st.selectbox(
            "Shop",
            list(words),
            key=PICKER,
            format_func=partial(worded, words),
            on_change=_chosen,
            filter_mode="contains",
        )


def about(here: Shop, *, purpose: bool) -> None:
    """One line that says what is open and, with `purpose`, what this is."""
    if purpose:
        st.markdown(f"**See a shop think:** search, or pick {a(here.people.one)}.")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.caption(plain(here.description), width="content")
        if here.simulated:
            st.badge("simulated", icon=":material/casino:", color="orange", help=MADE_UP)


# what another shop may have under the same name, but means something else by
OF_ONE_SHOP: Final = ("product", "labels_of", "compare_with", "why", "without", "new_category", "beside", "measured_on")


def _chosen() -> None:
    state.choose(shop=st.session_state[PICKER])


def forget_ready() -> None:
    """Look anew at which shops are prepared."""
    _ready.clear()


def let_go(engine: Engine) -> str:
    """Drop what is chosen and does not exist in the shop that has just been opened; one sentence about it, or ""."""
    before, now = st.session_state.get(SEEN), engine.shop.name
    st.session_state[SEEN] = now
    if before in (None, now):
        return ""
    chosen, gone = state.choices(), []
    changes: dict[str, object] = {name: "" for name in OF_ONE_SHOP if chosen[name]}
    if chosen["answers"]:
        gone.append("the choices of a new shopper")
        changes["answers"] = ""
    if chosen["shopper"] not in (None, NEW_SHOPPER, *state.shopper_labels(engine)):
        gone.append(f"{shop(str(before)).people.one} {chosen['shopper']}")
        changes["shopper"] = None
    if state.forget_brought():  # it was looked at among the pictures of that shop
        gone.append("the picture you brought")
    if chosen["like"] and engine.catalogue.row(chosen["like"]) is None:
        gone.append("the picture of a product")
        changes["like"] = ""
    known = set(state.department_names(engine))
    if lost := [name for name in chosen["departments"] if name not in known]:
        gone.append("the department filter")
        changes["departments"] = [name for name in chosen["departments"] if name not in lost]
    for field, name in state.NARROWED.items():
        if chosen[name] != (kept := [value for value in chosen[name] if engine.facets.knows(field, value)]):
            gone.append(f"the choice of {field}")
            changes[name] = kept
    for name, value in changes.items():
        chosen[name] = value
        st.session_state[state.control_key(name)] = value
    said = " and ".join(gone)
    return f"Let go, since it belongs to another shop: {said}." if gone else ""


# --- a shop that is not prepared ----------------------------------------------------------------------------


def _jobs() -> JobQueue:
    return JobQueue.of(state.settings())


def _latest(name: str) -> Job | None:
    found = _jobs().listed("prepare", name)
    return found[0] if found else None


def not_prepared(why: str, remedy: str = "") -> None:
    """What is missing, a button that prepares the chosen shop beside the app, and how far that is.

    `remedy` is said where there is another way than to prepare it.
    """
    here = shop(state.settings().shop)
    st.title("Almost there", anchor=False)
    st.warning(f"The catalogue is not ready: {plain(why)}.", icon=":material/inventory_2:")
    if remedy:
        st.markdown(f"What to do: {plain(remedy)}.")
    job = _latest(here.name)
    if job is not None and job.active:
        _progress(here.name)
        return
    _why_not(job)
    st.button(
        f"Prepare {plain(here.title)}",
        key="shops.prepare",
        type=emphasis(),
        icon=":material/play_arrow:",
        on_click=_prepare,
        args=(here.name, here.title),
    )
    st.write("It runs beside the app. Or prepare it with this command, then reload this page:")
    st.code("make prepare" if state.is_default() else f"make prepare SHOP={here.name}", language="bash")


def the_rest(engine: Engine) -> None:
    """How far that is which a shelf can do without and which is not made yet, or a button that has it made.

    Once some of it is there the page runs again, with the engine opened anew.
    """
    if not engine.waiting:
        return
    here, job = engine.shop, _latest(engine.shop.name)
    if job is not None and job.active:
        _progress(here.name, engine)
        return
    _why_not(job)
    st.button(
        "Prepare the rest",
        key="shops.rest",
        icon=":material/play_arrow:",
        on_click=_prepare,
        args=(here.name, here.title),
        help="It runs beside the app: the shelf stays usable.",
    )


def offer(name: str, title: str) -> None:
    """A button that has a shop prepared beside the app, or a word that this is at work."""
    job = _latest(name)
    if job is not None and job.active:
        st.caption("being prepared")
        return
    st.button(
        "Prepare",
        key=f"shops.prepare.{name}",
        icon=":material/play_arrow:",
        type="tertiary",
        on_click=_prepare,
        args=(name, title),
        help=f"{plain(title)} is prepared beside the app.",
    )


def _why_not(job: Job | None) -> None:
    if job is not None and job.state in (FAILED, STOPPED):
        st.error(f"The preparation failed: {plain(cut(job.error, 600))}", icon=":material/report:")


def _prepare(name: str, title: str) -> None:
    with state.trouble_said():
        _jobs().start("prepare", [f"--shop={name}"], label=f"Preparation of {title}", subject=name, owner=owner.me())
        state.act()


@st.fragment(run_every=EVERY)
def _progress(name: str, engine: Engine | None = None) -> None:
    queue, job = _jobs(), _latest(name)
    if job is None or not job.active or (engine is not None and engine.outdated()):
        _ready.clear()
        st.rerun()
        return
    with st.container(border=True):
        st.progress(*progress_words(queue, job, "The preparation starts…"))
        if owner.may(job.owner) and st.button("Cancel", key="shops.cancel", icon=":material/stop_circle:"):
            queue.cancel(job.folder)
            st.rerun()
        st.caption("It runs beside the app: what is prepared stays usable. Steps that are finished are kept.")
