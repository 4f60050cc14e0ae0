"""Fold look-alikes: a shelf of twelve sizes of the same pasta helps nobody."""

from __future__ import annotations

import numpy as np

from recsys.schema import Rows


def fold(groups: Rows, k: int) -> tuple[Rows, Rows]:
    """The first product of each group, in order, at most k.

    `groups` (n,) is each ranked product's group, best first. Returns (positions (m,), how many more products of the
    same group stand further down (m,)).
    """
    _, first, sizes = np.unique(groups, return_index=True, return_counts=True)
    order = np.argsort(first, kind="stable")[:k]
    return first[order].astype(np.int32), (sizes[order] - 1).astype(np.int32)
