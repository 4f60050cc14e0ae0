"""What tends to follow what: co-occurrence transitions, summed over a shopper's own history (PCTM)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions, Longs
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.item_knn import strongest_per_row
from recsys.recommenders.personal_frequency import fading_history
from recsys.schema import Floats

PAIRS_AT_ONCE: Final = 20_000_000  # products of the counting in memory at a time, about 300 MB


@dataclass(frozen=True, eq=False)
class Transitions(ArrayRecommender):
    """The personalised co-occurrence transition model, PCTM.

    C[i, j] = sum over steps d = 1 .. window of d ** -distance_fading * (how often j came d baskets after i);
    score[j] = sum over the history of history_fading ** (baskets ago) * log(1 + C[i, j] / tau)
               + popularity * log(1 + how often j was taken).
    Items of one basket stand at the same step and do not count as following each other; a sequence is baskets of one.
    `tau` is here a share of the number of items: the published 11,250 of Beauty's 12,101 items is 0.93. A `popularity`
    below 0 holds back what sells anyway; a shopper without a history gets what is popular, whatever its sign.
    `successors` bounds the memory: only the strongest of each item are kept.

    Source: "Do Sequential Recommendation Benchmarks Really Require Higher-Order Sequence Modelling?", RecSys 2026.
    """

    name = "pctm"
    label = "What follows what (PCTM)"
    parts: ClassVar[Mapping[str, Part]] = {
        "log_transitions": Part((ITEMS, ITEMS), sparse=True),
        "log_popularity": Part((ITEMS,)),
    }

    # as published for Beauty; on its validation items (nDCG@10 .0721) windows of 5 to 20, tau of .9 to 3, a fading of
    # the history of .5 to .7 and a popularity of -.1 to 0 all stay within .001; tau .1 loses .0024, fading .8 .003
    window: int = setting(10, 1, 1_000)
    distance_fading: float = setting(0.5, 0.0, 10.0)
    tau: float = setting(0.93, 1e-6, 1e6)
    history_fading: float = setting(0.6, 0.0, 1.0)
    popularity: float = setting(-0.04, -10.0, 10.0)
    successors: int = setting(1_000, 1, 1_000_000)  # cuts nothing on Beauty; 84 to 240 MB on basket data

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        distances = np.arange(1, self.window + 1)
        weights = (distances ** -float(self.distance_fading)).astype(np.float32)
        counts = following_counts(training, weights, self.successors, progress)
        counts.data = np.log1p(counts.data / np.float32(self.tau))  # once, and not for every visit
        popularity = np.log1p(np.bincount(training.items, minlength=training.n_items))
        return {"log_transitions": counts, "log_popularity": popularity.astype(np.float32)}

    def _scores(self, visits: Visits) -> Floats:
        history = fading_history(visits.histories, self.history_fading)  # (b, n_items)
        scores: Floats = (history @ self.learned["log_transitions"]).toarray()  # (b, n) @ (n, n) -> (b, n)
        weight = np.where(visits.histories.lengths > 0, np.float32(self.popularity), np.float32(1))  # (b,)
        scores += weight[:, None] * self.learned["log_popularity"]
        return scores


def following_counts(training: Interactions, weights: Floats, kept: int, progress: Progress) -> sparse.csr_array:
    """(n_items, n_items): in row i how often each j came d baskets after i, counted weights[d - 1] each time.

    Only the `kept` strongest of each row. Counted in blocks of rows, so that memory stays bounded where baskets are
    large: C = A.T @ (S @ A) with A of baskets by items and S of baskets by the baskets that follow them.
    """
    baskets = _baskets(training)  # (n_baskets, n_items)
    ahead = sparse.csr_array(_steps_ahead(training, weights) @ baskets)  # (n_baskets, n_items) what follows each
    holding = sparse.csr_array(baskets.T)  # (n_items, n_baskets)
    cost = np.concatenate([[0], np.cumsum(holding @ np.diff(ahead.indptr).astype(np.float64))])  # products up to a row
    blocks, start = [], 0
    while start < training.n_items:
        progress(start, training.n_items, "counting what follows what")
        end = max(start + 1, int(np.searchsorted(cost, cost[start] + PAIRS_AT_ONCE, side="right")) - 1)
        blocks.append(strongest_per_row(holding[start:end] @ ahead, kept))
        start = end
    progress(training.n_items, training.n_items, "counting what follows what")
    return sparse.csr_array(sparse.vstack(blocks, format="csr"))


def _first_baskets(training: Interactions) -> Longs:
    """(n + 1,) where each shopper's baskets begin when all baskets stand in one line."""
    return np.concatenate([[0], np.cumsum(training.n_baskets, dtype=np.int64)])


def _baskets(training: Interactions) -> sparse.csr_array:
    """(n_baskets, n_items), 1 where the basket holds the item."""
    rows = _first_baskets(training)[training.shopper_of_entry] + training.baskets  # (m,) ascending
    indptr = np.searchsorted(rows, np.arange(_first_baskets(training)[-1] + 1))
    ones = np.ones(len(training.items), np.float32)
    return sparse.csr_array((ones, training.items, indptr), shape=(len(indptr) - 1, training.n_items))


def _steps_ahead(training: Interactions, weights: Floats) -> sparse.csr_array:
    """(n_baskets, n_baskets): weights[d - 1] where the second basket is the same shopper's d-th after the first."""
    ends = np.repeat(_first_baskets(training)[1:], training.n_baskets)  # (n_baskets,)
    basket = np.arange(len(ends))
    follower = basket[:, None] + 1 + np.arange(len(weights))  # (n_baskets, window)
    there = follower < ends[:, None]
    indptr = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    data = np.broadcast_to(weights, there.shape)[there]
    return sparse.csr_array((data, follower[there], indptr), shape=(len(ends), len(ends)))
