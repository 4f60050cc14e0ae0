"""What a shopper takes again and again, completed by the shoppers who do likewise (TIFU-KNN)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.schema import Floats


@dataclass(frozen=True, eq=False)
class TIFUKNN(ArrayRecommender):
    """Temporal item frequencies, of the shopper and of the nearest shoppers.

    A shopper's baskets, oldest first, are cut into `groups` equal groups (one basket each when there are fewer). With
    basket x of the X in its group and group g of G the basket weighs
    within_decay ** (X - x) / X * group_decay ** (G - g) / G; f(u) sums the baskets of u so weighted, and
    score = alpha * f(u) + (1 - alpha) * mean of f over the `neighbours` training shoppers nearest to f(u) by Euclidean
    distance, the shopper left out. Somebody without a history gets the mean over all shoppers.

    Source: Hu, He, Gao & Zhang, "Modeling Personalized Item Frequency Information for Next-basket Recommendation",
    SIGIR 2020, sections 4.1 to 4.3.
    """

    name = "tifu-knn"
    label = "Own favourites and those of similar shoppers (TIFU-KNN)"
    parts: ClassVar[Mapping[str, Part]] = {"frequencies": Part(("shoppers", ITEMS), sparse=True)}

    # as published for Ta-Feng; on the validation baskets of basket data all of the paper's choices lie within .004
    # of nDCG@10 .176, but for group decays of .8 and more with few groups (.172)
    neighbours: int = setting(300, 1, 1_000_000)
    groups: int = setting(7, 1, 10_000)
    within_decay: float = setting(0.9, 0.0, 1.0)
    group_decay: float = setting(0.7, 0.0, 1.0)
    alpha: float = setting(0.7, 0.0, 1.0)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        return {"frequencies": self._frequencies(training)}

    def _frequencies(self, histories: Interactions) -> sparse.csr_array:
        """(b, n_items) f(u) of each shopper."""
        return histories.matrix(basket_weights(histories, self.groups, self.within_decay, self.group_decay))

    def _scores(self, visits: Visits) -> Floats:
        known = self.learned["frequencies"]  # (n, n_items)
        own = self._frequencies(visits.histories)  # (b, n_items)
        near = self._neighbour_weights(visits, own.toarray())  # (b, n)
        scores: Floats = (known.T @ near.T).T  # ((n_items, n) @ (n, b)).T -> (b, n_items)
        scores *= np.float32(1 - self.alpha)
        scores += np.float32(self.alpha) * own
        return scores

    def _neighbour_weights(self, visits: Visits, own: Floats) -> Floats:
        """(b, n): one over the number of neighbours at each of them, and 0 at all other training shoppers."""
        known = self.learned["frequencies"]
        n = known.shape[0]
        distance = squared_length(known) - 2 * (known @ own.T).T  # (n,) - (b, n): the own length changes no order
        there = np.flatnonzero((visits.shoppers >= 0) & (visits.shoppers < n))
        distance[there, visits.shoppers[there]] = np.inf
        k = min(self.neighbours, n - 1)
        nearest = np.argpartition(distance, max(k - 1, 0), axis=1)[:, :k]  # (b, k)
        weights = np.zeros(distance.shape, np.float32)
        np.put_along_axis(weights, nearest, np.float32(1 / max(k, 1)), axis=1)
        weights[visits.histories.lengths == 0] = np.float32(1 / n)
        return weights


def basket_weights(histories: Interactions, groups: int, within_decay: float, group_decay: float) -> Floats:
    """(m,) what each entry's basket weighs in its shopper's frequencies; `TIFUKNN` has the formula.

    Where the baskets cannot be shared out evenly the latest groups hold one more, as in the authors' code.
    """
    n_baskets = histories.n_baskets[histories.shopper_of_entry]  # (m,)
    n_groups = np.minimum(groups, n_baskets)
    size, left = np.divmod(n_baskets, n_groups)
    in_small = (n_groups - left) * size  # baskets in the groups that hold no extra one
    large = histories.baskets >= in_small
    size = size + large
    group, place = np.divmod(histories.baskets - in_small * large, size)
    group = group + (n_groups - left) * large
    within = np.float32(within_decay) ** (size - 1 - place).astype(np.float32) / size
    across = np.float32(group_decay) ** (n_groups - 1 - group).astype(np.float32) / n_groups
    weights: Floats = (within * across).astype(np.float32)
    return weights


def squared_length(matrix: sparse.csr_array) -> Floats:
    """(n,) squared Euclidean length of each row."""
    squares: Floats = np.asarray(matrix.multiply(matrix).sum(axis=1), np.float32).ravel()
    return squares
