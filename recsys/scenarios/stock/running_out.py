"""What will run out before it can be had again: stock beside what may be sold until then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.scenarios.stock.intervals import HIGH, LOW
from recsys.scenarios.stock.series import Doubles, check_horizon
from recsys.schema import Rows

LIKELY: Final = 0.5  # from this chance on it is said that a product runs out
DRAWS: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class RunningOut:
    """What some products, k of them, would lack before the lead time is over. Units are pieces."""

    demand: Doubles  # (k, 3) until then: low, mean, high
    chance: Doubles  # (k,) that demand exceeds the stock
    short: Doubles  # (k, 3) pieces that could not be sold: low, expected, high
    out_in: (
        Rows  # (k,) the week in which the expected demand exceeds the stock, 1 the first; 0 for not within the horizon
    )


def running_out(until: Doubles, stock: Doubles, lead: int) -> RunningOut:
    """Of quantiles (k, horizon, levels) of all that is sold up to each week, a stock (k,) and a lead time in weeks.

    What is expected is the mean over the quantiles. A stock below 0 or unknown (NaN) counts as none.
    Raises BadRequestError for a lead time beyond the horizon.
    """
    check_horizon(lead, until.shape[1])
    have = np.maximum(np.nan_to_num(stock), 0.0)
    at = until[:, lead - 1]  # (k, levels)
    missing = np.maximum(at - have[:, None], 0.0)
    mean = until.mean(axis=2)  # (k, horizon)
    beyond = mean > have[:, None]
    return RunningOut(
        np.stack([at[:, LOW], at.mean(axis=1), at[:, HIGH]], axis=1),
        (at > have[:, None]).mean(axis=1),
        np.stack([missing[:, LOW], missing.mean(axis=1), missing[:, HIGH]], axis=1),
        np.where(beyond.any(axis=1), beyond.argmax(axis=1) + 1, 0).astype(np.int32),
    )


def together(until: Doubles, stock: Doubles, worth: Doubles, lead: int, seed: int = 0) -> tuple[float, float, float]:
    """(low, expected, high) of what all of them lack together, each piece of its `worth` (k,).

    Drawn as if products erred apart from each other; where a whole week is good or bad for all, the range is wider.
    """
    if not len(until):
        return 0.0, 0.0, 0.0
    missing = np.maximum(until[:, lead - 1] - np.maximum(np.nan_to_num(stock), 0.0)[:, None], 0.0) * worth[:, None]
    rng = np.random.default_rng(seed)
    totals = np.zeros(DRAWS)
    for each in missing:
        totals += each[rng.integers(0, missing.shape[1], DRAWS)]
    low, high = np.quantile(totals, (0.1, 0.9))
    return float(low), float(missing.mean(axis=1).sum()), float(high)
