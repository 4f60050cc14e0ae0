"""Folding keeps the best of each group and says how many stand behind it."""

from __future__ import annotations

import numpy as np

from recsys.reranking.folding import fold


def test_the_first_of_each_group_stays_in_order() -> None:
    positions, folded = fold(np.array([4, 4, 1, 4, 2], np.int32), k=10)
    assert positions.tolist() == [0, 2, 4]
    assert folded.tolist() == [2, 0, 0]


def test_at_most_k_groups_are_kept() -> None:
    positions, _ = fold(np.array([4, 1, 2], np.int32), k=2)
    assert positions.tolist() == [0, 1]


def test_an_empty_list_stays_empty() -> None:
    positions, folded = fold(np.empty(0, np.int32), k=3)
    assert len(positions) == len(folded) == 0
