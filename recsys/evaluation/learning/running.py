"""`python -m recsys evaluate learning`: learners against a ranker that never learns, on people nobody knew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys.errors import BadRequestError
from recsys.evaluation.learning.comparing import compared
from recsys.evaluation.learning.updates import update_ms
from recsys.evaluation.learning.visits import PAGES, PLACES, Course, Doubles, Newcomers, watched
from recsys.evaluation.significance import intervals
from recsys.learning.bandits import EpsilonGreedy, LinearThompson, LinUCB
from recsys.learning.learners import Frozen, Learner, Rocchio
from recsys.learning.neural import NeuralThompson
from recsys.learning.pairwise import Moving, Pace, Pairwise
from recsys.learning.space import DIMS, centred, reduced, standardised
from recsys.learning.vowpal import VowpalWabbit, is_there
from recsys.progress import Progress, silent
from recsys.schema import Floats
from recsys.shops.contract import Crowd

GOAL: Final = 0.15  # change of utility after EACH[-1] interactions of one person, against what never learns
EACH: Final = (1, 3, 5, 10, 20)  # interactions of one person after which they are judged
ALL: Final = (0, 1_000, 10_000, 100_000)  # of all people
CHOSEN_BY: Final = 20  # interactions of each person of the validation, by whose utility settings are chosen
EPSILON: Final = 0.1
FOLDS: Final = 10  # at least: so many people stay to count popularity by

Settings = Mapping[str, float]
GRIDS: Final[dict[str, tuple[Settings, ...]]] = {
    "frozen": ({},),
    "feedback": tuple({"weight": weight} for weight in (0.25, 0.5, 1.0)),
    "pairwise": tuple({"weight": weight, "step": step} for weight in (2.0, 4.0, 8.0) for step in (0.05, 0.1, 0.2)),
    "moving": tuple({"items": items} for items in (0.02, 0.05, 0.1)),  # beside what was chosen for the pairwise one
    "epsilon": (),  # as the pairwise one
    "linucb": tuple({"weight": weight, "alpha": alpha} for weight in (8.0, 16.0, 32.0) for alpha in (0.05, 0.2)),
    "thompson": tuple({"weight": weight, "spread": spread} for weight in (8.0, 16.0, 32.0) for spread in (0.05, 0.2)),
    "neural": tuple({"weight": weight, "spread": spread} for weight in (8.0, 16.0, 32.0) for spread in (0.05, 0.2)),
    "vowpal": tuple({"weight": weight, "rate": rate} for weight in (2.0, 4.0, 8.0) for rate in (0.1, 0.5)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried."""

    interactions: int = 100_000  # of all people of a fold
    seeds: int = 10  # folds of people, each with random numbers of its own
    seed: int = 0
    learners: tuple[str, ...] = tuple(GRIDS)  # of GRIDS; what all are compared with is always among them

    def __post_init__(self) -> None:
        if strange := set(self.learners) - GRIDS.keys():
            raise BadRequestError(f"no learner is called {sorted(strange)[0][:40]!r}", allowed=", ".join(GRIDS))

    @property
    def tried(self) -> tuple[str, ...]:
        """The learners in the order of GRIDS; the reference only where its library is installed."""
        beside = ("pairwise",) if {"epsilon", "moving"} & set(self.learners) else ()
        wanted = {"frozen", *self.learners, *beside}
        return tuple(name for name in GRIDS if name in wanted and (name != "vowpal" or is_there()))


@dataclass(frozen=True, eq=False)
class LearningData:
    """The products, who took what, and the people who answer; rows of `counts` and `worth` as in the crowd."""

    name: str
    source: dict[str, Any]
    vectors: Floats  # (n_items, d) of the products' texts
    counts: Floats  # (n_people, n_items) how often each took each, of which a learner sees the sum over others
    crowd: Crowd
    worth: Floats  # (n_people, n_items)


@dataclass(slots=True, eq=False)
class _Found:
    """Of one learner, over all folds."""

    label: str
    chosen: list[dict[str, float]] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)


def evaluated(
    data: LearningData, effort: Effort, progress_of: Callable[[str], Progress] = lambda label: silent
) -> dict[str, Any]:
    """The report, as plain data."""
    found: dict[str, _Found] = {}
    progress = progress_of("Newcomers")
    folds = list(_folds(len(data.worth), effort))
    vectors = reduced(centred(data.vectors), DIMS)
    for turn, (validation, test) in enumerate(folds):
        progress(turn, len(folds), f"seed {turn + 1}")
        _fold(data, vectors, validation, test, effort, turn, found)
    progress(len(folds), len(folds), "")
    each = list(_each(found))
    oracle = {str(mark): 1.0 for mark in _marks(effort)}  # by the definition of utility
    return {
        "dataset": data.name,
        "source": data.source | {"people": len(data.worth), "items": data.worth.shape[1]},
        "each": each,
        "moving": list(_moving(found)),
        "all": list(_all(found)),
        "oracle": oracle,
        "settings": {name: each.chosen for name, each in found.items()},
        "update_ms": update_ms(vectors, effort.seed),
        "goals": list(_goals(each)),
        "protocol": _rules(effort, folds),
    }


def _folds(n: int, effort: Effort) -> Iterator[tuple[Any, Any]]:
    """(people whom settings are chosen by, people who are asked), everybody asked once at most."""
    order = np.random.default_rng(effort.seed).permutation(n).astype(np.int32)
    parts = np.array_split(order, max(effort.seeds, FOLDS))
    for turn in range(effort.seeds):
        yield parts[(turn + 1) % len(parts)], parts[turn]


def _fold(
    data: LearningData, vectors: Floats, validation: Any, test: Any, effort: Effort, turn: int, found: dict[str, _Found]
) -> None:
    """Every learner, with its settings chosen on the validation, on the people of the test."""
    known = np.setdiff1d(np.arange(len(data.worth)), np.union1d(validation, test))
    popular = standardised(data.counts[known].sum(axis=0))
    seed = effort.seed * 1_000 + turn
    before, people = (Newcomers(data.crowd, rows, data.worth[rows]) for rows in (validation, test))
    chosen: dict[str, Settings] = {}
    for name in effort.tried:
        grid = GRIDS[name]
        if name == "moving":  # so that it differs from the pairwise one in what moves and in nothing else
            grid = tuple({**chosen["pairwise"], **settings} for settings in grid)
        chosen[name] = _best(name, grid, vectors, popular, before, seed) if grid else chosen["pairwise"]
        learner = _made(name, chosen[name], vectors, popular, seed)
        course = watched(learner, people, {"all": _marks(effort), "each": EACH}, effort.interactions, seed)
        each = found.setdefault(name, _Found(learner.label))
        each.chosen.append(dict(chosen[name]))
        each.courses.append(course)


def _best(
    name: str, grid: Sequence[Settings], vectors: Floats, popular: Floats, before: Newcomers, seed: int
) -> Settings:
    """The settings of the grid with the best utility after CHOSEN_BY interactions of each person."""
    if len(grid) == 1:
        return grid[0]

    def reached(settings: Settings) -> float:
        learner = _made(name, settings, vectors, popular, seed)
        marks = {"all": (), "each": (CHOSEN_BY,)}
        course = watched(learner, before, marks, CHOSEN_BY * len(before.rows), seed + 500)
        return float(course.after[CHOSEN_BY].mean())

    return max(grid, key=reached)


def _made(name: str, settings: Settings, vectors: Floats, popular: Floats, seed: int) -> Learner:
    """A learner that knows nobody yet."""
    if name == "frozen":
        return Frozen(popular)
    weight = settings["weight"]
    if name == "feedback":
        return Rocchio(vectors, popular, weight)
    if name == "linucb":
        return LinUCB(vectors, popular, weight, settings["alpha"])
    if name == "neural":
        return NeuralThompson(vectors, popular, weight, settings["spread"], seed)
    if name == "vowpal":
        return VowpalWabbit(vectors, popular, weight, settings["rate"])
    if name == "thompson":
        return LinearThompson(vectors, popular, weight, settings["spread"], seed)
    if name == "moving":
        return Moving(vectors, popular, weight, Pace(settings["step"], items=settings["items"]))
    pairwise = Pairwise(vectors, popular, weight, Pace(settings["step"]))
    return EpsilonGreedy(pairwise, EPSILON, PLACES, seed) if name == "epsilon" else pairwise


def _marks(effort: Effort) -> tuple[int, ...]:
    return tuple(mark for mark in ALL if mark <= effort.interactions)


def _each(found: Mapping[str, _Found]) -> Iterator[dict[str, Any]]:
    """A line for each learner and number of own interactions: utility with its interval, and the change of it."""
    base = {mark: _joined(found["frozen"], mark) for mark in EACH}
    for name, each in found.items():
        for mark in EACH:
            yield {
                "learner": name,
                "label": each.label,
                "after": mark,
                **compared("utility", _joined(each, mark), base[mark]),
            }


def _moving(found: Mapping[str, _Found]) -> Iterator[dict[str, Any]]:
    """What products that move add to a taste alone, for each number of own interactions; nothing where not tried.

    Of all products, and of those that the person has done nothing with yet: what was liked stands higher by itself.
    """
    if "moving" not in found:
        return
    for mark in EACH:
        line: dict[str, Any] = {"after": mark}
        for name, fresh in (("all", False), ("fresh", True)):
            taste, moving = (_joined(found[each], mark, fresh=fresh) for each in ("pairwise", "moving"))
            line[name] = {"taste": round(float(np.nanmean(taste)), 5)} | compared("utility", moving, taste)
        yield line


def _joined(each: _Found, mark: int, *, fresh: bool = False) -> Doubles:
    return np.concatenate([(course.fresh if fresh else course.after)[mark] for course in each.courses])


def _all(found: Mapping[str, _Found]) -> Iterator[dict[str, Any]]:
    """A line for each learner and number of interactions of all: means over folds, intervals over these."""
    for name, each in found.items():
        for mark in each.courses[0].utility:
            reached = [course for course in each.courses if mark in course.utility]
            utility = np.array([np.nanmean(course.utility[mark]) for course in reached])
            regret = np.array([course.regret[mark] for course in reached])
            yield {
                "learner": name,
                "label": each.label,
                "interactions": mark,
                "seeds": len(reached),
                **_over_seeds("utility", utility),
                **(_over_seeds("regret", regret) if mark else {}),
            }


def _over_seeds(name: str, values: Doubles) -> dict[str, Any]:
    told = intervals(pd.DataFrame({name: values})).iloc[0]
    return {name: round(float(told["mean"]), 5), f"{name}_ci95": [round(float(told[s]), 5) for s in ("low", "high")]}


def _goals(each: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Whether each learner reaches the goal after EACH[-1] interactions, its interval apart from 0."""
    for line in each:
        if line["learner"] != "frozen" and line["after"] == EACH[-1]:
            met = line["change"] >= GOAL and line["change_ci95"][0] > 0
            yield {"learner": line["learner"], "after": EACH[-1], "goal": GOAL, "met": bool(met)} | {
                key: line[key] for key in ("change", "change_ci95", "p")
            }


def _rules(effort: Effort, folds: Sequence[Any]) -> dict[str, str]:
    least = min(len(test) for _, test in folds)
    return {
        "people": f"{len(folds)} folds of {least} or more, nobody in two; popularity is counted without those of the "
        "fold and of the validation; nothing else was learned from people",
        "pages": f"{PLACES} products, the best by the learner of what the visit has not shown yet, {PAGES} pages a "
        "visit; people answer by the simulation's model of choice: what stands higher is looked at more often",
        "utility": "utility@10: the discounted true worth of the first 10 of all products, as a share of the best "
        "list's; full ranking, nothing left out",
        "fresh": "utility@10 of the products that the person has done nothing with yet, beside the best list of these",
        "regret": "of a page: 1 less the utility captured of what the visit had left to show; mean since the last mark",
        "chosen": f"settings by utility after {CHOSEN_BY} interactions of each person of the next fold, never on the "
        "people who are asked",
        "interval": "95 %: percentile bootstrap over people (each), over folds (all); p: paired randomisation test",
        "seeds": f"{effort.seeds}, from {effort.seed}",
        "oracle": "knows what everything is worth to everybody: utility 1, regret 0",
    }
