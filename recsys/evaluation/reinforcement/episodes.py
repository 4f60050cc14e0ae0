"""Episodes: whole stories of people whom some policy makes pages for, what they brought and what can be learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.evaluation.reinforcement.world import Happened, Market, Sessions, World
from recsys.evaluation.truth import utility_captured
from recsys.learning.reinforcement.experience import LAST, Experience, joined
from recsys.learning.reinforcement.seeing import Seen, Watching
from recsys.schema import Floats, Rows

K: Final = 10  # products of a page
AT_ONCE: Final = 64  # people; more only fill memory
DISCOUNT: Final = 0.95  # of what a later page brings, in the figure that is reported
Doubles = npt.NDArray[np.float64]
Made = tuple[Rows, Floats]  # pages (b, k), and the log chances of their products (b, k)
Maker = Callable[[Seen], Made]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Of b episodes, each figure (b,)."""

    value: Doubles  # sum over pages of DISCOUNT ** page * what was done
    purchases: Doubles
    pages: Doubles
    visits: Doubles
    utility: Doubles  # mean over pages of the utility captured of what the visit had left to show


@dataclass(slots=True, eq=False)
class Story:
    """The first of the people, page by page, for the eye."""

    pages: list[dict[str, Any]]


def lived(
    market: Market, world: World, people: Rows, make: Maker, seed: int, turn: int = 0, *, judged: bool = False
) -> tuple[Told, Experience, Story]:
    """An episode for each of `people` (b,); `judged` looks at the truth for `Told.utility`, which is NaN without."""
    parts = [
        _some(market, world, people[start : start + AT_ONCE], make, seed, turn, judged=judged)
        for start in range(0, len(people), AT_ONCE)
    ]
    told = [part[0] for part in parts]
    names = Told.__dataclass_fields__
    whole = Told(**{name: np.concatenate([getattr(each, name) for each in told]) for name in names})
    return whole, joined([part[1] for part in parts]), parts[0][2]


def _some(
    market: Market, world: World, people: Rows, make: Maker, seed: int, turn: int, *, judged: bool
) -> tuple[Told, Experience, Story]:
    """The same for people who are all asked at once."""
    sessions, watching = Sessions(market, world, people, seed, turn), Watching(market.goods, len(people))
    b = len(people)
    told = Told(np.zeros(b), np.zeros(b), np.zeros(b), np.ones(b), np.zeros(b))
    lanes, pages, story = np.arange(b, dtype=np.int32), list[dict[str, Any]](), Story([])
    while len(lanes):
        seen = watching.see(lanes)
        slates, chances = make(seen)
        happened = sessions.show(lanes, slates)
        _count(told, lanes, happened, step=len(pages))
        if judged:
            told.utility[lanes] += _captured(market, people[lanes], slates, seen)
        if lanes[0] == 0:
            story.pages.append(_page(slates[0], happened))
        pages.append({"lanes": lanes, "seen": seen, "slates": slates, "chances": chances, "happened": happened})
        watching.take_in(lanes, slates, happened.strengths)
        watching.visit_over(lanes[happened.left])
        lanes = lanes[~happened.over]
    utility = told.utility / told.pages if judged else np.full(b, np.nan)
    return Told(told.value, told.purchases, told.pages, told.visits, utility), _experience(pages), story


def _count(told: Told, lanes: Rows, happened: Happened, step: int) -> None:
    told.value[lanes] += DISCOUNT**step * happened.strengths.sum(axis=1)
    told.purchases[lanes] += happened.bought
    told.pages[lanes] += 1
    told.visits[lanes] += happened.left & ~happened.over


def _captured(market: Market, people: Rows, slates: Rows, seen: Seen) -> Floats:
    """(m,) of each page, of what might have been shown in its place; 0 where nothing is worth anything."""
    left = np.where(seen.free, market.worth[people], 0.0).astype(np.float32)
    return np.nan_to_num(utility_captured(slates, left, slates.shape[1]))


def _page(slate: Rows, happened: Happened) -> dict[str, Any]:
    return {
        "items": slate.tolist(),
        "acts": [list(each) for each in happened.acts[0]],
        "tired": round(float(happened.tired[0]), 3),
        "left": bool(happened.left[0]),
        "over": bool(happened.over[0]),
    }


def _experience(pages: list[dict[str, Any]]) -> Experience:
    """All pages, in the order in which they were shown."""
    firsts = np.cumsum([0, *(len(page["lanes"]) for page in pages)])
    after = np.full(int(firsts[-1]), LAST, np.int64)
    for number, (page, following) in enumerate(pairwise(pages)):
        places = {int(lane): int(firsts[number + 1]) + place for place, lane in enumerate(following["lanes"])}
        after[firsts[number] : firsts[number + 1]] = [places.get(int(lane), LAST) for lane in page["lanes"]]
    return Experience(
        np.concatenate([page["seen"].features for page in pages]).astype(np.float16),
        np.concatenate([page["seen"].state for page in pages]),
        np.concatenate([page["seen"].free for page in pages]),
        np.concatenate([page["slates"] for page in pages]),
        np.concatenate([page["happened"].strengths for page in pages]),
        np.concatenate([page["chances"] for page in pages]).astype(np.float32),
        after,
    )
