"""The choices in the address bar: written there, so that a link shows the same screen, and read from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared.state import (
    ACTED,
    CHOICES,
    DEFAULT_K,
    NARROWED,
    choices,
    current_request,
    defaults,
    department_names,
    follow_link,
    is_default,
    narrowing,
    reranking_choices,
    settings,
    shopper_labels,
)
from pages.shared.views import LENGTHS, MODE, VIEW_TEXTS, VIEWS, XRAY
from pages.shared.wording import a, count, no_people
from recsys.errors import BadRequestError
from recsys.schema import MAX_K, NEW_SHOPPER, SORTS, Knobs, Reranking
from recsys.schema.understood import LANGUAGES
from recsys.shops.registry import shop_names

if TYPE_CHECKING:
    from recsys.engine import Engine

MOST_TEXT: Final = 400  # characters of a text that belongs to one page: eight ids, say, or a long question
MOST_SAID: Final = 3  # values of one kind that a link asks for in vain; the rest is counted
SEVERAL: Final = {"department": "departments", **NARROWED}  # what a link may say several times -> the choice
NOTES: Final = "address_notes"  # plain sentences about what the address bar asked for and could not have
WRITTEN: Final = "address_written"  # the address as this session last wrote it
WRITTEN_ON: Final = "address_written_on"  # and the page that it wrote it for
NOBODY: Final = "Nobody is picked"
VISITOR: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


def address() -> dict[str, str | list[str]]:
    """The query parameters that reproduce this screen; defaults are left out."""
    request = current_request()
    out: dict[str, str | list[str]] = {}
    if not is_default():
        out["shop"] = settings().shop
    if request.shopper:
        out["shopper"] = request.shopper
    if request.query.strip():
        out["q"] = request.query
    if request.language:
        out["language"] = request.language
    if request.sort:
        out["sort"] = request.sort
    if request.verbatim:
        out["verbatim"] = "1"
    if request.looks is not None and request.looks.item:
        out["like"] = request.looks.item
    if request.k != DEFAULT_K:
        out["k"] = str(request.k)
    out.update(request.knobs.changed())
    out.update(request.reranking.changed())
    if request.departments:
        out["department"] = list(request.departments)
    out.update({field: values for field, values in narrowing().items() if values})
    if request.visitor and request.shopper in (None, NEW_SHOPPER):
        out["visitor"] = request.visitor
    chosen, default = choices(), defaults()
    out.update({name: chosen[name] for name in (*VIEWS, *VIEW_TEXTS) if chosen[name] != default[name]})
    return out


def read_address(raw: Mapping[str, list[str]], engine: Engine) -> tuple[dict[str, Any], list[str]]:
    """Choices from the address bar: what cannot be used falls back to its default, and is said.

    Returns (choices, one plain sentence per value that was not used).
    """
    first = {name: values[-1] for name, values in raw.items() if values}
    knobs, notes = Knobs.from_mapping(first)
    reranking, unused = Reranking.from_mapping(first)
    notes = [*_said_twice(raw), *notes, *unused]
    read = {
        **defaults(),
        **asdict(knobs),
        **reranking_choices(reranking),
        "q": first.get("q", ""),
        "verbatim": first.get("verbatim") == "1",
    }
    read["shop"] = choices()["shop"]
    if (like := first.get("like", "")) and engine.catalogue.row(like[:100]) is None:
        notes.append(f"The link asks for what looks like product “{like[:40]}”, which is not here.")
    else:
        read["like"] = like
    read["language"] = language if (language := first.get("language", "")) in LANGUAGES else ""
    if (sort := first.get("sort", "")) in SORTS:
        read["sort"] = sort
    else:
        notes.append(f"The link sorts by {sort[:20]!r}, which this shelf cannot; the best match comes first.")
    _read_shopper(first, engine, read, notes)
    _read_k(first, read, notes)
    _read_departments(raw.get("department", []), engine, read, notes)
    _read_narrowing(raw, engine, read, notes)
    _read_views(first, read, notes)
    if MODE not in first and knobs != Knobs():  # a link of before there were modes: its sliders are to be seen
        read[MODE] = XRAY
    if (shop := first.get("shop", "")) and shop not in shop_names():
        notes.append(f"The link opens shop “{shop[:40]}”, which is not here; {engine.shop.title} is open.")
    visitor = first.get("visitor", "")
    if visitor and not VISITOR.fullmatch(visitor):
        notes.append("The visitor name in the link is not one this app gives out; a new one is used.")
    elif visitor:
        read["visitor"] = visitor
    return read, notes


def _said_twice(raw: Mapping[str, list[str]]) -> list[str]:
    """That a link gives several values to what can have one, of which the last counts."""
    single = defaults().keys() - SEVERAL.keys() - set(SEVERAL.values())
    twice = [name for name, values in raw.items() if name in single and len(set(values)) > 1]
    if not twice:
        return []
    said = [f"{name} ({', '.join(f'“{value[:20]}”' for value in raw[name][-MOST_SAID:])})" for name in twice]
    more = f" and {len(said) - MOST_SAID} more" if len(said) > MOST_SAID else ""
    return [f"The link says more than once: {', '.join(said[:MOST_SAID])}{more}. The last one counts."]


def _read_shopper(first: Mapping[str, str], engine: Engine, read: dict[str, Any], notes: list[str]) -> None:
    wanted = first.get("shopper", "")
    if not wanted:
        return
    if wanted == NEW_SHOPPER or wanted in shopper_labels(engine):
        read["shopper"] = wanted
    else:
        people = engine.shop.people
        if engine.shoppers.empty:
            notes.append(f"The link asks for shopper “{wanted[:40]}”. {no_people(engine.shop)}")
            return
        notes.append(
            f"The link asks for shopper “{wanted[:40]}”, who is not among the "
            f"{count(len(engine.shoppers), people.one, people.many, shop=engine.shop)}. "
            f"{NOBODY}; choose {a(people.one)} above."
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
    strange = [name for name in dict.fromkeys(wanted) if name not in known]
    notes += [
        f"The link filters by department {said}, which this catalogue does not have." for said in _said_at_once(strange)
    ]


def _read_narrowing(raw: Mapping[str, list[str]], engine: Engine, read: dict[str, Any], notes: list[str]) -> None:
    for field, name in NARROWED.items():
        wanted = list(dict.fromkeys(raw.get(field, [])))
        read[name] = [value for value in wanted if engine.facets.knows(field, value)]
        strange = [value for value in wanted if value not in read[name]]
        notes += [
            f"The link keeps to the {field} {said}, which nothing in this shop has." for said in _said_at_once(strange)
        ]


def _said_at_once(values: list[str]) -> list[str]:
    """What a link asks for and this shop has not, each in quotes; of many the first, and how many more."""
    said = [f"“{value[:40]}”" for value in values[:MOST_SAID]]
    if len(values) > MOST_SAID:
        said[-1] += f" (and {len(values) - MOST_SAID} more)"
    return said


def _read_views(first: Mapping[str, str], read: dict[str, Any], notes: list[str]) -> None:
    for name, allowed in VIEWS.items():
        wanted = first.get(name, allowed[0])
        if wanted in allowed:
            read[name] = wanted
        else:
            instead = f"{allowed[0]} is shown" if allowed[0] else "it was left out"
            notes.append(
                f"The link asks for {name}={wanted[:20]!r}; allowed: {', '.join(filter(None, allowed))}; {instead}."
            )
    read.update({name: first.get(name, "")[: LENGTHS.get(name, MOST_TEXT)] for name in VIEW_TEXTS})


def follow_shop() -> None:
    """Choose the shop of a link, before anything of it is opened; a link that names none means that of the settings."""
    here = {name: st.query_params.get_all(name) for name in st.query_params}
    if here and not st.session_state.get(ACTED, False) and here != st.session_state.get(WRITTEN):
        wanted = here.get("shop", [""])[-1]
        choices()["shop"] = wanted if wanted in shop_names() else ""


def note(message: str) -> None:
    """Say one more sentence about what could not be kept."""
    if message:
        st.session_state[NOTES] = [*address_notes(), message]


def sync_address(engine: Engine, page: str, here_means: Callable[[dict[str, Any]], bool]) -> None:
    """Take the choices from an address this session has not written, else write the choices to the address.

    An address that differs, or stands on another page than it was written on, is a link or the Back button, unless a
    control was used for this run: then it is only late, and following it would undo what the person just did.
    `here_means` may put right what such an address means on this page, and says whether it did: then the address stays
    as it is, for writing it would take the way back from a person who came by Back.
    """
    here = {name: st.query_params.get_all(name) for name in st.query_params}
    acted = st.session_state.pop(ACTED, False)
    started = CHOICES in st.session_state
    if here and not acted and (here != st.session_state.get(WRITTEN) or page != st.session_state.get(WRITTEN_ON)):
        read, notes = read_address(here, engine)
        other = here_means(read)
        follow_link(read)
        st.session_state[NOTES] = notes
        if other:
            st.session_state.update({WRITTEN: here, WRITTEN_ON: page})
            return
    elif started and acted:
        st.session_state[NOTES] = []  # the complaint was about the link; the person has moved on
    target = about_to_open(page)
    if here != st.session_state[WRITTEN]:
        st.query_params.from_dict(target)


def in_lists(address: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
    """Query parameters as `read_address` takes them: a list of values for each name."""
    return {name: value if isinstance(value, list) else [value] for name, value in address.items()}


def about_to_open(page: str) -> dict[str, str | list[str]]:
    """The address of what is chosen now; once it stands in the address bar of that page it is no link to follow."""
    target = address()
    st.session_state.update({WRITTEN: in_lists(target), WRITTEN_ON: page})
    return target


def nobody_said() -> bool:
    """Whether it was said already that nobody is picked, as the link asks for somebody who is not here."""
    return any(NOBODY in each for each in address_notes())


def address_notes() -> list[str]:
    """Plain sentences about what the link asked for and could not have."""
    notes: list[str] = st.session_state.get(NOTES, [])
    return notes
