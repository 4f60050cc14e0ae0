"""Groups of products whose exposure matters: the long tail, bands of prices, small brands."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.schema import Mask, Rows

TAIL_SHARE: Final = 0.2  # of all purchases, made by the least bought products
PRICE_BANDS: Final = 5
NEW_DAYS: Final = 60  # since the launch

Doubles = npt.NDArray[np.float64]


def long_tail(share: npt.NDArray[np.floating[Any]]) -> Mask:
    """Which products are in the long tail, (n,): the least bought, which together make a fifth of all purchases.

    `share` (n,) of each of all purchases; ties are in it or out of it together, what nobody bought is in it.
    """
    values, at = np.unique(share, return_inverse=True)
    together = np.cumsum(np.bincount(at, share.astype(np.float64)))  # with all that are less bought
    within = values[together <= TAIL_SHARE * together[-1] + 1e-9]
    return np.asarray(share <= within.max(initial=0.0))


def price_bands(prices: Doubles) -> tuple[Rows, int]:
    """(the fifth of all known prices that each is in (n,), 0 the cheapest, -1 for none; how many bands there are)."""
    known = np.isfinite(prices)
    within = np.arange(1, PRICE_BANDS) / PRICE_BANDS
    edges = np.unique(np.quantile(prices[known], within)) if known.any() else np.empty(0)
    band = np.searchsorted(edges, prices, side="right")
    return np.where(known, band, -1).astype(np.int32), len(edges) + 1


def launched_lately(launched: pd.Series, last_day: str) -> Mask:
    """Which products were launched within NEW_DAYS before the last day (ISO) of the data, (n,); never the undated."""
    age = (pd.Timestamp(last_day) - pd.to_datetime(launched)).dt.days
    return np.asarray(((age >= 0) & (age <= NEW_DAYS)).to_numpy(np.bool_))
