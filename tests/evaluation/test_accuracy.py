"""Accuracy metrics are arithmetic over ranks that a reader can redo."""

from __future__ import annotations

from math import log2
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from recsys.evaluation.accuracy import METRICS, accuracy, of_items, repeat_and_first_time

N_ITEMS = 12


def lists(*rows: list[int]) -> np.ndarray:
    return np.array(rows, np.int32)


def taken(*rows: list[int], n_items: int = N_ITEMS) -> sparse.csr_array:
    dense = np.zeros((len(rows), n_items), np.float32)
    for visit, items in enumerate(rows):
        dense[visit, items] = 1
    return sparse.csr_array(dense)


def of_one(top: list[int], relevant: list[int], k: int) -> dict[str, float]:
    row = accuracy(lists(top), taken(relevant), (k,)).iloc[0]
    return {name: row[f"{name}@{k}"] for name in METRICS}


def test_hits_at_ranks_one_and_three_of_four_with_three_to_find() -> None:
    found = of_one([7, 0, 8, 1], relevant=[7, 8, 9], k=4)
    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert found["ndcg"] == pytest.approx((1 / log2(2) + 1 / log2(4)) / ideal)
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["precision"] == pytest.approx(2 / 4)
    assert found["f1"] == pytest.approx(2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4))
    assert found["hit"] == 1
    assert found["mrr"] == 1
    assert found["map"] == pytest.approx((1 / 1 + 2 / 3) / 3)


def test_the_ideal_of_ndcg_holds_no_more_items_than_the_list() -> None:
    assert of_one([1, 2], relevant=[1, 2, 3, 4], k=2)["ndcg"] == 1.0


def test_average_precision_divides_by_all_that_was_to_be_found_not_by_the_length_of_the_list() -> None:
    found = of_one([1, 2], relevant=[1, 2, 3, 4], k=2)
    assert found["map"] == pytest.approx((1 / 1 + 2 / 2) / 4)  # min(k, r) would give 2 / 2
    assert found["recall"] == 2 / 4


def test_with_one_item_to_find_everything_follows_from_its_rank() -> None:
    found = of_one([5, 6, 7, 8, 9], relevant=[8], k=5)
    assert found["ndcg"] == pytest.approx(1 / log2(5))
    assert (found["recall"], found["precision"], found["hit"]) == pytest.approx((1, 1 / 5, 1))
    assert (found["mrr"], found["map"]) == pytest.approx((1 / 4, 1 / 4))


def test_a_miss_is_zero_everywhere() -> None:
    assert of_one([1, 2, 3], relevant=[4], k=3) == dict.fromkeys(METRICS, 0.0)


def test_each_cut_off_sees_only_the_head_of_the_list() -> None:
    found = accuracy(lists([1, 2, 3, 4]), taken([3]), (2, 3, 4)).iloc[0]
    assert (found["hit@2"], found["hit@3"], found["hit@4"]) == (0, 1, 1)
    assert (found["mrr@2"], found["mrr@3"], found["mrr@4"]) == pytest.approx((0, 1 / 3, 1 / 3))
    assert (found["precision@2"], found["precision@3"], found["precision@4"]) == pytest.approx((0, 1 / 3, 1 / 4))


def test_a_list_that_ends_early_counts_as_filled_with_misses() -> None:
    assert of_one([3, -1, -1, -1], relevant=[3, 4], k=4)["precision"] == 1 / 4


def test_an_empty_list_finds_nothing() -> None:
    assert of_one([-1, -1], relevant=[11], k=2) == dict.fromkeys(METRICS, 0.0)


def test_a_visit_with_nothing_to_find_is_left_out_of_the_mean() -> None:
    found = accuracy(lists([1, 2], [1, 2], [1, 2]), taken([1], [], [5]), (2,))
    assert found.isna().all(axis=1).tolist() == [False, True, False]
    assert found["hit@2"].mean() == (1 + 0) / 2


def test_where_nobody_has_anything_to_find_every_row_is_empty() -> None:
    assert accuracy(lists([1, 2]), taken([]), (2,)).isna().all(axis=None)


def test_no_visits_give_a_table_with_all_columns_and_no_rows() -> None:
    found = accuracy(np.empty((0, 10), np.int32), sparse.csr_array((0, N_ITEMS)), (5, 10))
    assert found.shape == (0, 2 * len(METRICS))


def test_a_stored_zero_is_not_relevant() -> None:
    relevant = sparse.csr_array((np.array([0.0, 1.0]), np.array([1, 2]), np.array([0, 2])), shape=(1, N_ITEMS))
    assert accuracy(lists([1, 3]), relevant, (2,))["hit@2"].tolist() == [0.0]


def test_a_list_of_the_whole_catalogue_may_be_shorter_than_the_cut_off() -> None:
    found = accuracy(lists([2, 0, 1]), taken([1], n_items=3), (10,)).iloc[0]
    assert found["precision@10"] == 1 / 10
    assert found["mrr@10"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("top", "cutoffs", "words"),
    [
        ([[1, 2]], (3,), "beyond the 2 items"),
        ([[1, 2]], (0,), "must be 1 or more"),
        ([[1, 2]], (), "at least one"),
        ([[1, 1]], (2,), "twice"),
        ([[-1, 2]], (2,), "after a -1"),
        ([[1, N_ITEMS]], (2,), "items are 0 to 11"),
        ([[1, -2]], (2,), "items are 0 to 11"),
        ([[1, 2], [1, 2]], (2,), "one row per visit"),
    ],
)
def test_lists_that_cannot_be_measured_are_refused(top: list[list[int]], cutoffs: tuple[int, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        accuracy(lists(*top), taken([1]), cutoffs)


def test_what_was_taken_before_and_what_for_the_first_time_are_kept_apart() -> None:
    bought_before = sparse.csr_array(np.array([[3.0, 0, 1, 0]]))  # item 0 three times, item 2 once
    repeat, first_time = repeat_and_first_time(taken([0, 1], n_items=4), bought_before)
    assert repeat.toarray().tolist() == [[1, 0, 0, 0]]
    assert first_time.toarray().tolist() == [[0, 1, 0, 0]]
    assert accuracy(lists([0, 3]), repeat, (2,))["recall@2"].tolist() == [1.0]
    assert accuracy(lists([0, 3]), first_time, (2,))["recall@2"].tolist() == [0.0]


def test_a_visit_without_repeats_is_left_out_of_the_mean_over_repeats() -> None:
    repeat, first_time = repeat_and_first_time(taken([0], [1], n_items=4), taken([0], [0], n_items=4))
    assert np.isnan(accuracy(lists([0, 1], [0, 1]), repeat, (2,))["hit@2"]).tolist() == [False, True]
    assert np.isnan(accuracy(lists([0, 1], [0, 1]), first_time, (2,))["hit@2"]).tolist() == [True, False]


def test_only_some_items_may_be_asked_about() -> None:
    taken = sparse.csr_array(np.array([[1, 0, 1], [0, 1, 0]], np.float32))
    cold = of_items(taken, np.array([False, False, True]))
    assert cold.toarray().tolist() == [[0, 0, 1], [0, 0, 0]]
    assert cold.nnz == 1


def test_a_history_of_other_items_is_refused() -> None:
    with pytest.raises(ValueError, match="both must be"):
        repeat_and_first_time(taken([0], n_items=4), taken([0], n_items=5))


# --- what holds for all lists -----------------------------------------------------------------------------------

items = st.integers(0, N_ITEMS - 1)
ranking = st.permutations(range(N_ITEMS)).map(lambda order: order[:6])
wanted = st.sets(items, max_size=N_ITEMS).map(sorted)
visits = st.lists(st.tuples(ranking, wanted, st.integers(0, 6)), min_size=1, max_size=6)


def measured(drawn: list[tuple[list[int], list[int], int]]) -> tuple[np.ndarray, sparse.csr_array, pd.DataFrame]:
    """Lists of which the last places may be empty, what was taken, and the metrics at 3 and 6."""
    top = lists(*[shown[:length] + [-1] * (6 - length) for shown, _, length in drawn])
    relevant = taken(*[items for _, items, _ in drawn])
    return top, relevant, accuracy(top, relevant, (3, 6))


@settings(max_examples=40)
@given(visits)
def test_every_metric_lies_between_0_and_1_or_says_nothing(drawn: list[tuple[list[int], list[int], int]]) -> None:
    _, relevant, found = measured(drawn)
    asked = np.asarray(relevant.sum(axis=1) > 0)
    assert found[~asked].isna().all(axis=None)
    assert ((found[asked] >= 0) & (found[asked] <= 1)).all(axis=None)


@settings(max_examples=40)
@given(visits)
def test_the_library_asked_visit_by_visit_with_the_items_themselves_gives_the_same(
    drawn: list[tuple[list[int], list[int], int]],
) -> None:
    from ir_measures import AP, P, R, Success, nDCG, pytrec_eval

    top, _, found = measured(drawn)
    run = {str(v): {str(item): 6.0 - i for i, item in enumerate(row) if item >= 0} for v, row in enumerate(top)}
    judged = {str(v): {str(item): 1 for item in items} for v, (_, items, _) in enumerate(drawn) if items}
    names = {nDCG @ 3: "ndcg@3", AP @ 6: "map@6", P @ 6: "precision@6", R @ 3: "recall@3", Success @ 6: "hit@6"}
    for visit, measure, value in pytrec_eval.evaluator(list(names), judged).iter_calc(run):
        assert found.loc[int(visit), names[measure]] == pytest.approx(value, abs=1e-12)


@settings(max_examples=40)
@given(visits, st.randoms(use_true_random=False))
def test_another_order_of_visits_gives_the_same_rows_in_that_order(
    drawn: list[tuple[list[int], list[int], int]], chance: Random
) -> None:
    top, relevant, found = measured(drawn)
    order = list(range(len(drawn)))
    chance.shuffle(order)
    again = accuracy(top[order], sparse.csr_array(relevant[order]), (3, 6))
    pd.testing.assert_frame_equal(again, found.iloc[order].reset_index(drop=True))


@given(ranking, st.integers(1, 6))
def test_a_perfect_ranking_has_an_ndcg_of_1(shown: list[int], n_relevant: int) -> None:
    found = accuracy(lists(shown), taken(shown[:n_relevant]), (3, 6))
    assert found["ndcg@3"].tolist() == pytest.approx([1.0])
    assert found["ndcg@6"].tolist() == pytest.approx([1.0])


@given(ranking, st.sets(items, min_size=1).map(sorted), st.integers(1, 5), st.integers(1, 5))
def test_a_relevant_item_moved_up_past_an_irrelevant_one_never_lowers_ndcg(
    shown: list[int], relevant: list[int], place: int, steps: int
) -> None:
    better = shown.copy()
    above = max(0, place - steps)
    if shown[place] in relevant and shown[above] not in relevant:
        better[above], better[place] = shown[place], shown[above]
    found = accuracy(lists(shown, better), taken(relevant, relevant), (3, 6))
    for name in ("ndcg@3", "ndcg@6", "mrr@6", "map@6", "recall@3"):
        assert found[name][1] >= found[name][0] - 1e-12
