"""What a person says about products: stored at once, shown as pressed, taken back by pressing again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import streamlit as st
from pandas.api.types import is_integer_dtype

from pages.shared import state
from pages.shared.wording import count, money, plain
from recsys.errors import FeedbackError, ShelfLensError
from recsys.schema import (
    ICON,
    ITEM_ID,
    NEW_SHOPPER,
    PRICE,
    TITLE,
    Answer,
    Movement,
    RankedItem,
)

if TYPE_CHECKING:
    from recsys.engine import Engine

Pressed = frozenset[tuple[str, str]]  # (item id as text, kind)


class Action(NamedTuple):
    """A feedback button: what it is called, and what it says when pressed and pressed again."""

    kind: str
    icon: str
    help: str
    done: str
    undone: str


ACTIONS: Final = (
    Action("basket", ":material/add_shopping_cart:", "Add to basket", "In the basket", "Out of the basket"),
    Action("like", ":material/favorite:", "Like: more of this", "Liked", "No longer liked"),
    Action("dislike", ":material/thumb_down:", "Not for me: less of this", "Less of this", "No longer unwanted"),
)
OPPOSITE: Final = {"like": "dislike", "dislike": "like", "basket": "dislike"}
BROKEN: Final = "feedback_trouble"


def pressed(engine: Engine) -> Pressed:
    """What this person has pressed; nothing when the feedback database cannot be read (and that is said)."""
    request = state.current_request()
    if request.shopper in (None, NEW_SHOPPER) and not request.visitor:
        return frozenset()  # a person without a name has said nothing yet
    try:
        return frozenset((event.item_id, event.kind) for event in engine.feedback_of(request))
    except FeedbackError as error:
        remember_trouble(error)
        return frozenset()


def buttons(engine: Engine, item: RankedItem, now: Pressed) -> None:
    """The feedback buttons of one product."""
    with st.container(horizontal=True, gap="xsmall"):
        for action in ACTIONS:
            on = (str(item.item_id), action.kind) in now
            st.button(
                "",
                key=f"{action.kind}.{item.item_id}",
                icon=action.icon,
                type="primary" if on else "secondary",
                help=f"{action.done}. Press again to take it back." if on else action.help,
                on_click=toggle,
                args=(engine, item.item_id, item.title, action, on),
            )


def toggle(engine: Engine, item_id: int | str, title: str, action: Action, on: bool) -> None:
    """Callback: store one piece of feedback, or take it back, and say so."""
    _name_the_person()
    request = state.current_request()
    try:
        if on:
            engine.undo(request, item_id, action.kind)
        else:
            if action.kind in OPPOSITE:
                engine.undo(request, item_id, OPPOSITE[action.kind])
            engine.record(request, item_id, action.kind)
    except ShelfLensError as error:
        _trouble(error)
        return
    state.say(f"{action.undone if on else action.done}: {plain(title)}", action.icon)


def clicked(engine: Engine, item_id: int | str) -> None:
    """Callback: note that somebody looked at a product's details."""
    _name_the_person()
    try:
        engine.record(state.current_request(), item_id, "click")
    except ShelfLensError as error:
        _trouble(error)


def forget(engine: Engine) -> None:
    """Callback: remove all feedback and all past searches of this person."""
    try:
        gone = engine.forget(state.current_request())
    except ShelfLensError as error:
        _trouble(error)
        return
    if state.FOLLOWED in st.session_state:
        st.session_state[state.FOLLOWED]["kept"] = True  # what is on the screen is not to be kept after all
    searches = count(gone.searches, "search", "searches", shop=engine.shop)
    state.say(
        f"Forgotten: {count(gone.feedback, 'piece', shop=engine.shop)} of feedback and {searches} removed.",
        ":material/delete:",
    )


def _name_the_person() -> None:
    if state.choices()["shopper"] in (None, NEW_SHOPPER):
        state.ensure_visitor()
    state.act()


def _trouble(error: ShelfLensError) -> None:
    remember_trouble(error)
    state.act()


def remember_trouble(error: ShelfLensError) -> None:
    """Have `trouble` say why feedback or a search was not kept or read."""
    st.session_state[BROKEN] = [error.seen, error.remedy]


def trouble() -> None:
    """Say once that feedback cannot be kept, and what to do; the shelf still works."""
    seen, remedy = st.session_state.pop(BROKEN, ["", ""])
    if seen:
        advice = f" What to do: {plain(remedy)}." if remedy else ""
        st.warning(
            f"Your feedback and searches could not be read or kept: {plain(seen)}.{advice} The shelf works on without.",
            icon=":material/cloud_off:",
        )


def movement(engine: Engine, answer: Answer, now: Pressed) -> None:
    """How feedback moved the taste and the shelf, and the button that forgets it."""
    if answer.movement is None and not now:
        return
    with st.container(
        border=True,
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        with st.container(width="stretch", gap=None):
            if answer.movement:
                _moved(answer.movement)
            else:
                st.markdown(
                    f":material/history: Kept: {count(len(now), 'piece', shop=engine.shop)} of feedback from you."
                )
        forgetting(engine, "Forget my feedback", "forget")


def forgetting(engine: Engine, label: str, key: str, *, quiet: bool = False) -> None:
    """A popover that removes what is stored about this person; `key` is that of the button in it."""
    look: Literal["tertiary", "secondary"] = "tertiary" if quiet else "secondary"
    with st.popover(label, icon=":material/delete:", type=look, help="Forget my feedback and my searches"):
        st.write("This removes all that was stored about your likes, basket, clicks and searches. It cannot be undone.")
        st.button("Yes, forget it", key=key, type="primary", on_click=forget, args=(engine,))


def _moved(moved: Movement) -> None:
    st.markdown(f":material/explore: **{plain(moved.summary)}**")
    lines = []
    if moved.entered:
        lines.append(f"**New on the shelf:** {_titles(moved.entered)}")
    if moved.left:
        lines.append(f"**Gone:** {_titles(moved.left)}")
    if lines:
        st.caption("  \n".join(lines))


def _titles(titles: tuple[str, ...]) -> str:
    more = f" and {len(titles) - 3} more" if len(titles) > 3 else ""
    return " · ".join(plain(title) for title in titles[:3]) + more


def basket(engine: Engine, now: Pressed) -> None:
    """The basket in a popover: its products and what they cost."""
    ids = engine.items[ITEM_ID]
    kept = [item for item, kind in sorted(now) if kind == "basket"]
    wanted: list[object] = [int(item) for item in kept] if is_integer_dtype(ids) else list(kept)
    inside = engine.items[ids.isin(wanted)]
    with st.popover(f"Basket · {len(inside)}", icon=":material/shopping_basket:", width="stretch"):
        if inside.empty:
            st.caption("Empty. “Add” on a product puts it here.")
            return
        for icon, title, price in zip(inside[ICON], inside[TITLE], inside[PRICE], strict=True):
            st.markdown(f"{icon} {plain(title)} · {plain(money(price, engine.shop))}")
        unknown = int(inside[PRICE].isna().sum())
        st.markdown(f"**Total {plain(money(float(inside[PRICE].sum()), engine.shop))}**")
        if unknown:
            st.caption(f"Without {count(unknown, 'product', shop=engine.shop)} of unknown price.")
