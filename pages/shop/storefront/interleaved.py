"""Two rankings on one shelf, each product's side hidden: what people take decides, and a verdict runs along."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import address_bar, state, strip
from pages.shared.feedback import PutBy
from pages.shared.finding import percent
from pages.shared.sides import name, offered, resting
from pages.shared.wording import a, count, plain
from pages.shop.storefront.cards import Shared
from pages.shop.storefront.views import INTERLEAVE
from recsys.engine.interleaving import FURTHER, NOT_YET, A, B, Mixed, pair_of, ranked
from recsys.engine.sides import AS_SET, OF, Side, read_side
from recsys.errors import FeedbackError

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.interleaving import Standing
    from recsys.schema import Answer, Request

DRAFT: Final = "interleaving.draft"  # of this session: what it is of, its id, whether sides are shown
PICKED: Final = "interleaving.pick"
LETTERS: Final = "AB"
HOW: Final = (
    "Team draft (Radlinski 2008): by turns each ranking puts its best product that is not there yet; a coin says who "
    "begins. What you like or put into the basket counts for the side that put it there, each shelf once, for the side "
    "more was taken from. The verdict may be looked at after every shelf (betting on a coin, exact): over all looks "
    "together it names a side without reason in 5 of 100 tests at most."
)


def switch(engine: Engine, answer: Answer) -> None:
    """In X-ray mode: which ranking shares the shelf with the one that is set."""
    if not state.xray():
        return
    now = _side()
    with st.popover("Interleave" if now is None else "Interleaving", icon=":material/alt_route:", help=HOW):
        st.markdown("Let two rankings share this shelf, and let what is taken decide which one is better.")
        st.markdown("**A** · as it is set")
        request = answer.request
        options = ["", *(each for each in offered(engine, now or Side(), request) if each != AS_SET)]
        if now is not None and now.preset == AS_SET:
            options.append(AS_SET)  # with sliders of its own, from the link
        st.session_state[PICKED] = "" if now is None else now.preset
        st.selectbox("**B** · the other ranking", options, format_func=_label, key=PICKED, on_change=_pick)


def _label(preset: str) -> str:
    return OF[preset].label if preset else "none: one ranking alone"


def _pick() -> None:
    """Callback: this ranking shares the shelf from now on."""
    preset = st.session_state[PICKED]
    state.choose(**{INTERLEAVE: Side(preset).text() if preset else ""})


def _side() -> Side | None:
    """The side that the link or the switch says; None where one ranking is alone."""
    text = state.choices()[INTERLEAVE]
    side = ranked(read_side(text)[0]) if text else None
    return None if side == Side() else side


def shelf(engine: Engine, answer: Answer) -> Mixed | None:
    """The shelf that two rankings share; None where one is alone, and, which is said, where there are no two."""
    side, text = _side(), state.choices()[INTERLEAVE]
    if side is None and text:
        strip.notes([f"The link's other ranking {text[:40]!r} is none that is known: one ranking alone."])
    if side is None or not answer.items:
        return None
    strip.notes([f"The link's other ranking: {each}." for each in read_side(text)[1]])
    if why := resting(engine, side, answer.request):
        told = f"has nothing to go by here: {why}"
        if OF[side.preset].needs == "shopper" and address_bar.nobody_said():  # once is enough
            told = f"goes by {a(engine.shop.people.one)}"
        strip.notes([f"One ranking alone: “{OF[side.preset].label}” {told}."])
        return None
    mixed = engine.interleaving.mixed(answer, side, _draft(answer.request, side)["draft"])
    if mixed.alike:
        strip.notes([f"One ranking alone: “{name(engine, side)}” shows the same here, so that nothing can be told."])
        return None
    return mixed


def _draft(request: Request, side: Side) -> dict[str, Any]:
    """The draft of this session for what is asked now, a new one where something else is asked."""
    about = [pair_of(request, side), request.query, request.shopper or "", request.visitor, *request.kept]
    draft: dict[str, Any] = st.session_state.get(DRAFT) or {}
    if draft.get("of") != about:
        draft = {"of": about, "draft": secrets.token_hex(16), "shown": False}
        st.session_state[DRAFT] = draft
    return draft


def on_cards(mixed: Mixed) -> Shared:
    """What cards need to know of the shelf: whom a product counts for, and, once sides are shown, whose it is."""
    draft = st.session_state[DRAFT]
    if draft["shown"]:  # who sees the sides no longer judges products alone
        return Shared({}, {item: f"from {LETTERS[side]}" for item, side in mixed.side_of.items()})
    return Shared({item: PutBy(mixed.pair, draft["draft"], side) for item, side in mixed.side_of.items()}, None)


def verdict(engine: Engine, mixed: Mixed) -> None:
    """How it stands, whether one may stop, and the buttons of the shelf."""
    side = _side() or Side()
    shown = st.session_state[DRAFT]["shown"]
    with st.container(border=True, gap="xsmall", key="interleaving"):
        st.markdown(f":material/alt_route: **A** · as it is set  **B** · {plain(name(engine, side))}", help=HOW)
        try:
            standing = engine.interleaving.standing(mixed.pair)
            st.markdown(told(engine, standing))
            st.caption(plain(beside(engine, standing)))
        except FeedbackError as error:
            st.warning(plain(error.one_line()), icon=":material/report:")
        if shown:
            st.caption("Sides are shown: what is taken from this shelf now counts for none of them.")
        with st.container(horizontal=True, gap="small"):
            if not shown:
                st.button(
                    "Show sides", key="interleaving.show", icon=":material/visibility:", type="tertiary",
                    on_click=_show, help="Which ranking put each product here. What you take then does not count.",
                )  # fmt: skip
            st.button(
                "Next shelf", key="interleaving.next", icon=":material/casino:", type="tertiary", on_click=_next,
                help="The coins are thrown anew: another shelf, which counts on its own.",
            )  # fmt: skip
            st.button(
                "One ranking alone", key="interleaving.stop", icon=":material/close:", type="tertiary",
                on_click=state.choose, kwargs={INTERLEAVE: ""},
            )  # fmt: skip


def _show() -> None:
    state.act()
    st.session_state[DRAFT]["shown"] = True


def _next() -> None:
    state.act()
    st.session_state.pop(DRAFT, None)


def told(engine: Engine, standing: Standing) -> str:
    """The verdict, as Markdown."""
    now = standing.verdict
    if now.a + now.b == 0:
        return "Nothing is decided yet: like what you like, or put it into the basket."
    score = f"Shelves: **A {now.a} : B {now.b}**"
    if now.says == FURTHER:
        return f"{score} · **You may stop: {LETTERS[B if now.better == B else A]} is better.**"
    if now.says != NOT_YET:
        return f"{score} · **You may stop: they are level**, or as good as."
    left = plain(count(standing.more, "shelf", "shelves", shop=engine.shop)) if standing.more else ""
    more = f" About {left} more, if it goes on like this." if left else ""
    return f"{score} · **Not yet**: this may be luck.{more}"


def beside(engine: Engine, standing: Standing) -> str:
    """The figures behind the verdict, each with what it is."""
    now, shop = standing.verdict, engine.shop
    if now.a + now.b + standing.ties == 0:
        return "Counted are shelves, each for the side that more was taken from."
    ties = f", {count(standing.ties, 'shelf', 'shelves', shop=shop)} with as many of both" if standing.ties else ""
    taken = f"products taken: {standing.acts[A]} of A, {standing.acts[B]} of B"
    said = f"From {count(standing.people, 'person', 'people', shop=shop)}{ties}; {taken}."
    if now.a + now.b == 0:
        return said
    low, high = now.wilson
    return (
        f"{said} Each shelf counts once, for the side that more was taken from: B has {percent(now.share)} of the "
        f"{now.a + now.b} shelves that decided. That lies between {percent(now.low)} and {percent(now.high)}, however "
        f"often one looks (95 % interval, p {now.p:.3f}); for one look alone it would be {percent(low)} to "
        f"{percent(high)} (Wilson)."
    )
