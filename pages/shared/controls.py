"""What a person sets: the query, the shopper, the sliders, the filters; and the link to this screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st

from pages.shared import address_bar, people, picture_search, searches, state
from pages.shared.pickers import asking
from pages.shared.views import MODE, SHOP, XRAY
from pages.shared.wording import count, cut, no_people, plain
from recsys.schema import MAX_K, NEW_SHOPPER, Knobs
from recsys.schema.capabilities import Capability
from recsys.schema.understood import LANGUAGES

if TYPE_CHECKING:
    from recsys.engine import Engine

NOBODY: Final = "Nobody in particular"
ALL_DEPARTMENTS: Final = "All departments"
FOLD_LABELS: Final = {"kind": "Kind", "title": "Title", "none": "Off"}
LABEL_LENGTH: Final = 90
COMPLETIONS: Final = 5


def request_bar(engine: Engine) -> None:
    """The query field, people to pick as tiles, and what to ask while the field is empty."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="ask"):
        _query_field(engine)
        picture_search.opener(engine)
    searches.follow(engine)
    typed = state.choices()["q"].strip()
    if typed:
        _completions(engine, typed)
    else:
        _examples(engine)
    who(engine)


def who(engine: Engine) -> None:
    """People to pick, where no query matters."""
    people.tiles(engine, _shopper_picker)


def _query_field(engine: Engine) -> None:
    st.text_input(
        "What are you looking for?",
        key=state.seed_control("q"),
        on_change=state.take_control,
        args=("q",),
        placeholder=f"What are you looking for? {try_this(engine.shop.examples.placeholder)}".strip(),
        icon=":material/search:",
        type="search",
        live=True,
        label_visibility="collapsed",
    )


def _examples(engine: Engine) -> None:
    earlier = searches.again(engine)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", wrap=False):
        for place, example in enumerate(engine.shop.examples.queries):
            if example not in earlier:
                st.button(
                    plain(example),
                    key=f"example.{place}",
                    type="tertiary",
                    on_click=state.choose,
                    kwargs={"q": example},
                )


def try_this(example: str) -> str:
    """What an empty field suggests."""
    return f"Try “{example}”" if example else ""


def _completions(engine: Engine, typed: str) -> None:
    """What the words so far may become, each with its count; a click searches for it."""
    offered = engine.complete(typed, COMPLETIONS, state.current_request())
    found = [one for one in offered if one.text.lower() != typed.lower()]
    if not found:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", wrap=False, key="completions"):
        for place, one in enumerate(found):
            past = one.kind == "search"
            icon = ":material/history: " if past else ""
            what = (
                f"Asked {count(one.count, 'time', shop=engine.shop)}"
                if past
                else _leads_to(one.kind, one.count, engine)
            )
            shown = f"{icon}{plain(cut(one.text, LABEL_LENGTH))} :small[:gray[{engine.shop.number(one.count)}]]"
            asking(shown, one.text, key=f"completion.{place}", help=f"{what}: search for it")


def _leads_to(kind: str, products: int, engine: Engine) -> str:
    return f"{kind.capitalize()} with {count(products, 'product', shop=engine.shop)}"


def _shopper_picker(engine: Engine) -> None:
    help = (
        f"Twelve varied {engine.shop.people.many} come first; type a number or a habit to search all "
        f"{engine.shop.number(len(engine.shoppers))}."
    )
    person_picker(
        engine, "Who is shopping?", NOBODY, state.seed_control("shopper", folded=True), state.take_control, help
    )


def person_picker(engine: Engine, label: str, nobody: str, key: str, take: Callable[[str], None], help: str) -> None:
    """Which of the shop's people is meant; where it knows none, that. `take` is called with the choice's name.

    `nobody` is what the choice of no person is called.
    """
    labels = state.shopper_labels(engine)
    if not labels:
        st.caption(f":material/person_off: {plain(no_people(engine.shop))}")
        return
    st.selectbox(
        label,
        [None, NEW_SHOPPER, *labels],
        format_func=partial(shopper_wording, labels, nobody),
        key=key,
        on_change=take,
        args=("shopper",),
        icon=":material/person_search:",
        placeholder=nobody,
        filter_mode="contains",
        help=help,
    )


# Functions of this module and not closures: under AppTest the wording of options is kept in the session, which must be
# serialisable.
def shopper_wording(labels: dict[str, str], nobody: str, shopper: str | None) -> str:
    """How a shopper is called in a list: the id and what they are like, or `nobody`."""
    if shopper is None:
        return nobody
    if shopper == NEW_SHOPPER:
        return "New shopper: no history yet"
    return f"{shopper} · {cut(labels.get(shopper, ''), LABEL_LENGTH)}"


def _language_wording(code: str) -> str:
    return LANGUAGES.get(code, "Detected")


def _fold_wording(choice: str) -> str:
    return FOLD_LABELS.get(choice, choice)


def tuning(engine: Engine) -> None:
    """The sliders and filters that change the ranking, and a button that resets them."""
    request = state.current_request()
    words, known = bool(request.query.strip()), request.shopper is not None
    asked = words or request.looks is not None
    new = request.shopper in (None, NEW_SHOPPER)
    ordered = engine.order_info["learned"] and not asked and not new
    idle = {
        "shopper_weight": not (asked and known),
        "meaning_weight": not words,
        "looks_weight": not (words and request.looks is not None),
        "kind_weight": not asked,
        "exploration": not ordered,
        "discovery": not known or ordered,
        "popularity": ordered,
        "half_life_days": new or (ordered and request.knobs.exploration == 0),
    }
    resting = []
    for knob in fields(Knobs):
        if "choices" in knob.metadata or (knob.name == "looks_weight" and not engine.sees):
            continue
        if idle.get(knob.name, False):
            resting.append(knob.metadata["label"])
        else:
            knob_slider(knob.name, state.seed_control(knob.name), state.take_control)
    if resting:
        st.caption(f"At rest here, as they would change nothing: {plain(', '.join(resting))}.")
    how_many()
    fold = next(knob for knob in fields(Knobs) if knob.name == "fold")
    st.segmented_control(
        fold.metadata["label"],
        list(fold.metadata["choices"]),
        format_func=_fold_wording,
        key=state.seed_control("fold"),
        on_change=state.take_control,
        args=("fold",),
        help=fold.metadata["help"],
        required=True,
        width="stretch",
    )
    department_picker(engine, state.seed_control("departments"), state.take_control)
    if words:
        st.selectbox(
            "Language of the query",
            ["", *LANGUAGES],
            format_func=_language_wording,
            key=state.seed_control("language"),
            on_change=state.take_control,
            args=("language",),
            help="Detected for each query; say which it is when the guess is wrong.",
        )
    st.button(
        "Reset",
        key="reset",
        icon=":material/restart_alt:",
        on_click=state.reset_knobs,
        help="All sliders and filters back to where they started",
        width="stretch",
    )


def one_of(name: str, label: str, labels: Mapping[str, str], **more: Any) -> None:
    """A choice among a few that are all seen, by their labels; `more` goes to the control."""
    st.segmented_control(
        label,
        list(labels),
        format_func=labels.__getitem__,
        key=state.seed_control(name),
        on_change=state.take_control,
        args=(name,),
        required=True,
        **more,
    )


def stepped(name: str, values: Sequence[str], label: str, help: str) -> None:
    """A slider over a few numbers that the link may name, the smallest first."""
    st.select_slider(
        label,
        sorted(values, key=float),
        key=state.seed_control(name),
        on_change=state.take_control,
        args=(name,),
        help=help,
    )


def how_many() -> None:
    """How many products a shelf shows."""
    st.slider(
        "How many products",
        1,
        MAX_K,
        step=1,
        key=state.seed_control("k"),
        on_change=state.take_control,
        args=("k",),
        help="How many products the shelf shows.",
    )


def knob_slider(name: str, key: str, take: Callable[[str], None]) -> None:
    """The slider of one knob; `take` is called with its name when it is moved."""
    about = next(knob.metadata for knob in fields(Knobs) if knob.name == name)
    setting_slider(name, about, key, take, "%d days" if about["unit"] == "days" else "%.2f")


def setting_slider(name: str, about: Mapping[str, Any], key: str, take: Callable[[str], None], format: str) -> None:
    """The slider of a setting, by what its field says `about` it; `take` is called with its name when it is moved."""
    st.slider(
        about["label"],
        about["low"],
        about["high"],
        step=about["step"],
        key=key,
        on_change=take,
        args=(name,),
        format=format,
        help=about["help"],
    )


def department_picker(engine: Engine, key: str, take: Callable[[str], None]) -> None:
    """Which departments are searched; `take` is called with the name of this choice when it changes."""
    if not engine.capabilities.has(Capability.DEPARTMENTS):
        return
    st.multiselect(
        "Departments",
        state.department_names(engine),
        key=key,
        on_change=take,
        args=("departments",),
        placeholder=ALL_DEPARTMENTS,
        help="Show products of these departments only.",
    )


def mode_switch() -> None:
    """The switch between the shop as somebody who shops sees it and the machinery behind it."""
    key = state.control_key(MODE)
    st.session_state[key] = state.xray()
    st.toggle(
        "X-ray",
        key=key,
        on_change=_switch_mode,  # without a help: its sign would not fit beside the others on a phone
    )


def _switch_mode() -> None:
    state.choose(**{MODE: XRAY if st.session_state[state.control_key(MODE)] else SHOP})


def link_to_here() -> None:
    """The address of this screen, with a button that copies it."""
    query = urlencode(address_bar.address(), doseq=True)
    with st.popover(
        "Copy link",
        icon=":material/link:",
        help="A link that opens this very screen",
    ):
        st.caption("Whoever opens this link sees the same shopper, query, sliders and shelf.")
        st.code(
            f"{(st.context.url or '').split('?')[0]}?{query}" if query else st.context.url or "/",
            language=None,
        )
