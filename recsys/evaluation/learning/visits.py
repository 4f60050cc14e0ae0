"""People whom nobody knows look at pages; a learner sees what they do, and the truth says what that brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.evaluation.full_ranking import best_of_each
from recsys.evaluation.truth import utility_captured
from recsys.learning.learners import Learner, Page
from recsys.schema import Floats, Rows
from recsys.shops.contract import Crowd

PLACES: Final = 20  # products on a page
PAGES: Final = 3  # of a visit, in which nothing is shown twice
K: Final = 10  # of the list that is judged
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Newcomers:
    """People of whom nothing was known to whatever ranks for them."""

    crowd: Crowd
    rows: Rows  # (p,) of the crowd
    worth: Floats  # (p, n_items) what each product is truly worth to each


@dataclass(slots=True, eq=False)
class Course:
    """How a learner did, on the way."""

    utility: dict[int, Doubles] = field(default_factory=dict)  # interactions of all by then -> (p,) utility@10
    regret: dict[int, float] = field(default_factory=dict)  # the same -> mean regret of the pages since the last
    after: dict[int, Doubles] = field(default_factory=dict)  # interactions of one -> (p,) utility@10 after so many
    fresh: dict[int, Doubles] = field(default_factory=dict)  # the same of the products that nothing was done with yet
    pages: int = 0
    interactions: int = 0


def watched(learner: Learner, people: Newcomers, marks: Mapping[str, tuple[int, ...]], most: int, seed: int) -> Course:
    """Each in turn looks at a page, until `most` interactions are done; what they do is the same for a page and seed.

    `marks["all"]` are numbers of interactions of all people after which all of them are judged, `marks["each"]` of one
    person's own. A page holds the best of what the visit has not shown yet. Its regret is 1 less the utility captured
    (`evaluation.truth`) of what was left to show. A person who never comes to a number of their own is judged at the
    end.
    """
    course, p = Course(), len(people.rows)
    generators = [np.random.default_rng([seed, int(row)]) for row in people.rows]
    seen = np.zeros(people.worth.shape, np.bool_)
    own, turns, regrets = np.zeros(p, np.int64), np.zeros(p, np.int64), list[float]()
    done = np.zeros(people.worth.shape, np.bool_)
    course.after, course.fresh = ({mark: np.full(p, np.nan) for mark in marks["each"]} for _ in range(2))
    waiting = sorted(marks["all"])
    _judge_all(course, learner, people, waiting, regrets)
    while course.interactions < most:
        for who in range(p):
            page, regret = _page(learner, people, who, seen[who], generators[who])
            learner.learn(who, page)
            regrets.append(regret)
            course.interactions, course.pages = course.interactions + page.interactions, course.pages + 1
            own[who] += page.interactions
            turns[who] += 1
            if turns[who] % PAGES == 0:
                seen[who] = False
            done[who, page.items[[bool(acts) for acts in page.acts]]] = True
            for mark, values in course.after.items():
                if own[who] >= mark and np.isnan(values[who]):
                    _judge_one(course, mark, who, learner.scores(who), people.worth[who], done[who])
            _judge_all(course, learner, people, waiting, regrets)
            if course.interactions >= most:
                break
    for mark, values in course.after.items():
        for missing in np.flatnonzero(np.isnan(values)).tolist():
            _judge_one(course, mark, missing, learner.scores(missing), people.worth[missing], done[missing])
    return course


def _judge_one(course: Course, mark: int, who: int, scores: Floats, worth: Floats, done: npt.NDArray[np.bool_]) -> None:
    """What the list of one person is worth now, and what it is without what they have done something with, `done`."""
    course.after[mark][who] = _utility(scores, worth)
    left = np.where(done, 0.0, worth).astype(np.float32)
    course.fresh[mark][who] = _utility(np.where(done, -np.inf, scores).astype(np.float32), left)


def _page(
    learner: Learner, people: Newcomers, who: int, seen: npt.NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Page, float]:
    """A page of what this visit has not shown yet, what was done with it, and its regret."""
    scores = np.where(seen, -np.inf, learner.scores(who)).astype(np.float32)
    items = best_of_each(scores[None], PLACES)[0]
    left = np.where(seen, 0.0, people.worth[who]).astype(np.float32)
    seen[items] = True
    captured = utility_captured(items[None], left[None], PLACES)[0]
    page = Page(items, people.crowd.respond(int(people.rows[who]), items, rng))
    return page, 1.0 - float(captured) if np.isfinite(captured) else 0.0


def utility(items: Rows, worth: Floats) -> float:
    """utility@10 of one person's list of rows, the first at the top, where `worth` (n_items,) is what each is worth."""
    return float(utility_captured(items[None], worth[None], K)[0])


def _utility(scores: Floats, worth: Floats) -> float:
    return utility(best_of_each(scores[None], K)[0], worth)


def _judge_all(course: Course, learner: Learner, people: Newcomers, waiting: list[int], regrets: list[float]) -> None:
    while waiting and course.interactions >= waiting[0]:
        mark = waiting.pop(0)
        course.utility[mark] = np.array(
            [_utility(learner.scores(who), people.worth[who]) for who in range(len(people.rows))]
        )
        course.regret[mark] = float(np.mean(regrets)) if regrets else float("nan")
        regrets.clear()
