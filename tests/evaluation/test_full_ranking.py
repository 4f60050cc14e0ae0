"""The best of all items, ties by row, seen items out when asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.evaluation import full_ranking
from recsys.evaluation.full_ranking import best_of_each, top_items
from recsys.progress import Progress, silent
from recsys.recommenders.contract import SideInformation, Visits


class TableRecommender:
    """Scores that are written down: one row per training shopper."""

    name = "table"
    label = "Scores from a table"

    def __init__(self, scores: list[list[float]]) -> None:
        self.table = np.array(scores, np.float32)

    def fit(self, training: Interactions, side: SideInformation, progress: Progress = silent) -> Self:
        return self

    def score(self, visits: Visits) -> np.ndarray:
        return self.table[visits.shoppers]

    def settings(self) -> dict[str, Any]:
        return {}

    def save(self, folder: Path) -> None: ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        raise NotImplementedError


def visits(*histories: list[int], n_items: int = 4) -> Visits:
    rows = [np.array(history, np.int32) for history in histories]
    n = len(rows)
    return Visits(from_sequences(rows, n_items), np.arange(n, dtype=np.int32), np.zeros(n, np.int32))


TABLE = TableRecommender([[0.1, 0.4, 0.2, 0.3], [0.9, 0.0, 0.8, 0.7]])


def test_the_items_with_the_largest_scores_come_first() -> None:
    assert top_items(TABLE, visits([], []), 3, keep_seen=True).tolist() == [[1, 3, 2], [0, 2, 3]]


def test_what_was_taken_before_is_left_out() -> None:
    assert top_items(TABLE, visits([1, 1], [0]), 2, keep_seen=False).tolist() == [[3, 2], [2, 3]]


def test_what_was_taken_before_stays_when_it_may_be_bought_again() -> None:
    assert top_items(TABLE, visits([1], [0]), 2, keep_seen=True).tolist() == [[1, 3], [0, 2]]


def test_places_for_which_no_item_is_left_are_empty() -> None:
    assert top_items(TABLE, visits([1, 0], [0, 1, 2, 3]), 3, keep_seen=False).tolist() == [[3, 2, -1], [-1, -1, -1]]


def test_leaving_out_what_was_seen_does_not_change_the_scores_of_the_recommender() -> None:
    before = TABLE.table.copy()
    top_items(TABLE, visits([1], [0]), 2, keep_seen=False)
    assert (TABLE.table == before).all()


def test_a_list_is_no_longer_than_the_catalogue() -> None:
    assert top_items(TABLE, visits([], []), 99, keep_seen=True).shape == (2, 4)


def test_no_visits_have_no_lists() -> None:
    assert top_items(TABLE, visits(), 3, keep_seen=True).shape == (0, 3)


def test_equal_scores_go_by_row() -> None:
    flat = TableRecommender([[0.0] * 4, [0.5, 0.5, 1.0, 0.5]])
    assert top_items(flat, visits([], []), 3, keep_seen=True).tolist() == [[0, 1, 2], [2, 0, 1]]


def test_visits_ranked_in_small_pieces_have_the_same_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.random.default_rng(4).random((7, 4)).tolist()
    many = visits(*[[row % 4] for row in range(7)])
    whole = top_items(TableRecommender(scores), many, 2, keep_seen=False)
    for cells in (1, 8, 12):  # one, two and three visits at a time
        monkeypatch.setattr(full_ranking, "CELLS_AT_ONCE", cells)
        assert (top_items(TableRecommender(scores), many, 2, keep_seen=False) == whole).all()


def test_progress_ends_at_the_number_of_visits() -> None:
    told: list[tuple[int, int]] = []
    top_items(TABLE, visits([], []), 2, keep_seen=True, progress=lambda done, total, _: told.append((done, total)))
    assert told == [(0, 2), (2, 2)]


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), float("-inf")])
def test_a_score_that_is_no_finite_number_is_refused_by_the_name_of_the_recommender(wrong: float) -> None:
    with pytest.raises(ValueError, match="table gave scores"):
        top_items(TableRecommender([[wrong, 0, 0, 0]]), visits([]), 2, keep_seen=True)


def test_scores_for_another_catalogue_are_refused() -> None:
    with pytest.raises(ValueError, match="table gave scores of shape"):
        top_items(TableRecommender([[1.0, 2.0]]), visits([]), 1, keep_seen=True)


@given(st.lists(st.lists(st.integers(-3, 3), min_size=7, max_size=7), min_size=1, max_size=5), st.integers(1, 7))
def test_the_best_are_the_head_of_the_whole_order(rows: list[list[int]], k: int) -> None:
    scores = np.array(rows, np.float32)
    expected = [sorted(range(7), key=lambda column: (-row[column], column))[:k] for row in rows]
    assert best_of_each(scores, k).tolist() == expected


@given(
    st.lists(st.lists(st.integers(0, 2) | st.none(), min_size=6, max_size=6), min_size=1, max_size=5),
    st.integers(1, 6),
)
def test_what_is_ruled_out_is_never_among_the_best(rows: list[list[int | None]], k: int) -> None:
    scores = np.array([[-np.inf if score is None else score for score in row] for row in rows], np.float32)
    for row, best in zip(rows, best_of_each(scores, k).tolist(), strict=True):
        left = sorted((column for column in range(6) if row[column] is not None), key=lambda c: (-row[c], c))
        assert best == (left + [-1] * 6)[:k]
