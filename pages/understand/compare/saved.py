"""Comparisons that are kept: saved with a note, listed, opened by a link, and removed by who saved them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st

from pages.shared import address_bar, asked, owner, state
from pages.shared.views import VIEW_TEXTS, VIEWS
from pages.shared.wording import cut, plain
from pages.understand.compare.setting import Setting, of_address
from pages.understand.compare.views import BLIND, COMPARISON, SIDES
from recsys.engine.comparing import FORMAT, MAX_NOTE, Compared, SavedComparison
from recsys.errors import FeedbackError
from recsys.shops.registry import shop, shop_names

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Request

NOTE: Final = "compare.note"
LISTED: Final = 10  # before the rest is folded away
NO_SETTING: Final = {*VIEWS, *VIEW_TEXTS, "shop", "visitor"} - set(SIDES)  # of an address: not what is compared


def opened(engine: Engine) -> Setting | None:
    """What the saved comparison of the link compares, under a line that says what it is; None where it cannot be."""
    try:
        found = engine.comparisons.find(str(state.choices()[COMPARISON]))
    except FeedbackError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return None
    trouble = _trouble(engine, found)
    if trouble or found is None:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/link_off: {plain(trouble)}", width="stretch")
            st.button("Close", key="compare.close", icon=":material/close:", on_click=_close)
        return None
    setting, read = of_address(engine, found.address)
    _banner(engine, found, read, setting.base)
    return setting


def _trouble(engine: Engine, found: SavedComparison | None) -> str:
    """Why a saved comparison cannot be shown, in plain words; "" where it can."""
    if found is None:
        return (
            f"There is no saved comparison “{str(state.choices()[COMPARISON])[:40]}” on this server: it was removed, "
            "or saved on another one. What is chosen here is compared instead."
        )
    if found.shop != engine.shop.name:
        if found.shop in shop_names():
            return f"This comparison is of the shop “{shop(found.shop).title}”: choose it under Shop above to see it."
        return f"This comparison is of the shop “{found.shop[:40]}”, which is not here any more."
    if found.format > FORMAT:
        return (
            "This comparison was saved by a later version of the app, which this one cannot read. Update it to see it."
        )
    if not found.address:
        return "This comparison is damaged: what it compared cannot be read. Remove it and save it anew."
    return ""


def _banner(engine: Engine, found: SavedComparison, read: dict[str, Any], base: Request) -> None:
    hidden = bool(state.choices()[BLIND])
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        note = "" if hidden or not found.note else f" **{plain(found.note)}**"
        about = " · ".join(
            [*(f"{name}: {value}" for name, value in asked.who_and_what(engine, base)), _saved_at(found)]
        )
        st.markdown(f":material/bookmark:{note} :small[:gray[{plain(about)}]]", width="stretch")
        if not hidden:
            st.button(
                "Change it", key="compare.change", icon=":material/edit:", on_click=_change, args=(read,),
                help="Take its shopper, query and settings over, to go on from there",
            )  # fmt: skip
        st.button("Close", key="compare.close", icon=":material/close:", type="tertiary", on_click=_close)


def _saved_at(found: SavedComparison) -> str:
    return f"Saved on {found.at:%Y-%m-%d at %H:%M} UTC"


def _close() -> None:
    state.choose(**{COMPARISON: "", BLIND: ""})


def _change(read: dict[str, Any]) -> None:
    kept = {name: value for name, value in read.items() if name not in NO_SETTING}
    state.choose(**kept, **{COMPARISON: ""})


def section(engine: Engine, now: Setting, found: Compared) -> None:
    """Where this comparison is kept with a note, and the list of all that were."""
    st.markdown("#### Saved comparisons")
    try:
        kept = engine.comparisons.listed()
    except FeedbackError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    here = next((each for each in kept if each.id == state.choices()[COMPARISON]), None)
    if here is None:
        _form(engine, now, found)
    elif here.shelves and here.shelves != found.shelves:
        st.caption("The shelves are not those that were saved: products, feedback or the app have changed since.")
    if not kept:
        st.caption("None yet. A saved comparison has a link of its own, and its votes stay with it.")
    for saved in kept[:LISTED]:
        _line(engine, saved)
    if len(kept) > LISTED:
        with st.expander(f"{len(kept) - LISTED} more"):
            for saved in kept[LISTED:]:
                _line(engine, saved)


def _form(engine: Engine, now: Setting, found: Compared) -> None:
    if now.base.looks is not None and not now.base.looks.item:
        st.caption("With a picture that was brought it cannot be saved: pictures of visitors are kept nowhere.")
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.text_input("Note", key=NOTE, max_chars=MAX_NOTE, placeholder="What is to be seen here", width="stretch")
        st.button(
            "Save", key="compare.save", icon=":material/bookmark_add:", on_click=_save,
            args=(engine, now, found.shelves),
        )  # fmt: skip


def _save(engine: Engine, now: Setting, shelves: str) -> None:
    """Callback: keep what is compared, its sides spelt out, and say that it is kept."""
    state.act()
    with state.trouble_said():
        here = {name: value for name, value in address_bar.address().items() if name not in NO_SETTING}
        here |= {name: side.text() for name, side in zip(SIDES, now.sides, strict=False)}
        engine.comparisons.save(here, shelves, st.session_state.get(NOTE, ""), owner.me())
        st.session_state[NOTE] = ""
        state.say("Saved: it stands in the list with a link of its own.", ":material/bookmark_added:")


def _line(engine: Engine, saved: SavedComparison) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"compare.saved.{saved.id}"):
        note = plain(cut(saved.note, MAX_NOTE)) or "Without a note"
        here = " :green-badge[open]" if saved.id == state.choices()[COMPARISON] else ""
        st.markdown(f"**{note}**{here}  \n:small[:gray[{_saved_at(saved)}]]", width="stretch")
        st.button(
            "Open", key=f"compare.open.{saved.id}", icon=":material/open_in_new:", on_click=state.choose,
            kwargs={**dict.fromkeys(SIDES, ""), COMPARISON: saved.id},  # a blind vote sees none of them in the address
        )  # fmt: skip
        with st.popover("Link", icon=":material/link:", help="A link that opens it, and one for a blind vote"):
            st.caption("Opens the comparison:")
            st.code(_link(saved), language=None)
            st.caption("For reviewers, without names:")
            st.code(_link(saved, blind=True), language=None)
        if owner.may(saved.owner):
            st.button(
                "Remove", key=f"compare.forget.{saved.id}", icon=":material/delete:", type="tertiary",
                on_click=_remove, args=(engine, saved),
            )  # fmt: skip


def _link(saved: SavedComparison, *, blind: bool = False) -> str:
    query = {} if state.is_default() else {"shop": saved.shop}
    query |= {COMPARISON: saved.id} | ({BLIND: "yes"} if blind else {})
    return f"{(st.context.url or '').split('?')[0]}?{urlencode(query)}"


def _remove(engine: Engine, saved: SavedComparison) -> None:
    state.act()
    with state.trouble_said():
        owner.must(saved.owner)
        engine.comparisons.remove(saved.id, owner.me())
        if state.choices()[COMPARISON] == saved.id:
            _close()
