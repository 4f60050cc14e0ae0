"""Which of several things people prefer, by their votes: shares with intervals, and whether it is more than luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LEVEL: Final = 0.95  # of the intervals


@dataclass(frozen=True, slots=True)
class Preferred:
    """What the votes say of one of the things: its share of those who decided, with Wilson's interval."""

    votes: int
    decided: int  # votes for any of them; who saw no difference is left out
    share: float  # of those who decided, 0..1; 0 where nobody did
    low: float
    high: float
    p: float  # of a two-sided exact binomial test against chance, 1 / number of things; 1 where nobody decided


def preferred(votes: Mapping[str, int]) -> dict[str, Preferred]:
    """What the votes for each of two or more things say; who saw no difference is not among them.

    The interval is that of Wilson (1927), at LEVEL: it stays within 0..1 and holds with few votes too. Whether a share
    differs from chance is told by the exact binomial test. Both take the votes to be independent of each other.
    Raises ValueError for fewer than two things and for a number of votes below 0.
    """
    from scipy.stats import binomtest

    if len(votes) < 2 or min(votes.values()) < 0:
        raise ValueError(f"votes for two or more things, none below 0, not {dict(votes)}")
    decided = sum(votes.values())
    if decided == 0:
        return dict.fromkeys(votes, Preferred(0, 0, 0.0, 0.0, 1.0, 1.0))
    found = {}
    for name, mine in votes.items():
        test = binomtest(mine, decided, 1.0 / len(votes))
        interval = test.proportion_ci(LEVEL, method="wilson")
        low, high, p = float(interval.low), float(interval.high), float(test.pvalue)
        found[name] = Preferred(mine, decided, mine / decided, low, high, min(p, 1.0))
    return found
