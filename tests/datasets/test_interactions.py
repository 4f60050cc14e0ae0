"""Histories in compressed rows: what is taken, kept and counted stays in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.datasets.interactions import Interactions, from_sequences


def baskets(*shoppers: list[list[int]], n_items: int = 6) -> Interactions:
    """Shoppers as lists of baskets; basket b was bought on day 7 b."""
    items = [item for shopper in shoppers for basket in shopper for item in basket]
    numbers = [number for shopper in shoppers for number, basket in enumerate(shopper) for _ in basket]
    lengths = [sum(map(len, shopper)) for shopper in shoppers]
    number = np.array(numbers, np.int32)
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Interactions(indptr, np.array(items, np.int32), number, 7 * number, n_items)


def as_lists(histories: Interactions) -> list[list[int]]:
    return [histories.of(shopper).tolist() for shopper in range(len(histories))]


TWO = ([[3, 1], [3], [0]], [[2], [5, 2]])


def test_lengths_count_entries_and_baskets_count_baskets() -> None:
    histories = baskets(*TWO)
    assert histories.lengths.tolist() == [4, 3]
    assert histories.n_baskets.tolist() == [3, 2]
    assert histories.shopper_of_entry.tolist() == [0, 0, 0, 0, 1, 1, 1]


def test_a_shopper_without_entries_has_no_baskets() -> None:
    histories = baskets([], [[4]], [])
    assert histories.n_baskets.tolist() == [0, 1, 0]
    assert as_lists(histories) == [[], [4], []]


def test_shoppers_are_taken_in_the_order_asked_and_as_often() -> None:
    again = baskets(*TWO).take(np.array([1, 0, 1], np.int32))
    assert as_lists(again) == [[2, 5, 2], [3, 1, 3, 0], [2, 5, 2]]
    assert again.baskets.tolist() == [0, 1, 1, 0, 0, 1, 2, 0, 1, 1]
    assert again.days.tolist() == [0, 7, 7, 0, 0, 7, 14, 0, 7, 7]


def test_nobody_can_be_taken() -> None:
    nobody = baskets(*TWO).take(np.empty(0, np.int32))
    assert len(nobody) == 0
    assert nobody.items.tolist() == []
    assert nobody.n_baskets.tolist() == []
    assert nobody.matrix().shape == (0, 6)


def test_shoppers_stay_when_their_entries_go() -> None:
    histories = baskets(*TWO)
    assert as_lists(histories.where(histories.items == 3)) == [[3, 3], []]


def test_the_last_baskets_are_taken_off_whole() -> None:
    assert as_lists(baskets(*TWO).before_last(1)) == [[3, 1, 3], [2]]
    assert as_lists(baskets(*TWO).before_last(2)) == [[3, 1], []]
    assert as_lists(baskets(*TWO).before_last(9)) == [[], []]
    assert as_lists(baskets(*TWO).before_last(0)) == as_lists(baskets(*TWO))


def test_the_matrix_counts_how_often_each_item_was_taken() -> None:
    assert baskets(*TWO).matrix().toarray().tolist() == [[1, 1, 0, 2, 0, 0], [0, 0, 2, 0, 0, 1]]


def test_the_matrix_sums_the_values_of_each_item() -> None:
    values = np.array([1, 2, 4, 8, 16, 32, 64], np.float32)
    assert baskets(*TWO).matrix(values).toarray().tolist() == [[8, 2, 0, 1 + 4, 0, 0], [0, 0, 16 + 64, 0, 0, 32]]


def test_making_the_matrix_changes_neither_the_histories_nor_the_values() -> None:
    histories = baskets(*TWO)
    values = np.array([1, 2, 4, 8, 16, 32, 64], np.float32)
    histories.matrix(values)
    assert values.tolist() == [1, 2, 4, 8, 16, 32, 64]
    assert as_lists(histories) == as_lists(baskets(*TWO))


def test_the_matrix_can_be_made_of_arrays_that_cannot_be_written() -> None:
    histories = baskets(*TWO)
    for array in (histories.indptr, histories.items):
        array.flags.writeable = False  # as when they are memory-mapped
    values = np.ones(7, np.float32)
    values.flags.writeable = False
    assert histories.matrix(values).sum() == 7


def test_in_a_sequence_each_entry_is_a_basket_and_a_day() -> None:
    histories = from_sequences([np.array([4, 4, 1]), np.array([], int), np.array([2])], 5)
    assert as_lists(histories) == [[4, 4, 1], [], [2]]
    assert histories.baskets.tolist() == histories.days.tolist() == [0, 1, 2, 0]
    assert histories.n_baskets.tolist() == [3, 0, 1]
    assert not histories.dated


def test_no_sequences_are_no_shoppers() -> None:
    assert len(from_sequences([], 5)) == 0


# --- what holds for all histories ---------------------------------------------------------------------------------

several = st.lists(st.lists(st.integers(0, 5), max_size=8), min_size=1, max_size=6)


def histories_of(drawn: list[list[int]]) -> Interactions:
    return from_sequences([np.array(sequence, np.int32) for sequence in drawn], 6)


@given(several)
def test_sequences_come_back_as_they_went_in(drawn: list[list[int]]) -> None:
    assert as_lists(histories_of(drawn)) == drawn


@given(several, st.data())
def test_taking_shoppers_is_taking_from_a_list(drawn: list[list[int]], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(drawn) - 1), max_size=8))
    assert as_lists(histories_of(drawn).take(np.array(rows, np.int32))) == [drawn[row] for row in rows]


@given(several, st.integers(0, 5))
def test_filtering_entries_is_filtering_each_list(drawn: list[list[int]], item: int) -> None:
    histories = histories_of(drawn)
    kept = histories.where(histories.items != item)
    assert as_lists(kept) == [[other for other in sequence if other != item] for sequence in drawn]


@given(several, st.integers(0, 9))
def test_taking_off_the_last_baskets_of_sequences_is_cutting_the_lists(drawn: list[list[int]], n: int) -> None:
    expected = [sequence[: max(0, len(sequence) - n)] for sequence in drawn]
    assert as_lists(histories_of(drawn).before_last(n)) == expected


@given(several)
def test_the_matrix_is_the_count_of_every_item(drawn: list[list[int]]) -> None:
    expected = [[sequence.count(item) for item in range(6)] for sequence in drawn]
    assert histories_of(drawn).matrix().toarray().tolist() == expected


@pytest.mark.parametrize("n_items", [1, 6])
def test_the_matrix_is_as_wide_as_the_catalogue(n_items: int) -> None:
    assert baskets([[0]], n_items=n_items).matrix().shape == (1, n_items)
