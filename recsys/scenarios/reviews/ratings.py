"""The stars that somebody would give a product: effects of who rates, of the product and of its kind, each shrunk.

A linear model with random effects: every shopper, product, category, brand and department, and every shopper within a
department, has an effect with a penalty of its own kind (Robinson, "That BLUP is a Good Thing", 1991). With penalties
on shoppers and products alone it is the usual bias model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
BIAS: Final = ("shopper", "item")
TRIED: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 1e6)  # penalties; the last leaves the effect out


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Stars (n,) and, for each kind of effect, which one of it each rating has: (n,) codes from 0."""

    stars: Doubles
    codes: Mapping[str, Whole]

    def some(self, rows: npt.NDArray[Any]) -> Ratings:
        """Those of these rows."""
        return Ratings(self.stars[rows], {name: codes[rows] for name, codes in self.codes.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Foretelling:
    """A fitted model: the mean, and the effects of each kind by code; a code never seen, or below 0, has none."""

    mean: float
    effects: Mapping[str, Doubles]

    def stars(self, codes: Mapping[str, Whole]) -> Doubles:
        """(n,) expected stars, 1 to 5."""
        found = np.full(len(next(iter(codes.values()))), self.mean)
        for name, effects in self.effects.items():
            known = (codes[name] >= 0) & (codes[name] < len(effects))
            found = found + np.where(known, effects[np.where(known, codes[name], 0)], 0.0)
        return np.asarray(np.clip(found, 1.0, 5.0))


def fitted(ratings: Ratings, penalties: Mapping[str, float]) -> Foretelling:
    """The model of these ratings: least squares with these penalties on the effects of each kind."""
    from scipy.sparse import csr_array, hstack
    from scipy.sparse.linalg import lsqr

    mean = float(ratings.stars.mean())
    kinds = [name for name, penalty in penalties.items() if penalty < TRIED[-1]]
    if not kinds:
        return Foretelling(mean, {})
    sizes = [int(ratings.codes[name].max()) + 1 for name in kinds]
    rows = np.arange(len(ratings.stars))
    blocks = [
        csr_array((np.full(len(rows), penalties[name] ** -0.5), (rows, ratings.codes[name])), shape=(len(rows), size))
        for name, size in zip(kinds, sizes, strict=True)
    ]  # scaled so that one penalty of 1 serves all
    solved = lsqr(hstack(blocks).tocsr(), ratings.stars - mean, damp=1.0, atol=1e-8, btol=1e-8)[0]
    parts = np.split(solved, np.cumsum(sizes)[:-1])
    return Foretelling(mean, {n: part * penalties[n] ** -0.5 for n, part in zip(kinds, parts, strict=True)})


def chosen(learn: Ratings, validation: Ratings, kinds: Sequence[str]) -> dict[str, float]:
    """The penalties with the least squared error on the validation, one kind after another, twice round."""
    best = dict.fromkeys(kinds, 8.0)

    def error(penalties: Mapping[str, float]) -> float:
        told = fitted(learn, penalties).stars(validation.codes)
        return float(((told - validation.stars) ** 2).mean())

    for _ in range(2):
        for name in kinds:
            tried = [{**best, name: penalty} for penalty in TRIED]
            best = min(tried, key=error)
    return best
