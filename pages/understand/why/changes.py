"""What would have to be otherwise: the shop asked again without some purchases or with other words."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from time import monotonic
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
MOST_SAID: Final = 3  # ids that a link asks for in vain; the rest is counted
OFFERED: Final = 100  # purchases to choose from, what counts most first
TITLE_LENGTH: Final = 60
CARD: Final = 96  # pixels
CARD_TITLE: Final = 34
FOUND: Final = "whys.found"  # what was found for which question
A_MOMENT: Final = 0.7  # seconds after which a bar says how far it is


def smallest(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """What would put the next product above this one, and, when asked, what would take it off the shelf."""
    following = next((other for other in answer.items if other.rank == item.rank + 1), None)
    with st.container(border=True):
        st.markdown("**What would have to change for another to take its place?**")
        if following is not None:
            _overtaken(engine, answer, item, following)
        kept = _known().get((item.row, None)) if _same_shelf(answer) else None
        if kept is None and st.button(
            "Find what would take it off the shelf",
            key="whys.smallest",
            icon=":material/search_insights:",
            help="Leaves out words and purchases, one by one and then together, and makes the shelf again each time",
        ):
            kept = _removal(engine, answer, item, None)
        if kept is not None:
            _off(engine, answer, kept)
        st.caption("Found by leaving out words and purchases and making the shelf again each time, never estimated.")


def _same_shelf(answer: Answer) -> bool:
    """Whether what was found before was found for this very shelf; what is not is forgotten."""
    shelf = (answer.request, tuple((item.row, item.score) for item in answer.items))
    if st.session_state.get(FOUND, (None,))[0] == shelf:
        return True
    st.session_state[FOUND] = (shelf, {})
    return False


def _known() -> dict[tuple[int, int | None], Removal]:
    """What was found for this shelf, by the product and the one that is to take its place."""
    known: dict[tuple[int, int | None], Removal] = st.session_state[FOUND][1]
    return known


def _removal(engine: Engine, answer: Answer, item: RankedItem, rival: int | None) -> Removal:
    """The smallest change for a product and its rival, found now or before; a bar where it takes more than a moment."""
    _same_shelf(answer)
    known = _known()
    if (item.row, rival) not in known:
        began, bar = monotonic(), st.empty()

        def progress(done: int, total: int, note: str = "") -> None:
            if monotonic() - began > A_MOMENT:
                bar.progress(done / total, f"{done} shelves made again of at most {total}…")

        known[item.row, rival] = engine.whys.smallest(answer.request, item.row, rival, progress)
        bar.empty()
    return known[item.row, rival]


def _overtaken(engine: Engine, answer: Answer, item: RankedItem, following: RankedItem) -> None:
    found = _removal(engine, answer, item, following.row)
    title = plain(cut(following.title, TITLE_LENGTH))
    if found.changes:
        st.markdown(f"Without {_all_said(engine, found)}, number {following.rank}, “{title}”, would stand above it.")
        _shown(answer, found, "whys.overtaken")
    elif not found.tried:
        st.markdown("There is no purchase and no second word to leave out: it stands here for everybody.")
    else:
        st.markdown(
            f"Nothing that was tried puts number {following.rank}, “{title}”, above it. {_asked(engine, found)}"
        )


def _off(engine: Engine, answer: Answer, found: Removal) -> None:
    if found.changes:
        st.markdown(f"Without {_all_said(engine, found)}, it is not among the {answer.request.k} any more.")
        _shown(answer, found, "whys.show")
    elif found.tried:
        said = "Nothing that was tried takes it off the shelf: it does not hang on single words or purchases."
        st.markdown(f"{said} {_asked(engine, found)}")
    else:
        st.markdown("There is no purchase and no second word to leave out: it stands here for everybody.")


def _asked(engine: Engine, found: Removal) -> str:
    return f":gray[({count(found.asked, 'shelf', 'shelves', shop=engine.shop)} made again)]"


def _shown(answer: Answer, found: Removal, key: str) -> None:
    st.button("Show that shelf", key=key, icon=":material/visibility:", on_click=_show, args=(answer, found))


def _all_said(engine: Engine, found: Removal) -> str:
    what = [_change_said(engine, kind, value) for kind, value in found.changes]
    return f"{', '.join(what[:-1])} and {what[-1]}" if len(what) > 1 else what[0]


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
    without, vain = _wanted(bought)
    strip.notes(vain, icon=":material/link_off:")
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


def _wanted(bought: Collection[str]) -> tuple[list[str], list[str]]:
    """(what the link leaves out of what counts here, a sentence about what of it is nothing that counts)."""
    asked = [each for each in dict.fromkeys(str(state.choices()[WITHOUT]).split(",")) if each]
    known = [each for each in asked if each in bought]
    strange = [f"“{each[:40]}”" for each in asked if each not in bought]
    said = []
    if strange:
        more = f" and {len(strange) - MOST_SAID} more" if len(strange) > MOST_SAID else ""
        said.append(f"Asked to leave out {', '.join(strange[:MOST_SAID])}{more}: no purchase that counts here.")
    if len(known) > MOST:
        said.append(f"Of {len(known)} purchases to leave out, the first {MOST} are.")
    state.choices()[WITHOUT] = ",".join(known[:MOST])
    return known[:MOST], said


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
