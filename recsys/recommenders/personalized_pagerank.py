"""Where a walk that keeps returning to the history comes by most: personalised PageRank on who took what."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.personal_frequency import fading_history
from recsys.schema import Floats

UNDER_WAY: Final = 1e-4  # share of all walkers who may still be under way when the walk is broken off
VISITS_AT_ONCE: Final = 64  # their walks fit into the processor's cache together: 256 at once take a third longer
TAKERS_ADDED: Final = 10.0  # to those of every item before it is tempered: one taker more or less is luck


@dataclass(frozen=True, eq=False)
class PersonalizedPageRank(ArrayRecommender):
    """A random walk with restart over shoppers and the items they took.

    A walker leaves from an item i of the history with a weight of history_fading ** (baskets ago) * takers_i **
    departure, goes to one who took it and on to something that one took, each as often as it was taken, and after every
    such pair of steps begins anew with probability 1 - damping. With s the shares of departures and P the pair of steps
    the share of time spent at each item solves p = (1 - damping) * s + damping * p @ P;
    score[j] = p[j] / (takers_j + 10) ** tempering. All zero without a history.

    Where it is known who is a friend of whom, a shopper hands the walker on to one of their friends with probability
    `friends`, and that share of walkers leaves from what the friends took; who has no history leaves from there alone.

    A `departure` above 0 says that what many took tells more than the one shared purchase of two people; a `tempering`
    above 0 holds bestsellers back. P is learned, p is found at the visit by power iteration, as precisely as 1e-4 of
    all walkers: log(1e-4) / log(damping) pairs of steps, so new shoppers and grown histories need no new fit.

    Source: Page et al., "The PageRank Citation Ranking", Stanford 1999, section 6, for the restart at what is one's
    own; Haveliwala, "Topic-Sensitive PageRank", WWW 2002; for departures by degree Eksombatchai et al., "Pixie", WWW
    2018; for the tempering Paudel et al., "Updatable, Accurate, Diverse, and Scalable Recommendations for Interactive
    Applications" (RP3-beta), TiiS 2017.
    """

    name = "pagerank"
    label = "Random walks from the history (personalised PageRank)"
    parts: ClassVar[Mapping[str, Part]] = {
        "to_shoppers": Part(("shoppers", ITEMS), sparse=True),  # column i: where a walker at item i goes
        "to_items": Part((ITEMS, "shoppers"), sparse=True),  # column u: where a walker at shopper u goes
        "to_friends": Part(("shoppers", "shoppers"), sparse=True),  # column u: where shopper u hands it on to
        "takers": Part((ITEMS,)),
    }

    # nDCG@10 on validation items of Beauty: damping .01 to .3 .034, .8 .033; departure 0 .031, .5 .034, 1 .033. Baskets
    # differ by shop: damping .3 and departure 0 .155 on one, .069 on another; .7 and .5 .139 and .097. Tempering by
    # itself has brought nothing
    damping: float = setting(0.3, 0.0, 0.99)
    history_fading: float = setting(0.6, 0.0, 1.0)
    departure: float = setting(0.5, 0.0, 2.0)
    tempering: float = setting(0.0, 0.0, 2.0)
    friends: float = setting(0.0, 0.0, 1.0)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        progress(0, 1, "laying out the graph")
        times = training.matrix()  # (n, n_items)
        takers = np.bincount(times.indices, minlength=training.n_items)
        befriended = nobody(len(training)) if side.friends is None or not self.friends else side.friends
        learned = {
            "to_shoppers": shares_by_column(times),
            "to_items": shares_by_column(sparse.csr_array(times.T)),
            "to_friends": shares_by_column(sparse.csr_array(befriended.T)),
            "takers": takers.astype(np.float32),
        }
        progress(1, 1, "laying out the graph")
        return learned

    def _scores(self, visits: Visits) -> Floats:
        takers = np.asarray(self.learned["takers"])
        departures = self._departures(visits, takers)  # (n_items, b)
        scores = np.empty((len(visits), self.n_items), np.float32)
        for start in range(0, len(visits), VISITS_AT_ONCE):
            some = slice(start, start + VISITS_AT_ONCE)
            scores[some] = self._walked(departures[:, some].toarray()).T  # (n_items, c) -> (c, n_items)
        return scores / (takers + np.float32(TAKERS_ADDED)) ** np.float32(self.tempering)

    def _departures(self, visits: Visits, takers: Floats) -> sparse.csr_array:
        """(n_items, b) where the walkers of each visit leave from."""
        weights = fading_history(visits.histories, self.history_fading)  # (b, n_items)
        weights.data *= np.maximum(takers, 1)[weights.indices] ** np.float32(self.departure)
        own = shares_by_column(sparse.csr_array(weights.T))
        if not self.friends:
            return own
        to_friends = self.learned["to_friends"]
        there = (visits.shoppers >= 0) & (visits.shoppers < to_friends.shape[1])
        told = sparse.csr_array(to_friends[:, np.where(there, visits.shoppers, 0)].multiply(there))  # (n, b)
        share = np.float32(self.friends)
        both = own * (1 - share) + self.learned["to_items"] @ told * share  # (n_items, n) @ (n, b) -> (n_items, b)
        return shares_by_column(sparse.csr_array(both))

    def _walked(self, departures: Floats) -> Floats:
        """(n_items, c) the share of time that walkers with these departures, (n_items, c), spend at each item."""
        to_shoppers, to_items, to_friends = (self.learned[part] for part in ("to_shoppers", "to_items", "to_friends"))
        befriended = np.bincount(to_friends.indices, minlength=to_friends.shape[1]) > 0
        kept = 1 - np.float32(self.friends) * befriended.astype(np.float32)[:, None]  # (n, 1)
        begun = np.float32(1 - self.damping) * departures
        spent = departures
        for _ in range(pairs_of_steps(self.damping)):
            met = to_shoppers @ spent  # (n, n_items) @ (n_items, c) -> (n, c)
            if to_friends.nnz:
                met = kept * met + np.float32(self.friends) * (to_friends @ met)
            spent = to_items @ met  # (n_items, n) @ (n, c) -> (n_items, c)
            spent *= np.float32(self.damping)
            spent += begun
        return spent


@dataclass(frozen=True, eq=False)
class PersonalizedPageRankWithFriends(PersonalizedPageRank):
    """The same walk, some of it from friend to friend."""

    name = "pagerank-friends"
    label = "Random walks among friends (personalised PageRank)"

    # nDCG@10 on the validation baskets of a simulated shop of 1,000: 0 .0974, .1 .0984, .3 .0964, .6 .087
    friends: float = setting(0.1, 0.0, 1.0)


def nobody(n: int) -> sparse.csr_array:
    """(n, n): nobody is a friend of anybody."""
    return sparse.csr_array((n, n), dtype=np.float32)


def pairs_of_steps(damping: float) -> int:
    """How many pairs of steps leave at most UNDER_WAY of the walkers under way."""
    return math.ceil(math.log(UNDER_WAY) / math.log(damping)) if damping > 0 else 0


def shares_by_column(weights: sparse.csr_array) -> sparse.csr_array:
    """The same with every column divided by its sum; an empty one stays empty, and a walk that comes there ends."""
    total = np.bincount(weights.indices, weights.data, minlength=weights.shape[1])
    shares = (weights.data / total[weights.indices]).astype(np.float32)
    return sparse.csr_array((shares, weights.indices, weights.indptr), shape=weights.shape)
