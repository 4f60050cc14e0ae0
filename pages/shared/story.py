"""A story of five minutes in a few stops, for a room: each is a link with one sentence to say.

Arrow keys go on and back, in larger type; leaving takes back the likes that the story gave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import streamlit as st

from pages.shared import address_bar, feedback, people, state
from pages.shared.drawing import emphasis
from pages.shared.views import MODE, SHOP, STORY
from pages.shared.wording import heard, plain
from recsys.errors import ShelfLensError
from recsys.schema import Request

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer

SHELF, MAP, WHO_WINS = "", "embedding_map", "leaderboard"
FILES: Final = {  # of each page by its name in the address
    SHELF: "pages/shop/storefront/page.py",
    MAP: "pages/understand/embedding_map/page.py",
    WHO_WINS: "pages/lab/leaderboard/page.py",
}
TURNED: Final = "story.turned"  # a button turned to another stop, which may be on another page
WIDTHS: Final = (64, 36)  # of the sentence and of the buttons
TOLD: Final = "\u00b7 told in the story \u00b7"  # stands where a like keeps what was searched for: any visit finds it
BY_MEANING: Final = "found by what it means: no product here has a word of it"
LIKES: Final = (2, 4)  # places on the shelf that are liked: not the first, so that something moves


class Stop(NamedTuple):
    """One stop: its page by the name in the address, what is chosen, what to say, whether two products are liked."""

    page: str
    chosen: dict[str, Any]
    say: str
    likes: bool = False


def stops(engine: Engine) -> list[Stop]:
    """The stops of this shop; those for which it lacks people, maps or words are left out."""
    shop = engine.shop
    offered = people.offered(engine)
    known = [tile for tile in offered if tile.shopper]
    somebody = next((tile for tile in known if tile.kind.lower() == shop.examples.person), known[0] if known else None)
    who = somebody.shopper if somebody else None
    asked, finds = _query(engine.settings.model_dump_json(), who, engine)
    every = shop.number(len(engine.items))
    told = [Stop(SHELF, {"q": "", "shopper": None}, f"Nobody has asked yet: the favourites among {every} products.")]

    def tell(page: str, query: str, say: str, *, likes: bool = False) -> None:
        told.append(Stop(page, {"q": query, "shopper": who}, say, likes))

    if somebody:
        tell(SHELF, "", f"{somebody.kind}, fond of {somebody.fond_of}: the same shop, another shelf, and it says why.")
    if asked:
        tell(SHELF, asked, f"“{asked}”: {finds}.")
        tell(SHELF, asked, "Two likes, and the shelf has learned: see what came and what went.", likes=True)
        if engine.maps():
            tell(MAP, asked, f"All {every} products by what they mean: what was asked lies among what it brings.")
    if shop.examples.foreign:
        tell(SHELF, shop.examples.foreign, f"“{shop.examples.foreign}”: another language, the same shelves.")
    told.append(Stop(WHO_WINS, {}, "Who wins, measured on what was really bought next, simple rules included."))
    return told


@st.cache_resource(show_spinner=False, max_entries=3)
def _query(settings: str, who: str | None, _engine: Engine) -> tuple[str, str]:
    """The query that is told, and what the shelf shows of how it was found: the first that is found by meaning alone.

    A shop without such an example tells its first one, as that is found; ("", "") where there is none.
    """
    told = [(query, _found(_engine.answer(Request(who, query)))) for query in _engine.shop.examples.queries]
    return next((each for each in told if each[1] == BY_MEANING), told[0] if told else ("", ""))


def _found(answer: Answer) -> str:
    """How what is on the shelf was found, as the page itself says it."""
    read = answer.understood
    if read is not None and read.swaps:
        typed, meant = read.swaps[0]
        return f"what is called “{typed}” is {meant} here, and that is searched for"
    if any(item.marks or item.facts.get("bm25") for item in answer.items):
        return "found by its words and by what it means"
    return BY_MEANING


def begin_button() -> None:
    """Start the story from its first stop."""
    st.button(
        heard("Tell the story"),
        key="story.begin",
        icon=":material/slideshow:",
        on_click=_go,
        args=(1,),
        help="Tell the story: a few stops in five minutes, a sentence to say at each; arrow keys go on and back",
    )


def turn(engine: Engine, page: str) -> None:
    """Open the page of a stop that was just turned to, before its address is written: Back finds each stop there."""
    if not st.session_state.pop(TURNED, False) or not _at():
        return
    there = stops(engine)[_at() - 1].page
    if there != page:
        st.switch_page(FILES[there], query_params=address_bar.about_to_open(there))


def last_stop_here(engine: Engine, page: str, read: dict[str, Any]) -> bool:
    """Make what was read from an address mean the last stop on this page, where its own one is on another.

    Turning to another page leaves such an address behind, and Back finds it. Whether it was changed.
    """
    at = int(read[STORY] or 0)
    told = stops(engine)[:at] if at else []
    if len(told) < at or not at or told[-1].page == page:
        return False
    found = [number for number, stop in enumerate(told, 1) if stop.page == page]
    if found:
        read.update({STORY: str(found[-1])} | told[found[-1] - 1].chosen)
    return bool(found)


def bar(engine: Engine, page: str) -> None:
    """The sentence of the stop that is chosen, with ways on, back and out."""
    at = _at()
    if not at:
        return
    told = stops(engine)
    if at > len(told):
        state.choose(**{STORY: ""})
        return
    stop = told[at - 1]
    here = stop.page == page  # else somebody has gone to another page, and the story waits
    with st.container(border=True, key="story"):
        sentence, ways = st.columns(WIDTHS, vertical_alignment="center")  # on a phone one below the other
        say = plain(stop.say) if here else "The story waits here; *On* goes back to it."
        sentence.markdown(f"### :gray[{at} of {len(told)}] {say}")
    with ways, st.container(horizontal=True, gap="xsmall", horizontal_alignment="right"):
        _button("back", ":material/arrow_back:", "Back", "Left", at - 1, at == 1)
        _button("on", ":material/arrow_forward:", "On", "Right", at + here, here and at == len(told))
        _button("again", ":material/restart_alt:", heard("From the start"), "Home", 1, False)
        _button("end", ":material/close:", heard("End the story"), "End", 0, False)


def _button(name: str, icon: str, label: str, shortcut: str, to: int, off: bool) -> None:
    st.button(
        label,
        key=f"story.{name}",
        icon=icon,
        shortcut=shortcut,
        type=emphasis() if name == "on" else "secondary",
        disabled=off,
        on_click=_go,
        args=(to,),
    )


def _at() -> int:
    return int(state.choices()[STORY] or 0)


def _go(to: int) -> None:
    """Callback: turn to a stop, 0 to leave. Likes are given on arrival and taken back when the story begins or ends."""
    engine = state.get_engine()
    told = stops(engine)
    if to <= 1 or not told[to - 1].likes:
        _take_back(engine)
    if not to:
        state.choose(**{STORY: "", "q": "", "shopper": None})
        return
    stop = told[to - 1]
    state.choose(
        **{
            STORY: str(to),
            MODE: SHOP,
            "verbatim": False,
            "language": "",
            "departments": [],
            "categories": [],
            "sizes": [],
        }
        | stop.chosen
    )
    state.told()
    st.session_state[TURNED] = True
    if stop.likes:
        _like(engine)


def _like(engine: Engine) -> None:
    """Like two products of the shelf of now; what an earlier telling left behind is taken back first."""
    if state.choices()["shopper"] is None:
        state.ensure_visitor()
    request = state.current_request()
    _forget(engine, request)
    try:
        items = engine.answer(request).items
        for place in LIKES:
            if place < len(items):
                engine.record(replace(request, query=TOLD), items[place].item_id, "like")
    except ShelfLensError as error:
        feedback.remember_trouble(error)


def _take_back(engine: Engine) -> None:
    """Take back what the story liked, whoever told it: a telling may have ended with its window."""
    shoppers = {stop.chosen.get("shopper") for stop in stops(engine)}
    visitor = state.current_request().visitor
    for shopper in shoppers if visitor else shoppers - {None}:
        _forget(engine, Request(shopper=shopper, visitor=visitor))


def _forget(engine: Engine, request: Request) -> None:
    try:
        for event in engine.feedback_of(request):
            if event.query == TOLD:
                engine.undo(request, event.item_id, event.kind)
    except ShelfLensError as error:
        feedback.remember_trouble(error)
