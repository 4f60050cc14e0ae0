"""Whether a log can say anything of another policy: how few pages carry an estimate, and what was never shown."""

from __future__ import annotations

import numpy as np

from recsys.evaluation.off_policy.data import Doubles


def effective_share(weights: Doubles) -> float:
    """The effective sample size as a share of the pages, of weights (n,) or (n, k): (sum w)^2 / (n sum w^2).

    Kish (1965). Of several places the mean. 0 where every weight is 0.
    """
    table = weights.reshape(len(weights), -1)
    squares = (table**2).sum(axis=0)
    shares = np.divide(table.sum(axis=0) ** 2, squares * len(table), out=np.zeros(len(squares)), where=squares > 0)
    return float(shares.mean())


def largest_share(weights: Doubles) -> float:
    """The largest weight as a share of the sum of all, of (n,) or (n, k); of several places the mean."""
    table = weights.reshape(len(weights), -1)
    sums = table.sum(axis=0)
    shares = np.divide(table.max(axis=0), sums, out=np.zeros(len(sums)), where=sums > 0)
    return float(shares.mean())


def unseen_share(target: Doubles, seen: np.ndarray) -> float:
    """How much of what the policy would show the log never showed there: mean over rows of the chances not `seen`.

    Both (rows, choices); the chances of a row sum to 1. About these an estimate by weights knows nothing.
    """
    return float(np.where(seen, 0.0, target).sum(axis=1).mean())
