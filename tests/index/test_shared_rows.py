"""An index that holds equal vectors once keeps every promise of one that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from recsys.errors import ArtifactError
from recsys.index.exact import VECTORS, ExactIndex
from recsys.index.shared_rows import ROWS, SharedRows, SharedRowsIndex
from recsys.schema import Floats
from tests.contracts import VectorIndexContract, brute_force, unit_rows

SHARED = SharedRows(np.array([0, 1, 1, 2, 3, 0], np.int32), 4)  # items 1, 2 and 0, 5 share a row


class TestSharedRowsScanningInFloat32(VectorIndexContract):
    @pytest.fixture
    def build(self) -> Callable[[Floats], SharedRowsIndex]:
        return partial(SharedRowsIndex.build, int8_from=10**9)

    @pytest.fixture
    def load(self) -> Callable[[Path], SharedRowsIndex]:
        return SharedRowsIndex.load


class TestSharedRowsScanningInInt8(VectorIndexContract):
    @pytest.fixture
    def build(self) -> Callable[[Floats], SharedRowsIndex]:
        return partial(SharedRowsIndex.build, int8_from=0)

    @pytest.fixture
    def load(self) -> Callable[[Path], SharedRowsIndex]:
        return SharedRowsIndex.load


def many() -> Floats:
    """(3000, 24) vectors of 500 different ones, in no order."""
    return unit_rows(500, 24, 3)[np.random.default_rng(5).integers(0, 500, 3_000)]


def test_each_distinct_vector_is_held_once_in_the_order_of_its_first_item() -> None:
    east, north = [1.0, 0.0], [0.0, 1.0]
    index = SharedRowsIndex.build(np.array([north, east, north, east], np.float32))
    assert index.distinct.tolist() == [north, east]
    assert index.shared.of_item.tolist() == [0, 1, 0, 1]
    assert (index.size, index.shared.n_rows) == (4, 2)


def test_items_get_back_the_very_vectors_that_were_given() -> None:
    vectors, rows = many(), np.array([7, 7, 2_999, 0], np.int32)
    np.testing.assert_array_equal(SharedRowsIndex.build(vectors).vectors_at(rows), vectors[rows])


@pytest.mark.parametrize("k", [1, 7, 60, 500])
@pytest.mark.parametrize("share", [0.02, 0.5, None])
def test_a_search_is_that_of_an_index_of_every_item(k: int, share: float | None) -> None:
    vectors = many()
    mask = None if share is None else np.random.default_rng(k).random(len(vectors)) < share
    found, every = (built(vectors).search(vectors[4], k, mask) for built in (SharedRowsIndex.build, ExactIndex.build))
    assert found.rows.tolist() == every.rows.tolist() == brute_force(vectors, vectors[4], k, mask)[0].tolist()
    assert found.scores.tolist() == every.scores.tolist()


def test_a_tie_between_distinct_vectors_goes_by_item_behind_a_mask_too() -> None:
    # as seen from the east, north and south are alike; item 0 (north) is not allowed, so that item 1 (south) is first
    vectors = np.array([[0, 1], [0, -1], [0, 1]], np.float32)
    mask = np.array([False, True, True])
    found = SharedRowsIndex.build(vectors).search(np.array([1, 0], np.float32), 1, mask)
    assert found.rows.tolist() == [1]


def test_scores_of_some_are_those_of_all() -> None:
    vectors, rows = many(), np.array([3, 1_500, 3], np.int32)
    index = SharedRowsIndex.build(vectors)
    assert index.scores_at(vectors[1], rows) == pytest.approx(index.scores(vectors[1])[rows], abs=1e-6)


def test_the_weighted_mean_is_that_of_all_items() -> None:
    vectors, weights = many(), np.random.default_rng(1).random(3_000).astype(np.float32)
    mean = SharedRowsIndex.build(vectors).weighted_mean(weights)
    assert mean == pytest.approx(weights @ vectors / weights.sum(), abs=1e-5)
    assert not SharedRowsIndex.build(vectors).weighted_mean(np.zeros(3_000, np.float32)).any()


def test_what_is_known_of_each_vector_is_known_of_its_items() -> None:
    index = SharedRowsIndex.of(np.eye(4, dtype=np.float32), SHARED.of_item)
    assert index.of_items(np.array([10.0, 11.0, 12.0, 13.0], np.float32)).tolist() == [10, 11, 11, 12, 13, 10]


def test_expanding_rows_gives_their_items() -> None:
    items, scores = SHARED.expand(np.array([1, 0], np.int32), np.array([0.9, 0.2], np.float32))
    assert items.tolist() == [1, 2, 0, 5]
    assert scores == pytest.approx([0.9, 0.9, 0.2, 0.2])


def test_expanding_no_rows_gives_no_items() -> None:
    items, scores = SHARED.expand(np.empty(0, np.int32), np.empty(0, np.float32))
    assert len(items) == len(scores) == 0


def test_each_row_counts_its_items() -> None:
    assert SHARED.counts.tolist() == [2, 2, 1, 1]


@pytest.mark.parametrize("rows", [[0, 4], [-1, 0], [[0, 1]], [0.5, 1.0]])
def test_items_of_rows_that_are_not_there_are_refused(rows: list[object]) -> None:
    with pytest.raises(ValueError, match="4"):
        SharedRows(np.array(rows), 4)


@pytest.mark.parametrize("file", [ROWS, VECTORS])
def test_a_missing_file_is_an_artifact_error(tmp_path: Path, file: str) -> None:
    SharedRowsIndex.build(many()).save(tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(ArtifactError, match="missing or damaged"):
        SharedRowsIndex.load(tmp_path)


def test_rows_of_another_index_are_an_artifact_error(tmp_path: Path) -> None:
    SharedRowsIndex.build(many()).save(tmp_path)
    np.save(tmp_path / ROWS, np.array([0, 9_999], np.int32))
    with pytest.raises(ArtifactError, match=ROWS):
        SharedRowsIndex.load(tmp_path)
