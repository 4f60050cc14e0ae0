"""How far two ranked lists agree: how much they share, and how early they do."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Final

PERSISTENCE: Final = 0.9  # the first ten places weigh 86 % of it (Webber et al. 2010, equation 21)


def shared(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """How many entries two lists without repetitions have in common, wherever they stand."""
    return len(set(one) & set(other))


def overlap(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """The share of the longer list that both have, 0..1; NaN where both are empty."""
    longest = max(len(one), len(other))
    return shared(one, other) / longest if longest else math.nan


def rank_biased_overlap(one: Sequence[Hashable], other: Sequence[Hashable], p: float = PERSISTENCE) -> float:
    """Rank-biased overlap, extrapolated: RBO_ext of Webber, Moffat and Zobel 2010 (equations 30 and 32), 0..1.

    The agreement at each depth d, what both have among their first d divided by d, weighted by (1 - p) p^(d - 1), as a
    person would see it who goes on to the next place with probability `p`. Beyond the end of the lists, s <= l long,
    agreement is taken to stay as it is there:

        RBO_ext = (1 - p)/p (sum_{d=1..l} X_d/d p^d + sum_{d=s+1..l} X_s (d - s)/(s d) p^d)
                  + ((X_l - X_s)/l + X_s/s) p^l

    X_d is the size of the overlap at depth d. Equal lists have 1, lists with nothing in common 0. NaN where a list is
    empty: nothing is known of it. Entries must not repeat. Raises ValueError for a `p` outside 0..1.
    """
    if not 0.0 < p < 1.0:
        raise ValueError(f"p={p} must lie between 0 and 1")
    short, long = sorted((list(one), list(other)), key=len)
    s, last = len(short), len(long)
    if s == 0:
        return math.nan
    overlaps = _overlaps(short, long)
    at_s, at_l = overlaps[s - 1], overlaps[last - 1]
    agreed = sum(overlaps[d - 1] / d * p**d for d in range(1, last + 1))
    beyond = sum(at_s * (d - s) / (s * d) * p**d for d in range(s + 1, last + 1))
    return (1.0 - p) / p * (agreed + beyond) + ((at_l - at_s) / last + at_s / s) * p**last


def _overlaps(short: Sequence[Hashable], long: Sequence[Hashable]) -> list[int]:
    """The size of the overlap at each depth of the longer list; past its end the shorter one adds nothing."""
    first: set[Hashable] = set()
    second: set[Hashable] = set()
    sizes, size = [], 0
    for depth, entry in enumerate(long):
        second.add(entry)
        size += entry in first
        if depth < len(short):
            first.add(short[depth])
            size += short[depth] in second
        sizes.append(size)
    return sizes
