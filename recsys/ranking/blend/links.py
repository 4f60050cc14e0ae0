"""Features of what goes with the things the shopper took: the links between two items, looked at from several sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Self

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.progress import silent
from recsys.ranking.blend.family import Family
from recsys.ranking.blend.table import GOES_WITH, SIMILAR_SHOPPERS, Choices, Column
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, Part
from recsys.recommenders.item_content import unit_rows
from recsys.recommenders.item_knn import strongest_per_row
from recsys.recommenders.personal_frequency import fading_history
from recsys.recommenders.transitions import following_counts
from recsys.schema import Floats

WINDOW: Final = 10  # baskets, as PCTM
SUCCESSORS: Final = 200  # of each item
TAU: Final = 1.65  # over the number of items, as in PCTM; 20,000 of Beauty's 12,101 items
SHARPNESS: Final = 4  # of the power mean that stands for the strongest link
PRIOR: Final = 2.0  # times an item must be taken before its next item says as much as it seems to


class Links(Family):
    """Co-occurrence transitions, not only summed as PCTM does."""

    name = "links"
    stored: ClassVar[Mapping[str, Part]] = {
        "following": Part((ITEMS, ITEMS), sparse=True),
        "next": Part((ITEMS, ITEMS), sparse=True),
    }
    columns = (
        Column("follows the last", GOES_WITH),
        Column("comes before what was taken", GOES_WITH),
        Column("how many of the history it follows", GOES_WITH),
        Column("strongest link", GOES_WITH),
        Column("chance to come next", GOES_WITH),
        Column("times it came right after the last", GOES_WITH),
    )

    @staticmethod
    def fits(training: Interactions, side: SideInformation) -> bool:
        """Whether each basket is one item: in large baskets they lifted nDCG@10 by .0005 for a third of the time."""
        return one_item_each(training)

    def __init__(self) -> None:
        super().__init__()
        self._ready: list[sparse.csr_array] | None = None

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Count what follows what."""
        right_after = following_counts(training, np.ones(1, np.float32), SUCCESSORS, silent)
        self.learned = {"following": log_links(training), "next": right_after}
        self._ready = None
        return self

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 6)."""
        following, right_after = self.learned["following"], self.learned["next"]
        if self._ready is None:
            self._ready = _looked_at_otherwise(following, right_after)
        before, there, sharp, chance = self._ready
        whole, last, fading, steep = (fading_history(visits.histories, f) for f in (1.0, 0.0, 0.8, 0.6))
        faded = _powered(steep, SHARPNESS)
        columns = [
            at(last @ following, choices),
            at(steep @ before, choices),
            at(whole @ there, choices),
            at(faded @ sharp, choices) ** np.float32(1 / SHARPNESS),
            at(fading @ chance, choices),
            at(last @ right_after, choices),
        ]
        return np.stack(columns, axis=1)


def one_item_each(training: Interactions) -> bool:
    """Whether each basket holds one item, as in a sequence."""
    return int(training.n_baskets.sum()) == len(training.items)


def log_links(training: Interactions) -> sparse.csr_array:
    """(n_items, n_items) log(1 + how often j came soon after i, nearer weighing more / tau), as in PCTM."""
    distances = np.arange(1, WINDOW + 1)
    links = following_counts(training, (distances**-0.5).astype(np.float32), SUCCESSORS, silent)
    links.data = np.log1p(links.data / np.float32(TAU))
    return links


def _powered(matrix: sparse.csr_array, power: float) -> sparse.csr_array:
    """The same matrix, each value to that power."""
    return sparse.csr_array((matrix.data ** np.float32(power), matrix.indices, matrix.indptr), shape=matrix.shape)


def _looked_at_otherwise(following: sparse.csr_array, right_after: sparse.csr_array) -> list[sparse.csr_array]:
    """The links backwards, whether they are there, made steeper; and the chance that an item comes next."""
    after = np.asarray(right_after.sum(axis=1)).ravel() + np.float32(PRIOR)
    chance = right_after.data / np.repeat(after, np.diff(right_after.indptr))
    chances = sparse.csr_array((chance, right_after.indices, right_after.indptr), shape=right_after.shape)
    return [sparse.csr_array(following.T), _powered(following, 0), _powered(following, SHARPNESS), chances]


def at(scores: sparse.csr_array, choices: Choices) -> Floats:
    """(m,) the scores (b, n_items) of the candidates."""
    values: Floats = scores.toarray()[choices.visit, choices.items]
    return values


VECTOR: Final = 64  # numbers per item
OVERSAMPLED: Final = 16
POWER_STEPS: Final = 3


class CooccurrenceVectors(Family):
    """Cosines between item vectors of a truncated decomposition of the links: reaches items never seen together."""

    name = "cooccurrence-vectors"
    stored: ClassVar[Mapping[str, Part]] = {"vectors": Part((ITEMS, "vector"))}
    columns = (
        Column("vector: cosine to the history", GOES_WITH),
        Column("vector: cosine to the last", GOES_WITH),
    )

    @staticmethod
    def fits(training: Interactions, side: SideInformation) -> bool:
        """Whether each basket is one item: among 67,599 products in large baskets the cosines ranked like chance."""
        return one_item_each(training)

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Decompose the symmetric links, popular items held back by the fourth root of their product."""
        links = log_links(training)
        both = sparse.coo_array(links + links.T)
        taken = np.maximum(np.bincount(training.items, minlength=training.n_items), 1).astype(np.float32)
        strength = both.data / (taken[both.row] * taken[both.col]) ** np.float32(0.25)
        symmetric = sparse.csr_array((strength.astype(np.float32), (both.row, both.col)), shape=both.shape)
        self.learned = {"vectors": leading_vectors(symmetric, min(VECTOR, training.n_items))}
        return self

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 2)."""
        vectors = np.asarray(self.learned["vectors"])
        columns = []
        for fading in (0.8, 0.0):
            profile = fading_history(visits.histories, fading) @ vectors  # (b, n) @ (n, d) -> (b, d)
            profile /= np.maximum(np.linalg.norm(profile, axis=1, keepdims=True), np.float32(1e-9))
            columns.append((profile @ vectors.T)[choices.visit, choices.items])  # (b, n) -> (m,)
        return np.stack(columns, axis=1)


def leading_vectors(symmetric: sparse.csr_array, d: int) -> Floats:
    """(n, d) of unit rows: the leading eigenvectors, each times the root of its eigenvalue's size.

    Randomised subspace iteration with a fixed start (Halko, Martinsson & Tropp, SIAM Review 2011, algorithm 4.4).
    """
    n = symmetric.shape[0]
    start = np.random.default_rng(0).standard_normal((n, min(n, d + OVERSAMPLED)), np.float32)
    basis = np.linalg.qr(symmetric @ start)[0]
    for _ in range(POWER_STEPS):
        basis = np.linalg.qr(symmetric @ basis)[0]
    small = basis.T @ (symmetric @ basis)  # (s, s)
    sizes, turns = np.linalg.eigh((small + small.T) / 2)
    order = np.argsort(-np.abs(sizes), kind="stable")[:d]
    vectors = (basis @ turns[:, order]) * np.sqrt(np.abs(sizes[order]))  # (n, d)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    found: Floats = np.ascontiguousarray(vectors, np.float32)
    return found


NEIGHBOURS: Final = 300
FADING: Final = 0.8  # per basket


class NearestShoppers(Family):
    """What the training shoppers with the most alike histories took, the shopper left out (user-kNN)."""

    name = "nearest-shoppers"
    stored: ClassVar[Mapping[str, Part]] = {
        "taken": Part(("shoppers", ITEMS), sparse=True),
        "known": Part((ITEMS, "shoppers"), sparse=True),  # columns of length 1
        "rarity": Part((ITEMS,)),
    }
    columns = (
        Column("taken by alike shoppers", SIMILAR_SHOPPERS),
        Column("alike shoppers who took it", SIMILAR_SHOPPERS),
    )

    def fit(self, training: Interactions, side: SideInformation) -> Self:
        """Keep who took what; rare items say more of a shopper than those everybody takes."""
        taken = training.matrix()
        taken.data[:] = 1.0
        buyers = np.bincount(taken.indices, minlength=training.n_items)
        rarity = np.log(len(training) / (1 + buyers)).clip(0).astype(np.float32)
        known = unit_rows(sparse.csr_array(taken @ sparse.diags_array(rarity)))  # (n, n_items)
        self.learned = {"taken": taken, "known": sparse.csr_array(known.T), "rarity": rarity}
        return self

    def values(self, visits: Visits, choices: Choices) -> Floats:
        """(m, 2)."""
        taken = self.learned["taken"]
        rarity = sparse.diags_array(np.asarray(self.learned["rarity"]))
        own = unit_rows(sparse.csr_array(fading_history(visits.histories, FADING) @ rarity))
        alike = sparse.csr_array(own @ self.learned["known"])  # (b, n)
        alike.data[visits.shoppers[np.repeat(np.arange(len(visits)), np.diff(alike.indptr))] == alike.indices] = 0
        weights = strongest_per_row(alike, NEIGHBOURS)
        weights.data **= 2
        one = weights.copy()
        one.data = np.ones_like(one.data)
        total = np.maximum(np.asarray(weights.sum(axis=1)).ravel(), np.float32(1e-9))[choices.visit]
        return np.stack([at(weights @ taken, choices) / total, at(one @ taken, choices)], axis=1)
