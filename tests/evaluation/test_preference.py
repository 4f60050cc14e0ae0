"""Shares of votes with intervals: figures that are known, and what few votes may not say."""

from __future__ import annotations

from math import sqrt

import pytest

from recsys.evaluation.preference import preferred

Z = 1.959963984540054  # of a normal distribution, 95 % within


@pytest.mark.parametrize(("mine", "others"), [(9, 3), (0, 5), (5, 0), (50, 50)])
def test_the_interval_is_that_of_wilson(mine: int, others: int) -> None:
    n = mine + others
    share = mine / n
    middle, width = share + Z**2 / (2 * n), Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    found = preferred({"A": mine, "B": others})["A"]
    assert found.low == pytest.approx((middle - width) / (1 + Z**2 / n), abs=1e-9)
    assert found.high == pytest.approx((middle + width) / (1 + Z**2 / n), abs=1e-9)
    assert (found.votes, found.decided, found.share) == (mine, n, share)


def test_the_test_against_chance_is_exact() -> None:
    assert preferred({"A": 5, "B": 0})["A"].p == pytest.approx(2 / 2**5)  # all heads or all tails
    assert preferred({"A": 2, "B": 2})["B"].p == pytest.approx(1.0)


def test_of_three_things_chance_is_a_third() -> None:
    found = preferred({"A": 3, "B": 3, "C": 3})
    assert all(each.share == pytest.approx(1 / 3) and each.p == pytest.approx(1.0) for each in found.values())
    assert preferred({"A": 9, "B": 0, "C": 0})["A"].p < 0.01


def test_without_a_vote_nothing_is_known() -> None:
    found = preferred({"A": 0, "B": 0})["A"]
    assert (found.share, found.low, found.high, found.p) == (0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize("votes", [{}, {"A": 3}, {"A": 3, "B": -1}])
def test_what_is_no_choice_is_refused(votes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="two or more things"):
        preferred(votes)
