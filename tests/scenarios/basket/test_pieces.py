"""How many pieces are usually taken: the lower median, of those who took any."""

from __future__ import annotations

import numpy as np

from recsys.scenarios.basket.pieces import usual_pieces


def test_the_lower_median_of_each_product_and_one_where_nobody_took_any() -> None:
    items = np.array([2, 0, 2, 2, 0, 3, 2], np.int32)
    pieces = np.array([1, 4, 6, 2, 2, 0, 9], np.int64)
    assert usual_pieces(items, pieces, 5).tolist() == [2, 1, 2, 1, 1]
    assert usual_pieces(np.empty(0, np.int32), np.empty(0, np.int64), 3).tolist() == [1, 1, 1]
