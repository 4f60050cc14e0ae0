"""How likely each department is what a query is about, from the products it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.schema import Floats, Rows

TEMPERATURE: Final = 0.15  # of the span between best and worst score: a product half-way down weighs 1/28 of the best


def department_likelihood(
    rows: Rows, scores: Floats, departments: npt.NDArray[np.int32], names: Sequence[str]
) -> list[tuple[str, float]]:
    """p(department | query), most likely first; departments without a result are left out.

    `rows` (m,) are the results and `scores` (m,) their scores, in any order and on any scale; `departments` (n_items,)
    is the code of each item's department, an index into `names`. A result weighs
    exp((score - best) / (TEMPERATURE * (best - worst))), a softmax over scores scaled to 0..1; the likelihood of a
    department is its share of the weights, so they sum to 1.
    Scores that are all equal count alike; scores that are not finite count nothing. [] without results.
    """
    there = np.isfinite(scores)
    rows, scores = rows[there], scores[there].astype(np.float64)
    if len(rows) == 0:
        return []
    best, span = scores.max(), float(np.ptp(scores))
    weights = np.exp((scores - best) / (TEMPERATURE * span)) if span > 0 else np.ones(len(scores))
    shares = np.bincount(departments[rows], weights=weights, minlength=len(names)) / weights.sum()
    order = np.argsort(-shares, kind="stable")
    return [(names[code], float(shares[code])) for code in order.tolist() if shares[code] > 0]
