"""Two rankings on one shelf: each product is put there by one of them, and what people take counts for that side.

Radlinski, Kurup & Joachims, "How does clickthrough data reflect retrieval quality?", CIKM 2008 (team draft). As
everybody sees both sides at once, people differ from each other much less than two groups of people do; so it takes
far fewer of them than a test of two groups (Chapelle, Joachims, Radlinski & Yue, 2012).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.anytime import coin_evidence, coin_interval
from recsys.evaluation.experiments.checking import between

A, B = 0, 1
NEAR: Final = 0.1  # on either side of one half: who is not further apart is called level
FURTHER, NOT_YET, LEVEL_WITH = "one is better", "not yet", "level"
_Item = TypeVar("_Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Draft(Generic[_Item]):
    """A shelf of both rankings: its products from the top, and which side put each there."""

    items: tuple[_Item, ...]
    sides: tuple[int, ...]  # A or B


def team_draft(first: Sequence[_Item], second: Sequence[_Item], k: int, seed: int | Sequence[int]) -> Draft[_Item]:
    """k products: by turns each side puts its best one that is not there yet; who begins is drawn anew each turn.

    Whoever has put fewer there is next; where both have as many, a coin says. A side with nothing left leaves its
    turns to the other. The same for the same seed. Raises BadRequestError for k below 1, and for a
    list that names a product twice.
    """
    if k < 1:
        raise BadRequestError(f"a shelf of {k} products", allowed="1 or more", remedy="ask for ten")
    for ranking in (first, second):
        if len(set(ranking)) < len(ranking):
            raise BadRequestError(
                "a ranking names a product twice", allowed="each product once", remedy="leave the later one out"
            )
    rng = np.random.default_rng(seed)
    waiting = [iter(first), iter(second)]
    items: dict[_Item, int] = {}  # in the order in which they were put there
    put = [0, 0]
    while len(items) < k:
        side = int(rng.integers(2)) if put[A] == put[B] else int(put[B] < put[A])
        product = next((each for each in waiting[side] if each not in items), None)
        if product is None:
            side = 1 - side
            product = next((each for each in waiting[side] if each not in items), None)
            if product is None:
                break
        items[product] = side
        put[side] += 1
    return Draft(tuple(items), tuple(items.values()))


def winner(sides: Iterable[int]) -> int | None:
    """The side that more of what was taken from one shelf came from, each product counted once; None for a tie.

    A shelf is one throw of the coin, however much is taken from it: what one person does on one shelf hangs together.
    Who takes everything has taken as much from both, and counts for none.
    """
    taken = list(sides)
    a, b = taken.count(A), taken.count(B)
    if a + b < len(taken):
        raise BadRequestError("a side that is none", allowed=f"{A} or {B}", remedy="use those of the draft")
    return None if a == b else int(b > a)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the shelves say by now."""

    a: int  # shelves that were decided for A
    b: int
    share: float  # of B among them; NaN where none was decided
    low: float  # the interval of that share, right at every look
    high: float
    wilson: tuple[float, float]  # the usual 95 % interval, right at one look alone
    p: float  # of no difference, right at every look
    says: str  # FURTHER, NOT_YET or LEVEL_WITH

    @property
    def better(self) -> int | None:
        """The side that is better, once that is said."""
        return None if self.says != FURTHER else int(self.b > self.a)

    @property
    def may_stop(self) -> bool:
        """Whether more shelves would tell nothing more that matters."""
        return self.says != NOT_YET


def verdict(a: int, b: int, alpha: float = 0.05) -> Verdict:
    """The verdict after `a` shelves for A and `b` for B, as if thrown by a coin where nobody prefers a side.

    It may be asked for after every shelf: over all of them together it names a side without reason in `alpha` of tests
    at most (`anytime.coin_evidence`). LEVEL_WITH: the whole interval lies within NEAR of one half.
    """
    from scipy.stats import binomtest

    between("a chance of a false alarm of", alpha)
    evidence = float(coin_evidence(a, b))
    low, high = coin_interval(b, a, alpha)
    says = NOT_YET
    if evidence >= -math.log(alpha):
        says = FURTHER
    elif low >= 0.5 - NEAR and high <= 0.5 + NEAR:
        says = LEVEL_WITH
    decided = a + b
    told = binomtest(b, decided).proportion_ci(0.95, method="wilson") if decided else None
    wilson = (float(told.low), float(told.high)) if told else (0.0, 1.0)
    share = b / decided if decided else math.nan
    return Verdict(a, b, share, low, high, wilson, math.exp(-max(evidence, 0.0)), says)


def more_needed(a: int, b: int, alpha: float = 0.05, most: int = 100_000) -> int | None:
    """How many more decided shelves a verdict takes, should the share stay as it is; None for more than `most`."""
    decided = a + b
    if not decided or a == b:
        return None
    low, high = 0, 1
    share = b / decided

    def enough(more: int) -> bool:
        total = decided + more
        return float(coin_evidence(total * (1 - share), total * share)) >= -math.log(alpha)

    if enough(0):
        return 0
    while not enough(high):
        low, high = high, high * 2
        if high > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
