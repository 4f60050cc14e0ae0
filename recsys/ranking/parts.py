"""The parts of a score, in the order in which they are shown.

To add a way of finding products, write it and its `Part` in a file of `recsys/retrieval/` and list it in `PARTS`: the
engine makes it, the shelf asks it, the scorer weighs it, and reasons, charts and pages name it from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from recsys.retrieval.crosslingual import LANGUAGES
from recsys.retrieval.dense import MEANING, TASTE, inside
from recsys.retrieval.lexical import WORDS
from recsys.retrieval.looks import LOOKS, SHOWN
from recsys.retrieval.part import Grounds, Part
from recsys.retrieval.popularity import POPULAR
from recsys.retrieval.product_type import KIND
from recsys.retrieval.repeat import REPEAT
from recsys.retrieval.wished import WISHED


@dataclass(frozen=True)
class PartRegistry:
    """Parts by name, in the order in which they are asked and shown. Never changes."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        names = [part.name for part in self.parts]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"parts named {', '.join(twice)} are listed twice; each part needs a name of its own")

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __contains__(self, name: object) -> bool:
        return any(part.name == name for part in self.parts)

    def __getitem__(self, name: str) -> Part:
        """The part of that name. Raises KeyError naming those there are."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"there is no part {name!r}; known are {', '.join(self.labels)}")

    def adding(self, *more: Part) -> PartRegistry:
        """These parts and more, last. Raises ValueError for a name that is taken."""
        return PartRegistry((*self.parts, *more)) if more else self

    @property
    def labels(self) -> dict[str, str]:
        """What each part is called in charts and tables, name -> label, in order."""
        return {part.name: part.label for part in self.parts}

    @property
    def colours(self) -> dict[str, str]:
        """The colour of each part, name -> "#2F7FD1", in order."""
        return {part.name: part.colour for part in self.parts}


# What only the learned order says; `learned_order.PART_OF` tells which of its features count to which part.


OWN_RHYTHM: Final = 2  # purchases, from which on somebody has a rhythm of their own with a product


def _due_spoken(grounds: Grounds) -> str:
    if grounds.taken_before:
        once = f"it fits how long ago you {grounds.voice.bought} it"
        return "" if not grounds.voice.dated else once if grounds.fact("times") < OWN_RHYTHM else "due again"
    return f"it fits when you last {grounds.voice.bought} its kind" if _knows_kind(grounds) else ""


def _due_phrase(grounds: Grounds) -> str:
    if grounds.taken_before:
        once = f"fits how long ago it was {grounds.voice.bought}"
        return "" if not grounds.voice.dated else once if grounds.fact("times") < OWN_RHYTHM else "about due again"
    return f"fits when its kind was last {grounds.voice.bought}" if _knows_kind(grounds) else ""


def _knows_kind(grounds: Grounds) -> bool:
    return grounds.voice.dated and grounds.fact("kind_times") > 0


DUE: Final = Part("due", "Own rhythm", "#5F9A22", _due_phrase, _due_spoken)
OTHERS: Final = Part(
    "others",
    "Shoppers like them",
    "#2AA7C0",
    lambda grounds: f"{grounds.voice.bought} by {grounds.voice.people.many} like this one",
    lambda grounds: f"{grounds.voice.people.many} like you {grounds.voice.buy} it",
)
TOGETHER: Final = Part(
    "together",
    "Goes with what they buy",
    "#8A6BD1",
    lambda grounds: f"goes with what they {grounds.voice.buy}",
    lambda grounds: f"goes with what you {grounds.voice.buy}",
)
PRICE: Final = Part(
    "price", "Price", "#A68A12", lambda grounds: "in their range of prices", lambda grounds: "about what you pay"
)
SHORTLIST: Final = Part("shortlist", "On the shortlist", "#A58D7F")


def _feedback_phrase(grounds: Grounds) -> str:
    if grounds.names.get("own"):
        return "you picked it"
    picked = grounds.names.get("feedback", "")
    return f"close to what you picked: {inside(picked)}" if picked else "moved by your feedback"


FEEDBACK: Final = Part(
    "feedback",
    "Your feedback",
    "#D4571A",
    _feedback_phrase,
    _feedback_phrase,
    stage="Feedback (near what was picked)",
    pool=TASTE.pool,
    from_last_found=True,
)
"""What feedback changes, taken from all the other parts; its candidates are those of the taste for what was picked."""


def _taught_phrase(grounds: Grounds) -> str:
    because = grounds.names.get("taught", "")
    return f"learned {because}" if because else "learned from what you pressed"


TAUGHT: Final = Part(
    "taught",
    "Learned as you press",
    "#C2378F",
    _taught_phrase,
    lambda grounds: grounds.names.get("taught", "") or "learned from what you pressed",
    stage="Learned (near what was learned)",
    pool=TASTE.pool,
)
"""What an overlay adds that learns from each press, instead of `FEEDBACK`; it may speak against a product."""

PARTS: Final = PartRegistry(
    (
        WORDS,
        MEANING,
        LANGUAGES,
        LOOKS,
        SHOWN,
        KIND,
        WISHED,
        REPEAT,
        DUE,
        OTHERS,
        TOGETHER,
        TASTE,
        POPULAR,
        PRICE,
        SHORTLIST,
        FEEDBACK,
        TAUGHT,
    )
)
