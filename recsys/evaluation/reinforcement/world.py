"""People who browse: page after page in a visit, until they leave, and after a while they come back or do not.

What they do with a page is the simulated shop's own model of choice (`Shop.crowd`). What is added here, and only here:

    load      = same * sameness + poor * (nothing was done) - relief * (something was done)
    tired     = max(0, keep * tired + load)           after each page; less after a break: rest * tired
    acts      each product's stays with chance exp(-dull * tired): a tired eye passes by
    leaving   with chance 1 - (1 - leave) * exp(-tired)
    returning with chance back * exp(-tired) of the moment of leaving, at most `visits` times

`sameness` is the mean over the page's products of their cosine with what was shown lately (a fading mean, `recall`),
at least 0. The shape is that of the simulated people of RecSim (Ie et al., 2019: "long-term satisfaction", where what
was consumed adds up, fades by a factor and scales what people do; "interest evolution", where a poor page uses up the
time that a person has), and of boredom by sameness (Warlop, Lazaric & Mary, NeurIPS 2018; Leqi et al., NeurIPS 2021).
The sizes are assumptions: nobody's log tells how fast people tire of this shop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.learning.learners import STRENGTH
from recsys.learning.reinforcement.seeing import Goods
from recsys.schema import Floats, Rows
from recsys.shops.contract import Crowd

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """How people tire. All 0: they do not, and no page changes whether there is a next one."""

    name: str
    label: str
    same: float = 0.0
    poor: float = 0.0
    relief: float = 0.0
    keep: float = 0.7  # the memory of RecSim's "long-term satisfaction"
    dull: float = 0.0
    rest: float = 0.3
    recall: float = 0.6
    leave: float = 0.08  # after any page: without tiring, a visit has 12 pages if nothing else ends it
    back: float = 0.6
    visits: int = 4
    pages: int = 15  # in all visits, at most


TIRING: Final = World("tiring", "People tire", same=1.5, poor=0.15, relief=0.1, dull=0.7)
TIRELESS: Final = World("tireless", "People do not tire")
WORLDS: Final = (TIRING, TIRELESS)


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """What may be shown to whom; the truth is looked at by who judges alone."""

    crowd: Crowd
    items: Rows  # (n,) of the crowd's products, those that may be shown
    goods: Goods  # of these
    worth: Floats  # (people of the crowd, n)


@dataclass(frozen=True, slots=True, eq=False)
class Happened:
    """With pages of some people."""

    strengths: Floats  # (m, k) how much was done with each product
    bought: npt.NDArray[np.int64]  # (m,) products
    tired: Doubles  # (m,) after the page
    left: npt.NDArray[np.bool_]  # (m,) the visit is over
    over: npt.NDArray[np.bool_]  # (m,) and they will not come back
    acts: tuple[tuple[tuple[str, ...], ...], ...] = field(default=(), repr=False)


class Sessions:
    """Episodes of some people at once, each with random numbers of their own: the same for whoever makes the pages."""

    def __init__(self, market: Market, world: World, people: Rows, seed: int, turn: int = 0) -> None:
        """`people` (b,) are rows of the crowd; `turn` tells episodes of one person apart."""
        self._market, self._world, self._people = market, world, people
        self._rngs = [np.random.default_rng([seed, int(who), turn]) for who in people]
        b, n = len(people), len(market.items)
        self._lately = np.zeros((b, market.goods.vectors.shape[1]), np.float32)
        self.tired = np.zeros(b)
        self._left_to_show = np.full(b, n)
        self._pages, self._visits = np.zeros(b, np.int64), np.ones(b, np.int64)

    def show(self, lanes: Rows, slates: Rows) -> Happened:
        """Pages (m, k) of `Market.items` to people `lanes` (m,)."""
        world, vectors = self._world, self._market.goods.vectors
        acts = tuple(self._acts(int(lane), slate) for lane, slate in zip(lanes, slates, strict=True))
        strengths = np.array([[sum(STRENGTH[act] for act in each) for each in page] for page in acts], np.float32)
        bought = np.array([sum("buy" in each for each in page) for page in acts], np.int64)
        shown = vectors[slates]  # (m, k, d)
        sameness = np.maximum(np.einsum("mkd,md->mk", shown, self._lately[lanes]), 0.0).mean(axis=1)
        acted = strengths.sum(axis=1) > 0
        load = world.same * sameness + world.poor * ~acted - world.relief * acted
        self.tired[lanes] = np.maximum(0.0, world.keep * self.tired[lanes] + load)
        self._lately[lanes] = world.recall * self._lately[lanes] + (1 - world.recall) * shown.mean(axis=1)
        self._pages[lanes] += 1
        self._left_to_show[lanes] -= slates.shape[1]
        tired = self.tired[lanes].copy()
        left, over = self._leaving(lanes, slates.shape[1])
        return Happened(strengths, bought, tired, left, over, acts)

    def _acts(self, lane: int, slate: Rows) -> tuple[tuple[str, ...], ...]:
        """What the person does with a page; of a tired one's acts some are missing."""
        rng, items = self._rngs[lane], self._market.items[slate].astype(np.int32)
        acts = self._market.crowd.respond(int(self._people[lane]), items, rng)
        awake = rng.random(len(slate)) < np.exp(-self._world.dull * self.tired[lane])
        return tuple(each if here else () for each, here in zip(acts, awake.tolist(), strict=True))

    def _leaving(self, lanes: Rows, k: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Who leaves after this page, and of them who never comes back; breaks are over at once."""
        world, rest = self._world, np.exp(-self.tired[lanes])
        chances = np.array([self._rngs[int(lane)].random(2) for lane in lanes])  # drawn whether they count or not
        left = (chances[:, 0] < 1.0 - (1.0 - world.leave) * rest) | (self._left_to_show[lanes] < k)
        ends = self._pages[lanes] >= world.pages
        stays_away = (chances[:, 1] >= world.back * rest) | (self._visits[lanes] >= world.visits)
        over = ends | (left & stays_away)
        left |= ends
        back = lanes[left & ~over]
        self.tired[back] *= world.rest
        self._lately[back] *= world.rest
        self._left_to_show[back] = len(self._market.items)
        self._visits[back] += 1
        return left, over
