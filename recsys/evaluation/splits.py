"""What is held out of the histories, and who may see what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError
from recsys.recommenders.contract import Visits
from recsys.schema import Rows

BASKETS_NEEDED = 3  # one to learn from, one to choose by, one to test on


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One question to all recommenders: after these visits, what was taken?"""

    visits: Visits
    relevant: sparse.csr_array  # (b, n_items), 1 where the shopper took the item

    def take(self, rows: Rows) -> Task:
        """Some of the visits, in that order."""
        return Task(self.visits.take(rows), sparse.csr_array(self.relevant[rows]))


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Training data, and the two tasks held out of it: one to choose by, one to test on.

    `for_choosing` holds neither task's answers. `for_testing` is what recommenders are fitted on before the test: the
    same under a strict protocol, and with the validation task's answers where it is refitted.
    """

    for_choosing: Interactions
    validation: Task
    for_testing: Interactions
    test: Task


def leave_last_out(interactions: Interactions, *, refit: bool, needed: int = BASKETS_NEEDED) -> Split:
    """Each shopper's last basket is the test, the one before it the validation (leave-one-out for sequences).

    Shoppers with fewer than `needed` baskets are learned from and not asked. At the test the history holds the
    validation basket; with `refit` the recommenders are fitted with it too. Raises DataError when nobody can be asked.
    """
    if needed < 2:
        raise ValueError(f"needed={needed}: the validation and the test take one basket each; ask for 2 or more")
    asked = np.flatnonzero(interactions.n_baskets >= needed).astype(np.int32)
    if len(asked) < 2:
        raise DataError(
            f"{len(asked)} of {len(interactions):,} shoppers have {needed} baskets or more",
            allowed="at least 2 shoppers with something to learn from, to choose by and to test on",
            remedy="give a file with longer histories",
        )
    short = np.isin(interactions.shopper_of_entry, asked, invert=True)
    held = interactions.n_baskets[interactions.shopper_of_entry] - interactions.baskets  # 1 for the last basket
    without_two, without_one = interactions.where(short | (held > 2)), interactions.where(short | (held > 1))
    return Split(
        without_two,
        _next_basket(interactions, without_two, asked),
        without_one if refit else without_two,
        _next_basket(interactions, without_one, asked),
    )


def _next_basket(whole: Interactions, known: Interactions, asked: Rows) -> Task:
    """The basket that follows what is known, for the shoppers asked."""
    following = whole.baskets == known.n_baskets[whole.shopper_of_entry]
    basket = whole.where(following).take(asked)
    days = basket.days[basket.indptr[:-1]]
    return Task(Visits(known.take(asked), asked, days), _once(basket))


def cut_in_time(interactions: Interactions, *, days: int, needed: int = 1) -> Split:
    """One cut in time for everybody: the last `days` days are the test, as many before them the validation.

    Who bought nothing before the cut is asked as well: a cold shopper. Items that nobody took before it are cold items.
    Shoppers who took nothing in the window are not asked. Raises DataError without dates, or when a window is empty.
    """
    if not interactions.dated:
        raise DataError(
            "the interactions have no dates", allowed="a data set with dates", remedy="use the protocol 'sequences'"
        )
    end = int(interactions.days.max(initial=0)) + 1
    if days < 1 or end - 2 * days < 1:
        raise DataError(
            f"windows of {days} days do not fit into {end} days",
            allowed=f"1 to {(end - 1) // 2} days",
            remedy="ask for shorter windows",
        )
    first = interactions.where(interactions.days < end - 2 * days)
    second = interactions.where(interactions.days < end - days)
    return Split(
        first,
        _window(interactions, first, end - 2 * days, end - days, needed),
        second,
        _window(interactions, second, end - days, end, needed),
    )


def _window(whole: Interactions, known: Interactions, start: int, end: int, needed: int) -> Task:
    """What was taken from day `start` up to `end`, for the shoppers who took anything then."""
    taken = whole.where((whole.days >= start) & (whole.days < end))
    asked = np.flatnonzero(taken.lengths >= needed).astype(np.int32)
    if len(asked) < 2:
        raise DataError(
            f"{len(asked)} shoppers took anything from day {start} to {end}",
            allowed="2 or more",
            remedy="ask for longer windows",
        )
    days = np.full(len(asked), start, np.int32)
    return Task(Visits(known.take(asked), asked, days), _once(taken.take(asked)))


def _once(taken: Interactions) -> sparse.csr_array:
    """(b, n_items), 1 where an item was taken, however often."""
    matrix = taken.matrix()
    matrix.data[:] = 1.0
    return matrix
