"""Blind mode: the shelves without their names in a random order, a vote, and what all votes say."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import owner, pictures, state
from pages.shared.drawing import draw, emphasis
from pages.shared.finding import finding, percent
from pages.shared.significance import luck
from pages.shared.wording import count, cut, money, plain
from pages.understand.compare.setting import LETTERS, Setting, named
from pages.understand.compare.views import BLIND
from recsys.engine.comparing import NO_DIFFERENCE, Ballot, Compared, comparison_key, request_key
from recsys.errors import FeedbackError
from recsys.evaluation.preference import preferred
from recsys.schema import NEW_SHOPPER
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.schema import Answer

BALLOTS: Final = "compare.ballots"  # of this session, by what was seen: seed, id, choice, whether names were shown
SEEDS: Final = 2**31
CARD_WIDTH: Final = 104  # pixels
TITLE_LENGTH: Final = 36
HOW: Final = (
    "Every ballot counts once, in the share of those who decided; who saw no difference is counted apart. The interval "
    "is Wilson's at 95 %, the test an exact binomial one against equal chances. Both take votes to be independent: "
    "several of one person are not."
)


@dataclass(frozen=True, slots=True)
class Result:
    """All votes about these very shelves."""

    for_side: tuple[int, ...]  # in the order of the sides
    no_difference: int
    browsers: int
    otherwise: int  # votes about the same settings when they showed something else


def switch(*, hidden: bool) -> None:
    """The switch between names and no names."""
    key = "compare.blind"
    st.session_state[key] = hidden
    st.toggle(
        "Blind", key=key, on_change=_switch, args=(key,),
        help="Hide names and settings, show the shelves in a random order, and vote for the better one.",
    )  # fmt: skip


def _switch(key: str) -> None:
    state.choose(**{BLIND: "yes" if st.session_state[key] else ""})


def ballot(engine: Engine, now: Setting, found: Compared) -> None:
    """The shelves without names, the vote, and, once it is given or asked for, names and result."""
    keys = [request_key(request) for request in now.requests]
    if len(set(keys)) < len(keys):
        st.info("Two sides ask for the very same thing: change one of them before voting.", icon=":material/info:")
        return
    if not all(side.answer.items for side in found.sides):
        st.info("A side shows nothing, so there is nothing to vote on.", icon=":material/info:")
        return
    mine = _ballot(found.shelves)
    order = shuffled(len(keys), mine["seed"])
    shown_names = mine["choice"] is not None or mine["shown"]
    names = named(engine, now)
    finding(plain(_question(engine, now)))
    _vote_buttons(engine, now, found, mine, order)
    if shown_names:
        _revealed(engine, now, found, mine, order)
    columns = st.columns(len(order), gap="medium")
    for place, (column, side) in enumerate(zip(columns, order, strict=True)):
        with column, st.container(border=True):
            behind = f" :small[:gray[is {plain(names[side])}]]" if shown_names else ""
            st.markdown(f"##### Shelf {place + 1}{behind}")
            _cards(engine, found.sides[side].answer, place)


def _question(engine: Engine, now: Setting) -> str:
    """What the reviewer is to judge, without saying which shelf is which."""
    queries = {request.query.strip() for request in now.requests}
    shoppers = {request.shopper for request in now.requests}
    asked = next(iter(queries)) if len(queries) == 1 else ""
    what = f" for “{cut(asked, 60)}”" if asked else ""
    who = next(iter(shoppers)) if len(shoppers) == 1 else None
    whom = "" if who is None else f" for {engine.shop.people.one} {who}" if who != NEW_SHOPPER else " for a new shopper"
    return f"Which shelf is better{what}{whom}?"


def shuffled(sides: int, seed: int) -> tuple[int, ...]:
    """The sides in the order in which a ballot shows them: the same for the same seed."""
    order = list(range(sides))
    random.Random(seed).shuffle(order)
    return tuple(order)


def _ballot(shelves: str) -> dict[str, Any]:
    """The ballot of this session about these shelves, a new one where there is none."""
    ballots: dict[str, dict[str, Any]] = st.session_state.setdefault(BALLOTS, {})
    return ballots.setdefault(shelves, _fresh())


def _fresh() -> dict[str, Any]:
    return {"seed": secrets.randbelow(SEEDS), "id": secrets.token_hex(8), "choice": None, "shown": False}


def _vote_buttons(engine: Engine, now: Setting, found: Compared, mine: dict[str, Any], order: tuple[int, ...]) -> None:
    keys = [request_key(now.requests[side]) for side in order]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="compare.votes"):
        if mine["choice"] is None and not mine["shown"]:
            for place, key in enumerate(keys):
                st.button(
                    f"Shelf {place + 1}", key=f"compare.vote.{place}", icon=":material/thumb_up:", type=emphasis(),
                    on_click=_vote, args=(engine, now, found.shelves, keys, key),
                )  # fmt: skip
            st.button(
                "No difference", key="compare.vote.none", icon=":material/drag_handle:",
                on_click=_vote, args=(engine, now, found.shelves, keys, NO_DIFFERENCE),
            )  # fmt: skip
            st.button(
                "Show the names", key="compare.reveal", type="tertiary", on_click=_reveal, args=(found.shelves,),
                help="Names and votes so far, without voting: a vote after that would no longer be blind.",
            )  # fmt: skip
            return
        st.button(
            "Next ballot", key="compare.next", icon=":material/how_to_vote:", type=emphasis(), on_click=_next,
            args=(found.shelves,), help="For the next reviewer: names hidden, in a new random order",
        )  # fmt: skip
        if mine["choice"] is not None:
            st.button(
            "Take my vote back", key="compare.take_back", icon=":material/undo:", on_click=_take_back,
                args=(engine, found.shelves),
            )  # fmt: skip


def _vote(engine: Engine, now: Setting, shelves: str, keys: list[str], choice: str) -> None:
    """Callback: keep the vote at once."""
    state.act()
    mine = _ballot(shelves)
    with state.trouble_said():
        voter = engine.feedback.person(None, owner.browser())
        given = Ballot(
            mine["id"], comparison_key(now.requests), shelves, tuple(keys), mine["seed"], choice, voter
        )  # fmt: skip
        engine.comparisons.vote(given)
        mine["choice"] = choice


def _reveal(shelves: str) -> None:
    state.act()
    _ballot(shelves)["shown"] = True


def _next(shelves: str) -> None:
    state.act()
    st.session_state[BALLOTS][shelves] = _fresh()


def _take_back(engine: Engine, shelves: str) -> None:
    state.act()
    mine = _ballot(shelves)
    with state.trouble_said():
        engine.comparisons.take_back(mine["id"])
        mine.update(choice=None, shown=True)


def _revealed(engine: Engine, now: Setting, found: Compared, mine: dict[str, Any], order: tuple[int, ...]) -> None:
    names = named(engine, now)
    if mine["choice"] is not None:
        keys = [request_key(now.requests[side]) for side in order]
        chose = "You saw no difference."
        if mine["choice"] in keys:
            place = keys.index(mine["choice"])
            chose = f"You chose shelf {place + 1}: {names[order[place]]}."
        st.markdown(f":material/how_to_vote: {plain(chose)}")
    votes_so_far(engine, now, found)


def _cards(engine: Engine, answer: Answer, place: int) -> None:
    """The products with pictures and prices, in order; neither scores nor reasons, which would tell the settings."""
    with st.grid(4, min_column_width=CARD_WIDTH, gap=("medium", "xsmall")):
        for item, picture in zip(answer.items, pictures.of_shelf(engine, answer), strict=True):
            with st.container(gap="xsmall", key=f"compare.card.{place}.{item.rank}"):
                st.markdown(picture)
                st.markdown(f":small[:gray-badge[{item.rank}] **{plain(cut(item.title, TITLE_LENGTH))}**]")
                if engine.capabilities.has(Capability.PRICES):
                    st.caption(plain(money(item.price, engine.shop)))


def result(engine: Engine, now: Setting, found: Compared) -> Result:
    """What was voted about these very shelves. Raises FeedbackError when it cannot be read."""
    votes = engine.comparisons.votes(comparison_key(now.requests))
    here = [vote for vote in votes if vote.shelves == found.shelves]
    keys = [request_key(request) for request in now.requests]
    return Result(
        tuple(sum(vote.choice == key for vote in here) for key in keys),
        sum(vote.choice == NO_DIFFERENCE for vote in here),
        len({vote.voter for vote in here}),
        len(votes) - len(here),
    )


def votes_so_far(engine: Engine, now: Setting, found: Compared) -> None:
    """What all votes about these shelves say, with intervals; how to get some where there are none."""
    keys = [request_key(request) for request in now.requests]
    if len(set(keys)) < len(keys):
        return
    st.markdown("#### Votes", help=HOW)
    try:
        votes = result(engine, now, found)
    except FeedbackError as error:
        st.warning(plain(error.one_line()), icon=":material/report:")
        return
    if not sum(votes.for_side) + votes.no_difference:
        st.caption("Nobody has voted about these shelves yet: switch on Blind above to do so.")
    else:
        st.markdown(plain(told(engine, now, votes)))
        _drawn(engine, now, votes)
    if votes.otherwise:
        earlier = count(votes.otherwise, "earlier vote", shop=engine.shop)
        st.caption(f"{earlier} about these settings not counted: they showed other products then.")


def _drawn(engine: Engine, now: Setting, votes: Result) -> None:
    from recsys.plots.compare import votes as drawn

    if not sum(votes.for_side):
        return
    found = preferred(dict(zip(LETTERS, votes.for_side, strict=False)))
    shares = [
        (name, each.share, each.low, each.high) for name, each in zip(named(engine, now), found.values(), strict=True)
    ]
    alt = "; ".join(f"{name} {percent(share)}" for name, share, _, _ in shares)
    draw(drawn(shares, 1 / len(shares)), "compare.votes.chart", f"Dots with intervals: {alt}.")


def told(engine: Engine, now: Setting, votes: Result) -> str:
    """The votes in a few sentences: who leads, with which interval, and whether it may be luck."""
    from_ = count(votes.browsers, "browser", shop=engine.shop)
    all_of_them = count(sum(votes.for_side) + votes.no_difference, "vote", shop=engine.shop)
    if not sum(votes.for_side):
        return f"{all_of_them} from {from_}: nobody saw a difference."
    found = preferred(dict(zip(LETTERS, votes.for_side, strict=False)))
    most = max(votes.for_side)
    first = [letter for letter, each in found.items() if each.votes == most]
    none = f" {votes.no_difference} saw no difference and are not among them." if votes.no_difference else ""
    if len(first) > 1:
        return f"{all_of_them} from {from_}: {' and '.join(first)} lead with {most} each.{none}"
    best, name = found[first[0]], dict(zip(LETTERS, named(engine, now), strict=False))[first[0]]
    return (
        f"{all_of_them} from {from_}: of {best.decided} who decided, {best.votes} prefer {name} "
        f"({percent(best.share)}, 95 % interval {percent(best.low)} to {percent(best.high)}): {luck(best.p)} against "
        f"equal chances.{none}"
    )
