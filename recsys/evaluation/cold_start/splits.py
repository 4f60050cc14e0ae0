"""Which items and shoppers are cold, what is known before they come, and what they are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError
from recsys.evaluation.splits import Task
from recsys.recommenders.contract import Visits
from recsys.schema import Mask, Rows

KNOWN: Final = (0, 1, 3, 5, 10)
"""How many events of a new shopper are known; what follows the last of them is asked at every one of them."""
ASKED: Final = 10  # events after those, at most, that are the truth
FOLDS: Final = 5  # parts of the shoppers: one is asked, one chosen by, the others are learned from
LEAST: Final = 2  # visits that a task needs


@dataclass(frozen=True, slots=True, eq=False)
class ColdTask:
    """What is known, who is asked, and among which items they choose."""

    known: Interactions  # of all shoppers, what recommenders are fitted on
    task: Task
    candidates: Mask  # (n_items,) what is ranked: the cold items that anybody took afterwards
    on_offer: Mask  # (n_items,) all cold items, those that nobody took among them
    day: int  # the cut; -1 where there are no dates


def cold_items(table: Interactions, launched: Rows | None, days: int, seed: int) -> tuple[ColdTask, ColdTask]:
    """(validation, test) of items that nobody had taken.

    With dates: everything before the cut is known; an item without an event before it is cold, and on offer if it came
    into the shop before the window of `days` ends; what shoppers take of those in the window is the truth. The
    validation is the window before, with a cut of its own. Without dates two tenths of the items are drawn by seed and
    made cold; each shopper is known up to their first event with one, and the drawn items they took are the truth.
    Raises DataError where a window does not fit or nobody took a cold item in it.
    """
    if table.dated:
        return _items_in_time(table, launched, days)
    drawn = np.random.default_rng(seed).permutation(table.n_items)
    tenth = table.n_items // 10
    test, validation = np.zeros(table.n_items, np.bool_), np.zeros(table.n_items, np.bool_)
    test[drawn[:tenth]], validation[drawn[tenth : 2 * tenth]] = True, True
    without_test = table.where(~test[table.items])
    return _items_drawn(_numbered(without_test), validation), _items_drawn(table, test)


def _items_in_time(table: Interactions, launched: Rows | None, days: int) -> tuple[ColdTask, ColdTask]:
    end = int(table.days.max(initial=0)) + 1
    if days < 1 or end - 2 * days < 1:
        raise DataError(
            f"windows of {days} days do not fit into {end} days",
            allowed=f"1 to {(end - 1) // 2} days",
            remedy="ask for shorter windows with --days",
        )

    def cut(start: int) -> ColdTask:
        known = table.where(table.days < start)
        cold = np.bincount(known.items, minlength=table.n_items) == 0
        if launched is not None:
            cold &= launched < start + days
        window = (table.days >= start) & (table.days < start + days) & cold[table.items]
        taken = table.where(window)
        return ColdTask(known, _asked(taken, known, start), _any(taken), cold, start)

    return cut(end - 2 * days), cut(end - days)


def _items_drawn(table: Interactions, cold: Mask) -> ColdTask:
    is_cold = cold[table.items]
    before = np.zeros(len(table.items), np.bool_)  # entries before the shopper's first cold one
    for start, stop in zip(table.indptr[:-1], table.indptr[1:], strict=True):
        first = np.flatnonzero(is_cold[start:stop])
        before[start : start + first[0] if len(first) else stop] = True
    known = table.where(before)
    taken = table.where(is_cold)
    return ColdTask(known, _asked(taken, known, -1), _any(taken), cold, -1)


def _any(taken: Interactions) -> Mask:
    """(n_items,) whether anybody took each item."""
    return np.asarray(np.bincount(taken.items, minlength=taken.n_items) > 0)


def _asked(taken: Interactions, known: Interactions, day: int) -> Task:
    asked = np.flatnonzero(taken.lengths > 0).astype(np.int32)
    if len(asked) < LEAST:
        raise DataError(
            f"{len(asked)} shoppers took an item that nobody had taken before",
            allowed=f"{LEAST} or more",
            remedy="ask for longer windows with --days, or give more histories",
        )
    days = np.full(len(asked), day, np.int32) if day >= 0 else known.n_baskets[asked]
    return Task(Visits(known.take(asked), asked, days), _ones(taken.take(asked)))


@dataclass(frozen=True, slots=True, eq=False)
class ColdShoppers:
    """New shoppers at every number of known events, always the same ones with the same truth."""

    known: Interactions  # of all shoppers; nothing of those who are asked
    tasks: dict[int, Task]  # number of known events -> task


def cold_shoppers(table: Interactions, day: int, seed: int, rotations: int) -> Iterator[tuple[ColdShoppers, ...]]:
    """(validation, test) of shoppers who are held out wholly, for each of the rotations of FOLDS parts.

    What was known of them before `day` is dropped and the rest taken for their first events, so that what is learned
    from others (all before `day`) is older than what is asked; without dates (-1) others are known whole. Raises
    DataError where too few have more events than the most that are known.
    """
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(table))
    for turn in range(rotations):
        held = np.isin(fold, (turn, (turn + 1) % FOLDS))
        others = ~held[table.shopper_of_entry]
        known = table.where(others & (table.days < day) if day >= 0 else others)
        yield tuple(_held_out(table, known, fold == part, day) for part in ((turn + 1) % FOLDS, turn))


def _held_out(table: Interactions, known: Interactions, held: Mask, day: int) -> ColdShoppers:
    later = table.where(held[table.shopper_of_entry] & ((table.days >= day) | (day < 0)))
    later = later.where(_first_times(later))
    asked = np.flatnonzero(later.lengths > max(KNOWN)).astype(np.int32)
    if len(asked) < LEAST:
        raise DataError(
            f"{len(asked)} shoppers who are held out took more than {max(KNOWN)} items",
            allowed=f"{LEAST} or more",
            remedy="give a data set with longer histories",
        )
    mine = _numbered(later.take(asked))
    place = np.arange(len(mine.items)) - np.repeat(mine.indptr[:-1], mine.lengths)
    truth = _ones(mine.where((place >= max(KNOWN)) & (place < max(KNOWN) + ASKED)))
    days = np.full(len(asked), day, np.int32)
    tasks = {}
    for n in KNOWN:
        visits = Visits(mine.where(place < n), asked, np.maximum(days, 0))
        tasks[n] = Task(visits, truth)
    return ColdShoppers(known, tasks)


def _first_times(table: Interactions) -> Mask:
    """(m,) whether each entry is the first of its shopper with that item."""
    cells = table.shopper_of_entry.astype(np.int64) * table.n_items + table.items
    _, first = np.unique(cells, return_index=True)
    kept = np.zeros(len(cells), np.bool_)
    kept[first] = True
    return kept


def _numbered(table: Interactions) -> Interactions:
    """The same with baskets, and days where there are no dates, counted anew after entries were left out."""
    if not len(table.items):
        return table
    shopper, old = table.shopper_of_entry, table.baskets
    starts = np.r_[True, (np.diff(shopper) != 0) | (np.diff(old) != 0)]
    number = np.cumsum(starts) - 1
    first = np.zeros(len(table), np.int64)
    filled = table.lengths > 0
    first[filled] = number[table.indptr[:-1][filled]]
    baskets = (number - first[shopper]).astype(np.int32)
    days = table.days if table.dated else baskets
    return Interactions(table.indptr, table.items, baskets, days, table.n_items, table.dated)


def _ones(taken: Interactions) -> sparse.csr_array:
    """(b, n_items), 1 where an item was taken, however often."""
    matrix = taken.matrix()
    matrix.data[:] = 1.0
    return matrix
