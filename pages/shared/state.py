"""What the person has chosen, kept in the session; and the engine, opened once.

The only home of the engine's cache and of the keys of controls. The choices live in one plain dictionary, so that
they survive a change of page; each control copies its value there in a callback, before the script runs again.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared.views import LEARN, MODE, ON, VIEW_TEXTS, VIEWS, XRAY
from pages.shared.wording import plain
from recsys.errors import ShelfLensError
from recsys.schema import (
    DEPARTMENT,
    FEATURED,
    LABEL,
    NEW_SHOPPER,
    RERANKERS,
    SHOPPER_ID,
    Knobs,
    Learning,
    Looks,
    Request,
    Reranking,
)
from recsys.settings import Settings, load_settings

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.looking import Seen
    from recsys.shops.contract import Shop

CHOICES: Final = "choices"  # the dictionary of what is chosen
ACTED: Final = "acted"  # a control was used for this run, so that an old address is late, not a wish
TOASTS: Final = "toasts"  # messages to show after a callback
ASKED: Final = "asked"  # whether the query was meant: TYPED, MEANT or LINKED
FOLLOWED: Final = "followed"  # the search on the screen: who asked what, and whether it is kept
TYPED: Final = "typed"  # letter by letter: it may not be finished
MEANT: Final = "meant"  # a button said it, or something was done with what it found
LINKED: Final = "linked"  # from the address, or told by the story: nobody here has asked it
PAGE: Final = "page"  # the page that this session has drawn last
BROUGHT: Final = "brought"  # the picture that was brought to search by
DETAILS: Final = "details"  # the product whose score is to be explained, once

NARROWED: Final = {"category": "categories", "size": "sizes"}  # a facet's field, as links call it -> the choice
KNOB_NAMES: Final = tuple(f.name for f in fields(Knobs))
RERANKING_NAMES: Final = tuple(f.name for f in fields(Reranking))
LEARNING_NAMES: Final = tuple(f.name for f in fields(Learning))  # sliders of the page Learning, texts in a link
WARM_AFTER_SECONDS: Final = 2.0
DEFAULT_K: Final = Request().k
CONTROL: Final = "control."  # prefix of the widget keys, one per choice


# --- the engine ---------------------------------------------------------------------------------------------


@st.cache_resource(
    show_spinner="Opening the prepared catalogue…",
    max_entries=3,  # shops that are open at once
    hash_funcs={Settings: lambda settings: settings.model_dump_json()},
)
def _open_engine(settings: Settings) -> Engine:
    from recsys.engine import Engine

    engine = Engine.open(settings)
    # what only a first query needs is loaded once the first shelf is on the screen, so that neither waits for the other
    later = threading.Timer(WARM_AFTER_SECONDS, lambda: engine.warm())
    later.daemon = True
    later.start()
    return engine


def narrowing() -> dict[str, list[str]]:
    """The categories and sizes that what was found is narrowed to, by the field of a facet: plain lists."""
    return {field: list(choices()[name]) for field, name in NARROWED.items()}


def narrow(field: str, value: str) -> None:
    """Callback: keep to this category or size too, or no longer."""
    values = narrowing()[field]
    choose(**{NARROWED[field]: [each for each in values if each != value] if value in values else [*values, value]})


def settings() -> Settings:
    """The settings in force, with the shop that this session has chosen."""
    found, chosen = load_settings(), choices()["shop"]
    return found.model_copy(update={"shop": chosen}) if chosen else found


def is_default() -> bool:
    """Whether the shop that is open is the one of the settings."""
    return settings().shop == load_settings().shop


def get_engine() -> Engine:
    """The engine of the shop that this session has chosen, the same for all sessions, opened on first use.

    Raises ArtifactError when the data is not prepared and SettingsError when a setting cannot be used; neither is
    remembered, so that a reload after the remedy works.
    """
    engine = _open_engine(settings())
    if engine.outdated():  # maps or languages were still being made when it was opened
        _open_engine.clear(engine.settings)
        engine = _open_engine(settings())
    return engine


def open_shop() -> Shop:
    """The shop that this session has open, as its engine knows it. Raises what `get_engine` raises."""
    return get_engine().shop


# --- choices ------------------------------------------------------------------------------------------------


def choices() -> dict[str, Any]:
    """What is chosen now: a plain value for each field of a Request, each knob and each view."""
    if CHOICES not in st.session_state:
        st.session_state[CHOICES] = defaults()
    chosen: dict[str, Any] = st.session_state[CHOICES]
    return chosen


def defaults() -> dict[str, Any]:
    """The choices of somebody who has just arrived."""
    return {
        "shop": "",  # that of the settings
        "shopper": None,
        "q": "",
        "k": DEFAULT_K,
        "departments": [],
        "categories": [],
        "sizes": [],
        "verbatim": False,
        "sort": "",
        "language": "",
        "like": "",  # id of the product that others should look like
        "visitor": "",
        **{name: allowed[0] for name, allowed in VIEWS.items()},
        **dict.fromkeys(VIEW_TEXTS, ""),
        **asdict(Knobs()),
        **reranking_choices(Reranking()),
    }


def reranking_choices(settings: Reranking) -> dict[str, Any]:
    """The settings of re-ranking as choices: plain values, and lists for what there may be several of."""
    plain_values = asdict(settings)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain_values.items()}


def reranking() -> Reranking:
    """The settings of re-ranking that the choices of this session make."""
    return _reranking_of(choices())


def _reranking_of(all_chosen: Mapping[str, Any]) -> Reranking:
    chosen = {name: all_chosen[name] for name in RERANKING_NAMES}
    steps = [*chosen["steps"], *(step for step in RERANKERS if step not in chosen["steps"])]  # while it is reordered
    return Reranking(**{**chosen, "steps": tuple(steps), "chosen": tuple(chosen["chosen"])})


def choose(**changes: Any) -> None:
    """Change what is chosen from a callback; the controls and the address bar follow."""
    chosen = choices()
    if changes.get("like"):  # instead of a picture that was brought
        forget_brought()
    if "q" in changes:  # another query is read afresh, and what it finds is not narrowed yet
        changes = {"verbatim": False, "language": "", "categories": [], "sizes": [], **changes}
        st.session_state[ASKED] = MEANT
    chosen.update(changes)
    for name, value in changes.items():
        st.session_state[control_key(name)] = value
    if chosen["shopper"] == NEW_SHOPPER:
        ensure_visitor()
    act()


def xray() -> bool:
    """Whether the machinery is shown: sliders, stages, points and charts."""
    return bool(choices()[MODE] == XRAY)


def arrive(page: str) -> None:
    """Give every control what is chosen when another page is opened: what a widget held goes with its page."""
    if st.session_state.get(PAGE) == page:
        return
    st.session_state[PAGE] = page
    chosen = choices()
    for name in chosen:
        if control_key(name) in st.session_state:
            st.session_state[control_key(name)] = chosen[name]


def act() -> None:
    """Callback: a control was used, so that an old address is late and what was typed was meant."""
    st.session_state[ACTED] = True
    if st.session_state.get(ASKED) == TYPED:
        st.session_state[ASKED] = MEANT


def control_key(name: str) -> str:
    """The widget key of the control for one choice."""
    return CONTROL + name


def seed_control(name: str, *, folded: bool = False) -> str:
    """Give the control for one choice its current value, and return its widget key.

    `folded`: it stands in a popover. The browser makes it only once that is opened, and knows of no value but one that
    was given to it in the very last run; else it would show that nothing is chosen.
    """
    key = control_key(name)
    if folded or key not in st.session_state:
        st.session_state[key] = choices()[name]
    return key


def take_control(name: str) -> None:
    """Callback of a control: what it shows is now what is chosen."""
    choose(**{name: st.session_state[control_key(name)]})
    if name == "q":
        st.session_state[ASKED] = TYPED


def follow_link(read: dict[str, Any]) -> None:
    """Choose what an address says."""
    choose(**read)
    st.session_state[ASKED] = LINKED
    st.session_state.pop(ACTED)  # nothing on the page was used


def told() -> None:
    """Callback: what was just chosen is shown and not searched for, as with a link: it is nobody's search."""
    st.session_state[ASKED] = LINKED


def reset_knobs() -> None:
    """Callback: every slider and filter back to its default; shopper and query stay."""
    choose(k=DEFAULT_K, departments=[], categories=[], sizes=[], language="", **asdict(Knobs()))
    reset_reranking()


def reset_reranking() -> None:
    """Callback: the shelf by score alone again."""
    choose(**reranking_choices(Reranking()))


def ensure_visitor() -> str:
    """A random name for this visitor, so that feedback of people with no history is kept apart."""
    chosen = choices()
    if not chosen["visitor"]:
        chosen["visitor"] = secrets.token_hex(4)
    visitor: str = chosen["visitor"]
    return visitor


def current_request() -> Request:
    """The request that the choices of this session make."""
    return replace(request_of(choices()), looks=_looks())


def request_of(chosen: Mapping[str, Any]) -> Request:
    """The request that these choices make; a picture that was brought is none of them."""
    return Request(
        shopper=chosen["shopper"],
        query=chosen["q"],
        k=chosen["k"],
        knobs=Knobs(**{name: chosen[name] for name in KNOB_NAMES}),
        visitor=chosen["visitor"],
        departments=tuple(chosen["departments"]),
        categories=tuple(chosen["categories"]),
        sizes=tuple(chosen["sizes"]),
        verbatim=chosen["verbatim"],
        sort=chosen["sort"],
        language=chosen["language"],
        reranking=_reranking_of(chosen),
        looks=Looks(item=chosen["like"]) if chosen["like"] else None,
        learning=learning_of(chosen) if chosen[LEARN] == ON else None,
    )


def learning_of(chosen: Mapping[str, Any]) -> Learning:
    """The pace of learning that these choices make."""
    return Learning(**{name: float(chosen[name]) for name in LEARNING_NAMES})


def show_like(seen: Seen) -> None:
    """Callback: from now on the shelf shows what looks like a picture that was brought, and was looked at."""
    choose(like="", categories=[], sizes=[])
    st.session_state[BROUGHT] = seen


def brought_picture() -> Seen:
    """The picture that was brought; there is one while a request has looks that are no product's."""
    picture: Seen = st.session_state[BROUGHT]
    return picture


def forget_brought() -> bool:
    """Let go of a picture that was brought; whether there was one."""
    return st.session_state.pop(BROUGHT, None) is not None


def forget_picture() -> None:
    """Callback: no picture any more, neither a product's nor one that was brought."""
    forget_brought()
    choose(like="")


def _looks() -> Looks | None:
    if item := choices()["like"]:
        return Looks(item=item)
    brought = st.session_state.get(BROUGHT)
    return None if brought is None else brought.looks


# --- what the controls offer --------------------------------------------------------------------------------


def shopper_labels(engine: Engine) -> dict[str, str]:
    """Shopper id -> readable label, the featured ones first, then all others in the order of the table."""
    return _shopper_labels(engine.settings.model_dump_json(), engine)


@st.cache_resource(show_spinner=False, max_entries=2)
def _shopper_labels(settings: str, _engine: Engine) -> dict[str, str]:
    table = _engine.shoppers
    featured = table[FEATURED].tolist()
    ids = table[SHOPPER_ID].astype(str).tolist()
    labels = table[LABEL].astype(str).tolist()
    order = sorted(range(len(ids)), key=lambda row: (featured[row] < 0, featured[row] if featured[row] >= 0 else row))
    return {ids[row]: labels[row] for row in order}


def department_names(engine: Engine) -> tuple[str, ...]:
    """Readable department names, the one with most products first."""
    return _department_names(engine.settings.model_dump_json(), engine)


@st.cache_resource(show_spinner=False, max_entries=2)
def _department_names(settings: str, _engine: Engine) -> tuple[str, ...]:
    return tuple(str(name) for name in _engine.items[DEPARTMENT].value_counts().index)


# --- messages after a callback ------------------------------------------------------------------------------


def say(message: str, icon: str) -> None:
    """Callback: a short message to show once the screen is drawn again; Markdown."""
    st.session_state.setdefault(TOASTS, []).append([message, icon])
    act()


@contextmanager
def trouble_said() -> Iterator[None]:
    """Say an error of what is done inside once the screen is drawn again: for callbacks and fragments.

    They run outside the shell that puts errors into words.
    """
    try:
        yield
    except ShelfLensError as error:
        say(plain(error.one_line()), ":material/report:")


def show_toasts() -> None:
    """Show what callbacks had to say."""
    for message, icon in st.session_state.pop(TOASTS, []):
        st.toast(message, icon=icon)


def ask_for_details(product: dict[str, Any]) -> None:
    """Callback: explain this product's score once the screen is drawn again."""
    st.session_state[DETAILS] = product
    act()


def asked_details() -> dict[str, Any] | None:
    """The product to explain now, once."""
    product: dict[str, Any] | None = st.session_state.pop(DETAILS, None)
    return product
