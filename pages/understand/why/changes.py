"""What would have to be otherwise: the shop asked again without some purchases or with other words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import pictures, state, strip
from pages.shared.wording import count, cut, plain
from pages.understand.why.chosen import forget_changes
from pages.understand.why.views import INSTEAD, WITHOUT

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.whys import Bought, Removal
    from recsys.schema import Answer, RankedItem

MOST: Final = 8  # purchases that can be left out at once
OFFERED: Final = 100  # purchases to choose from, what counts most first
TITLE_LENGTH: Final = 60
CARD: Final = 96  # pixels
CARD_TITLE: Final = 34
FOUND: Final = "whys.found"  # what was found for which question
LIVE: Final = (
    "Both shelves are made without the learned order: it was made once, from all purchases, and cannot be made again "
    "here. So the first of them may differ from the storefront's."
)


def smallest(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """A button that looks for the smallest change that takes the product off the shelf, and what it found."""
    question = (answer.request, item.row)
    with st.container(border=True):
        st.markdown("**What would have to change for another to take its place?**")
        pressed = st.button(
            "Find the smallest change",
            key="whys.smallest",
            icon=":material/search_insights:",
            help="Leaves out words and purchases, one by one and then together, and makes the shelf again each time",
        )
        if pressed:
            bar = st.progress(0.0, "Asking the shop again…")

            def progress(done: int, total: int, note: str = "") -> None:
                bar.progress(done / total, note)

            removal = engine.whys.smallest(*question, progress)
            bar.empty()
            st.session_state[FOUND] = (question, removal)
        kept = st.session_state.get(FOUND)
        if kept is None or kept[0] != question:
            st.caption("The product leaves the shelf, or stays: found by making shelves again, never estimated.")
            return
        _found(engine, answer, item, kept[1])


def _found(engine: Engine, answer: Answer, item: RankedItem, removal: Removal) -> None:
    asked = count(removal.asked, "shelf", "shelves", shop=engine.shop)
    if removal.changes:
        what = [_change_said(engine, kind, value) for kind, value in removal.changes]
        several = f"{', '.join(what[:-1])} and {what[-1]}" if len(what) > 1 else what[0]
        st.markdown(f"Without {several}, it is not among the {answer.request.k} any more.")
        st.caption(f"The smallest change that was found, after {asked}.")
        st.button(
            "Show that shelf", key="whys.show", icon=":material/visibility:", on_click=_show, args=(answer, removal)
        )
        return
    if not removal.provable:
        one = engine.shop.people.one
        tried = "No single word takes it off the shelf. " if len(answer.request.query.split()) > 1 else ""
        st.markdown(
            f"{tried}Purchases cannot be tried one by one: it stands here by the learned order, made from all "
            f"that this {one} bought. Without that order it is not on the shelf at all."
        )
        return
    if not removal.asked:
        st.markdown("There is no purchase and no second word to leave out: it stands here for everybody.")
        return
    st.markdown("Nothing that was tried takes it off the shelf: it does not hang on single words or purchases.")
    st.caption(f"Tried with {asked}.")


def _change_said(engine: Engine, kind: str, value: str) -> str:
    if kind == "word":
        return f"the word “{plain(value)}”"
    row = engine.catalogue.row(value)
    title = value if row is None else str(engine.catalogue.titles[row])
    return f"what was bought of “{plain(cut(title, TITLE_LENGTH))}”"


def _show(answer: Answer, removal: Removal) -> None:
    """Callback: show the shelf with this change."""
    left_out = [value for kind, value in removal.changes if kind == "word"]
    without = [value for kind, value in removal.changes if kind == "bought"][:MOST]
    query = " ".join(word for word in answer.request.query.split() if word not in left_out) if left_out else ""
    state.choose(**{WITHOUT: ",".join(without), INSTEAD: query})


def otherwise(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """Purchases to leave out and other words to ask with, and the shelf before and after."""
    without, instead = _controls(engine, answer)
    if not without and not instead:
        return
    both = engine.whys.otherwise(answer.request, without, instead or None)
    if both.live:
        strip.notes([LIVE])
    _verdict(engine, both.before, both.after, item)
    st.markdown("**Before**")
    _shelf(engine, both.before, None)
    st.markdown("**After**")
    if both.after.items:
        _shelf(engine, both.after, both.before)
    else:
        strip.nothing_found(both.after)
    st.button("Undo the change", key="whys.undo", icon=":material/undo:", on_click=forget_changes)


def _controls(engine: Engine, answer: Answer) -> tuple[list[str], str]:
    """(ids of what is left out, other words)."""
    bought = {each.item_id: each for each in engine.whys.bought(answer.request)[:OFFERED]}
    without = [each for each in str(state.choices()[WITHOUT]).split(",") if each in bought][:MOST]
    st.markdown("**What if?**")
    left, right = st.columns(2, gap="medium")
    with left:
        key = state.control_key(WITHOUT)
        st.session_state[key] = without
        st.multiselect(
            "Without these purchases",
            list(bought),
            format_func=partial(_bought_said, {each.item_id: _named(engine, each) for each in bought.values()}),
            key=key,
            on_change=_left_out,
            max_selections=MOST,
            disabled=not bought,
            placeholder="All of them count" if bought else "Nobody's purchases count here",
            help="The shelf is made again as if these had never been bought, all their purchases at once.",
        )
    with right:
        st.text_input(
            "Asked with other words",
            key=state.seed_control(INSTEAD),
            on_change=state.take_control,
            args=(INSTEAD,),
            max_chars=100,
            placeholder=answer.request.query or "Nothing is asked now",
            help="The same shopper and sliders with another query.",
        )
    instead = str(state.choices()[INSTEAD]).strip()
    return without, "" if instead == answer.request.query.strip() else instead


def _named(engine: Engine, bought: Bought) -> str:
    return f"{cut(str(engine.catalogue.titles[bought.row]), TITLE_LENGTH)} · {bought.times}×"


def _bought_said(names: dict[str, str], item_id: str) -> str:
    return names.get(item_id, item_id)


def _left_out() -> None:
    """Callback: leave out what is marked."""
    state.choose(**{WITHOUT: ",".join(st.session_state[state.control_key(WITHOUT)])})


def _verdict(engine: Engine, before: Answer, after: Answer, item: RankedItem) -> None:
    """What the change did, in a sentence."""
    was = {each.row: each.rank for each in before.items}
    now = {each.row: each.rank for each in after.items}
    came, went = len(now.keys() - was.keys()), len(was.keys() - now.keys())
    moved = sum(was[row] != now[row] for row in was.keys() & now.keys())
    title = plain(cut(item.title, TITLE_LENGTH))
    if item.row not in was:
        place = f"“{title}” is not on the shelf that it is compared with."
    elif item.row not in now:
        place = f"“{title}” leaves the shelf; it was number {was[item.row]}."
    elif was[item.row] == now[item.row]:
        place = f"“{title}” stays number {now[item.row]}."
    else:
        place = f"“{title}” goes from number {was[item.row]} to {now[item.row]}."
    shop = engine.shop
    others = f"{count(came, 'product', shop=shop)} came, {shop.number(went)} went"
    st.markdown(f"##### {place} {others}, {shop.number(moved)} changed places.")


def _shelf(engine: Engine, answer: Answer, before: Answer | None) -> None:
    """The products in a row, each with its number and how that changed."""
    was = {} if before is None else {each.row: each.rank for each in before.items}
    with st.grid(len(answer.items), min_column_width=CARD, gap="xsmall", wrap=False):
        for item, picture in zip(answer.items, pictures.of_shelf(engine, answer), strict=True):
            with st.container(gap="xxsmall"):
                st.markdown(picture)
                moved = "" if before is None else f" {_moved(was.get(item.row), item.rank)}"
                st.caption(f"**{item.rank}**{moved} {plain(cut(item.title, CARD_TITLE))}")


def _moved(was: int | None, rank: int) -> str:
    if was is None:
        return ":green-badge[new]"
    if was == rank:
        return ""
    return f":green[▲ {was - rank}]" if was > rank else f":gray[▼ {rank - was}]"
