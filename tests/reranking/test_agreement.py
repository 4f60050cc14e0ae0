"""Overlap and rank-biased overlap, right by construction: equal lists, lists apart, and sums worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.reranking.agreement import overlap, rank_biased_overlap, shared

LISTS = st.lists(st.integers(0, 12), unique=True, max_size=10)


@pytest.mark.parametrize("length", [1, 2, 7, 50])
@pytest.mark.parametrize("p", [0.1, 0.9, 0.99])
def test_a_list_agrees_with_itself_wholly_and_with_a_strange_one_not_at_all(length: int, p: float) -> None:
    one = list(range(length))
    assert rank_biased_overlap(one, one, p) == pytest.approx(1.0)
    assert rank_biased_overlap(one, [-1 - each for each in one], p) == 0.0
    assert (shared(one, one), overlap(one, one)) == (length, 1.0)
    assert overlap(one, [-1 - each for each in one]) == 0.0


def test_two_lists_worked_out_by_hand() -> None:
    # a b c against b a d: X = 0, 2, 2; at p = 0.5 the sum of X_d/d p^d is 0 + 1/4 + 2/3 * 1/8 = 1/3,
    # (1 - p)/p is 1, and what lies beyond is X_3/3 p^3 = 1/12
    assert rank_biased_overlap("abc", "bad", 0.5) == pytest.approx(1 / 3 + 1 / 12)
    assert (shared("abc", "bad"), overlap("abc", "bad")) == (2, pytest.approx(2 / 3))


def test_lists_of_different_lengths_worked_out_by_hand() -> None:
    # a against a b, p = 0.5: X = 1, 1; s = 1, l = 2. The first sum is 1/2 + 1/2 * 1/4 = 5/8, the second, of d = 2,
    # 1 * (2 - 1)/(1 * 2) * 1/4 = 1/8; beyond them ((1 - 1)/2 + 1/1) * 1/4 = 1/4. Together 1: what is known agrees
    assert rank_biased_overlap("a", "ab", 0.5) == pytest.approx(1.0)
    # b against a b: X = 0, 1. 0 + 1/2 * 1/4 = 1/8; 0; ((1 - 0)/2 + 0) * 1/4 = 1/8
    assert rank_biased_overlap("b", "ab", 0.5) == pytest.approx(1 / 4)


def test_an_exchange_at_the_top_costs_more_than_one_at_the_end() -> None:
    one = list(range(10))
    top, end = [1, 0, *range(2, 10)], [*range(8), 9, 8]
    assert rank_biased_overlap(one, top) < rank_biased_overlap(one, end) < 1.0
    assert overlap(one, top) == overlap(one, end) == 1.0


def test_nothing_is_known_of_an_empty_list() -> None:
    assert math.isnan(rank_biased_overlap([], [1]))
    assert math.isnan(rank_biased_overlap([], []))
    assert math.isnan(overlap([], []))
    assert overlap([], [1]) == 0.0


@pytest.mark.parametrize("p", [0.0, 1.0, -0.5, 2.0])
def test_a_persistence_that_is_none_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        rank_biased_overlap("ab", "ba", p)


@given(LISTS, LISTS, st.floats(0.05, 0.98))
def test_it_is_the_same_from_both_sides_and_within_0_and_1(one: list[int], other: list[int], p: float) -> None:
    there, back = rank_biased_overlap(one, other, p), rank_biased_overlap(other, one, p)
    if not one or not other:
        assert math.isnan(there)
        return
    assert there == pytest.approx(back)
    assert -1e-12 <= there <= 1 + 1e-12
