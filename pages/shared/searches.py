"""What was searched for: kept once it is clear that it was meant, and offered again while the field is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import feedback, state
from pages.shared.pickers import asking
from pages.shared.wording import count, cut, plain
from recsys.errors import BadRequestError, FeedbackError
from recsys.schema import Request

if TYPE_CHECKING:
    from recsys.engine import Engine

OF_NOBODY: Final = "searches.of_nobody"  # what was searched for in this session while nobody was chosen
SHOWN: Final = 5
LENGTH: Final = 40  # characters of a past search on its button


def follow(engine: Engine) -> None:
    """Keep a search when it is clear that it was meant; to be called once per drawing of the query field.

    That is when a button asked it, when something is done with what it found, when another takes its place, or, as
    the engine sees to, when it has stood for a while. One that is typed further is not finished; one that a link
    brought is nobody's.
    """
    request = state.current_request()
    now: dict[str, Any] = {"shopper": request.shopper, "visitor": request.visitor, "q": request.query.strip()}
    asked = st.session_state.get(state.ASKED, state.LINKED)
    before: dict[str, Any] | None = st.session_state.get(state.FOLLOWED)
    here = before is not None and all(before[name] == value for name, value in now.items())
    if before is not None and not before["kept"] and (asked == state.MEANT if here else _over(before["q"], now["q"])):
        _keep(engine, before)
        before["kept"] = True
    if before is None or not here:
        nothing = not now["q"] or asked == state.LINKED or _of_another(before, now)
        before = {**now, "kept": nothing or asked == state.MEANT}
        if not nothing:
            _keep(engine, before, settled=asked == state.MEANT)
    st.session_state[state.FOLLOWED] = before


def _of_another(before: dict[str, Any] | None, now: dict[str, Any]) -> bool:
    """Whether the same query stands for somebody else now: looking at it as somebody else is no search of theirs.

    Somebody who was nobody and is told apart from then on is the same person.
    """
    if before is None or before["q"] != now["q"]:
        return False
    return bool(before["shopper"] != now["shopper"] or before["visitor"])


def _over(before: str, now: str) -> bool:
    """Whether a query is finished with another: not when the one is typed further, or taken back in part."""
    return not now or not (now.startswith(before) or before.startswith(now))


def _keep(engine: Engine, search: dict[str, Any], *, settled: bool = True) -> None:
    if search["shopper"] is None and not search["visitor"]:
        if settled:
            others = [query for query in st.session_state.get(OF_NOBODY, []) if query != search["q"]]
            st.session_state[OF_NOBODY] = [search["q"], *others][:SHOWN]
        return
    try:
        engine.searched(Request(search["shopper"], search["q"], visitor=search["visitor"]), settled=settled)
    except FeedbackError as error:
        feedback.remember_trouble(error)
    except BadRequestError:
        pass  # what cannot be kept is still answered


def again(engine: Engine) -> list[str]:
    """The person's latest searches, each asked again with one press, and a way to have them forgotten.

    Returns the queries that are shown.
    """
    found = _recent(engine)
    if not found:
        return []
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for place, (query, times) in enumerate(found):
            often = f"You searched for it {count(times, 'time', shop=engine.shop)}: search" if times else "Search"
            shown = f":material/history: {plain(cut(query, LENGTH))}"
            asking(shown, query, key=f"recent.{place}", help=f"{often} for it again")
        if any(times for _, times in found):
            feedback.forgetting(engine, "Forget", "forget.searches")
    return [query for query, _ in found]


def _recent(engine: Engine) -> list[tuple[str, int]]:
    """(query, how often it was asked), the latest first; 0 times for those that are only kept in this session."""
    request = state.current_request()
    if request.shopper is None and not request.visitor:
        return [(query, 0) for query in st.session_state.get(OF_NOBODY, [])]
    try:
        return [(past.query, past.times) for past in engine.recent_searches(request, SHOWN)]
    except FeedbackError as error:
        feedback.remember_trouble(error)
        return []
