"""Queries that nobody typed: a product's own attributes ("navy women dresses"), asked of the titles alone.

Where a catalogue says what its products are, that says too which of them answer: no person has to judge, and any
catalogue with attributes tells whether settings that were chosen elsewhere hold there. What a query's words are is
told by the source, so that words count for more than where people ask: such queries compare settings, they do not say
how content people would be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

ALL, KIND_ALONE, NEITHER = 3, 1, 0  # grades: everything that was asked for, the right kind of thing, something else
FEWEST, MOST = 3, 600  # products that a query may mean: fewer are luck, more are no question
NEARLY: Final = 60  # products of another kind, drawn, that share an attribute with what was asked for
TRIES: Final = 50  # draws for each query that is wanted, before there are taken to be no more

Grades = dict[int, int]  # row -> grade


def attribute_queries(
    described: Sequence[Mapping[str, str]], asked: Sequence[Sequence[str]], kind: str, count: int, seed: int = 0
) -> dict[str, Grades]:
    """At most `count` queries -> the grades of judged products, rows of `described`; the same seed gives the same.

    `asked` are the sets of attributes that a query may name, in the order in which they are said; `kind` is the one
    that says what a product is, and stands in each of them. A query is drawn from a product: products with all its
    attributes have 3, others of the kind 1; of the rest at most 60 that share one of them are judged, with 0.
    """
    rng = np.random.default_rng(seed)
    columns = {name: np.array([each.get(name, "") for each in described]) for names in asked for name in names}
    found: dict[str, Grades] = {}
    for _ in range(TRIES * count if len(described) else 0):
        if len(found) == count:
            break
        row, names = int(rng.integers(len(described))), asked[int(rng.integers(len(asked)))]
        values = [str(columns[name][row]) for name in names]
        text = " ".join(values).lower()
        if not all(values) or text in found:
            continue
        shares = {name: columns[name] == columns[name][row] for name in names}
        right = np.logical_and.reduce(list(shares.values()))
        if FEWEST <= right.sum() <= MOST:
            found[text] = _grades(right, shares, kind, rng)
    return found


def _grades(
    right: npt.NDArray[np.bool_], shares: Mapping[str, npt.NDArray[np.bool_]], kind: str, rng: np.random.Generator
) -> Grades:
    """The grades of what has all attributes (n,), of the rest of the kind, and of some that share another one."""
    rest = ~shares[kind]
    some = np.logical_or.reduce([same for name, same in shares.items() if name != kind] or [rest])
    others = np.flatnonzero(rest & some if (rest & some).any() else rest)
    drawn = rng.permutation(others)[:NEARLY]
    graded = {int(row): NEITHER for row in drawn}
    graded |= {int(row): KIND_ALONE for row in np.flatnonzero(shares[kind] & ~right)}
    return graded | {int(row): ALL for row in np.flatnonzero(right)}
