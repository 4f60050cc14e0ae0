"""Groups of products are those that can be told by hand."""

from __future__ import annotations

import numpy as np

from recsys.reranking.groups import long_tail, price_bands


def test_the_long_tail_makes_a_fifth_of_the_purchases_at_most() -> None:
    share = np.array([0.5, 0.3, 0.1, 0.06, 0.04, 0.0], np.float32)
    assert long_tail(share).tolist() == [False, False, True, True, True, True]
    assert long_tail(np.full(4, 0.25, np.float32)).tolist() == [False] * 4  # equals are in it together or not at all
    assert long_tail(np.zeros(3, np.float32)).all()


def test_bands_hold_a_fifth_of_the_prices_each_and_no_price_is_in_none() -> None:
    band, number = price_bands(np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan]))
    assert (band.tolist(), number) == ([0, 1, 2, 3, 4, -1], 5)
    assert price_bands(np.array([7.0, 7.0, np.nan]))[1] == 2
    assert price_bands(np.array([np.nan]))[0].tolist() == [-1]
