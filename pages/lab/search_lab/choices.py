"""What the search lab shows, from the address bar: the query, the shopper, the systems and their weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import streamlit as st

from pages.shared import state
from pages.shared.controls import FOLD_LABELS, department_picker, knob_slider, person_picker, try_this
from pages.shared.pickers import worded
from pages.shared.wording import cut, plain
from recsys.errors import FeedbackError, ShelfLensError
from recsys.evaluation.search.graded import graded_queries
from recsys.evaluation.search.lab import FEWEST, MOST, Scope, System, Twins, grade_book, normalised, systems
from recsys.settings import Settings

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.feedback import GradeBook

SECTIONS: Final = {
    "compare": ":material/view_column: Side by side",
    "sets": ":material/checklist: Query sets",
    "files": ":material/import_export: Files",
}
NOBODY: Final = "Nobody"
WEIGHTS: Final = ("meaning_weight", "kind_weight", "shopper_weight", "discovery", "popularity", "half_life_days")
FOLD_HELP: Final = (
    "One product per kind (sizes and makers folded), per title, or every product. Turn it off where judgments came "
    "from outside: they may name products that folding hides. While it is on, products of one title count as one, and "
    "share their grades."
)
GRADER: Final = "grader"
CONTROL: Final = "search_lab.control."  # prefix of the widget keys
TROUBLE: Final = "search_lab.trouble"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is compared now."""

    query: str  # as it was typed
    key: str  # as grades are kept under it, "" for nothing readable
    systems: tuple[System, ...]
    depth: int  # products per list
    scope: Scope
    notes: tuple[str, ...]  # plain sentences about what the link asked for and could not have
    example: bool = False  # nobody has typed anything: this query is one to look at


def shown(example: str = "") -> Shown:
    """What the link asks for, else the systems that differ most for what is known; `example` where nothing is typed."""
    chosen, request = state.choices(), state.current_request()
    known, notes = systems(request.knobs), []
    wanted = [name for name in str(chosen["systems"]).split(",") if name]
    picked = [name for name in known if name in wanted]
    if lost := [name for name in wanted if name not in known]:
        notes.append(f"The link asks for the system “{cut(lost[0], 40)}”, which is not here: {', '.join(known)} are.")
    if not FEWEST <= len(picked) <= MOST:
        picked = ["words", "meaning", "fusion"] + ["personal"] * (request.shopper is not None)
    scope = Scope(request.shopper, request.visitor, request.departments, request.verbatim)
    given = bool(request.query.strip())
    query = request.query if given else example
    return Shown(
        query,
        normalised(query),
        tuple(known[name] for name in picked),
        int(chosen["depth"]),
        scope,
        tuple(notes),
        example=not given and bool(example),
    )


def _key(name: str) -> str:
    """The widget key for one choice, holding the value that is in force.

    Not the key that other pages have for it: a control of another page is another control, and would come up empty.
    """
    key = CONTROL + name
    value = state.choices()[name]
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def ask(query: str) -> None:
    """Callback: look at this query. Words are taken as before: the toggle stays where an analyst has put it."""
    state.choose(q=query, verbatim=state.choices()["verbatim"])


def _take_query() -> None:
    ask(st.session_state[CONTROL + "q"])


def _take(name: str) -> None:
    """Callback of a control: what it shows is now what is chosen."""
    state.choose(**{name: st.session_state[CONTROL + name]})


def section() -> str:
    """The part of the page that is open."""
    st.segmented_control(
        "Part of the lab",
        list(SECTIONS),
        format_func=partial(worded, SECTIONS),
        required=True,
        key=_key("lab"),
        on_change=_take,
        args=("lab",),
        label_visibility="collapsed",
        width="stretch",
    )
    return str(state.choices()["lab"])


def query_field() -> None:
    """Where the query is typed, with examples while it is empty."""
    st.text_input(
        "Query",
        key=_key("q"),
        on_change=_take_query,
        type="search",
        placeholder=try_this(next(iter(state.open_shop().examples.search_set), "")),
        icon=":material/search:",
    )


def example(engine: Engine) -> str:
    """The query that is answered where nobody has typed one; "" where the shop has none to show."""
    graded = [query.text for query in graded_queries(engine.shop)]
    offered = engine.shop.examples
    return next(iter((*graded, *offered.search_set, *offered.queries)), "")


def examples() -> None:
    """Buttons that ask a query."""
    with st.container(horizontal=True, gap="xsmall"):
        for place, example in enumerate(state.open_shop().examples.search_set[:5]):
            st.button(plain(example), key=f"search_lab.example.{place}", on_click=ask, args=(example,))


def shopper_picker(engine: Engine) -> None:
    """Whose taste the personal systems use."""
    help = f"“Personal” and “Your weights” rank for this {engine.shop.people.one}; the others do not know it."
    person_picker(engine, "Shopper (optional)", NOBODY, _key("shopper"), _take, help)


# --- systems and weights --------------------------------------------------------------------------------------


def system_picker(now: Shown) -> None:
    """Which systems stand side by side: two to four."""
    known = systems()
    words = {name: system.label for name, system in known.items()}
    key = CONTROL + "systems"
    names = [system.name for system in now.systems]
    if st.session_state.get(key) != names:
        st.session_state[key] = names
    st.pills(
        "Systems side by side, two to four",
        list(known),
        selection_mode="multi",
        key=key,
        on_change=_take_systems,
        wrap=True,
        args=(names,),
        format_func=partial(worded, words),
        help="  \n".join(f"**{system.label}**: {system.about}" for system in known.values()),
    )


def _take_systems(before: list[str]) -> None:
    wanted = list(st.session_state[CONTROL + "systems"] or [])
    if len(wanted) > MOST:
        state.say(f"{MOST} systems at most: take one out first.", ":material/view_column:")
    elif len(wanted) < FEWEST:
        state.say(f"{FEWEST} systems at least: choose another one first.", ":material/view_column:")
    else:
        before = [name for name in systems() if name in wanted]
    state.choices()["systems"] = ",".join(before)
    st.session_state[state.ACTED] = True


def weights(engine: Engine) -> None:
    """What holds for all systems, and the weights of the last one."""
    with st.popover("Weights and options", icon=":material/tune:", width="stretch"):
        st.caption("For all systems, query sets too")
        department_picker(engine, _key("departments"), _take)
        st.toggle(
            "Take the words as they are typed",
            key=_key("verbatim"),
            on_change=_take,
            args=("verbatim",),
            help="Slips are not put right: “bannana” finds only what “bannana” finds.",
        )
        st.segmented_control(
            "Products per list",
            ["5", "10", "20"],
            key=_key("depth"),
            required=True,
            on_change=_take,
            args=("depth",),
            help="Figures look at ten.",
        )
        st.segmented_control(
            "Fold look-alikes",
            list(FOLD_LABELS),
            format_func=partial(worded, FOLD_LABELS),
            required=True,
            key=_key("fold"),
            on_change=_take,
            args=("fold",),
            help=FOLD_HELP,
        )
        state.choices().setdefault(GRADER, "")
        st.text_input(
            "Your name beside your grades (optional)", key=_key(GRADER), max_chars=60, on_change=_take, args=(GRADER,)
        )
        st.caption(
            "The sliders make the system “Your weights”. The storefront has the same, and the link carries them."
        )
        for name in WEIGHTS:
            knob_slider(name, _key(name), _take)


def narrowed(scope: Scope) -> str:
    """In plain words what is left out of a search, "" for nothing."""
    said = [f"in {plain(', '.join(scope.departments))} alone"] if scope.departments else []
    return ", ".join([*said, "words taken as typed"] if scope.verbatim else said)


def say_narrowed(scope: Scope) -> None:
    """A line that says so: it may have come with a link."""
    if said := narrowed(scope):
        st.caption(f":material/filter_alt: Searched {said}. Change it under “Weights and options” side by side.")


def without_shopper(now: Shown) -> None:
    """Say that a system that knows the shopper has none to know."""
    if now.scope.shopper is None and any(system.name == "personal" for system in now.systems):
        st.info(
            "No shopper is chosen, so “Personal” ranks as “Fusion” does. Choose one above to see taste at work.",
            icon=":material/person_search:",
        )


def twins(engine: Engine) -> Twins:
    """Which products stand for others: those of one title where look-alikes are folded, else each for itself."""
    return twins_of(engine, str(state.choices()["fold"]))


def twins_of(engine: Engine, fold: str) -> Twins:
    """The same where look-alikes are folded in that way."""
    return Twins() if fold == "none" else _twins(engine.settings.model_dump_json(), engine)


@st.cache_resource(show_spinner=False, max_entries=2)
def _twins(key: str, _engine: Engine) -> Twins:
    catalogue = _engine.catalogue
    return Twins.of([str(item) for item in catalogue.ids.tolist()], [str(t) for t in catalogue.titles.tolist()])


# --- the database of grades -----------------------------------------------------------------------------------


def book() -> GradeBook:
    """The grades and query sets of the open data set."""
    settings = state.settings()
    return _book(settings.model_dump_json(), settings)


@st.cache_resource(show_spinner=False, max_entries=2)
def _book(key: str, _settings: Settings) -> GradeBook:
    return grade_book(_settings)


def stored(read: Callable[[], _T], otherwise: _T) -> _T:
    """What is read from the database, else `otherwise`; the trouble is said once on the page."""
    try:
        return read()
    except FeedbackError as error:
        st.session_state[TROUBLE] = error.one_line()
        return otherwise


def store(write: Callable[[], _T]) -> _T | None:
    """Callback: do it and give what came of it; trouble is said on the page and nothing is stored."""
    st.session_state[state.ACTED] = True
    try:
        return write()
    except ShelfLensError as error:
        st.session_state[TROUBLE] = error.one_line()
        return None


def trouble() -> None:
    """Say what the database or a file had against it; the page works on."""
    if said := st.session_state.pop(TROUBLE, ""):
        st.warning(plain(said), icon=":material/report:")


def grades() -> dict[str, dict[str, int]]:
    """All grades of the open data set."""
    return stored(book().all, {})


def query_sets() -> dict[str, list[str]]:
    """All saved query sets of the open data set."""
    return stored(book().sets, {})


def open_query(query: str) -> None:
    """Callback: look at one query side by side."""
    ask(query)
    state.choose(lab="compare")


def labels(shown_systems: Sequence[System]) -> dict[str, str]:
    """System -> plain words."""
    return {system.name: system.label for system in shown_systems}
