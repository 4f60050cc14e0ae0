"""CUPED takes out just what is explained by the time before, and leaves the difference of the groups."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.evaluation.experiments.cuped import adjusted, left, saved, theta

BEFORE = np.array([0.0, 1.0, 2.0, 3.0])


def test_what_is_wholly_explained_leaves_nothing() -> None:
    outcome = 5 + 2 * BEFORE
    assert theta(outcome, BEFORE) == pytest.approx(2.0)
    assert adjusted(outcome, BEFORE) == pytest.approx([8.0] * 4)  # the mean, 5 + 2 * 1.5
    assert left(outcome, BEFORE) == pytest.approx(0.0)


def test_what_is_not_explained_stays_as_it_is() -> None:
    outcome = np.array([1.0, -1.0, -1.0, 1.0])  # no covariance with 0, 1, 2, 3
    assert theta(outcome, BEFORE) == 0.0
    assert adjusted(outcome, BEFORE) == pytest.approx(outcome)
    assert left(outcome, BEFORE) == 1.0


def test_what_is_left_is_one_less_the_squared_correlation() -> None:
    rng = np.random.default_rng(0)
    before = rng.exponential(1.0, 500)
    outcome = before + rng.normal(0, 2, 500)
    assert left(outcome, before) == pytest.approx(1 - np.corrcoef(outcome, before)[0, 1] ** 2)


def test_where_all_were_alike_before_nothing_is_saved() -> None:
    assert theta([1.0, 2.0, 3.0], [4.0, 4.0, 4.0]) == 0.0
    assert left([1.0, 2.0, 3.0], [4.0, 4.0, 4.0]) == 1.0
    assert left([1.0, 1.0, 1.0], [4.0, 5.0, 6.0]) == 1.0  # nothing varies, so that nothing can be saved


def test_the_difference_of_many_people_is_found_with_less_noise() -> None:
    rng = np.random.default_rng(2)
    before = rng.exponential(1.0, 4_000)
    without = 3 * before + rng.normal(0, 1, 4_000)
    plain, less = [], []
    for _ in range(300):
        treated = rng.permutation(4_000) < 2_000
        y = without + 0.1 * treated
        z = adjusted(y, before)
        plain.append(y[treated].mean() - y[~treated].mean())
        less.append(z[treated].mean() - z[~treated].mean())
    assert np.mean(less) == pytest.approx(0.1, abs=0.01)
    assert np.var(less) / np.var(plain) == pytest.approx(left(without, before), rel=0.3)


def test_what_is_saved_has_an_interval_around_it() -> None:
    rng = np.random.default_rng(3)
    before = rng.normal(0, 1, 400)
    found = saved(before + rng.normal(0, 1, 400), before)
    assert found.low < found.share < found.high
    assert found.share == pytest.approx(0.5, abs=0.1)
    assert saved([1.0] * 40, before[:40]).share == 0.0


@pytest.mark.parametrize(
    ("outcome", "before", "said"),
    [
        ([1.0, np.nan], [1.0, 2.0], "no finite numbers"),
        ([1.0, 2.0], [np.inf, 2.0], "no finite numbers"),
        ([], [], "0 values"),
        ([1.0], [1.0], "1 values"),
        ([1.0, 2.0], [1.0, 2.0, 3.0], "one for each"),
        ([[1.0, 2.0]], [1.0, 2.0], "2 dimensions"),
    ],
)
def test_what_cannot_be_adjusted_is_refused(outcome: list[float], before: list[float], said: str) -> None:
    with pytest.raises(BadRequestError, match=said):
        adjusted(outcome, before)
