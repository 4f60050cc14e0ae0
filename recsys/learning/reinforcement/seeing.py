"""What an agent may know of people who browse: their pages and what they did with them, many people at a time.

Nothing of the truth: neither what things are worth to a person nor how tired they are. What was done teaches a ridge
regression for each person, row by row, the same as the linear bandits' (`recsys.learning.bandits`), so that a bandit, a
ranker and a planner know the same and differ in what they make of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.learning.bandits import PRIOR
from recsys.schema import Floats, Rows

FEATURES: Final = ("popular", "expected", "unsure", "near_chosen", "near_shown", "shown_before", "nothing")
"""Of a product for a person: what everybody takes, what the regression expects and how unsure it is, how near it is to
what the person chose and to what was shown of late, whether an earlier visit showed it; and "no product" itself."""

STATE: Final = ("page", "visit", "pages", "acting", "worth", "idle", "near")
"""Of a person: page of the visit, visits, pages in all, share of pages with an act, worth of the last page, pages in a
row without an act, how near the last page was to those before."""

KEPT: Final = 0.6  # of what was shown, from page to page, in what counts as "of late"
AT_MOST: Final = (10.0, 5.0, 30.0, 1.0, 5.0, 5.0, 1.0)  # what a figure of the state is divided by, to be about 0..1
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Goods:
    """The products that may be shown."""

    vectors: Floats  # (n, d) of length 1 at most
    popular: Floats  # (n,) mean 0, standard deviation 1


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is known of b people before their next page."""

    features: Floats  # (b, n, len(FEATURES))
    state: Floats  # (b, len(STATE))
    free: Bools  # (b, n) not yet shown in this visit
    inverse: Floats  # (b, d, d) of each person's regression
    theta: Floats  # (b, d) its taste

    def feature(self, name: str) -> Floats:
        """(b, n) one of FEATURES."""
        return np.asarray(self.features[:, :, FEATURES.index(name)], np.float32)


class Watching:
    """What was seen of b people who browse, kept up to date page by page."""

    def __init__(self, goods: Goods, people: int) -> None:
        n, d = goods.vectors.shape
        self._goods = goods
        self._inverse = np.tile(np.eye(d, dtype=np.float32) / PRIOR, (people, 1, 1))
        self._sums, self._chosen, self._shown = (np.zeros((people, d), np.float32) for _ in range(3))
        self._taken, self._before = (np.zeros((people, n), np.bool_) for _ in range(2))
        self._state = np.zeros((people, len(STATE)), np.float32)
        self._acted = np.zeros(people, np.float32)

    def see(self, lanes: Rows) -> Seen:
        """What is known of these people."""
        vectors = self._goods.vectors
        b, n = len(lanes), len(vectors)
        inverse, theta = self._inverse[lanes], self._theta(lanes)
        features = np.zeros((b, n, len(FEATURES)), np.float32)
        features[:, :, 0] = self._goods.popular
        features[:, :, 1] = theta @ vectors.T  # (b, d) @ (d, n) -> (b, n)
        spread = np.matmul(vectors, inverse)  # (n, d) @ (b, d, d) -> (b, n, d)
        features[:, :, 2] = np.sqrt(np.maximum(np.einsum("bnd,nd->bn", spread, vectors), 0.0))
        features[:, :, 3] = _unit(self._chosen[lanes]) @ vectors.T
        features[:, :, 4] = self._shown[lanes] @ vectors.T
        features[:, :, 5] = self._before[lanes]
        state = self._state[lanes] / np.array(AT_MOST, np.float32)
        return Seen(features, np.minimum(state, 1.0), ~self._taken[lanes], inverse, theta)

    def take_in(self, lanes: Rows, slates: Rows, strengths: Floats) -> None:
        """What was shown to these people (m, k), the first at the top, and how much was done with each (m, k)."""
        pages = self._goods.vectors[slates]  # (m, k, d)
        looked = looked_at(strengths)
        for place in range(slates.shape[1]):
            some = looked[:, place]
            self._add(lanes[some], pages[some, place], strengths[some, place])
        self._chosen[lanes] += np.einsum("mk,mkd->md", strengths, pages)
        mean = pages.mean(axis=1)
        near = np.einsum("md,md->m", mean, self._shown[lanes])
        self._shown[lanes] = KEPT * self._shown[lanes] + (1.0 - KEPT) * mean
        self._taken[lanes[:, None], slates] = True
        self._count(lanes, strengths.sum(axis=1), near)

    def visit_over(self, lanes: Rows) -> None:
        """These people left and came back: everything may be shown again, and what was shown is a while ago."""
        self._before[lanes] |= self._taken[lanes]
        self._taken[lanes] = False
        self._shown[lanes] = 0.0
        self._state[lanes, STATE.index("page")] = 0.0
        self._state[lanes, STATE.index("idle")] = 0.0
        self._state[lanes, STATE.index("visit")] += 1.0

    def _theta(self, lanes: Rows) -> Floats:
        return np.asarray(np.einsum("bde,be->bd", self._inverse[lanes], self._sums[lanes]), np.float32)

    def _add(self, lanes: Rows, x: Floats, rewards: Floats) -> None:
        """A row more in the regression of each (Sherman & Morrison, 1950)."""
        moved = np.einsum("bde,be->bd", self._inverse[lanes], x)
        scale = 1.0 + np.einsum("bd,bd->b", x, moved)
        self._inverse[lanes] -= moved[:, :, None] * moved[:, None, :] / scale[:, None, None]
        self._sums[lanes] += np.clip(rewards, -1.0, 1.0)[:, None] * x

    def _count(self, lanes: Rows, worth: Floats, near: Floats) -> None:
        state, acting = self._state, worth > 0
        self._acted[lanes] += acting
        state[lanes, 0] += 1.0
        state[lanes, 2] += 1.0
        state[lanes, 3] = self._acted[lanes] / state[lanes, 2]
        state[lanes, 4] = worth
        state[lanes, 5] = np.where(acting, 0.0, state[lanes, 5] + 1.0)
        state[lanes, 6] = np.maximum(near, 0.0)


def looked_at(strengths: Floats) -> Bools:
    """Which products of pages (m, k) were certainly looked at: what was acted on, and what stands above the last of it.

    The cascade model (Craswell et al., WSDM 2008), as for the bandits.
    """
    acted = strengths != 0
    return np.asarray(np.cumsum(acted[:, ::-1], axis=1)[:, ::-1] > 0, np.bool_)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-9), np.float32)
