"""Which product of the shelf is explained, and the explanation in words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import pictures, state, strip
from pages.shared.tables import where
from pages.shared.wording import cut, money, plain, points
from pages.understand.why.views import INSTEAD, PRODUCT, WITHOUT
from recsys.engine.whys import SHORTLIST
from recsys.schema import shown_parts
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer, RankedItem

TITLE_LENGTH: Final = 80
MOST: Final = 2  # parts that are named


def product(engine: Engine, answer: Answer) -> RankedItem:
    """The product that is explained: the one that was chosen, or the first of the shelf."""
    shown = {str(item.item_id): item for item in answer.items}
    wanted = str(state.choices()[PRODUCT])
    if wanted and wanted not in shown:
        row = engine.catalogue.row(wanted)
        name = "The product that was asked about" if row is None else f"“{cut(str(engine.catalogue.titles[row]), 60)}”"
        strip.notes([f"{name} is not on this shelf; number 1 is explained instead."])
        wanted = ""
    key = state.control_key(PRODUCT)
    st.session_state[key] = wanted or next(iter(shown))
    st.selectbox(
        "Which product of the shelf?",
        list(shown),
        format_func=partial(_said, {item_id: f"{item.rank} · {item.title}" for item_id, item in shown.items()}),
        key=key,
        on_change=_chosen,
        help="The shelf is that of the storefront: for the query, the shopper and the sliders that are set.",
    )
    return shown[st.session_state[key]]


def _most(engine: Engine, item: RankedItem) -> str:
    """What raises it most: ", most by “Words” (41.0) and “Meaning” (20.3)".

    What all of a shopper's shortlist starts with raises none over the others; it is said apart.
    """
    shown = shown_parts(item.parts)
    start = shown.pop(SHORTLIST.name, 0.0)
    largest = sorted((each for each in shown if shown[each] > 0), key=lambda name: -shown[name])[:MOST]
    labels = engine.parts.labels
    named = " and ".join(f"“{plain(labels[name])}” ({shown[name]:.1f})" for name in largest if name in labels)
    beyond = f" beyond the {start:.1f} that this shopper's shortlist starts with" if start > 0 else ""
    return f", most by {named}{beyond}" if named else ""


def _said(names: dict[str, str], item_id: str) -> str:
    return cut(names.get(item_id, item_id), TITLE_LENGTH)


def _chosen() -> None:
    """Callback: explain another product."""
    state.choose(**{PRODUCT: st.session_state[state.control_key(PRODUCT)]})


def forget_changes() -> None:
    """Callback: nothing is otherwise any more."""
    state.choose(**{WITHOUT: "", INSTEAD: ""})


def told(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """The product, why it is there in one sentence for the shopper, and in a paragraph with figures."""
    picture = pictures.of_shelf(engine, answer)[item.rank - 1]
    price = money(item.price, engine.shop) if engine.capabilities.has(Capability.PRICES) else ""
    facts = [where(engine, item.department, item.category), price]
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        with st.container(width=120):
            st.markdown(picture)
        with st.container(width="stretch", gap="xsmall"):
            st.markdown(f"##### Number {item.rank}: {plain(item.spoken)}")
            st.markdown(f"**{plain(item.title)}**")
            st.caption(plain(" · ".join(filter(None, facts))))
            figures = f"**{points(item.score)} points** of 100{_most(engine, item)}."
            st.markdown(f"{figures} {plain(item.reason)}.")
    if not (answer.request.sort or answer.request.reranking.on):  # else places are not by points alone
        neighbours = (engine.would_raise(answer, item), engine.would_hold(answer, item))
        st.markdown("\n".join(f"- {plain(each)}" for each in neighbours))
