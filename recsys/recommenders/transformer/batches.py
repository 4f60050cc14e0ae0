"""Histories as the network reads them: a position is a basket, batches have one length and no padding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Interactions, Longs
from recsys.recommenders.contract import Visits
from recsys.schema import Floats, Mask, Rows

GAPS: Final = 10  # buckets of days until the next visit: 0, 1, 2-3, 4-7 ... 128-255, 256 and more
FIRST, AGAIN = 0, 1  # kinds of behaviour: taking an item for the first time, and taking it again
KINDS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Bags:
    """Bags of items, one after the other: bag i holds `items[starts[i] : starts[i + 1]]`, of `kinds`."""

    items: Longs  # (e,)
    kinds: Longs  # (e,) FIRST or AGAIN
    starts: Longs  # (bags + 1,)

    @property
    def sizes(self) -> Longs:
        """Items per bag, (bags,)."""
        return np.diff(self.starts)

    @property
    def bag_of_entry(self) -> Longs:
        """(e,)"""
        return np.repeat(np.arange(len(self.starts) - 1), self.sizes)

    def take(self, bags: Longs) -> Bags:
        """Some of the bags, in that order."""
        entries, starts = ranges(self.starts[:-1][bags], self.sizes[bags])
        return Bags(self.items[entries], self.kinds[entries], starts)


@dataclass(frozen=True, slots=True, eq=False)
class Baskets:
    """Interactions basket by basket."""

    bags: Bags  # p of them
    days: Rows  # (p,)
    first: Longs  # (n + 1,) where each shopper's baskets begin
    dated: bool

    @property
    def lengths(self) -> Longs:
        """Baskets per shopper, (n,)."""
        return np.diff(self.first)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """b histories of L positions each, without padding; position (r, t) is row r * L + t of all that is flat."""

    shape: tuple[int, int]  # (b, L)
    bags: Bags  # b * L
    gaps: Longs | None  # (b * L,) bucket of the days until the next visit; None without dates
    targets: Bags | None  # b * L, what was taken next; None when it is not known


def ranges(starts: Longs, lengths: Longs) -> tuple[Longs, Longs]:
    """(starts[0], starts[0] + 1, ... for each of its length, one after the other; where each begins in that)."""
    begins = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.repeat(starts - begins[:-1], lengths) + np.arange(begins[-1]), begins


def baskets_of(interactions: Interactions) -> Baskets:
    """The baskets of all shoppers, shopper after shopper, oldest first."""
    shopper, m = interactions.shopper_of_entry, len(interactions.items)
    begins = np.ones(m, np.bool_)
    begins[1:] = (shopper[1:] != shopper[:-1]) | (interactions.baskets[1:] != interactions.baskets[:-1])
    starts = np.flatnonzero(begins)
    per_shopper = np.bincount(shopper[starts], minlength=len(interactions))
    kinds = np.where(taken_before(interactions), AGAIN, FIRST)
    bags = Bags(interactions.items.astype(np.int64), kinds, np.append(starts, m))
    first = np.concatenate([[0], np.cumsum(per_shopper)]).astype(np.int64)
    return Baskets(bags, interactions.days[starts], first, interactions.dated)


def taken_before(interactions: Interactions) -> Mask:
    """Whether the shopper had taken the item of each entry before, (m,)."""
    key = interactions.shopper_of_entry.astype(np.int64) * interactions.n_items + interactions.items
    before = np.ones(len(key), np.bool_)
    before[np.unique(key, return_index=True)[1]] = False
    return before


def gap_buckets(days: npt.NDArray[np.int32] | Longs) -> Longs:
    """The bucket of a number of days: 0, 1, 2-3, 4-7, ..., doubling."""
    doublings = np.floor(np.log2(np.maximum(days, 0) + 0.5)).astype(np.int64) + 1
    return np.clip(doublings, 0, GAPS - 1)


def windows(baskets: Baskets, max_length: int) -> tuple[Longs, Longs]:
    """(first basket, length) of pieces of at most `max_length` baskets that are each followed by another basket.

    Together they have every basket but the first as a target once. Counted from the end, so that a history's latest
    piece is whole.
    """
    inputs = np.maximum(baskets.lengths - 1, 0)
    pieces = -(-inputs // max_length)
    shopper = np.repeat(np.arange(len(inputs)), pieces)
    back, _ = ranges(np.zeros(len(pieces), np.int64), pieces)  # 0 for a shopper's latest piece
    end = inputs[shopper] - back * max_length
    start = np.maximum(end - max_length, 0)
    return baskets.first[:-1][shopper] + start, end - start


def training_batches(
    baskets: Baskets, max_length: int, positions: int, random: np.random.Generator
) -> tuple[int, Iterator[Batch]]:
    """(how many, all windows in batches of one length and about `positions` positions), in random order."""
    first, lengths = windows(baskets, max_length)
    groups: list[Longs] = []
    for length in np.unique(lengths):
        of_length = random.permutation(np.flatnonzero(lengths == length))
        groups += np.array_split(of_length, -(-len(of_length) * length // max(positions, length)))
    order = random.permutation(len(groups))
    return len(groups), (_window_batch(baskets, first[groups[i]], int(lengths[groups[i][0]])) for i in order)


def _window_batch(baskets: Baskets, first: Longs, length: int) -> Batch:
    now = (first[:, None] + np.arange(length)).ravel()  # (b * L,) baskets
    gaps = gap_buckets(baskets.days[now + 1] - baskets.days[now]) if baskets.dated else None
    return Batch((len(first), length), baskets.bags.take(now), gaps, baskets.bags.take(now + 1))


def visit_batches(visits: Visits, max_length: int, at_once: int = 512) -> Iterator[tuple[Longs, Batch]]:
    """(rows of visits, their latest baskets) of all visits with a history, in batches of one length."""
    baskets = baskets_of(visits.histories)
    lengths = np.minimum(baskets.lengths, max_length)
    for length in np.unique(lengths[lengths > 0]):
        of_length = np.flatnonzero(lengths == length)
        for rows in np.array_split(of_length, -(-len(of_length) // at_once)):
            yield rows, _visit_batch(baskets, visits.days[rows], rows, int(length))


def _visit_batch(baskets: Baskets, today: Rows, rows: Longs, length: int) -> Batch:
    now = baskets.first[rows + 1][:, None] + np.arange(-length, 0)  # (b, L) baskets
    following = np.concatenate([baskets.days[now[:, 1:]], today[:, None]], axis=1)
    gaps = gap_buckets((following - baskets.days[now]).ravel()) if baskets.dated else None
    return Batch((len(rows), length), baskets.bags.take(now.ravel()), gaps, None)


def bag_weights(bags: Bags) -> Floats:
    """(e,) each item's weight in its bag: the sum over a bag of n unlike unit vectors then has about length 1."""
    return np.repeat(bags.sizes.astype(np.float32) ** -0.5, bags.sizes)
