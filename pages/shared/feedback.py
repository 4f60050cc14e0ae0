"""What a person says about products: stored at once, shown as pressed, taken back by pressing again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import streamlit as st
from pandas.api.types import is_integer_dtype

from pages.shared import state
from pages.shared.drawing import emphasis
from pages.shared.wording import count, cut, ended, heard, money, plain
from recsys.errors import BadRequestError, FeedbackError, ShelfLensError
from recsys.schema import (
    ICON,
    ITEM_ID,
    NEW_SHOPPER,
    PRICE,
    TITLE,
    Answer,
    Movement,
    RankedItem,
    Request,
)

if TYPE_CHECKING:
    from recsys.engine import Engine

Pressed = frozenset[tuple[str, str]]  # (item id as text, kind)


class Action(NamedTuple):
    """A feedback button: what it is called, and what it says when pressed and pressed again."""

    kind: str
    icon: str
    verb: str
    help: str
    done: str


class PutBy(NamedTuple):
    """Which of two rankings put a product onto a shelf that they share: `engine.interleaving`."""

    pair: str
    draft: str
    side: int


ACTIONS: Final = (
    Action("basket", ":material/add_shopping_cart:", "Basket", "Add to basket", "In the basket"),
    Action("like", ":material/favorite:", "Like", "Like: more of this", "Liked"),
    Action("dislike", ":material/thumb_down:", "Not for me", "Not for me: less of this", "Less of this"),
)
OPPOSITE: Final = {"like": "dislike", "dislike": "like", "basket": "dislike"}
BROKEN: Final = "feedback_trouble"
SHELF: Final = "feedback.shelf"  # the shelf as it was drawn last: what it answers, and its products
BROKEN_SAID: Final = "Your feedback and searches could not be read or kept: {} The shelf works on without."
NOT_KEPT: Final = "This was not kept: {}"
MOST_TITLES: Final = 3
LONGEST: Final = 40  # characters of a title within a sentence
LAST: Final = "feedback.last"  # what was pressed last, and the shelf before that


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


def undo_button(answer: Answer, item: RankedItem) -> None:
    """On the card of the product that was pressed last: "Undo"."""
    last = _last(answer)
    if last and last["item"] == item.item_id:
        st.button(f"Undo{heard(last['title'])}", key="undo", type="tertiary", on_click=_undo)


def _last(answer: Answer) -> dict[str, Any]:
    """What was pressed last while this very thing was asked; nothing otherwise."""
    last: dict[str, Any] = st.session_state.get(LAST) or {}
    return last if last and last["of"] == _asked(answer) else {}


def remember_shelf(answer: Answer) -> None:
    """Keep what stands on the shelf, so that the next press can say what it changed."""
    shelf = {str(item.item_id): item.title for item in answer.items}
    st.session_state[SHELF] = {"of": _asked(answer), "items": shelf}


def _asked(answer: Answer) -> list[str]:
    """What a shelf answers, whatever was said about its products."""
    request = answer.request
    return [request.query, request.shopper or "", str(request.k), request.sort, ",".join(request.kept)]


def _undo() -> None:
    last = st.session_state.get(LAST)
    if last:
        action = next(each for each in ACTIONS if each.kind == last["kind"])
        toggle(state.get_engine(), last["item"], last["title"], action, True)


def buttons(engine: Engine, item: RankedItem, now: Pressed, put_by: PutBy | None = None) -> None:
    """The feedback buttons of one product on a shelf; what is taken counts for who put it there."""
    buttons_of(engine, item.item_id, item.title, now, put_by)


def buttons_of(engine: Engine, item_id: int | str, title: str, now: Pressed, put_by: PutBy | None = None) -> None:
    """The feedback buttons of one product."""
    with st.container(horizontal=True, gap="xxsmall", width="content"):
        for action in ACTIONS:
            on = (str(item_id), action.kind) in now
            look = emphasis() if on else "tertiary"
            lit = f":green[{action.icon}]" if look == "secondary" else ""  # on dark, where no button is filled
            st.button(
                f"{lit}{heard(f'{action.done if on else action.verb}: {title}')}",
                key=f"{action.kind}.{item_id}",
                icon=None if lit else action.icon,
                type=look,
                help=f"{action.done}. Press again to take it back." if on else action.help,
                on_click=toggle,
                args=(engine, item_id, title, action, on, put_by),
            )


def toggle(
    engine: Engine, item_id: int | str, title: str, action: Action, on: bool, put_by: PutBy | None = None
) -> None:
    """Callback: store one piece of feedback, or take it back, and say so.

    What was drawn may be late: another tab of the same person may have said the same, which is not said twice, and
    what was said twice is taken back as one.
    """
    _name_the_person()
    request = state.current_request()
    try:
        known = frozenset((event.item_id, event.kind) for event in engine.feedback_of(request))
        if on:
            _take_back(engine, request, item_id, action.kind)
        elif (str(item_id), action.kind) not in known:
            engine.record(request, item_id, action.kind)  # first: where it is refused, what was said before stays
        if not on and action.kind in OPPOSITE:
            _take_back(engine, request, item_id, OPPOSITE[action.kind])
    except ShelfLensError as error:
        _trouble(error)
        return
    _remember(item_id, title, action, on)
    if put_by is not None and not on:
        with state.trouble_said():  # the feedback itself is kept
            engine.credit(request, item_id, action.kind, *put_by)


def _take_back(engine: Engine, request: Request, item_id: int | str, kind: str) -> None:
    """Remove all that this person said of that kind about a product."""
    said = sum(event.item_id == str(item_id) and event.kind == kind for event in engine.feedback_of(request))
    for _ in range(said):
        engine.undo(request, item_id, kind)


def _remember(item_id: int | str, title: str, action: Action, on: bool) -> None:
    """What was pressed, for `_changed` and "Undo"; taken back, there is none."""
    shelf = st.session_state.get(SHELF)
    st.session_state.pop(LAST, None)
    if shelf and not on:
        last = {"item": item_id, "kind": action.kind, "title": title, "done": action.done}
        st.session_state[LAST] = last | {"of": shelf["of"], "before": shelf["items"]}


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
    refused = isinstance(error, BadRequestError)  # what was said before is read all the same
    st.session_state[BROKEN] = [error.seen, error.remedy, NOT_KEPT if refused else BROKEN_SAID]


def trouble() -> None:
    """Say once that feedback cannot be kept, and what to do; the shelf still works."""
    seen, remedy, said = st.session_state.pop(BROKEN, ["", "", ""])
    if seen:
        advice = f" What to do: {plain(remedy)}." if remedy else ""
        st.warning(said.format(f"{plain(seen)}.{advice}"), icon=":material/cloud_off:")


def movement(engine: Engine, answer: Answer, now: Pressed) -> None:
    """What the last press changed, how all feedback moved the shelf, and the buttons that take it back."""
    if answer.movement is None and not now:
        return
    last = _last(answer)
    with st.container(gap="xxsmall", key="movement"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            # the sentence stands in the row itself: there it takes a line of its own where the row is narrow
            st.markdown(_said(engine, answer, now, last), width="stretch")
            if last and all(item.item_id != last["item"] for item in answer.items):  # it has left the shelf itself
                st.button(f"Undo{heard(last['title'])}", key="undo", icon=":material/undo:", on_click=_undo)
            forgetting(engine, "Forget my feedback", "forget")
        if answer.movement and state.xray():
            _moved(answer.movement, named=not last)


def _said(engine: Engine, answer: Answer, now: Pressed, last: dict[str, Any]) -> str:
    """In a sentence, as Markdown: what the last press changed, else what all of them did."""
    if last:
        return _changed(last, answer)
    if answer.movement:
        return _by_all(answer.movement, answer)
    return f":material/history: Kept: {count(len(now), 'piece', shop=engine.shop)} of feedback."


def _changed(last: dict[str, Any], answer: Answer) -> str:
    """What came and what went by the last press."""
    before, now = last["before"], {str(item.item_id): item.title for item in answer.items}
    came = tuple(title for each, title in now.items() if each not in before)
    went = tuple(title for each, title in before.items() if each not in now)
    said = f"**{last['done']}: {ended(plain(cut(last['title'], LONGEST)))}**"
    return f":material/explore: {said} {_came_and_went(came, went, moved=list(before) != list(now))}"


def _by_all(moved: Movement, answer: Answer) -> str:
    """What came and what went by all feedback together."""
    stayed = all(item.was_rank == item.rank for item in answer.items)
    said = _came_and_went(moved.entered, moved.left, moved=not stayed)
    return f":material/explore: **{plain(moved.because)}.** {said}"


def _came_and_went(came: tuple[str, ...], went: tuple[str, ...], *, moved: bool) -> str:
    """The titles that came onto the shelf and those that left it; `moved`: whether any place is another's now."""
    if came or went:
        new = f"New: {ended(_titles(came))}" if came else "Nothing new."
        return f"{new} Gone: {ended(_titles(went))}" if went else new
    return "The order changed; nothing came or went." if moved else "Nothing moved: every product keeps its place."


def forgetting(engine: Engine, label: str, key: str) -> None:
    """A popover that removes what is stored about this person; `key` is that of the button in it."""
    with st.popover(label, icon=":material/delete:", type="tertiary", help="Forget my feedback and my searches"):
        st.write("This removes all that was stored about your likes, basket, clicks and searches. It cannot be undone.")
        st.button("Yes, forget it", key=key, type=emphasis(), on_click=forget, args=(engine,))


def _moved(moved: Movement, *, named: bool) -> None:
    """How all feedback together moved the interest vector and the shelf; `named`: what came and went is said above."""
    lines = [plain(moved.summary)]
    if moved.entered and not named:
        lines.append(f"**New by all feedback:** {_titles(moved.entered)}")
    if moved.left and not named:
        lines.append(f"**Gone by all feedback:** {_titles(moved.left)}")
    st.caption("  \n".join(lines))


def _titles(titles: tuple[str, ...]) -> str:
    more = f" and {len(titles) - MOST_TITLES} more" if len(titles) > MOST_TITLES else ""
    return " · ".join(plain(cut(title, LONGEST)) for title in titles[:MOST_TITLES]) + more


def basket(engine: Engine, now: Pressed) -> None:
    """The basket in a popover: its products and what they cost."""
    ids = engine.items[ITEM_ID]
    kept = [item for item, kind in sorted(now) if kind == "basket"]
    wanted: list[object] = [int(item) for item in kept] if is_integer_dtype(ids) else list(kept)
    inside = engine.items[ids.isin(wanted)]
    with st.popover(f"Basket · {len(inside)}", icon=":material/shopping_basket:"):
        if inside.empty:
            st.caption("Empty. “Add” on a product puts it here.")
            return
        for icon, title, price in zip(inside[ICON], inside[TITLE], inside[PRICE], strict=True):
            st.markdown(f"{icon} {plain(title)} · {plain(money(price, engine.shop))}")
        unknown = int(inside[PRICE].isna().sum())
        st.markdown(f"**Total {plain(money(float(inside[PRICE].sum()), engine.shop))}**")
        if unknown:
            st.caption(f"Without {count(unknown, 'product', shop=engine.shop)} of unknown price.")
