"""What a person sets of each side: how it ranks, for whom, what is asked, and sliders of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import controls, state
from pages.shared.sides import ABOUT, offered
from pages.shared.wording import plain
from pages.understand.compare.setting import LETTERS, Setting, write
from recsys.engine.sides import FEWEST, MOST, OF, Side
from recsys.schema import NEW_SHOPPER, Request

if TYPE_CHECKING:
    from recsys.engine import Engine

COLOURS: Final = ("blue", "orange", "green", "red")  # of the letters, as the charts have them
AS_ABOVE: Final = "as above"  # the shopper of the screen: no shop calls anybody so, its ids have no blank within
QUERY_LENGTH: Final = 60
ALWAYS: Final = ("diversity", "calibration", "category_cap", "tail_share")
BESIDE_QUERY: Final = ("shopper_weight", "meaning_weight", "discovery", "popularity")


def panels(engine: Engine, setting: Setting) -> None:
    """A panel for each side, and the buttons that swap and add."""
    columns = st.columns(len(setting.sides), gap="small")
    for at, column in enumerate(columns):
        with column, st.container(border=True, gap="xsmall"):
            _panel(engine, setting, at)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        a, b, *others = setting.sides
        st.button(
            "Swap A and B", key="compare.swap", icon=":material/swap_horiz:", on_click=write, args=((b, a, *others),),
            help="The first side is what all others are measured against.",
        )  # fmt: skip
        if len(setting.sides) < MOST:
            st.button(
                "Add a side", key="compare.add", icon=":material/add:", on_click=write,
                args=((*setting.sides, _another(engine, setting)),), help=f"Up to {MOST} side by side.",
            )  # fmt: skip


def _another(engine: Engine, setting: Setting) -> Side:
    """The first preset that no side has yet."""
    taken = {side.preset for side in setting.sides}
    free = [each for each in offered(engine, Side(), setting.base) if each not in taken]
    return Side(free[0] if free else "diverse")


def _panel(engine: Engine, setting: Setting, at: int) -> None:
    side, letter = setting.sides[at], LETTERS[at]
    key = f"compare.preset.{letter}"
    st.session_state[key] = side.preset
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.markdown(f":{COLOURS[at]}-badge[**{letter}**]", width="content")
        st.selectbox(
            f"How side {letter} ranks", offered(engine, side, setting.base), format_func=_label, key=key,
            on_change=_take_preset, args=(setting.sides, at, key), label_visibility="collapsed",
        )  # fmt: skip
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        with st.popover(_own(side), icon=":material/tune:", help="Another shopper or query, and sliders of its own"):
            _own_settings(engine, setting, at)
        if len(setting.sides) > FEWEST:
            left = tuple(each for place, each in enumerate(setting.sides) if place != at)
            st.button(
                "Remove", key=f"compare.remove.{letter}", icon=":material/close:", type="tertiary", on_click=write,
                args=(left,), help=f"Take side {letter} away",
            )  # fmt: skip
    st.caption(plain(OF[side.preset].about))


def _own(side: Side) -> str:
    number = len(side.settings) + (side.shopper is not None) + (side.query is not None)
    return f"Adjusted: {number}" if number else "Adjust"


# A function of this module: under AppTest the wording of options is kept in the session, which must be serialisable.
def _label(preset: str) -> str:
    return OF[preset].label if preset in OF else preset


def _take_preset(sides: tuple[Side, ...], at: int, key: str) -> None:
    _put(sides, at, replace(sides[at], preset=st.session_state[key]))


def _put(sides: tuple[Side, ...], at: int, side: Side) -> None:
    write((*sides[:at], side, *sides[at + 1 :]))


def _own_settings(engine: Engine, setting: Setting, at: int) -> None:
    side, letter, request = setting.sides[at], LETTERS[at], setting.requests[at]
    _shopper(engine, setting, at)
    key = f"compare.query.{letter}"
    st.session_state[key] = side.query or ""
    st.text_input(
        "Another query", key=key, max_chars=QUERY_LENGTH, placeholder=setting.base.query or "no query",
        on_change=_take_query, args=(setting.sides, at, key), help="Empty: as above.",
    )  # fmt: skip
    asked = bool(request.query.strip())
    for name in (*ALWAYS, *(BESIDE_QUERY if asked else ("exploration",))):
        _slider(setting, at, name, request)
    st.button(
        "As above", key=f"compare.as_above.{letter}", icon=":material/restart_alt:", on_click=_put,
        args=(setting.sides, at, Side(side.preset)), disabled=side == Side(side.preset), width="stretch",
        help="Nothing of its own any more",
    )  # fmt: skip


def _shopper(engine: Engine, setting: Setting, at: int) -> None:
    labels, side = state.shopper_labels(engine), setting.sides[at]
    if not labels:
        return
    key = f"compare.shopper.{LETTERS[at]}"
    st.session_state[key] = AS_ABOVE if side.shopper is None else side.shopper
    st.selectbox(
        f"Another {engine.shop.people.one}", [AS_ABOVE, "", NEW_SHOPPER, *labels], format_func=partial(_who, labels),
        key=key, on_change=_take_shopper, args=(setting.sides, at, key), filter_mode="contains",
    )  # fmt: skip


def _who(labels: dict[str, str], shopper: str) -> str:
    if shopper == AS_ABOVE:
        return "As above"
    return controls.shopper_wording(labels, controls.NOBODY, shopper or None)


def _slider(setting: Setting, at: int, name: str, request: Request) -> None:
    key = f"compare.{name}.{LETTERS[at]}"
    there = request.reranking if hasattr(request.reranking, name) else request.knobs
    st.session_state[key] = getattr(there, name)
    whole = isinstance(getattr(there, name), int)
    take = partial(_take_setting, setting.sides, at, key)
    controls.setting_slider(name, ABOUT[name], key, take, "%d" if whole else "%.2f")


def _take_shopper(sides: tuple[Side, ...], at: int, key: str) -> None:
    value = st.session_state[key]
    _put(sides, at, replace(sides[at], shopper=None if value == AS_ABOVE else value))


def _take_query(sides: tuple[Side, ...], at: int, key: str) -> None:
    _put(sides, at, replace(sides[at], query=st.session_state[key].strip() or None))


def _take_setting(sides: tuple[Side, ...], at: int, key: str, name: str) -> None:
    value: Any = st.session_state[key]
    value = round(value, 4) if isinstance(value, float) else value
    _put(sides, at, replace(sides[at], settings={**sides[at].settings, name: value}))
