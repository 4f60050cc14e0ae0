"""Reviews that are not to be taken at their word: copies of each other, and bursts in time of one product.

Neither proves anything: people copy themselves, and a discount brings many buyers at once. Copies: Broder, "On the
resemblance and containment of documents", 1997, over words. What many people say anyhow is no copy: its words stand
in as many other reviews, beside other words. Bursts: how unlikely so many reviews within a week are, were a product's
reviews spread as all others' are (Poisson), corrected for all weeks of all products looked at.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews.ngrams import words_of

ALIKE: Final = 0.8  # share of word triples in common from which on two reviews are near copies
SHORTEST: Final = 8  # words: "very good, thank you" is everybody's
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
    """(n,) the first review that each is a near copy of, whoever wrote it; -1 of none, and of the first itself."""
    first_of: dict[Triples, int] = {}
    holding: dict[tuple[str, ...], list[int]] = defaultdict(list)
    triples_of: dict[int, Triples] = {}
    found = np.full(len(texts), -1)
    for row, text in enumerate(texts):
        mine = _triples(text)
        if not mine:
            continue
        if mine in first_of:
            found[row] = first_of[mine]
            continue
        shared = Counter(other for triple in mine for other in holding[triple][:LARGEST])
        like = (o for o, c in sorted(shared.items()) if c >= ALIKE * (len(mine) + len(triples_of[o]) - c))
        root = next(like, row)
        first_of[mine] = root
        if root != row:  # only firsts are looked up: a thousand copies of one text are compared with one
            found[row] = root
            continue
        triples_of[row] = mine
        for triple in mine:
            holding[triple].append(row)
    return found


def copies(texts: Sequence[str], times: Times, items: Sequence[object], authors: Sequence[object] | None) -> Whole:
    """(n,) to which group of suspicious copies each review belongs, by the group's first review; -1 to none.

    Copies whose words are everybody's are left out, and short ones unless one author wrote them, or they lie near each
    other in time, or, where no dates are known, praise one product.
    """
    root = near_copies(texts)
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(root >= 0):
        rows_of[int(root[row])].append(int(row))
    held = Counter(triple for text in texts for triple in _triples(text)) if rows_of else Counter[tuple[str, ...]]()
    found = np.full(len(texts), -1)
    for first, others in rows_of.items():
        group = np.array([first, *others])
        often = np.median([held[triple] for triple in _triples(texts[first])])
        if len(group) < THEIRS * often:
            continue
        if len(words_of(texts[first])) < LONG:
            group = _close(group, times, items, authors)
        if len(group) > 1:
            found[group] = group.min()
    return found


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


def _triples(text: str) -> Triples:
    words = words_of(text)
    return frozenset(zip(words, words[1:], words[2:], strict=False)) if len(words) >= SHORTEST else frozenset()


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
