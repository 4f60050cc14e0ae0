"""What the person has chosen, kept in the session and in the address bar; and the engine, opened once.

The only home of `@st.cache_resource` and of session keys. The choices live in one plain dictionary, so that they
survive a change of page; each control copies its value there in a callback, before the script runs again.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from recsys.errors import BadRequestError
from recsys.schema import DEPARTMENT, FEATURED, LABEL, MAX_K, NEW_SHOPPER, SHOPPER_ID, Knobs, Request
from recsys.settings import Settings, load_settings

if TYPE_CHECKING:
    from recsys.engine import Engine

CHOICES: Final = "choices"  # the dictionary of what is chosen
NOTES: Final = "address_notes"  # plain sentences about what the address bar asked for and could not have
WRITTEN: Final = "address_written"  # the address as this session last wrote it
ACTED: Final = "acted"  # a control was used for this run, so that an old address is late, not a wish
TOASTS: Final = "toasts"  # messages to show after a callback
DETAILS: Final = "details"  # the product whose score is to be explained, once

KNOB_NAMES: Final = tuple(f.name for f in fields(Knobs))
WARM_AFTER_SECONDS: Final = 2.0
DEFAULT_K: Final = Request().k
VISITOR: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
CONTROL: Final = "control."  # prefix of the widget keys, one per choice
# What the analyst's pages show: name in the address -> what is allowed, the default first.
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "map": ("umap", "tsne", "pca"),
    "dims": ("2", "3"),
    "colour": ("department", "price", "popularity", "similarity"),
    "section": ("loaded", "missing", "duplicates", "outliers", "departments", "tail"),
}
VIEW_TEXTS: Final = ("find", "product")  # words to find on the map; the id of the product looked at


# --- the engine ---------------------------------------------------------------------------------------------


@st.cache_resource(
    show_spinner="Opening the prepared catalogue…",
    max_entries=2,
    hash_funcs={Settings: lambda settings: settings.model_dump_json()},
)
def _open_engine(settings: Settings) -> Engine:
    from recsys.engine import Engine

    engine = Engine.open(settings)
    # what only a first query needs is loaded once the first shelf is on the screen, so that neither waits for the other
    later = threading.Timer(WARM_AFTER_SECONDS, engine.warm)
    later.daemon = True
    later.start()
    return engine


def get_engine() -> Engine:
    """The one engine of this server, opened on first use.

    Raises ArtifactError when the data is not prepared and SettingsError when a setting cannot be used; neither is
    remembered, so that a reload after the remedy works.
    """
    return _open_engine(load_settings())


# --- choices ------------------------------------------------------------------------------------------------


def choices() -> dict[str, Any]:
    """What is chosen now: shopper, q, k, departments, visitor and one entry per knob. Plain values only."""
    if CHOICES not in st.session_state:
        st.session_state[CHOICES] = _defaults()
    chosen: dict[str, Any] = st.session_state[CHOICES]
    return chosen


def _defaults() -> dict[str, Any]:
    return {
        "shopper": None,
        "q": "",
        "k": DEFAULT_K,
        "departments": [],
        "visitor": "",
        **{name: allowed[0] for name, allowed in VIEWS.items()},
        **dict.fromkeys(VIEW_TEXTS, ""),
        **asdict(Knobs()),
    }


def choose(**changes: Any) -> None:
    """Change what is chosen from a callback; the controls and the address bar follow."""
    chosen = choices()
    chosen.update(changes)
    for name, value in changes.items():
        st.session_state[control_key(name)] = value
    if chosen["shopper"] == NEW_SHOPPER:
        ensure_visitor()
    st.session_state[ACTED] = True


def control_key(name: str) -> str:
    """The widget key of the control for one choice."""
    return CONTROL + name


def seed_control(name: str) -> str:
    """Give the control for one choice its current value, and return its widget key."""
    key = control_key(name)
    if key not in st.session_state:
        st.session_state[key] = choices()[name]
    return key


def take_control(name: str) -> None:
    """Callback of a control: what it shows is now what is chosen."""
    choose(**{name: st.session_state[control_key(name)]})


def reset_knobs() -> None:
    """Callback: every slider and filter back to its default; shopper and query stay."""
    choose(k=DEFAULT_K, departments=[], **asdict(Knobs()))


def ensure_visitor() -> str:
    """A random name for this visitor, so that feedback of people with no history is kept apart."""
    chosen = choices()
    if not chosen["visitor"]:
        chosen["visitor"] = secrets.token_hex(4)
    visitor: str = chosen["visitor"]
    return visitor


def current_request() -> Request:
    """The request that the choices of this session make."""
    chosen = choices()
    return Request(
        shopper=chosen["shopper"],
        query=chosen["q"],
        k=chosen["k"],
        knobs=Knobs(**{name: chosen[name] for name in KNOB_NAMES}),
        visitor=chosen["visitor"],
        departments=tuple(chosen["departments"]),
    )


# --- the address bar ----------------------------------------------------------------------------------------


def address() -> dict[str, str | list[str]]:
    """The query parameters that reproduce this screen; defaults are left out."""
    request = current_request()
    out: dict[str, str | list[str]] = {}
    if request.shopper:
        out["shopper"] = request.shopper
    if request.query.strip():
        out["q"] = request.query
    if request.k != DEFAULT_K:
        out["k"] = str(request.k)
    out.update(request.knobs.changed())
    if request.departments:
        out["department"] = list(request.departments)
    if request.visitor and request.shopper in (None, NEW_SHOPPER):
        out["visitor"] = request.visitor
    chosen, default = choices(), _defaults()
    out.update({name: chosen[name] for name in (*VIEWS, *VIEW_TEXTS) if chosen[name] != default[name]})
    return out


def read_address(raw: Mapping[str, list[str]], engine: Engine) -> tuple[dict[str, Any], list[str]]:
    """Choices from the address bar: what cannot be used falls back to its default, and is said.

    Returns (choices, one plain sentence per value that was not used).
    """
    first = {name: values[-1] for name, values in raw.items() if values}
    knobs, notes = Knobs.from_mapping(first)
    read = {**_defaults(), **asdict(knobs), "q": first.get("q", "")}
    _read_shopper(first, engine, read, notes)
    _read_k(first, read, notes)
    _read_departments(raw.get("department", []), engine, read, notes)
    _read_views(first, read, notes)
    visitor = first.get("visitor", "")
    if visitor and not VISITOR.fullmatch(visitor):
        notes.append("The visitor name in the link is not one this app gives out; a new one is used.")
    elif visitor:
        read["visitor"] = visitor
    return read, notes


def _read_shopper(first: Mapping[str, str], engine: Engine, read: dict[str, Any], notes: list[str]) -> None:
    wanted = first.get("shopper", "")
    if not wanted:
        return
    if wanted == NEW_SHOPPER or wanted in shopper_labels(engine):
        read["shopper"] = wanted
    else:
        notes.append(
            f"The link asks for shopper “{wanted[:40]}”, who is not among the {len(engine.shoppers):,} households. "
            "Nobody is picked; choose a household above."
        )


def _read_k(first: Mapping[str, str], read: dict[str, Any], notes: list[str]) -> None:
    if "k" not in first:
        return
    text = first["k"][:20]
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_K:
        read["k"] = int(text)
    else:
        problem = BadRequestError(
            f"k={text!r} is not usable",
            allowed=f"1 to {MAX_K}",
            remedy=f"{DEFAULT_K} is used",
        )
        notes.append(problem.one_line())


def _read_departments(wanted: list[str], engine: Engine, read: dict[str, Any], notes: list[str]) -> None:
    known = set(department_names(engine))
    read["departments"] = [name for name in dict.fromkeys(wanted) if name in known]
    for name in dict.fromkeys(wanted):
        if name not in known:
            notes.append(f"The link filters by department “{name[:40]}”, which this catalogue does not have.")


def _read_views(first: Mapping[str, str], read: dict[str, Any], notes: list[str]) -> None:
    for name, allowed in VIEWS.items():
        wanted = first.get(name, allowed[0])
        if wanted in allowed:
            read[name] = wanted
        else:
            notes.append(
                f"The link asks for {name}={wanted[:20]!r}; allowed: {', '.join(allowed)}. {allowed[0]} is shown."
            )
    read.update({name: first.get(name, "")[:100] for name in VIEW_TEXTS})


def sync_address(engine: Engine) -> None:
    """Take the choices from an address this session has not written, else write the choices to the address.

    An address that differs is a link or the Back button, unless a control was used for this run: then it is only
    late, and following it would undo what the person just did.
    """
    here = {name: st.query_params.get_all(name) for name in st.query_params}
    acted = st.session_state.pop(ACTED, False)
    started = CHOICES in st.session_state
    if here and not acted and here != st.session_state.get(WRITTEN):
        read, notes = read_address(here, engine)
        choose(**read)
        st.session_state.pop(ACTED, None)
        st.session_state[NOTES] = notes
    elif started and acted:
        st.session_state[NOTES] = []  # the complaint was about the link; the person has moved on
    target = address()
    written = {name: value if isinstance(value, list) else [value] for name, value in target.items()}
    if here != written:
        st.query_params.from_dict(target)
    st.session_state[WRITTEN] = written


def address_notes() -> list[str]:
    """Plain sentences about what the link asked for and could not have."""
    notes: list[str] = st.session_state.get(NOTES, [])
    return notes


# --- what the controls offer --------------------------------------------------------------------------------


def shopper_labels(engine: Engine) -> dict[str, str]:
    """Shopper id -> readable label, the featured households first, then all others in the order of the table."""
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
    """Callback: a short message to show once the screen is drawn again."""
    st.session_state.setdefault(TOASTS, []).append([message, icon])
    st.session_state[ACTED] = True


def show_toasts() -> None:
    """Show what callbacks had to say."""
    for message, icon in st.session_state.pop(TOASTS, []):
        st.toast(message, icon=icon)


def ask_for_details(product: dict[str, Any]) -> None:
    """Callback: explain this product's score once the screen is drawn again."""
    st.session_state[DETAILS] = product
    st.session_state[ACTED] = True


def asked_details() -> dict[str, Any] | None:
    """The product to explain now, once."""
    product: dict[str, Any] | None = st.session_state.pop(DETAILS, None)
    return product
