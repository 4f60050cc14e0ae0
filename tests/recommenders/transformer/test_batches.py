"""Batches: every basket but the first is a target once, nothing is padded, gaps fall into doubling buckets."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.recommenders.transformer.batches import (
    AGAIN,
    FIRST,
    GAPS,
    Bags,
    Batch,
    bag_weights,
    baskets_of,
    gap_buckets,
    training_batches,
    visit_batches,
    windows,
)
from tests.recommenders.recommender_contract import basket_data, sequence_data, visits_of


def bags(found: Bags) -> list[list[int]]:
    return [part.tolist() for part in np.split(found.items, found.starts[1:-1])]


def all_batches(sequences: list[list[int]], max_length: int, positions: int) -> list[Batch]:
    baskets = baskets_of(sequence_data(*sequences, n_items=100))
    return list(training_batches(baskets, max_length, positions, np.random.default_rng(0))[1])


def test_a_position_is_a_basket_and_items_taken_before_are_of_another_kind() -> None:
    baskets = baskets_of(basket_data({3: [0, 1], 10: [1, 2]}, {}, {4: [2]}))
    assert bags(baskets.bags) == [[0, 1], [1, 2], [2]]
    assert baskets.bags.kinds.tolist() == [FIRST, FIRST, AGAIN, FIRST, FIRST]
    assert baskets.days.tolist() == [3, 10, 4]
    assert baskets.lengths.tolist() == [2, 0, 1]


def test_an_item_twice_in_a_sequence_is_taken_again_the_second_time() -> None:
    assert baskets_of(sequence_data([5, 6, 5], [5])).bags.kinds.tolist() == [FIRST, FIRST, AGAIN, FIRST]


def test_windows_are_counted_from_the_end_so_that_the_latest_is_whole() -> None:
    first, lengths = windows(baskets_of(sequence_data([0, 1, 2, 3, 4, 5])), max_length=2)  # 5 inputs: 3-4, 1-2, 0
    assert sorted(zip(first.tolist(), lengths.tolist(), strict=True)) == [(0, 1), (1, 2), (3, 2)]


def test_a_shopper_who_came_once_or_never_has_no_window() -> None:
    first, lengths = windows(baskets_of(sequence_data([3], [], [1, 2])), max_length=5)
    assert (first.tolist(), lengths.tolist()) == ([1], [1])


@given(
    lengths=st.lists(st.integers(0, 9), min_size=1, max_size=6),
    max_length=st.integers(1, 5),
    positions=st.integers(1, 12),
)
def test_every_basket_but_the_first_is_a_target_once(lengths: list[int], max_length: int, positions: int) -> None:
    starts = np.concatenate([[0], np.cumsum(lengths)])
    sequences = [list(range(a, b)) for a, b in pairwise(starts)]  # every item is taken once
    seen: list[int] = []
    for batch in all_batches(sequences, max_length, positions):
        b, length = batch.shape
        assert batch.targets is not None
        assert length <= max_length
        assert b * length < max(positions, length) + length  # "about" so many: at most a window more
        assert len(batch.bags.sizes) == len(batch.targets.sizes) == b * length
        assert batch.bags.sizes.min() > 0  # no padding
        np.testing.assert_array_equal(batch.targets.items, batch.bags.items + 1)  # each follows its position
        seen += batch.targets.items.tolist()
    assert sorted(seen) == [item for sequence in sequences for item in sequence[1:]]


def test_the_number_of_batches_is_told_before_they_are_made() -> None:
    baskets = baskets_of(sequence_data([0, 1, 2], [3, 4, 5], [6, 7]))
    number, batches = training_batches(baskets, 50, 2, np.random.default_rng(0))
    assert number == len(list(batches)) == 3  # lengths 2, 2 and 1: two positions at once are one window each


def test_the_order_of_batches_is_drawn_from_the_generator() -> None:
    sequences = [[i, i + 1] for i in range(0, 40, 2)]
    baskets = baskets_of(sequence_data(*sequences, n_items=40))
    orders = [
        [batch.bags.items.tolist() for batch in training_batches(baskets, 50, 2, np.random.default_rng(seed))[1]]
        for seed in (0, 0, 1)
    ]
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (127, 7), (128, 8), (255, 8), (256, 9), (100_000, 9)],
)
def test_a_gap_falls_into_the_bucket_of_its_doubling(days: int, bucket: int) -> None:
    assert gap_buckets(np.array([days])).tolist() == [bucket]


@given(st.integers(-5, 2**31 - 1))
def test_the_bucket_of_a_gap_is_the_number_of_its_binary_digits(days: int) -> None:
    assert gap_buckets(np.array([days])).item() == min(max(days, 0).bit_length(), GAPS - 1)


def test_a_gap_is_the_days_until_the_next_basket() -> None:
    baskets = baskets_of(basket_data({0: [1], 1: [2], 9: [3]}))  # 1 day, 8 days
    (batch,) = training_batches(baskets, 50, 100, np.random.default_rng(0))[1]
    assert batch.gaps is not None
    assert batch.gaps.tolist() == [1, 4]


def test_at_a_visit_the_last_gap_is_the_days_until_today() -> None:
    visits = visits_of(basket_data({0: [1], 1: [2], 98: [3]}), day=100)
    ((rows, batch),) = visit_batches(visits, max_length=2)
    assert rows.tolist() == [0]
    assert bags(batch.bags) == [[2], [3]]  # the latest two
    assert batch.gaps is not None
    assert batch.gaps.tolist() == [7, 2]  # 97 and 2 days
    assert batch.targets is None


def test_undated_histories_have_no_gaps() -> None:
    assert all(batch.gaps is None for batch in all_batches([[0, 1, 2]], 50, 10))
    assert all(batch.gaps is None for _, batch in visit_batches(visits_of(sequence_data([0, 1])), 50))


@given(st.lists(st.integers(0, 7), min_size=1, max_size=8), st.integers(1, 4), st.integers(1, 3))
def test_every_visit_with_a_history_is_in_one_batch(lengths: list[int], max_length: int, at_once: int) -> None:
    visits = visits_of(sequence_data(*[list(range(length)) for length in lengths]))
    found: list[int] = []
    for rows, batch in visit_batches(visits, max_length, at_once):
        assert batch.shape == (len(rows), min(lengths[rows[0]], max_length))
        assert len(rows) <= at_once
        latest = [[lengths[row] - batch.shape[1] + t] for row in rows for t in range(batch.shape[1])]
        assert bags(batch.bags) == latest
        found += rows.tolist()
    assert sorted(found) == [row for row, length in enumerate(lengths) if length]


def test_the_items_of_a_bag_of_four_weigh_half_each() -> None:
    four_and_one = Bags(np.arange(5), np.zeros(5, np.int64), np.array([0, 4, 5]))
    assert bag_weights(four_and_one).tolist() == [0.5, 0.5, 0.5, 0.5, 1.0]


def test_bags_are_taken_in_the_order_asked_for() -> None:
    three = Bags(np.array([10, 11, 12, 13]), np.array([0, 1, 0, 1]), np.array([0, 2, 3, 4]))
    taken = three.take(np.array([2, 0, 2]))
    assert bags(taken) == [[13], [10, 11], [13]]
    assert taken.kinds.tolist() == [1, 0, 1, 1]
    assert taken.bag_of_entry.tolist() == [0, 1, 1, 2]
