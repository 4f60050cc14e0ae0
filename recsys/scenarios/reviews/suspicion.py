"""Reviews that are not to be taken at their word: near copies of each other, and bursts in time of one product.

Neither proves anything: people copy themselves, and a discount brings many buyers at once. Copies: Broder, "On the
resemblance and containment of documents", 1997, over words, looked for by sketches as there. Bursts: how unlikely so
many reviews in a week are, were they spread evenly (Poisson), corrected for the number of weeks looked at.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews.ngrams import words_of

ALIKE: Final = 0.8  # share of word triples in common from which on two reviews are near copies
SHORTEST: Final = 8  # words: "very good, thank you" is everybody's
SPAM: Final = 20  # times, and share of all reviews, from which on a shorter text is none of everybody's
SPAM_SHARE: Final = 0.05
SKETCH: Final = 32  # triples of a text by which those alike are looked for
COMPARED: Final = 10  # texts that one is compared with, those that share most of its sketch
LARGEST: Final = 200  # reviews that share a triple beyond which the triple says nothing
WEEK: Final = 7  # days
FEWEST: Final = 5  # reviews of a week that can be a burst
CHANCE: Final = 0.01  # that so many come together, over all weeks

Flags = npt.NDArray[np.bool_]


def near_copies(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """(n,) the first review that each is a near copy of, -1 of none.

    A text of few words is one only where it stands again and again, as spam does. Longer ones are looked for by the
    SKETCH smallest hashes of their triples, and compared whole with the few that share most of these.
    """
    words = [words_of(text) for text in texts]
    found, unlike = _same(words)
    holding: dict[int, list[int]] = defaultdict(list)
    sets: dict[int, set[tuple[str, ...]]] = {}
    for row in unlike:
        mine: set[tuple[str, ...]] = set(zip(words[row], words[row][1:], words[row][2:], strict=False))
        sketch = sorted(zlib.crc32("\x1f".join(triple).encode("utf-8", "replace")) for triple in mine)[:SKETCH]
        shared = Counter(other for each in sketch for other in holding[each][:LARGEST])
        near = sorted(other for other, _ in shared.most_common(COMPARED))
        for other in near:
            common = len(mine & sets[other])
            if common >= ALIKE * (len(mine) + len(sets[other]) - common):
                found[row] = other
                break
        for each in sketch:
            holding[each].append(row)
        sets[row] = mine
    return found


def _same(words: Sequence[Sequence[str]]) -> tuple[npt.NDArray[np.int64], list[int]]:
    """((n,) the first text with the same words where it is a copy of that, else -1; the other long ones, in order)."""
    rows_of: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, some in enumerate(words):
        if some:
            rows_of[tuple(some)].append(row)
    found, unlike = np.full(len(words), -1), list[int]()
    for some, rows in rows_of.items():
        if len(some) >= SHORTEST:
            unlike.append(rows[0])
        if len(some) >= SHORTEST or len(rows) >= max(SPAM, SPAM_SHARE * len(words)):
            found[rows[1:]] = rows[0]
    return found, sorted(unlike)


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
