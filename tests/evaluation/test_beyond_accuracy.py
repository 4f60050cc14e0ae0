"""Coverage, exposure, novelty, diversity, serendipity and popularity, on lists small enough to count."""

from __future__ import annotations

from math import isnan, log2, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from recsys.datasets.interactions import from_sequences
from recsys.evaluation.beyond_accuracy import (
    average_popularity,
    catalogue_coverage,
    exposure,
    gini,
    intra_list_diversity,
    novelty,
    popularity,
    popularity_percentile,
    serendipity,
)
from recsys.recommenders.contract import SideInformation


def lists(*rows: list[int]) -> np.ndarray:
    return np.array(rows, np.int32)


def test_popularity_counts_shoppers_not_purchases() -> None:
    training = from_sequences([np.array([0, 0, 0, 1]), np.array([0])], n_items=3)
    assert popularity(training).tolist() == [2, 1, 0]


def test_exposure_counts_places_and_skips_the_empty_ones() -> None:
    assert exposure(lists([0, 2], [2, -1]), 4).tolist() == [1, 0, 2, 0]


def test_coverage_is_the_share_of_items_in_any_list() -> None:
    assert catalogue_coverage(lists([0, 1], [1, 2], [2, -1]), 10) == 3 / 10


def test_coverage_of_empty_lists_is_nothing() -> None:
    assert catalogue_coverage(lists([-1, -1]), 10) == 0.0


def test_gini_is_0_when_all_items_are_shown_equally_often() -> None:
    assert gini(np.array([5, 5, 5])) == 0.0


def test_gini_is_1_when_one_item_takes_every_place() -> None:
    assert gini(np.array([0, 0, 9, 0])) == 1.0


def test_gini_of_one_and_three_shows_of_two_items() -> None:
    assert gini(np.array([3, 1])) == ((2 * 1 - 2 - 1) * 1 + (2 * 2 - 2 - 1) * 3) / ((2 - 1) * 4)  # = 1/2


def test_gini_says_nothing_when_nothing_was_shown_and_0_with_a_single_item() -> None:
    assert isnan(gini(np.array([0, 0])))
    assert gini(np.array([7])) == 0.0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(1, 9))
def test_gini_lies_between_0_and_1_and_depends_on_shares_alone(shows: list[int], times: int) -> None:
    value = gini(np.array(shows))
    assert isnan(value) if sum(shows) == 0 else -1e-12 <= value <= 1 + 1e-12
    assert gini(np.array(shows[::-1]) * times) == pytest.approx(value, nan_ok=True)


def test_novelty_is_the_mean_number_of_bits() -> None:
    taken_by = np.array([8, 4, 1])
    bits = novelty(lists([0, 1], [2, 0], [1, -1]), taken_by, n_shoppers=8)
    assert bits.tolist() == [(log2(8 / 8) + log2(8 / 4)) / 2, (log2(8 / 1) + 0) / 2, log2(8 / 4)]


def test_an_item_that_nobody_took_is_as_novel_as_one_that_one_shopper_took() -> None:
    assert novelty(lists([0], [1]), np.array([0, 1]), n_shoppers=4).tolist() == [2.0, 2.0]


def test_an_empty_list_has_no_novelty_and_no_popularity() -> None:
    empty, taken_by = lists([-1, -1]), np.array([1, 2])
    assert np.isnan(novelty(empty, taken_by, 2)).all()
    assert np.isnan(average_popularity(empty, taken_by)).all()
    assert np.isnan(popularity_percentile(empty, taken_by)).all()


def test_fewer_shoppers_than_took_an_item_are_refused() -> None:
    with pytest.raises(ValueError, match="n_shoppers=3"):
        novelty(lists([0]), np.array([4]), n_shoppers=3)


def test_average_popularity_is_the_mean_count_of_what_is_shown() -> None:
    assert average_popularity(lists([0, 1], [2, -1]), np.array([10, 20, 3])).tolist() == [15.0, 3.0]


def test_the_most_popular_of_four_is_above_seven_eighths() -> None:
    places = popularity_percentile(lists([3], [0]), np.array([1, 2, 3, 4]))
    assert places.tolist() == [(4 - 0.5) / 4, (1 - 0.5) / 4]


def test_equally_popular_items_share_the_middle_of_their_places() -> None:
    places = popularity_percentile(lists([0], [1], [2]), np.array([7, 7, 9]))
    assert places.tolist() == [(1.5 - 0.5) / 3, (1.5 - 0.5) / 3, (3 - 0.5) / 3]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_the_whole_catalogue_has_a_percentile_of_one_half(taken_by: list[int]) -> None:
    everything = np.arange(len(taken_by), dtype=np.int32)[None, :]
    assert popularity_percentile(everything, np.array(taken_by)).tolist() == pytest.approx([0.5])


ATTRIBUTES = sparse.csr_array(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]], np.float32))


def test_diversity_is_one_less_the_mean_cosine_of_the_pairs() -> None:
    found = intra_list_diversity(lists([0, 1, 2]), SideInformation(attributes=ATTRIBUTES))
    assert found is not None
    assert found.tolist() == pytest.approx([1 - (1 / sqrt(2) + 0 + 0) / 3])


def test_items_of_which_nothing_is_known_are_left_out_of_the_pairs() -> None:
    found = intra_list_diversity(lists([0, 1, 3], [0, 3, -1]), SideInformation(attributes=ATTRIBUTES))
    assert found is not None
    assert found[0] == pytest.approx(1 - 1 / sqrt(2))
    assert np.isnan(found[1])  # one known item makes no pair


def test_diversity_goes_by_the_vectors_where_there_are_any() -> None:
    vectors = np.array([[2, 0], [0, 3], [1, 0]], np.float32)  # of any length: it is taken out
    side = SideInformation(attributes=ATTRIBUTES, vectors=vectors)
    found = intra_list_diversity(lists([0, 1], [0, 2]), side)
    assert found is not None
    assert found.tolist() == pytest.approx([1.0, 0.0])


def test_diversity_is_none_where_nothing_is_known_of_the_items() -> None:
    assert intra_list_diversity(lists([0, 1]), SideInformation()) is None


@given(st.lists(st.permutations(range(5)), min_size=1, max_size=4), st.integers(2, 5), st.integers(0, 2**31))
def test_diversity_is_what_the_pairs_one_by_one_give(orders: list[list[int]], k: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).standard_normal((5, 3)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    top = np.array([order[:k] for order in orders], np.int32)
    found = intra_list_diversity(top, SideInformation(vectors=vectors))
    assert found is not None
    for row, value in zip(top.tolist(), found, strict=True):
        pairs = [float(unit[i] @ unit[j]) for place, i in enumerate(row) for j in row[:place]]
        assert value == pytest.approx(1 - sum(pairs) / len(pairs), abs=1e-5)


def test_serendipity_counts_what_is_relevant_and_not_what_everybody_would_show() -> None:
    relevant = sparse.csr_array(np.array([[1.0, 1, 1, 0, 0]]))
    found = serendipity(lists([0, 1, 3, 4]), relevant, expected=np.array([0, 3, 4, 2], np.int32))
    assert found.tolist() == [1 / 4]  # item 1: item 0 is expected, item 2 not shown, 3 and 4 not taken


def test_what_is_expected_may_differ_from_visit_to_visit() -> None:
    relevant = sparse.csr_array(np.array([[1.0, 0], [1.0, 0]]))
    assert serendipity(lists([0, 1], [0, 1]), relevant, lists([0, 1], [1, -1])).tolist() == [0.0, 1 / 2]


def test_a_visit_with_nothing_to_find_says_nothing_of_serendipity() -> None:
    relevant = sparse.csr_array((1, 3))
    assert np.isnan(serendipity(lists([0, 1]), relevant, np.array([0, 1], np.int32))).all()


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), min_size=1), st.permutations(range(6)))
def test_serendipity_is_at_most_precision(shown: list[int], wanted: set[int], expected: list[int]) -> None:
    relevant = np.zeros((1, 6))
    relevant[0, list(wanted)] = 1
    value = serendipity(lists(shown[:3]), sparse.csr_array(relevant), np.array(expected[:3], np.int32))[0]
    assert value == len(set(shown[:3]) & wanted - set(expected[:3])) / 3
