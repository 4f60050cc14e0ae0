"""The smallest change that takes a product off a shelf, on shelves whose causes are known."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.explanation.smallest_change import smallest


class Shelf:
    """A product is gone when any of these sets of causes is missing; counts how often it is asked."""

    def __init__(self, *causes: set[str]) -> None:
        self.causes, self.asked = causes, 0

    def left(self, missing: frozenset[str]) -> float:
        """0 once a cause is missing as a whole, else how much of the nearest to it is still there."""
        self.asked += 1
        return min((len(cause - missing) for cause in self.causes), default=1)


def test_a_single_cause_is_found_and_no_set_is_tried() -> None:
    shelf = Shelf({"c"})
    found = smallest("abcd", shelf.left)
    assert (found.changes, found.asked) == (("c",), 3)
    assert found


def test_of_two_causes_that_make_up_for_each_other_both_go() -> None:
    shelf = Shelf({"b", "d"})
    found = smallest("abcde", shelf.left)
    assert set(found.changes) == {"b", "d"}
    assert found.asked == shelf.asked


def test_where_nothing_helps_nothing_is_found() -> None:
    shelf = Shelf()
    found = smallest("abc", shelf.left)
    assert not found
    assert found.changes == ()
    assert found.asked == shelf.asked == 5  # three alone, the first two, all three


def test_without_candidates_nothing_is_asked() -> None:
    assert smallest("", Shelf({"a"}).left).asked == 0


@pytest.mark.parametrize("most", [1, 4, 6, 9])
def test_it_is_asked_no_more_often_than_allowed(most: int) -> None:
    shelf = Shelf({"b", "d"})
    found = smallest("abcde", shelf.left, most)
    assert shelf.asked == found.asked <= most
    assert not found or Shelf({"b", "d"}).left(frozenset(found.changes)) == 0


@given(st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), min_size=1, max_size=4))
def test_what_is_found_is_enough_and_none_of_it_is_idle(causes: list[set[str]]) -> None:
    shelf = Shelf(*causes)
    found = smallest("abcdef", shelf.left)
    assert Shelf(*causes).left(frozenset(found.changes)) == 0
    for fewer in combinations(found.changes, len(found.changes) - 1):
        assert not fewer or Shelf(*causes).left(frozenset(fewer)) > 0
