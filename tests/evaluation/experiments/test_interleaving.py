"""Team draft is fair and whole, a shelf counts once, and the verdict says no more than it may."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.interleaving import (
    FURTHER,
    LEVEL_WITH,
    NOT_YET,
    A,
    B,
    more_needed,
    team_draft,
    verdict,
    winner,
)

SEEDS = range(4_000)
rankings = some.integers(0, 8).flatmap(lambda n: some.permutations(range(n)))


@given(first=rankings, second=rankings, k=some.integers(1, 12), seed=some.integers(0, 2**60))
def test_every_draft_is_whole_fair_and_without_doubles(first: list[int], second: list[int], k: int, seed: int) -> None:
    drawn = team_draft(first, second, k, seed)
    assert len(drawn.items) == len(set(drawn.items)) == min(k, len(set(first) | set(second)))
    assert len(drawn.sides) == len(drawn.items)
    for length in range(2, len(drawn.items) + 1, 2):  # after each turn both have put as many, while both have some left
        put = drawn.sides[:length]
        left = [set(ranking) - set(drawn.items[:length]) for ranking in (first, second)]
        if all(left):
            assert put.count(A) == put.count(B)
    for side, ranking in ((A, first), (B, second)):
        own = [item for item, by in zip(drawn.items, drawn.sides, strict=True) if by == side]
        assert own == [item for item in ranking if item in own]  # each side's products in its own order
    assert team_draft(first, second, k, seed) == drawn
    assert team_draft(first, second, k + 1, seed).items[: len(drawn.items)] == drawn.items  # a longer shelf goes on


@pytest.mark.parametrize("second", list(permutations("abc")))
def test_each_side_is_first_in_half_of_the_drafts(second: tuple[str, ...]) -> None:
    firsts = [team_draft("abc", second, 3, seed).sides[0] for seed in SEEDS]
    assert firsts.count(A) / len(firsts) == pytest.approx(0.5, abs=0.03)  # four standard errors of 4,000


def test_two_lists_without_a_common_product_are_enumerated_with_equal_chances() -> None:
    """Two turns of two coins: each of the four orders as often as the others."""
    seen = [team_draft("ab", "xy", 4, seed).items for seed in SEEDS]
    orders = {("a", "x", "b", "y"), ("a", "x", "y", "b"), ("x", "a", "b", "y"), ("x", "a", "y", "b")}
    assert set(seen) == orders
    for order in orders:
        assert seen.count(order) / len(seen) == pytest.approx(0.25, abs=0.03)


def test_a_product_on_both_lists_counts_for_each_side_in_half_of_the_drafts() -> None:
    drafts = [team_draft("ab", "ab", 2, seed) for seed in SEEDS]
    assert {drawn.items for drawn in drafts} == {("a", "b")}
    for place in (0, 1):
        assert sum(drawn.sides[place] == A for drawn in drafts) / len(drafts) == pytest.approx(0.5, abs=0.03)


def test_a_list_that_ends_leaves_its_turns_to_the_other() -> None:
    drawn = team_draft("a", "xyz", 10, 1)
    assert set(drawn.items) == set("axyz")
    assert drawn.sides.count(A) == 1
    assert team_draft("", "xy", 5, 1).sides == (B, B)
    assert team_draft("", "", 5, 1).items == ()


@pytest.mark.parametrize("k", [0, -3])
def test_a_shelf_of_nothing_is_refused(k: int) -> None:
    with pytest.raises(BadRequestError, match="1 or more"):
        team_draft("ab", "ba", k, 1)


def test_a_list_that_names_a_product_twice_is_refused() -> None:
    with pytest.raises(BadRequestError, match="twice"):
        team_draft("ab", "aba", 2, 1)


def test_a_shelf_counts_once_for_the_side_more_was_taken_from() -> None:
    assert winner([A]) == A
    assert winner([B, A, B]) == B
    assert winner([A, B]) is None
    assert winner([]) is None
    with pytest.raises(BadRequestError, match="side"):
        winner([2])


def test_who_takes_everything_counts_for_none() -> None:
    assert winner(team_draft("abcdef", "xyzuvw", 10, 5).sides) is None


def test_the_verdict_turns_where_the_evidence_reaches_twenty_to_one() -> None:
    """B(2 + n, 2) / B(2, 2) 2^n = 6 / ((n + 2) (n + 3)) 2^n: 11.6 after eight wins of one side, 20.5 ... after nine."""
    evidence = {n: 6 / ((n + 2) * (n + 3)) * 2**n for n in (8, 9)}
    assert evidence[8] < 20 < evidence[9]
    assert verdict(0, 8).says == NOT_YET
    assert verdict(0, 8).p == pytest.approx(1 / evidence[8])
    sure = verdict(0, 9)
    assert (sure.says, sure.better, sure.may_stop) == (FURTHER, B, True)
    assert verdict(9, 0).better == A
    assert sure.low > 0.5


def test_nobody_is_better_before_anything_was_taken() -> None:
    now = verdict(0, 0)
    assert (now.says, now.better, now.may_stop, now.p) == (NOT_YET, None, False, 1.0)
    assert math.isnan(now.share)
    assert (now.low, now.high) == now.wilson == (0.0, 1.0)


def test_two_that_stay_close_are_called_level_in_the_end() -> None:
    assert verdict(50, 50).says == NOT_YET
    level = verdict(200, 200)
    assert level.says == LEVEL_WITH
    assert level.better is None
    assert 0.4 <= level.low < level.high <= 0.6


def test_the_usual_interval_stands_beside_and_is_narrower() -> None:
    now = verdict(5, 9)
    assert now.share == pytest.approx(9 / 14)
    assert now.wilson == (pytest.approx(0.3876, abs=1e-4), pytest.approx(0.8366, abs=1e-4))  # Wilson's for 9 of 14
    assert now.low < now.wilson[0] < now.wilson[1] < now.high


def test_how_many_more_it_takes_is_told_where_it_can_be() -> None:
    more = more_needed(0, 5)
    assert more == 4  # nine wins of one side
    assert more_needed(0, 9) == 0
    assert more_needed(4, 4) is None
    assert more_needed(0, 0) is None
    assert more_needed(10_000, 10_001) is None


@pytest.mark.parametrize("alpha", [0.0, 1.0, math.nan])
def test_a_chance_of_a_false_alarm_that_is_none_is_refused(alpha: float) -> None:
    with pytest.raises(BadRequestError, match="false alarm"):
        verdict(1, 2, alpha)


def test_fewer_than_no_wins_are_refused() -> None:
    with pytest.raises(BadRequestError, match="wins below 0"):
        verdict(-1, 2)
