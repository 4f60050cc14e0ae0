"""What a rule costs everybody: floors for groups of products, caps, calibration, each against the lists by score."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.evaluation.diversity.candidates import SCORES, Candidates, Described, pools
from recsys.evaluation.diversity.fairness import Grouping
from recsys.evaluation.diversity.judging import SHELF, change, measured, plain
from recsys.evaluation.problems import Problem
from recsys.evaluation.significance import Sampling
from recsys.evaluation.splits import Task
from recsys.progress import Progress, silent
from recsys.reranking.calibration import Calibrated, calibration_error
from recsys.reranking.composing import rerank
from recsys.reranking.contract import Pool, Reranker
from recsys.reranking.limiting import Capped, Exposed
from recsys.schema import Rows

FLOORS: Final = (0.1, 0.2, 0.3)  # of the shelf
CAPS: Final = (2, 3, 5)  # products of one brand or category
CALIBRATIONS: Final = (0.2, 0.5, 0.8)
FLOORED: Final = {"popularity": "long tail", "launched": "new", "brands": "small brands"}
"""Of each way to sort products the group that a floor would help."""

Doubles = npt.NDArray[np.float64]
Worth = Callable[[Pool, Rows], float]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What rules can be about: groups of products, and the labels of each product, (n_items,) codes, -1 for none."""

    groups: Mapping[str, Grouping] = field(default_factory=dict)
    labels: Mapping[str, Rows] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """One rule: what it is called, how much of it, what does it, and what it is meant to move."""

    rule: str
    amount: float
    effect: str  # what is told before and after
    reranker: Reranker
    worth: Worth  # of one list


def rules(known: Known) -> list[RuleSet]:
    """All that can be asked of what is known, at amounts that nothing was chosen by."""
    return [*_floors(known), *_caps(known), *_calibrated(known)]


def _floors(known: Known) -> Iterator[RuleSet]:
    for by, group in FLOORED.items():
        if by not in known.groups or group not in known.groups[by].names:
            continue
        for share in FLOORS:
            floor = Exposed(math.ceil(round(share * SHELF, 6)), group, f"product of {group}")
            yield RuleSet(f"{group} at least", share, f"share of {group} in the lists", floor, _share(group))


def _caps(known: Known) -> Iterator[RuleSet]:
    for by in known.labels:
        for most in CAPS:
            yield RuleSet(f"most of a {by}", most, f"most of one {by} in a list", Capped(most, by), _most(by))


def _calibrated(known: Known) -> Iterator[RuleSet]:
    if "category" in known.labels:
        for strength in CALIBRATIONS:
            yield RuleSet("calibration", strength, "calibration error (nats)", Calibrated(strength), _error)


def _share(group: str) -> Worth:
    return lambda pool, slate: float(pool.groups[group][slate].mean())


def _most(by: str) -> Worth:
    def most(pool: Pool, slate: Rows) -> float:
        labels = pool.labels[by][slate]
        return float(np.bincount(labels[labels >= 0]).max(initial=0))

    return most


def _error(pool: Pool, slate: Rows) -> float:
    taste = pool.tastes.get("category")
    return float("nan") if taste is None else calibration_error(taste, pool.labels["category"][slate])


def priced(
    found: Candidates,
    described: Described,
    known: Known,
    task: Task,
    problem: Problem,
    sampling: Sampling,
    progress: Progress = silent,
) -> list[dict[str, Any]]:
    """A line for each rule: the change of nDCG and diversity with intervals, and what it moved, before and after.

    `kept`: the share of lists that keep all of it; the others had too few candidates that could. Lists are of SHELF,
    by the recommender's own scores, shown in their order.
    """
    asked = rules(known)
    if not asked:
        return []
    base = np.full((len(found.items), SHELF), -1, np.int32)
    tops = [base.copy() for _ in asked]
    moved = np.full((len(asked), 2, len(found.items)), np.nan)
    whole = np.zeros((len(asked), len(found.items)), np.bool_)
    tastes = _tastes(known, task)
    for row, (items, bare) in enumerate(pools(found, described, SCORES)):
        if row % 100 == 0:
            progress(row, len(found.items), "rules")
        pool = _told(bare, items, known, tastes[row] if tastes is not None else None)
        plainly = rerank(pool, SHELF, ()).slate
        base[row, : len(plainly)] = items[plainly]
        for at, each in enumerate(asked):
            made = rerank(pool, SHELF, (each.reranker,))
            tops[at][row, : len(made.slate)] = items[made.slate]
            moved[at, :, row] = each.worth(pool, plainly), each.worth(pool, made.slate)
            whole[at, row] = not made.given_up
    before = measured(base, task, problem.side)
    return [
        {
            "rule": each.rule,
            "amount": each.amount,
            **change(measured(tops[at], task, problem.side), before, sampling),
            "effect": each.effect,
            "before": _mean(moved[at, 0]),
            "after": _mean(moved[at, 1]),
            "kept": plain(float(whole[at].mean())),
        }
        for at, each in enumerate(asked)
    ]


def _mean(values: Doubles) -> float | None:
    known = values[~np.isnan(values)]
    return plain(float(known.mean())) if len(known) else None


def _told(bare: Pool, items: Rows, known: Known, taste: Doubles | None) -> Pool:
    """The pool with what rules are about."""
    groups = {
        name: known.groups[by].codes[items] == known.groups[by].names.index(name)
        for by, name in FLOORED.items()
        if by in known.groups and name in known.groups[by].names
    }
    labels = {name: codes[items] for name, codes in known.labels.items()}
    tastes = {} if taste is None or not taste.any() else {"category": taste}
    return Pool(bare.vectors, bare.relevance, labels, tastes, groups)


def _tastes(known: Known, task: Task) -> Doubles | None:
    """(b, n_categories) the mix of what each visit's history has, 0 for one without any."""
    if "category" not in known.labels:
        return None
    codes, histories = known.labels["category"], task.visits.histories
    mine = codes[histories.items]
    counts = np.zeros((len(histories), int(codes.max(initial=0)) + 1))
    np.add.at(counts, (histories.shopper_of_entry[mine >= 0], mine[mine >= 0]), 1.0)
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0))
