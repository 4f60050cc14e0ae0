"""Whom a shopper's habits are compared with: everybody, the same segment, or who shares a trait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.shared import state, strip
from pages.shared.wording import count
from pages.understand.portrait.views import BESIDE, SEGMENT
from recsys.engine.portraits import SEGMENTS
from recsys.schema import SHOPPER_ID

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.portraits import Habit, Portrait

LEAST: Final = 10  # others, from which on a share of them says something
EVERYBODY: Final = "Everybody"


def habits(engine: Engine, portrait: Portrait, shopper: str) -> dict[str, Habit]:
    """The habits beside the cohort that is chosen, with the control that chooses it."""
    row = engine.shoppers.index[engine.shoppers[SHOPPER_ID].astype(str) == shopper][0]
    masks = _masks(engine, portrait, int(row))
    if len(masks) == 1:
        return portrait.habits
    if (wanted := str(state.choices()[BESIDE])) not in masks:
        group = f"no group “{wanted[:40]}” of {LEAST} others or more"
        strip.notes([f"There is {group} to put this one beside; everybody is, instead."], icon=":material/link_off:")
        state.choices()[BESIDE] = ""
    said = {
        name: f"{label} ({count(int(mask.sum()), 'other', shop=engine.shop)})" for name, (label, mask) in masks.items()
    }
    key = state.control_key(BESIDE)
    st.session_state[key] = state.choices()[BESIDE]
    st.selectbox(
        "Beside whom?",
        list(said),
        format_func=said.__getitem__,
        key=key,
        on_change=state.take_control,
        args=(BESIDE,),
        help=f"Cohorts of fewer than {LEAST} others are not offered: a share of them would say little.",
    )
    return engine.portraits.beside(int(row), masks[st.session_state[key]][1])


def _masks(engine: Engine, portrait: Portrait, row: int) -> dict[str, tuple[str, npt.NDArray[np.bool_]]]:
    """name -> (what it is called, (n_shoppers,) who is in it), this shopper left out; those that are large enough."""
    bought = np.asarray(engine.portraits.looks[-1].segments.codes >= 0)
    out: dict[str, tuple[str, Any]] = {"": (EVERYBODY, bought)}
    codes = engine.portraits.looks[-1].segments.codes
    out[SEGMENT] = (f"Segment “{SEGMENTS[portrait.segment][0]}”", codes == portrait.segment)
    for trait, label in engine.shop.people.traits.items():
        mine = engine.shoppers[trait].astype(str).to_numpy()
        if mine[row]:
            out[trait] = (f"{label}: {mine[row]}", (mine == mine[row]) & bought)
    for _, mask in out.values():
        mask[row] = False
    return {name: each for name, each in out.items() if not name or int(each[1].sum()) >= LEAST}
