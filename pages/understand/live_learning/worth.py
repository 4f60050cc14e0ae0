"""What learning is worth: one question at a time, each with its figures and how sure they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from pages.shared import controls, state
from pages.understand.live_learning import from_logs, measured, planning, reinforcement, replayed
from pages.understand.live_learning.views import WORTH

if TYPE_CHECKING:
    from recsys.engine import Engine


class Section(NamedTuple):
    """A question, and what draws its answer."""

    label: str
    draw: Callable[[Engine], None]


# by the names that `views.VIEWS` allows in the address bar, in the order in which they are offered
SECTIONS: Final[dict[str, Section]] = {
    "pays": Section("Does learning pay?", measured.section),
    "ahead": Section("Does planning ahead pay?", reinforcement.section),
    "replay": Section("The last month once more", replayed.section),
    "logs": Section("Another order, from logs", from_logs.section),
    "plan": Section("Plan a test", planning.section),
}


def section(engine: Engine) -> None:
    """The switch between the questions, and the one that was chosen."""
    controls.one_of(WORTH, "What it is worth", {name: each.label for name, each in SECTIONS.items()})
    chosen = SECTIONS[state.choices()[WORTH]]
    chosen.draw(engine)
