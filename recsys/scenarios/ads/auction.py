"""The auction of the sponsored places of one shelf: generalised second price, with a relevance floor and a reserve.

Of the products that may stand at a place that with the largest bid x click rate x relevance wins, and pays for a click
the least that would still have won the place (Edelman, Ostrovsky & Schwarz, "Internet Advertising and the Generalized
Second-Price Auction", AER 2007; Varian, "Position auctions", IJIO 2007). With a single place nobody gains by bidding
anything but what a click is worth to them (Vickrey 1961); with several that is no longer so, which both papers show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.errors import BadRequestError

SECOND, FIRST = "second", "first"
PRICES: Final = (SECOND, FIRST)
APART: Final = 3  # from one sponsored place to the next: two of them never stand side by side
NEVER: Final = -1

Doubles = npt.NDArray[np.float64]
Cents = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rules:
    """How sponsored places are sold.

    `places` on the shelf are for sale. A product needs `floor` (0..1) of the score of the product that it displaces,
    or to be among the `among` best candidates; 0 lets everybody in. `reserve` is the least bid for a click, in cents.
    `price` is SECOND or FIRST; `ranked` tells whether click rate and relevance count beside the bid. Raises
    BadRequestError for what cannot be.
    """

    places: int = 2
    floor: float = 0.5
    reserve: int = 0
    price: str = SECOND
    ranked: bool = True
    among: int = 0

    def __post_init__(self) -> None:
        """Say what cannot be."""
        if isinstance(self.places, bool) or not isinstance(self.places, int) or self.places < 0:
            _refuse(f"{self.places!r} sponsored places", "a whole number from 0", "choose 2, say")
        if not 0 <= self.floor <= 1:  # NaN is refused too
            _refuse(f"a relevance floor of {self.floor!r}", "a share from 0 to 1", "choose 0.5, say")
        if isinstance(self.reserve, bool) or not isinstance(self.reserve, int) or self.reserve < 0:
            _refuse(f"a reserve price of {self.reserve!r}", "whole cents from 0", "choose 0 for none")
        if self.price not in PRICES:
            _refuse(f"the price {self.price!r}", ", ".join(PRICES), f"choose {SECOND!r}")
        if isinstance(self.among, bool) or not isinstance(self.among, int) or self.among < 0:
            _refuse(f"the best {self.among!r} candidates", "a whole number from 0", "choose 0 for none")


def _refuse(seen: str, allowed: str, remedy: str) -> None:
    raise BadRequestError(f"{seen} cannot be", allowed=allowed, remedy=remedy)


@dataclass(frozen=True, slots=True, eq=False)
class Bids:
    """The candidates of one shelf, best first, and who bids for them; all (m,)."""

    scores: Doubles  # relevance, from above 0; falls
    rates: Doubles  # predicted chance of a click once it is looked at
    cents: Cents  # bid for a click; 0 for none
    advertisers: Codes  # -1 where nobody advertises

    def __post_init__(self) -> None:
        """Raise BadRequestError where lengths differ, a bid is negative or a score is no number."""
        lengths = {len(each) for each in (self.scores, self.rates, self.cents, self.advertisers)}
        if len(lengths) > 1:
            _refuse(f"candidates of {sorted(lengths)} scores, rates, bids and advertisers", "as many of each", "check")
        if (self.cents < 0).any():
            _refuse(f"a bid of {int(self.cents.min())} cents", "whole cents from 0", "leave the bid out")
        if not (np.isfinite(self.scores).all() and np.isfinite(self.rates).all()):
            _refuse("a score or click rate that is no number", "numbers from 0", "leave the product out")
        if (self.scores < 0).any() or (self.rates < 0).any():
            _refuse("a score or click rate below 0", "numbers from 0", "leave the product out")


@dataclass(frozen=True, slots=True)
class Sold:
    """One place that was sold."""

    place: int  # on the shelf, from 0
    candidate: int  # its position among the candidates
    bid: int  # cents for a click
    price: int  # cents for a click
    displaced: int  # candidate that would stand there; NEVER where the shelf ends before
    rival: int  # candidate that would have won instead; NEVER where there was none


@dataclass(frozen=True, slots=True, eq=False)
class Auctioned:
    """A shelf with its sponsored places."""

    shelf: tuple[int, ...]  # candidates from the top
    sold: tuple[Sold, ...]


def places_for(k: int, n: int) -> tuple[int, ...]:
    """Which of k places, from 0, are for sale: the first, then every third, as many of n as there is room for."""
    return tuple(range(0, k, APART))[: max(n, 0)]


def auctioned(bids: Bids, rules: Rules, k: int, free: npt.NDArray[np.bool_] | None = None) -> Auctioned:
    """The first k candidates with sponsored ones at the places for sale, and who pays what.

    From the top down each place goes to the best of those that may stand there; `free` (m,) tells who may at all, as
    by caps and budgets. A product is sponsored at a place only if it would stand below it otherwise; an advertiser has
    one sponsored place of a shelf at most, so that nobody bids against themselves. A place for which nobody qualifies
    is not sold. Ties go to the better candidate.
    """
    m = len(bids.scores)
    worth = (bids.rates * bids.scores if rules.ranked else np.ones(m)) * bids.cents
    able = (bids.cents >= max(rules.reserve, 1)) & (bids.advertisers >= 0) & (worth > 0)
    if free is not None:
        able &= free
    sold: list[Sold] = []
    shelf: list[int] = []
    organic = 0
    for place in range(min(k, m)):
        while organic in shelf:
            organic += 1
        if place % APART == 0 and place // APART < rules.places and able.any():
            won = _sold_at(place, organic, bids, rules, able, worth)
            if won is not None:
                sold.append(won)
                shelf.append(won.candidate)
                able &= bids.advertisers != bids.advertisers[won.candidate]
                continue
        if organic >= m:
            break
        shelf.append(organic)
        organic += 1
    return Auctioned(tuple(shelf), tuple(sold))


def _sold_at(
    place: int, displaced: int, bids: Bids, rules: Rules, able: npt.NDArray[np.bool_], worth: Doubles
) -> Sold | None:
    """Who wins one place, None where nobody may stand there."""
    allowed = able.copy()
    allowed[: displaced + 1] = False  # stand there or above anyway
    if rules.floor > 0 and displaced < len(bids.scores):
        near = bids.scores >= rules.floor * bids.scores[displaced]
        near[: rules.among] = True
        allowed &= near
    if not allowed.any():
        return None
    counted = np.where(allowed, worth, -1.0)
    best = int(np.argmax(counted))
    rest = np.where(bids.advertisers == bids.advertisers[best], -1.0, counted)
    rival = int(np.argmax(rest))
    bid = int(bids.cents[best])
    price = bid
    if rules.price == SECOND:
        needed = float(rest[rival]) * bid / float(counted[best]) if rest[rival] > 0 else 0.0
        price = min(bid, max(int(np.ceil(needed - 1e-9)), rules.reserve, 1))
    return Sold(place, best, bid, price, displaced, rival if rest[rival] > 0 else NEVER)
