"""The scores of one shelf as a few rules: a small decision tree fitted to them, and how far it can be believed.

The rules stand in for the scores and did not make them (a global surrogate, as in Molnar, "Interpretable Machine
Learning", 2022). So their fidelity is measured on products that they were not fitted to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

DEPTH: Final = 3  # questions asked of a product, at most
LEAST: Final = 10  # products of a rule, at least, and
LEAST_SHARE: Final = 0.01  # this share of all
GAIN: Final = 1e-9  # by which a question must bring scores together (their variance): rounding is no reason to ask one
FOLDS: Final = 5  # each product is held out once
FEWEST: Final = 50  # products of which rules are made
FAITHFUL: Final = 0.5  # of the differences between scores explained: below, the rules tell little

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """What is plainly known of each product."""

    name: str
    kind: str  # how a value is said: "count", "share", "money", "nearness" or "flag" (0 or 1)
    values: Doubles  # (m,) NaN where it is not known


@dataclass(frozen=True, slots=True)
class Condition:
    """What a product must be: above `low` and not above `high`, where these are not None."""

    feature: int  # place among the features
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Products of which the same holds, and what they are scored."""

    conditions: tuple[Condition, ...]  # in the order in which they are asked, one a feature
    products: int
    mean: float
    spread: float  # standard deviation


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """All rules, those of the highest scores first; each product follows one."""

    rules: tuple[Rule, ...]
    of: npt.NDArray[np.int64]  # (m,) the rule of each product
    explained: float  # R squared on products held out: 1 is all, 0 no more than one number for all, below 0 less
    error: float  # mean absolute error on products held out
    error_plain: float  # the same of the one number for all

    @property
    def faithful(self) -> bool:
        """Whether the rules say most of what makes scores differ."""
        return self.explained >= FAITHFUL


def rules(features: Sequence[Feature], scores: Doubles) -> Rules | None:
    """Rules for the scores (m,) of products; None of too few products, or where they all score the same.

    What is not known of a product counts as the middle one of those that are. The same input has the same rules.
    """
    if len(scores) < FEWEST or not features or float(np.ptp(scores)) <= 1e-9:
        return None
    table = np.column_stack([_filled(each.values) for each in features])
    tree = _tree(len(scores)).fit(table, scores)
    leaves = tree.apply(table)
    found = []
    for leaf, conditions in _leaves(tree.tree_).items():
        here = scores[leaves == leaf]
        found.append((leaf, Rule(conditions, len(here), float(here.mean()), float(here.std()))))
    found.sort(key=lambda each: (-each[1].mean, each[0]))
    place = {leaf: at for at, (leaf, _) in enumerate(found)}
    predicted, plain = _held_out(table, scores)
    left = float(np.square(scores - predicted).sum() / np.square(scores - plain).sum())
    return Rules(
        tuple(rule for _, rule in found),
        np.array([place[leaf] for leaf in leaves.tolist()], np.int64),
        1 - left,
        float(np.abs(scores - predicted).mean()),
        float(np.abs(scores - plain).mean()),
    )


def _tree(count: int) -> Any:
    from sklearn.tree import DecisionTreeRegressor

    least = max(LEAST, round(LEAST_SHARE * count))
    return DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=least, min_impurity_decrease=GAIN, random_state=0)


def _filled(values: Doubles) -> Doubles:
    known = values[np.isfinite(values)]
    middle = float(np.median(known)) if len(known) else 0.0
    return np.where(np.isfinite(values), values, middle)


def _held_out(table: Doubles, scores: Doubles) -> tuple[Doubles, Doubles]:
    """(what rules of the other products say of each (m,), the mean of these others (m,))."""
    predicted, plain = np.zeros(len(scores)), np.zeros(len(scores))
    fold = np.random.default_rng(0).permutation(len(scores)) % FOLDS
    for each in range(FOLDS):
        learned = fold != each
        predicted[~learned] = _tree(int(learned.sum())).fit(table[learned], scores[learned]).predict(table[~learned])
        plain[~learned] = scores[learned].mean()
    return predicted, plain


def _leaves(tree: Any) -> dict[int, tuple[Condition, ...]]:
    """The conditions on the way to each leaf of a tree of scikit-learn, those on one feature as one."""
    found: dict[int, tuple[Condition, ...]] = {}
    waiting: list[tuple[int, tuple[Condition, ...]]] = [(0, ())]
    while waiting:
        node, before = waiting.pop()
        if tree.children_left[node] < 0:
            found[node] = before
            continue
        feature, limit = int(tree.feature[node]), float(tree.threshold[node])
        waiting.append((int(tree.children_left[node]), _and(before, Condition(feature, high=limit))))
        waiting.append((int(tree.children_right[node]), _and(before, Condition(feature, low=limit))))
    return found


def _and(before: tuple[Condition, ...], more: Condition) -> tuple[Condition, ...]:
    """The conditions and one more; on a way down, a later limit is always the narrower one."""
    if all(each.feature != more.feature for each in before):
        return (*before, more)
    return tuple(
        each
        if each.feature != more.feature
        else Condition(
            each.feature,
            each.low if more.low is None else more.low,
            each.high if more.high is None else more.high,
        )
        for each in before
    )
