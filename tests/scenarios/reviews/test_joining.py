"""Two judges of one review: the better one counts more, one that tells nothing or the opposite not at all."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.errors import DataError
from recsys.scenarios.reviews.joining import joined

CHANCE = np.random.default_rng(0)
TRUE = CHANCE.random((2_000, 1)) < 0.3
GOOD = np.where(TRUE, 1.0, -1.0) + CHANCE.normal(0, 1.0, TRUE.shape)
WEAK = np.where(TRUE, 1.0, -1.0) + CHANCE.normal(0, 4.0, TRUE.shape)


def right(odds: np.ndarray) -> float:
    told = odds > 0
    return float((told[TRUE].mean() + (~told[~TRUE]).mean()) / 2)


def test_two_that_err_apart_are_better_together() -> None:
    other = np.where(TRUE, 1.0, -1.0) + CHANCE.normal(0, 1.0, TRUE.shape)
    both = joined([GOOD, other], TRUE, balanced=True)
    assert right(both.odds([GOOD, other])) > right(GOOD) + 0.03
    assert both.weights[0, 0] == pytest.approx(both.weights[0, 1], rel=0.3)


def test_the_better_judge_counts_more_and_one_against_itself_nothing() -> None:
    weights = joined([GOOD, WEAK, -GOOD], TRUE, balanced=False).weights[0]
    assert weights[0] > 3 * weights[1] >= 0
    assert weights[2] == 0


def test_of_too_few_reviews_the_first_judge_is_believed() -> None:
    found = joined([GOOD[:20], WEAK[:20]], TRUE[:20] & False, balanced=True)
    np.testing.assert_array_equal(found.odds([GOOD, WEAK]), GOOD)


def test_chances_are_true_where_sides_are_not_made_even() -> None:
    found = joined([GOOD, WEAK], TRUE, balanced=False)
    assert found.chances([GOOD, WEAK]).mean() == pytest.approx(TRUE.mean(), abs=0.01)


def test_nothing_kept_apart_is_refused() -> None:
    with pytest.raises(DataError, match="kept apart"):
        joined([GOOD[:0]], TRUE[:0], balanced=True)
