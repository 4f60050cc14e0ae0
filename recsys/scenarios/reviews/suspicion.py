"""Reviews that are not to be taken at their word: near copies of each other, and bursts in time of one product.

Neither proves anything: people copy themselves, and a discount brings many buyers at once. Copies: Broder, "On the
resemblance and containment of documents", 1997, over words. Bursts: how unlikely so many reviews in a week are, were
they spread evenly (Poisson), corrected for the number of weeks looked at.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews.ngrams import words_of

ALIKE: Final = 0.8  # share of word triples in common from which on two reviews are near copies
SHORTEST: Final = 8  # words: "very good, thank you" is everybody's
LARGEST: Final = 200  # reviews that share a triple beyond which the triple says nothing
WEEK: Final = 7  # days
FEWEST: Final = 5  # reviews of a week that can be a burst
CHANCE: Final = 0.01  # that so many come together, over all weeks

Flags = npt.NDArray[np.bool_]


def near_copies(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """(n,) the first review that each is a near copy of, -1 of none."""
    triples = [_triples(text) for text in texts]
    holding: dict[tuple[str, ...], list[int]] = defaultdict(list)
    found = np.full(len(texts), -1)
    for row, mine in enumerate(triples):
        shared: dict[int, int] = defaultdict(int)
        for triple in mine:
            for other in holding[triple][:LARGEST]:
                shared[other] += 1
            holding[triple].append(row)
        for other, common in sorted(shared.items()):
            if common >= ALIKE * (len(mine) + len(triples[other]) - common):
                found[row] = other if found[other] < 0 else found[other]
                break
    return found


def _triples(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return set(zip(words, words[1:], words[2:], strict=False)) if len(words) >= SHORTEST else set()


def bursts(items: Sequence[object], times: npt.NDArray[np.datetime64]) -> Flags:
    """(n,) whether a review stands in a week in which its product got far more than its even share; NaT never."""
    flagged = np.zeros(len(items), bool)
    rows_of: dict[object, list[int]] = defaultdict(list)
    for row, item in enumerate(items):
        if not np.isnat(times[row]):
            rows_of[item].append(row)
    for rows in rows_of.values():
        if len(rows) < FEWEST:
            continue
        days = times[rows].astype("datetime64[D]").astype(np.int64)
        weeks = (days - days.min()) // WEEK
        span = int(weeks.max()) + 1
        for week, count in zip(*np.unique(weeks, return_counts=True), strict=True):
            if count >= FEWEST and span > 1 and _at_least(int(count), len(rows) / span) * span < CHANCE:
                flagged[np.asarray(rows)[weeks == week]] = True
    return flagged


def _at_least(count: int, expected: float) -> float:
    """The chance of `count` or more, Poisson."""
    below = sum(math.exp(each * math.log(expected) - expected - math.lgamma(each + 1)) for each in range(count))
    return max(0.0, 1 - below)
