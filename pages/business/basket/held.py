"""The basket as it stands in the address, and what is done with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

import streamlit as st

from pages.business.basket.views import HELD, INSTEAD, MOST_HELD, REACH, WORDS
from pages.shared import state
from recsys.engine.basket import MOST_PIECES

if TYPE_CHECKING:
    from recsys.engine import Engine

Held = list[tuple[str, int]]  # (id, pieces)
ENTRY: Final = re.compile(r"([^*,]+)(?:\*([0-9]{1,6}))?")


def held() -> tuple[Held, list[str]]:
    """(the basket, what of the link could not be read, in words)."""
    text = str(state.choices()[HELD])
    entries = [each for each in text[:MOST_HELD].split(",") if each]
    notes = []
    if len(text) > MOST_HELD:  # it may end within an id
        entries = entries[:-1]
        notes.append(
            f"A link holds {MOST_HELD:,} characters of a basket: what came after {len(entries):,} products is left out."
        )
    found, odd = Held(), 0
    for entry in entries:
        match = ENTRY.fullmatch(entry)
        pieces = int(match.group(2) or 1) if match else 0
        if match is None or not 1 <= pieces <= MOST_PIECES:
            odd += 1
            continue
        found.append((unquote(match.group(1)), pieces))
    if odd:
        notes.append(
            f"{odd} of the basket's entries in the link could not be read and {'is' if odd == 1 else 'are'} left out; "
            f"one is an id, or an id and “*2”, from 1 to {MOST_PIECES} pieces."
        )
    return found, notes


def written(basket: Sequence[tuple[str, int]]) -> str:
    """The basket as text of the address."""
    return ",".join(quote(item, safe="") + (f"*{pieces}" if pieces > 1 else "") for item, pieces in basket)


def add(*items: str) -> None:
    """Callback: one piece more of each of these."""
    basket, _ = held()
    pieces: dict[str, int] = {}
    for item, some in [*basket, *((item, 1) for item in items)]:
        pieces[item] = min(pieces.get(item, 0) + some, MOST_PIECES)
    state.choose(**{HELD: written(list(pieces.items())), WORDS: ""})


def put(item: str, key: str) -> None:
    """Callback: so many pieces of this as the field says; 0 takes it out."""
    pieces = int(st.session_state[key] or 0)
    basket, _ = held()
    kept = list(dict.fromkeys(each for each, _ in basket))
    now = dict(reversed(basket)) | {item: pieces}
    state.choose(**{HELD: written([(each, now[each]) for each in kept if now[each] > 0])})


def out(item: str) -> None:
    """Callback: none of this."""
    basket, _ = held()
    state.choose(**{HELD: written([(each, pieces) for each, pieces in basket if each != item]), INSTEAD: ""})


def swap(item: str, other: str) -> None:
    """Callback: another product in the place of one."""
    basket, _ = held()
    state.choose(**{HELD: written([(other if each == item else each, pieces) for each, pieces in basket]), INSTEAD: ""})


def show_instead(item: str) -> None:
    """Callback: show what could stand in for a product, or no longer."""
    state.choose(**{INSTEAD: "" if state.choices()[INSTEAD] == item else item})


def start_from(items: Sequence[str]) -> None:
    """Callback: a basket of one piece of each of these."""
    state.choose(**{HELD: written([(item, 1) for item in items])})


def empty() -> None:
    """Callback: nothing is in the basket."""
    state.choose(**{HELD: "", REACH: "", INSTEAD: "", WORDS: ""})


def titled(engine: Engine, row: int) -> str:
    """A product's title."""
    return str(engine.catalogue.titles[row])
