"""The figures: what share of the nearest is alike, whether a title finds its picture, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.encoders.unit_rows import unit_rows
from recsys.evaluation.significance import SAMPLING, Sampling, intervals
from recsys.schema import Floats

NEAREST: Final = 5
FOUND_IN: Final = 10
DECIMALS: Final = 6  # scores that differ by less differ by the order of sums alone
AT_ONCE: Final = 1024  # queries whose scores are in memory

Doubles = npt.NDArray[np.float64]


def alike(labels: npt.NDArray[np.str_], nearest: npt.NDArray[np.int64]) -> Doubles:
    """(n,) the share of each product's nearest (n, k) that bear its label; NaN where it has none."""
    same = (labels[nearest] == labels[:, None]).mean(axis=1)
    found: Doubles = np.where(labels == "", np.nan, same)
    return found


def nearest_to(vectors: Floats, k: int = NEAREST, queries: Floats | None = None) -> npt.NDArray[np.int64]:
    """(n, k) the rows nearest to each by cosine, itself left out; ties by row. `queries` are the same as they ask."""
    unit = unit_rows(vectors)
    asking = unit if queries is None else unit_rows(queries)
    found = np.empty((len(unit), min(k, len(unit) - 1)), np.int64)
    for start in range(0, len(unit), AT_ONCE):
        scores = np.round(asking[start : start + AT_ONCE] @ unit.T, DECIMALS)
        rows = np.arange(len(scores))
        scores[rows, start + rows] = -np.inf
        found[start : start + AT_ONCE] = np.argsort(-scores, axis=1, kind="stable")[:, : found.shape[1]]
    return found


def own_found(queries: Floats, candidates: Floats, k: int = FOUND_IN) -> Doubles:
    """(n,) 1 where candidate i is among the k nearest to query i by cosine, else 0.

    Ties go by row: of candidates that are equal to a query, those that stand before its own come first.
    """
    left, right = unit_rows(queries), unit_rows(candidates)
    hits = np.empty(len(left))
    for start in range(0, len(left), AT_ONCE):
        scores = np.round(left[start : start + AT_ONCE] @ right.T, DECIMALS)
        own = np.arange(start, start + len(scores))
        mine = scores[np.arange(len(scores)), own][:, None]
        before = (scores > mine).sum(axis=1) + ((scores == mine) & (np.arange(len(right)) < own[:, None])).sum(axis=1)
        hits[own] = before < k
    return hits


def summed_up(values: Mapping[str, Doubles], sampling: Sampling = SAMPLING) -> dict[str, dict[str, Any]]:
    """value, ci95 and n of each, over products."""
    out = {}
    for name, each in values.items():
        row = intervals(pd.DataFrame({name: each}), sampling).iloc[0]
        out[name] = {
            "value": round(float(row["mean"]), 4),
            "ci95": [round(float(row["low"]), 4), round(float(row["high"]), 4)],
            "n": int(row["count"]),
        }
    return out
