"""Fold look-alikes: a shelf of twelve sizes of the same pasta helps nobody."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.schema import Mask, Rows

NEAR: Final = 0.9  # of the best score of a group: who is further off answers worse, however many buy it


def representatives(
    groups: Rows, scores: npt.NDArray[np.float64], asked_for: npt.NDArray[np.float64], buyers: Rows
) -> Mask:
    """Which product stands for each group, (n,): the one most people buy of those that answer nearly as well.

    `groups` (n,), `scores` (n,) and `buyers` (n,) of each product; `asked_for` (n,) is what no look-alike makes up for,
    such as being of the size wished for, or bought by this very person: who has less of it than the best of the group
    cannot stand for it. Of equally bought ones the better score decides, then the row.
    """
    n = len(groups)
    _, group = np.unique(groups, return_inverse=True)
    best = np.lexsort((np.arange(n), -scores, group))
    best = best[np.unique(group[best], return_index=True)[1]]  # (g,) the best of each group
    top = scores[best][group]
    near = (scores >= np.minimum(NEAR * top, top)) & (asked_for >= asked_for[best][group] - 1e-9)
    place = np.lexsort((np.arange(n), -scores, -np.where(near, buyers.astype(np.int64), -1), group))
    chosen = np.zeros(n, np.bool_)
    chosen[place[np.unique(group[place], return_index=True)[1]]] = True
    return chosen


def fold(groups: Rows, k: int) -> tuple[Rows, Rows]:
    """The first product of each group, in order, at most k.

    `groups` (n,) is each ranked product's group, best first. Returns (positions (m,), how many more products of the
    same group stand further down (m,)).
    """
    _, first, sizes = np.unique(groups, return_index=True, return_counts=True)
    order = np.argsort(first, kind="stable")[:k]
    return first[order].astype(np.int32), (sizes[order] - 1).astype(np.int32)
