"""A few quick choices between products: which to ask about, and what the answers say of whoever answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from recsys.interest.interest_vector import COMMON_REMOVED
from recsys.schema import Floats, Rows

CLUSTERS: Final = 60  # groups of products; each is asked about by the one of it that most have bought
OFFERED: Final = 4  # products in a question
SHARPNESS: Final = 10.0  # of the answers: a product nearer by a cosine of 0.1 is e times as likely to be chosen
TASTES: Final = 1_500  # known shoppers, at most, whom a newcomer may turn out to be like; drawn by seed
SAMPLED: Final = 20_000  # products, at most, that the groups are made of
PRIOR: Final = 10.0  # purchases of everybody that are added to what those like the newcomer bought
SEED: Final = 0

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Choosing:
    """What is asked about, and the known shoppers among whom a newcomer's like is looked for.

    A newcomer is taken to be like one of them, who chooses product i of those offered with a chance that goes with
    exp(SHARPNESS * cosine of i with their taste) (Luce, "Individual Choice Behavior", 1959). `weights` over them begin
    equal and are multiplied by the chance of each answer (Bayes). The products of a question are those whose answer is
    expected to say most about which of them it is: greedily, the mutual information of answer and shopper.
    """

    pool: Rows  # (p,) rows of the products that are asked about, best known first
    nearness: Doubles  # (u, p) cosine of each shopper's taste with each of these products
    tastes: Rows  # (u,) rows of the shoppers

    @classmethod
    def of(cls, vectors: Floats, counts: Floats, profiles: Floats) -> Self:
        """From the products' unit vectors (n, d), how often each was bought (n,), and shoppers' tastes (m, d).

        Tastes that are zero are of nobody. The groups are k-means of the vectors of what anybody bought.
        """
        from sklearn.cluster import KMeans

        rng = np.random.default_rng(SEED)
        bought = np.flatnonzero((counts > 0) & vectors.any(axis=1))
        if len(bought) > SAMPLED:
            bought = np.sort(rng.choice(bought, SAMPLED, replace=False))
        groups = min(CLUSTERS, len(np.unique(vectors[bought], axis=0)))
        known = np.flatnonzero(profiles.any(axis=1))
        if len(known) > TASTES:
            known = np.sort(rng.choice(known, TASTES, replace=False))
        if groups < OFFERED or not len(known):
            empty = np.empty(0, np.int32)
            return cls(empty, np.empty((len(known), 0)), known.astype(np.int32))
        codes = KMeans(groups, n_init=1, random_state=SEED).fit_predict(vectors[bought])
        order = bought[np.lexsort((bought, -counts[bought]))]
        code_of = dict(zip(bought.tolist(), codes.tolist(), strict=True))
        best: dict[int, int] = {}
        for row in order.tolist():
            best.setdefault(code_of[row], row)
        pool = np.array(list(best.values()), np.int32)
        return cls(pool, np.asarray(profiles[known] @ vectors[pool].T, np.float64), known.astype(np.int32))

    @property
    def begun(self) -> Doubles:
        """(u,) the weights before any answer."""
        return np.full(len(self.tastes), 1.0 / max(len(self.tastes), 1))

    def question(self, weights: Doubles, asked: Sequence[int] = ()) -> tuple[int, ...]:
        """Places in the pool of OFFERED products that were in no question yet (`asked`); () when too few are left."""
        left = np.setdiff1d(np.arange(len(self.pool)), np.asarray(asked, np.int64))
        if len(left) < OFFERED:
            return ()
        near = self.nearness[:, left]  # (u, l)
        mean = weights @ near
        chosen = [int(np.argmax(weights @ (near - mean) ** 2))]  # what tastes differ about most
        while len(chosen) < OFFERED:
            worth = self._informing(weights, near, chosen)
            worth[chosen] = -np.inf
            chosen.append(int(np.argmax(worth)))
        return tuple(int(left[place]) for place in chosen)

    @staticmethod
    def _informing(weights: Doubles, near: Doubles, chosen: list[int]) -> Doubles:
        """(l,) what the answer is expected to tell, in nats, where each product is offered beside the chosen ones."""
        lots = np.exp(SHARPNESS * near)  # (u, l)
        beside = lots[:, chosen]  # (u, c)
        total = beside.sum(axis=1, keepdims=True) + lots  # (u, l)
        said = np.zeros(near.shape[1])
        for column in (*(beside[:, [c]] for c in range(len(chosen))), lots):
            chance = column / total  # (u, l) of that answer
            marginal = weights @ chance  # (l,)
            said += weights @ (chance * np.log(chance)) - marginal * np.log(marginal)
        return said

    def after(self, weights: Doubles, offered: Sequence[int], chosen: int) -> Doubles:
        """(u,) the weights once the place `chosen` of those `offered` was preferred."""
        lots = SHARPNESS * self.nearness[:, list(offered)]  # (u, o)
        lots -= lots.max(axis=1, keepdims=True)
        chance = np.exp(lots[:, list(offered).index(chosen)]) / np.exp(lots).sum(axis=1)
        moved = weights * chance
        return np.asarray(moved / moved.sum())


def well_known(pool: Rows, asked: Sequence[int]) -> tuple[int, ...]:
    """The question of a shop that does not choose what it asks: the best known products not asked about yet."""
    left = [place for place in range(len(pool)) if place not in set(asked)]
    return tuple(left[:OFFERED]) if len(left) >= OFFERED else ()


def nearest_to(profiles: Floats, asked: Floats) -> Doubles:
    """(u,) the weights of known tastes (u, d) for somebody who says in words, a unit vector (d,), what they want."""
    lots = SHARPNESS * np.asarray(profiles @ asked, np.float64)
    chance = np.exp(lots - lots.max(initial=-np.inf))
    return np.asarray(chance / chance.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Tasted:
    """The tastes of known shoppers, and what all of them have in common."""

    profiles: Floats  # (m, d) of length 1, zero for who took nothing
    common: Floats  # (d,)

    @classmethod
    def of(cls, took: Any, vectors: Floats) -> Self:
        """From how often each took each product, (m, n_items) sparse, and the products' unit vectors (n_items, d)."""
        means = _means(took, vectors)
        there = means.any(axis=1)
        common = means[there].mean(axis=0) if there.any() else np.zeros(vectors.shape[1])
        return cls(_apart(means, common), np.asarray(common, np.float32))

    def like(self, took: Any, vectors: Floats) -> Floats:
        """(b, d) the tastes of others, without what the known ones have in common."""
        return _apart(_means(took, vectors), self.common)


def _means(took: Any, vectors: Floats) -> Doubles:
    """(m, d) the mean vector of what each took, each product by log(1 + times); zero for who took nothing."""
    from scipy import sparse

    counts = sparse.csr_array(took)
    weighted = sparse.csr_array((np.log1p(counts.data), counts.indices, counts.indptr), shape=counts.shape)
    total = np.asarray(weighted.sum(axis=1), np.float64).reshape(-1, 1)
    summed = np.asarray(weighted @ vectors, np.float64)
    return np.divide(summed, total, out=np.zeros_like(summed), where=total > 0)


def _apart(means: Doubles, common: npt.NDArray[Any]) -> Floats:
    """The same rows without most of what all have in common, of length 1; empty ones stay empty."""
    apart = np.where(means.any(axis=1, keepdims=True), means - COMMON_REMOVED * common, 0.0)
    length = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.asarray(np.divide(apart, length, out=np.zeros_like(apart), where=length > 1e-9), np.float32)
