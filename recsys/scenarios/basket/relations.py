"""Complements and substitutes of a product, told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recsys.scenarios.basket.completing import ALIKE
from recsys.scenarios.basket.together import Together
from recsys.schema import Floats, Rows

HARDLY: Final = 1.0  # lift that the lower bound must not exceed: together beyond chance is no substitute
LOOKED_AT: Final = 300  # alike products of a category that are looked at


@dataclass(frozen=True, slots=True)
class Complement:
    """A product that is bought in one visit with another beyond chance."""

    row: int
    visits: int  # that held both
    lift: float  # posterior mean
    low: float  # its lower bound, above 1


@dataclass(frozen=True, slots=True)
class Substitute:
    """A product alike in content and category, hardly ever in one visit with the other."""

    row: int
    cosine: float
    visits: int  # that held both all the same
    people: int  # who bought both, at different times


def complements(together: Together, row: int, k: int) -> tuple[Complement, ...]:
    """The k products most surely bought in one visit with that one: the lower bound of the lift is above 1.

    Bounds are of the posterior of `Together`, one-sided 95 %; the highest lower bound comes first, ties by row.
    """
    others = together.both.indices[together.both.indptr[row] : together.both.indptr[row + 1]].astype(np.int32)
    if not len(others):
        return ()
    count, low, _ = together.bounds(row, others)
    best = np.lexsort((others, -low))
    best = best[low[best] > 1][:k]
    mean = (count + 1) / (together.expected(np.full(len(others), row, np.int32), others) + 1)
    return tuple(Complement(int(others[at]), int(count[at]), float(mean[at]), float(low[at])) for at in best)


def substitutes(
    together: Together,
    took: sparse.csr_array,
    row: int,
    cosines: Floats,
    groups: Rows,
    out: npt.NDArray[np.bool_],
    k: int,
) -> tuple[Substitute, ...]:
    """The k products that could stand in for that one.

    `cosines` (n_items,) of their texts with it, `took` (n_shoppers, n_items) how often each bought what, `out`
    (n_items,) true for those that cannot be offered. Of its category (of all products where that is not known), alike
    from ALIKE on, and not in one visit with it beyond chance. Those that the same people buy in its place come first
    among alike ones: by cosine times the root of 1 + people.
    """
    same = groups == groups[row] if groups[row] >= 0 else np.ones(len(groups), np.bool_)
    fits = np.flatnonzero(same & ~out & (cosines >= ALIKE))
    fits = fits[fits != row].astype(np.int32)
    fits = fits[np.lexsort((fits, -cosines[fits]))][:LOOKED_AT]
    if not len(fits):
        return ()
    count, low, _ = together.bounds(row, fits)
    buyers = np.asarray(took[:, [row]].toarray()[:, 0] > 0, np.float32)
    people = np.asarray((took[:, fits] > 0).astype(np.float32).T @ buyers).ravel()  # each counts once
    worth = cosines[fits] * np.sqrt(1 + np.log1p(people))
    best = np.lexsort((fits, -worth))
    best = best[low[best] <= HARDLY][:k]
    return tuple(Substitute(int(fits[at]), float(cosines[fits[at]]), int(count[at]), int(people[at])) for at in best)
