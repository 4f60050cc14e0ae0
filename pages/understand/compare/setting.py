"""What is compared now: the sides of the link or of a saved comparison, and the requests that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import address_bar, state
from pages.shared.sides import asked, name, resting
from pages.shared.wording import plain
from pages.understand.compare.views import COMPARISON, SIDES
from recsys.engine.sides import AS_SET, FEWEST, OF, Side, read_side
from recsys.schema import NEW_SHOPPER, Request

if TYPE_CHECKING:
    from recsys.engine import Engine

LETTERS: Final = "ABCD"


@dataclass(frozen=True, slots=True)
class Setting:
    """The sides, what the screen asks beside them, and what could not be used."""

    base: Request
    sides: tuple[Side, ...]
    notes: tuple[str, ...]

    @property
    def requests(self) -> tuple[Request, ...]:
        """What each side asks."""
        return tuple(side.request(self.base) for side in self.sides)


def of_screen(engine: Engine) -> Setting:
    """What the choices of this session compare; the usual two sides where nothing is said."""
    return _setting(engine, state.current_request(), [state.choices()[name] for name in SIDES])


def of_address(engine: Engine, address: Mapping[str, str | list[str]]) -> tuple[Setting, dict[str, Any]]:
    """(what the query parameters of a saved comparison compare, the choices that they are)."""
    read, notes = address_bar.read_address(address_bar.in_lists(address), engine)
    found = _setting(engine, state.request_of(read), [read[name] for name in SIDES])
    return replace(found, notes=(*notes, *found.notes)), read


def _setting(engine: Engine, base: Request, texts: Sequence[str]) -> Setting:
    notes: list[str] = []
    sides = [_known(engine, letter, text, notes) for letter, text in zip(LETTERS, filter(None, texts), strict=False)]
    if len(sides) == 1:
        notes.append("The link names one side; a second one was put beside it.")
    for side in usual(base) if len(sides) < FEWEST else ():
        if len(sides) < FEWEST and side not in sides:
            sides.append(side)
    return Setting(base, tuple(sides), tuple(notes))


def _known(engine: Engine, letter: str, text: str, notes: list[str]) -> Side:
    """A side of the link; a shopper whom the shop does not know is the screen's instead, and that is said."""
    side, unused = read_side(text)
    notes += [f"Side {letter} of the link: {each}." for each in unused]
    if side.shopper and side.shopper != NEW_SHOPPER and side.shopper not in state.shopper_labels(engine):
        who = engine.shop.people.one
        notes.append(
            f"Side {letter} of the link is for {who} “{side.shopper[:40]}”, who is not here; as above instead."
        )
        return replace(side, shopper=None)
    return side


def usual(base: Request) -> tuple[Side, ...]:
    """Two sides that tell something at once: the screen as it is, and by score alone or spread out."""
    return (Side("by_score"), Side(AS_SET)) if base.reranking.on else (Side(AS_SET), Side("diverse"))


def write(sides: Sequence[Side]) -> None:
    """Callback: these are the sides from now on; one that is too long for a link is refused in words."""
    with state.trouble_said():
        texts = [side.text() for side in sides]
        state.choose(**dict(zip(SIDES, [*texts, *[""] * (len(SIDES) - len(texts))], strict=True)), **{COMPARISON: ""})


def named(engine: Engine, setting: Setting) -> list[str]:
    """The names of all sides, each behind its letter: "A · Spread out"."""
    return [f"{letter} · {name(engine, side)}" for letter, side in zip(LETTERS, setting.sides, strict=False)]


def idle_notes(engine: Engine, setting: Setting) -> list[str]:
    """One sentence per side whose preset has nothing to go by."""
    pairs = zip(LETTERS, setting.sides, setting.requests, strict=False)
    found = [(letter, side, resting(engine, side, asked(side, setting.base))) for letter, side, _ in pairs]
    return [
        f"Side {letter}: “{OF[side.preset].label}” has nothing to go by here: {why}."
        for letter, side, why in found
        if why
    ]


def said_notes(engine: Engine, setting: Setting) -> None:
    """What the link asked for and could not have, and which sides are at rest."""
    messages = [*address_bar.address_notes(), *setting.notes, *idle_notes(engine, setting)]
    if messages:
        st.info("  \n".join(plain(message) for message in dict.fromkeys(messages)), icon=":material/link_off:")
