"""Candidates in compressed rows."""

from __future__ import annotations

import numpy as np

from recsys.ranking.blend.table import Choices, FeatureTable, choices_of, stack
from tests.ranking.blend.made import outcomes

TWO = Choices(np.array([0, 2, 5]), np.array([1, 4, 0, 2, 3], np.int32))


def test_marked_items_become_rows_of_ascending_items() -> None:
    chosen = np.array([[False, True, True], [False, False, False], [True, False, False]])
    choices = choices_of(chosen)
    assert choices.indptr.tolist() == [0, 2, 2, 3]
    assert choices.items.tolist() == [1, 2, 0]
    assert choices.visit.tolist() == [0, 0, 2]


def test_values_in_rows_are_filled_up_to_the_longest_visit() -> None:
    rows = TWO.in_rows(np.array([1, 2, 3, 4, 5], np.float32), empty=-9)
    assert rows.tolist() == [[1, 2, -9], [3, 4, 5]]


def test_some_visits_keep_their_candidates_in_the_order_asked_for() -> None:
    some, entries = TWO.of(np.array([1, 0], np.int32))
    assert some.items.tolist() == [0, 2, 3, 1, 4]
    assert entries.tolist() == [2, 3, 4, 0, 1]


def test_what_was_taken_is_found_among_the_candidates_of_its_own_visit() -> None:
    relevant = outcomes([4, 0], [1, 3], n_items=5)
    assert TWO.taken(relevant).tolist() == [False, True, False, False, True]


def test_tables_are_stacked_one_below_the_other() -> None:
    values = np.arange(5, dtype=np.float32)[:, None]
    both = stack([FeatureTable(TWO, values), FeatureTable(TWO, values + 10)])
    assert both.choices.indptr.tolist() == [0, 2, 5, 7, 10]
    assert both.take(np.array([2], np.int32)).values.ravel().tolist() == [10, 11]
