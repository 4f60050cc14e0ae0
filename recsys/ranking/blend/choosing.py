"""Which ranker ranks best: cross-validated within the validation visits, so that no test answer takes part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from recsys.progress import Progress, silent
from recsys.ranking.blend.examples import Examples, folds_by_shopper, ndcg
from recsys.ranking.blend.network import Network, NetworkSettings, train, trained
from recsys.ranking.blend.trees import Trees, TreeSettings, grow
from recsys.schema import Floats

KINDS: Final = ("trees", "network", "both")


class Ranker(Protocol):
    """Scores candidates by their features, and says what each feature added."""

    def score(self, values: Floats) -> Floats:
        """(m,) from (m, f)."""

    def contributions(self, values: Floats) -> npt.NDArray[np.float64]:
        """(m, f + 1): what each feature added, and the start; a row sums to the score."""


class Both:
    """The mean of the trees' and the network's scores, which are on one scale."""

    kind = "both"

    def __init__(self, trees: Trees, network: Network) -> None:
        self.trees, self.network = trees, network

    def score(self, values: Floats) -> Floats:
        """(m,) from (m, f)."""
        return (self.trees.score(values) + self.network.score(values)) / np.float32(2)

    def contributions(self, values: Floats) -> npt.NDArray[np.float64]:
        """(m, f + 1): what each feature added, and the start; a row sums to the score."""
        return (self.trees.contributions(values) + self.network.contributions(values)) / 2


class Plain:
    """One recommender's own scores, column `column` of the features over their spread: what learning has to beat."""

    kind = "plain"

    def __init__(self, column: int, spread: float) -> None:
        self.column, self.spread = column, spread

    def score(self, values: Floats) -> Floats:
        """(m,) from (m, f)."""
        scores: Floats = values[:, self.column] / np.float32(self.spread)
        return scores

    def contributions(self, values: Floats) -> npt.NDArray[np.float64]:
        """(m, f + 1): the score in its own column."""
        out = np.zeros((len(values), values.shape[1] + 1))
        out[:, self.column] = self.score(values)
        return out


@dataclass(frozen=True, slots=True)
class Choosing:
    """How rankers are compared."""

    kinds: tuple[str, ...] = KINDS
    folds: int = 2
    most_visits: int = 6_000  # of the asked ones; the rest is learned from at the end only
    seed: int = 0
    trees: TreeSettings = field(default_factory=TreeSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)


@dataclass(frozen=True, slots=True)
class Choice:
    """The best ranker, and the nDCG@10 by which it was chosen."""

    kind: str
    rounds: int
    epochs: int
    ndcg: dict[str, float]  # by "trees of 100 rounds", "network of 4 epochs", ..., "pctm alone"


def choose(examples: Examples, plain: dict[str, int], settings: Choosing, progress: Progress = silent) -> Choice:
    """The ranker with the best cross-validated nDCG@10; `plain` is the score column of each recommender."""
    some = _sample(examples, settings)
    found = {f"{name} alone": ndcg(some, some.table.values[:, column]) for name, column in plain.items()}
    scores = _out_of_fold(some, settings, progress)
    trees = _best(some, {r: s for (kind, r), s in scores.items() if kind == "trees"}, "trees of {} rounds", found)
    network = _best(some, {r: s for (kind, r), s in scores.items() if kind == "network"}, "network of {} epochs", found)
    by_kind: dict[str, float] = {f"{name} alone": found[f"{name} alone"] for name in plain}
    if trees:
        by_kind["trees"] = found[f"trees of {trees} rounds"]
    if network:
        by_kind["network"] = found[f"network of {network} epochs"]
    if "both" in settings.kinds and trees and network:
        by_kind["both"] = found["both"] = ndcg(some, scores["trees", trees] + scores["network", network])
    best = max(by_kind, key=lambda kind: by_kind[kind])
    return Choice(best, trees, network, found)


def _sample(examples: Examples, settings: Choosing) -> Examples:
    """At most so many of the asked visits, whole shoppers, and what there is of the same shoppers' earlier ones."""
    asked = np.unique(examples.shoppers[examples.asked])
    if len(asked) > settings.most_visits:
        asked = np.random.default_rng(settings.seed).permutation(asked)[: settings.most_visits]
    return examples.take(np.flatnonzero(np.isin(examples.shoppers, asked)).astype(np.int32))


def _best(examples: Examples, scores: dict[int, Floats], name: str, found: dict[str, float]) -> int:
    """The size with the best nDCG, 0 where there is none; the figures go to `found`."""
    for size, values in scores.items():
        found[name.format(size)] = ndcg(examples, values)
    return max(scores, key=lambda size: found[name.format(size)], default=0)


def _out_of_fold(examples: Examples, settings: Choosing, progress: Progress) -> dict[tuple[str, int], Floats]:
    """(m,) scores of each ranker size, every visit scored by rankers that learned from other shoppers."""
    fold = folds_by_shopper(examples.shoppers, settings.folds, settings.seed)
    scores: dict[tuple[str, int], Floats] = {}
    for number in range(settings.folds):
        progress(number, settings.folds, "comparing rankers")
        learning = examples.take(np.flatnonzero(fold != number).astype(np.int32))
        held = np.flatnonzero((fold == number) & examples.asked).astype(np.int32)
        _, entries = examples.table.choices.of(held)
        for size, values in _sizes(learning, examples.table.values[entries], settings):
            scores.setdefault(size, np.zeros(len(examples.taken), np.float32))[entries] = values
    progress(settings.folds, settings.folds, "comparing rankers")
    return scores


def _sizes(learning: Examples, values: Floats, settings: Choosing) -> Sequence[tuple[tuple[str, int], Floats]]:
    """The scores of new candidates by every size of every ranker that learned from the examples."""
    out: list[tuple[tuple[str, int], Floats]] = []
    if not learning.taken.any():
        return out
    if {"trees", "both"} & set(settings.kinds):
        trees = grow(learning, settings.trees, max(settings.trees.rounds))
        out += [(("trees", rounds), trees.score(values, rounds)) for rounds in settings.trees.rounds]
    if {"network", "both"} & set(settings.kinds):
        for epoch, network in enumerate(trained(learning, settings.network), 1):
            if epoch in settings.network.epochs:
                out.append((("network", epoch), network.score(values)))
    return out


def learned(examples: Examples, choice: Choice, plain: dict[str, int], settings: Choosing) -> Ranker:
    """The chosen ranker, learned from all examples."""
    if choice.kind == "trees":
        return grow(examples, settings.trees, choice.rounds)
    if choice.kind == "network":
        return train(examples, settings.network, choice.epochs)
    if choice.kind == "both":
        return Both(grow(examples, settings.trees, choice.rounds), train(examples, settings.network, choice.epochs))
    column = plain[choice.kind.removesuffix(" alone")]
    return Plain(column, float(examples.table.values[:, column].std()) or 1.0)
