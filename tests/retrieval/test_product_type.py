"""The kind of product that a query is after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.errors import ArtifactError
from recsys.retrieval.product_type import ProductKinds

# Three laptops to the right, one bag to the left of what all titles share.
VECTORS = np.array([[1, 0.9], [1, 1.0], [1, 1.1], [1, -3.0]], np.float32)
ALL = np.arange(4, dtype=np.int32)


def test_what_all_titles_share_is_taken_away() -> None:
    assert ProductKinds.learn(VECTORS).of(ALL) == pytest.approx(np.array([[0, 1], [0, 1], [0, 1], [0, -1]]), abs=1e-6)


def test_the_bag_among_laptops_is_not_of_their_kind() -> None:
    kinds = ProductKinds.learn(VECTORS)
    intent = kinds.intent(ALL, np.array([3, 2, 2, 1], np.float32))  # (2 + 1 + 1) / 4 laptops, 0 / 4 bags
    assert intent == pytest.approx([0, 1], abs=1e-6)
    assert kinds.scores(intent, ALL) == pytest.approx([1, 1, 1, -1], abs=1e-6)


def test_equal_scores_count_alike_and_nothing_found_means_no_kind() -> None:
    kinds = ProductKinds.learn(VECTORS)
    assert kinds.intent(ALL, np.ones(4, np.float32)) == pytest.approx([0, 0.5], abs=1e-6)  # (3 - 1) / 4
    assert not kinds.intent(ALL[:0], np.zeros(0, np.float32)).any()


def test_saved_kinds_are_the_same_and_must_fit_the_vectors(tmp_path: Path) -> None:
    ProductKinds.learn(VECTORS).save(tmp_path)
    assert np.allclose(ProductKinds.load(tmp_path, VECTORS).of(ALL), ProductKinds.learn(VECTORS).of(ALL))
    with pytest.raises(ArtifactError, match="4 products"):
        ProductKinds.load(tmp_path, VECTORS[:2])
