"""What learning is worth: one question at a time, each with its figures and how sure they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from pages.shared import controls, state
from pages.understand.live_learning import from_logs, measured, planning, reinforcement, replayed
from pages.understand.live_learning.views import SAID, WORTH

if TYPE_CHECKING:
    from recsys.engine import Engine


class Section(NamedTuple):
    """A question, and what draws its answer."""

    label: str
    draw: Callable[[Engine], None]


SHELF: Final = "See it learn"
# by the names that `views.VIEWS` allows in the address bar, in the order in which they are offered
SECTIONS: Final[dict[str, Section]] = {
    "pays": Section(SAID[WORTH]["pays"], measured.section),
    "ahead": Section(SAID[WORTH]["ahead"], reinforcement.section),
    "replay": Section(SAID[WORTH]["replay"], replayed.section),
    "logs": Section(SAID[WORTH]["logs"], from_logs.section),
    "plan": Section(SAID[WORTH]["plan"], planning.section),
}


def switch() -> None:
    """The shelf that learns, or one of the questions: first on the page, so that a link opens at its question."""
    labels = {"": SHELF, **{name: each.label for name, each in SECTIONS.items()}}
    controls.one_of(WORTH, "Learning", labels, label_visibility="collapsed")


def asked() -> Section | None:
    """The question that was chosen; None for the shelf."""
    return SECTIONS.get(state.choices()[WORTH])


def in_short(engine: Engine) -> None:
    """Whether learning pays, below the shelf: the sentence and its figures, without how they came about."""
    measured.in_short(engine)
