"""Reviews that are not to be taken at their word: copies of each other, and bursts in time of one product.

Neither proves anything: people copy themselves, and a discount brings many buyers at once. Copies: Broder, "On the
resemblance and containment of documents", 1997, over words, looked for by sketches as there. What many people
say anyhow is no copy: its words stand in as many other reviews, beside other words. Bursts: how unlikely so many
reviews within a week are, were a product's reviews spread as all others' are (Poisson), corrected for all weeks of all
products looked at.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
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
LONG: Final = 20  # words from which on nobody writes the same by chance
NEAR: Final = 30  # days within which shorter copies of different people must lie
THEIRS: Final = 0.5  # of the reviews that hold the middle one of its triples: how many are copies of each other
LARGEST: Final = 200  # different texts that share a triple beyond which the triple says nothing
WEEK: Final = 7  # days
FEWEST: Final = 5  # reviews of a week that can be a burst
CHANCE: Final = 0.01  # that any such week is found where there is none

Whole = npt.NDArray[np.int64]
Times = npt.NDArray[np.datetime64]
Triples = frozenset[tuple[str, ...]]


def near_copies(texts: Sequence[str]) -> Whole:
    """(n,) the first review that each is a near copy of, whoever wrote it; -1 of none, and of the first itself.

    A text of few words is one only where it stands again and again, as spam does. Longer ones are looked for by the
    SKETCH smallest hashes of their triples, and compared whole with the few that share most of these.
    """
    return _near([words_of(text) for text in texts])


def _near(words: Sequence[Sequence[str]]) -> Whole:
    found, unlike = _same(words)
    holding: dict[int, list[int]] = defaultdict(list)
    sets: dict[int, Triples] = {}
    for row in unlike:
        mine = _triples(words[row])
        sketch = sorted(zlib.crc32("\x1f".join(triple).encode("utf-8", "replace")) for triple in mine)[:SKETCH]
        shared = Counter(other for each in sketch for other in holding[each][:LARGEST])
        near = sorted(other for other, _ in shared.most_common(COMPARED))
        alike = (other for other in near if _alike(mine, sets[other]))
        other = next(alike, row)
        found[row] = -1 if other == row else other if found[other] < 0 else found[other]
        for each in sketch:
            holding[each].append(row)
        sets[row] = mine
    first = np.where(found >= 0, found[found], -1)  # copies word for word of what is itself a near copy
    return np.where(first >= 0, first, found)


def _alike(one: Triples, two: Triples) -> bool:
    common = len(one & two)
    return common >= ALIKE * (len(one) + len(two) - common)


def _same(words: Sequence[Sequence[str]]) -> tuple[Whole, list[int]]:
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


def copies(texts: Sequence[str], times: Times, items: Sequence[object], authors: Sequence[object] | None) -> Whole:
    """(n,) to which group of suspicious copies each review belongs, by the group's first review; -1 to none.

    Copies whose words are everybody's are left out, and short ones unless one author wrote them, or they lie near each
    other in time, or, where no dates are known, praise one product. Spam of few words needs nothing more.
    """
    words = [words_of(text) for text in texts]
    root = _near(words)
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(root >= 0):
        rows_of[int(root[row])].append(int(row))
    held = _held(words, frozenset().union(*(_triples(words[first]) for first in rows_of)))
    found = np.full(len(texts), -1)
    for first, others in rows_of.items():
        group = np.array([first, *others])
        often = [held[triple] for triple in _triples(words[first])]
        if often and len(group) < THEIRS * np.median(often):
            continue
        if SHORTEST <= len(words[first]) < LONG:
            group = _close(group, times, items, authors)
        if len(group) > 1:
            found[group] = group.min()
    return found


def _held(words: Sequence[Sequence[str]], asked: Triples) -> Counter[tuple[str, ...]]:
    """In how many texts each of these triples stands."""
    return Counter(triple for some in words if asked for triple in asked & _triples(some))


def _close(group: Whole, times: Times, items: Sequence[object], authors: Sequence[object] | None) -> Whole:
    """Those of a group that have another one of it near them."""
    days = times[group].astype("datetime64[D]")
    by_author = [_known(authors[row]) if authors is not None else None for row in group]
    by_item = [_known(items[row]) for row in group]
    dated = ~np.isnat(days)
    kept = np.zeros(len(group), bool)
    order = np.flatnonzero(dated)[np.argsort(days[dated], kind="stable")]
    for one, two in pairwise(order):
        kept[[one, two]] |= bool((days[two] - days[one]).astype(np.int64) <= NEAR)
    for names, asked in ((by_author, np.ones(len(group), bool)), (by_item, ~dated)):
        often = Counter(name for name, ask in zip(names, asked, strict=True) if ask and name is not None)
        kept |= np.array([bool(ask) and often[name] > 1 for name, ask in zip(names, asked, strict=True)])
    return group[kept]


def _known(name: object) -> object:
    return None if name in ("", -1) or name is None else name


def _triples(words: Sequence[str]) -> Triples:
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def bursts(items: Sequence[object], times: Times) -> Whole:
    """(n,) in which burst of its product a review stands, by the first review of it; -1 in none. NaT never."""
    found = np.full(len(items), -1)
    dated = np.flatnonzero(~np.isnat(times))
    if not len(dated):
        return found
    day = times.astype("datetime64[D]").astype(np.int64)
    everything = np.sort(day[dated])
    rows_of: dict[object, list[int]] = defaultdict(list)
    for row in dated:
        rows_of[items[int(row)]].append(int(row))
    looked = sum(len(set(day[rows].tolist())) for rows in rows_of.values() if len(rows) >= FEWEST)
    for rows in rows_of.values():
        if len(rows) >= FEWEST:
            for burst in _bursts_of(np.array(rows), day, everything, len(rows_of), looked):
                found[burst] = burst.min()
    return found


def _bursts_of(rows: Whole, day: Whole, everything: Whole, products: int, looked: int) -> list[Whole]:
    """The rows of each burst of one product, (k,) each."""
    rows = rows[np.argsort(day[rows], kind="stable")]
    days = day[rows]
    ends = np.searchsorted(days, days + WEEK)  # the first after the week that begins with each
    flagged = np.zeros(len(rows), bool)
    for start in np.flatnonzero(np.r_[True, np.diff(days) > 0]):
        count = int(ends[start] - start)
        share = _share(int(days[start]), days, everything, products)
        if count >= FEWEST and share < 1 and _at_least(count, len(rows) * share) * looked < CHANCE:
            flagged[start : ends[start]] = True
    parts = np.split(np.flatnonzero(flagged), np.flatnonzero(np.diff(days[flagged]) > WEEK) + 1)
    return [rows[part] for part in parts if len(part)]


def _share(start: int, days: Whole, everything: Whole, products: int) -> float:
    """What share of a product's reviews belongs in the week from `start`: evenly, or more where all others have more.

    Of its own time alone: from its first review to its last. 1.0 where that is no longer than the week.
    """
    first, last = int(days[0]), int(days[-1])
    even = WEEK / max(last - first + 1, WEEK)
    within = int(np.searchsorted(everything, last + 1) - np.searchsorted(everything, first)) - len(days)
    if products < 2 or within < 1:
        return even
    here = np.searchsorted(everything, start + WEEK) - np.searchsorted(everything, start)
    own = np.searchsorted(days, start + WEEK) - np.searchsorted(days, start)
    return max(even, float(here - own) / within)


def _at_least(count: int, expected: float) -> float:
    """The chance of `count` or more, Poisson."""
    if expected <= 0:
        return 0.0
    below = sum(math.exp(each * math.log(expected) - expected - math.lgamma(each + 1)) for each in range(count))
    return max(0.0, 1 - below)
