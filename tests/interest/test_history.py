"""Faded purchase counts are arithmetic a reader can redo."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.interest.history import History, HistoryTable, affinity


def history(*bought: tuple[int, int]) -> History:
    items, days = zip(*bought, strict=True) if bought else ((), ())
    return History(np.array(items, np.int32), np.array(days, np.int16))


def test_a_purchase_one_half_life_ago_counts_half() -> None:
    faded = affinity(history((7, 0)), today=80, half_life_days=80)
    assert faded.weights.tolist() == [0.5]


def test_purchases_of_one_item_add_up_and_the_last_day_is_kept() -> None:
    faded = affinity(history((3, 0), (5, 10), (3, 10)), today=10, half_life_days=10)
    assert faded.items.tolist() == [3, 5]
    assert faded.weights.tolist() == [0.5 + 1.0, 1.0]
    assert faded.times.tolist() == [2, 1]
    assert faded.last_day.tolist() == [10, 10]


def test_no_purchases_give_an_empty_affinity() -> None:
    assert len(affinity(history(), today=10, half_life_days=80)) == 0


@pytest.mark.parametrize("half_life", [0, -1.0])
def test_a_half_life_that_is_not_positive_is_refused(half_life: float) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        affinity(history((1, 1)), today=1, half_life_days=half_life)


def test_the_table_gives_each_shopper_their_own_slice() -> None:
    table = HistoryTable(np.array([0, 2, 2, 3]), np.array([4, 5, 6], np.int32), np.array([1, 2, 3], np.int16))
    assert table.size == 3
    assert table.of(0).items.tolist() == [4, 5]
    assert len(table.of(1)) == 0
    assert table.of(2).days.tolist() == [3]
