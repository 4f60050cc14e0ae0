"""What else foretells the stars of a pair: what others' words say of the product, the shopper's taste, the price.

Ridge regression (Hoerl and Kennedy, 1970) over few numbers, each known without the pair's own review and purchase: what
a row gives away of its own stars is taken out of its numbers, as target encodings must (Micci-Barreca, 2001).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.schema import Rows

STARS_PENALTY: Final = 4.0  # ratings' worth of the mean that a product's own are mixed with
WORDS_PENALTY: Final = 2.0  # reviews' worth of it
TASTE_PENALTY: Final = 10.0  # purchases' worth of what everybody buys
PRICE_PENALTY: Final = 3.0
TRIED: Final = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0)  # of the ridge; numbers have a deviation of 1

Doubles = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Bought:
    """Purchases, one a row: whose (k,), which product (k,)."""

    shopper: Whole
    item: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Rated pairs: `stars` (n,), `shopper` and `item` (n,), and numbers known of each before it was rated, (n, f)."""

    stars: Doubles
    shopper: Whole
    item: Whole
    known: Doubles

    def numbers(self, rows: Rows, moods: Doubles) -> Doubles:
        """(n, 1 + a + f): from the stars of `rows` and the moods (n, a) of their words, what others say; then `known`.

        `moods` holds for each review the sum of what it says of each aspect; only those of `rows` are looked at.
        """
        stars = _others(self.stars, self.item, rows, STARS_PENALTY)
        words = [_others(column, self.item, rows, WORDS_PENALTY) for column in moods.T]
        return np.column_stack([stars, *words, self.known])


def _others(values: Doubles, item: Whole, rows: Rows, penalty: float) -> Doubles:
    """(n,) the shrunk mean of a value over the rows of the same product, the row's own left out; 0 is the mean."""
    inside = np.zeros(len(values))
    inside[rows] = 1.0
    off = np.where(inside > 0, values - values[rows].mean(), 0.0)
    sums = np.bincount(item, off)[item] - off
    counts = np.bincount(item, inside)[item] - inside
    return np.asarray(sums / (counts + penalty))


def taste(shopper: Whole, item: Whole, bought: Bought, value: Whole) -> Doubles:
    """(n,) log of how much oftener the shopper buys what has the product's value of an attribute than everybody does.

    `value` (items,) from 0, -1 where a product has none, which says nothing. Purchases of the product itself are left
    out; a shopper without others is like everybody.
    """
    known = value[bought.item] >= 0
    who, which = bought.shopper[known], bought.item[known]
    size, people = int(value.max(initial=0)) + 1, int(max(shopper.max(initial=0), who.max(initial=0))) + 1
    table = np.zeros((people, size))
    np.add.at(table, (who, value[which]), 1.0)
    share = (table.sum(axis=0) + 1) / (table.sum() + size)
    own = _times(shopper, item, who, which)
    of = np.maximum(value[item], 0)
    seen, total = table[shopper, of] - own, table.sum(axis=1)[shopper] - own
    found = np.log((seen + TASTE_PENALTY * share[of]) / ((total + TASTE_PENALTY) * share[of]))
    return np.where(value[item] >= 0, found, 0.0)


def prices(shopper: Whole, item: Whole, bought: Bought, price: Doubles, category: Whole) -> Doubles:
    """(n, 3) log price beside the usual one of its category, the same of what the shopper buys, and their product."""
    logs = np.log(np.maximum(np.nan_to_num(price, nan=1.0), 1e-6))
    usual = np.bincount(category, logs) / np.maximum(np.bincount(category), 1)
    dear = np.where(np.isfinite(price), logs - usual[category], 0.0)
    people = int(max(shopper.max(initial=0), bought.shopper.max(initial=0))) + 1
    own = _times(shopper, item, bought.shopper, bought.item)
    sums = np.bincount(bought.shopper, dear[bought.item], people)[shopper] - own * dear[item]
    counts = np.bincount(bought.shopper, minlength=people)[shopper] - own
    pays = sums / (counts + PRICE_PENALTY)
    return np.column_stack([dear[item], pays, dear[item] * pays])


def _times(shopper: Whole, item: Whole, who: Whole, which: Whole) -> Doubles:
    """(n,) how often each pair stands among purchases."""
    width = int(max(item.max(initial=0), which.max(initial=0))) + 1
    pairs, counts = np.unique(who * width + which, return_counts=True)
    if not len(pairs):
        return np.zeros(len(item))
    asked = shopper * width + item
    place = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
    return np.where(pairs[place] == asked, counts[place], 0).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Ridge:
    """Weights (f,) of numbers less `middle` over `spread`, and the mean of the stars."""

    mean: float
    middle: Doubles
    spread: Doubles
    weights: Doubles

    @classmethod
    def fit(cls, numbers: Doubles, stars: Doubles, penalty: float) -> Ridge:
        """Least squares with a penalty on the weights of (n, f) numbers, brought to a deviation of 1."""
        middle, spread = numbers.mean(axis=0), np.maximum(numbers.std(axis=0), 1e-9)
        x = np.where(numbers.std(axis=0) > 1e-9, (numbers - middle) / spread, 0.0)
        mean = float(stars.mean())
        weights = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ (stars - mean))
        return cls(mean, middle, spread, np.asarray(weights, np.float64))

    def stars(self, numbers: Doubles) -> Doubles:
        """(n,) expected stars, 1 to 5."""
        return np.asarray(np.clip(self.mean + (numbers - self.middle) / self.spread @ self.weights, 1.0, 5.0))


def chosen(numbers: Doubles, stars: Doubles, rows: Rows, judged: Rows, tried: Sequence[float] = TRIED) -> float:
    """The penalty with the least squared error on the rows `judged`, learned from `rows`."""

    def error(penalty: float) -> float:
        told = Ridge.fit(numbers[rows], stars[rows], penalty).stars(numbers[judged])
        return float(((told - stars[judged]) ** 2).mean())

    return min(tried, key=error)


def floor(stars: Doubles, codes: Mapping[str, Whole]) -> float:
    """The error that stays where every effect of these kinds (shopper, product) is known exactly.

    By the variance between the groups of each kind, as the analysis of variance estimates it for groups of unequal size
    (Searle, Casella and McCulloch, "Variance Components", 1992): what ratings of one group have in common.
    """
    return float(np.sqrt(max(stars.var(ddof=1) - sum(between(stars, each) for each in codes.values()), 0.0)))


def between(stars: Doubles, group: Whole) -> float:
    """The variance of the groups' true means, 0 at least; 0 where no group has two ratings."""
    counts = np.bincount(group).astype(np.float64)
    counts, sums = counts[counts > 0], np.bincount(group, stars)[counts > 0]
    n, k = len(stars), len(counts)
    if n == k or k < 2:
        return 0.0
    means = sums / counts
    across = float((counts * (means - stars.mean()) ** 2).sum() / (k - 1))
    within = float(((stars**2).sum() - (counts * means**2).sum()) / (n - k))
    usual = (n - float((counts**2).sum()) / n) / (k - 1)
    return max((across - within) / usual, 0.0)
