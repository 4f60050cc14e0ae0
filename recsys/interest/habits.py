"""How all shoppers buy, a figure each: how dear, how loyal, how curious. One's figure is read beside everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Interactions
from recsys.schema import Rows

Doubles = npt.NDArray[np.float64]
LEAST_PRICED: Final = 4  # products with a price in a category, from which on dear and cheap mean something
LEAST_OF_KIND: Final = 2  # baskets of a category, from which on one can be loyal to a brand in it


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """Figures of all shoppers, (n_shoppers,) each; NaN where a shopper or the shop gives none."""

    price_level: Doubles  # 0 the cheapest of its category, 1 the dearest, mean over lines
    loyalty: Doubles  # share of a category's lines that are of the brand bought most in it, mean by lines
    house_brand: Doubles  # share of lines that are the shop's own brand
    variety: Doubles  # share of lines, the first basket's left out, whose product was never bought before
    breadth: Doubles  # effective number of categories: exp of the entropy of their shares
    deals: Doubles  # share of lines bought on a day on which the product was on offer
    stars: Doubles  # mean of the stars given in reviews


def habits(
    table: Interactions,
    prices: Doubles,
    categories: Rows | None,
    brands: Rows | None,
    house: npt.NDArray[np.bool_] | None,
    on_offer: npt.NDArray[np.bool_] | None = None,
    given: tuple[Rows, Doubles] | None = None,
) -> Habits:
    """The habits of all shoppers.

    `prices` (n_items,) with NaN for unknown, `categories` and `brands` (n_items,) codes with -1 for unknown, `house`
    (n_items,) whether it is the shop's own brand, `on_offer` (m,) whether each line was bought in an offer, `given`
    (who, stars) of each review; None where the shop has no such thing.
    """
    who, items, n = table.shopper_of_entry, table.items, len(table)
    nothing = np.full(n, np.nan)
    level = nothing if categories is None else _mean(who, price_levels(prices, categories)[items], n)
    loyalty = nothing if categories is None or brands is None else _loyalty(table, categories, brands)
    own = nothing if house is None else _mean(who, house[items].astype(np.float64), n)
    breadth = nothing if categories is None else _breadth(who, categories[items], n)
    deals = nothing if on_offer is None else _mean(who, on_offer.astype(np.float64), n)
    stars = nothing if given is None else _mean(given[0][given[0] >= 0], given[1][given[0] >= 0], n)
    return Habits(level, loyalty, own, _variety(table), breadth, deals, stars)


def on_offer(table: Interactions, items: Rows, starts: Rows, ends: Rows) -> npt.NDArray[np.bool_]:
    """(m,) whether each line was bought while an offer of its product ran.

    `items`, `starts` and `ends` (o,) are the offers, in days as the table's, both days included.
    """
    # +1 where an offer starts, -1 behind its end: an offer runs where the sum up to a day is above 0
    key = np.concatenate([items, items]).astype(np.int64)
    day = np.concatenate([starts, ends + 1]).astype(np.int64)
    step = np.repeat([1, -1], len(items))
    order = np.lexsort((step, day, key))
    key, day, running = key[order], day[order], np.cumsum(step[order])  # each product's steps sum to 0
    low = int(min(day.min(initial=0), 0))
    span = int(max(day.max(initial=0), table.days.max(initial=0))) - low + 1
    at = np.searchsorted(key * span + day - low, table.items.astype(np.int64) * span + table.days - low, side="right")
    out: npt.NDArray[np.bool_] = np.zeros(len(table.items), np.bool_)
    before = at > 0
    out[before] = (key[at[before] - 1] == table.items[before]) & (running[at[before] - 1] > 0)
    return out


def price_levels(prices: Doubles, categories: Rows) -> Doubles:
    """(n_items,) where each price stands among those of its category, 0 to 1; equal prices in the middle of theirs."""
    levels = np.full(len(prices), np.nan)
    known = np.flatnonzero(~np.isnan(prices) & (categories >= 0))
    order = known[np.lexsort((prices[known], categories[known]))]
    bounds = np.flatnonzero(np.diff(categories[order], prepend=-2, append=-2))
    for start, end in pairwise(bounds):
        group = order[start:end]
        if len(group) < LEAST_PRICED:
            continue
        _, place, counts = np.unique(prices[group], return_inverse=True, return_counts=True)
        middle = np.cumsum(counts) - (counts + 1) / 2  # mean rank from 0
        levels[group] = middle[place] / (len(group) - 1)
    return levels


def _mean(who: Rows, values: Doubles, n: int) -> Doubles:
    """(n,) the mean of each shopper's known values."""
    known = ~np.isnan(values)
    count = np.bincount(who[known], minlength=n)
    total = np.bincount(who[known], weights=values[known], minlength=n)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _loyalty(table: Interactions, categories: Rows, brands: Rows) -> Doubles:
    who, category, brand = table.shopper_of_entry, categories[table.items], brands[table.items]
    known = (categories >= 0) & (brands >= 0)
    pairs = np.unique(np.stack([categories[known], brands[known]], axis=1), axis=0)
    branded = np.bincount(pairs[:, 0], minlength=int(categories.max(initial=0)) + 1) > 1
    kept = (category >= 0) & (brand >= 0)
    kept[kept] = branded[category[kept]]  # where there is one brand only nobody can be loyal
    triples = np.stack([who[kept], category[kept], brand[kept]], axis=1)
    if len(triples) == 0:
        return np.full(len(table), np.nan)
    each, counts = np.unique(triples, axis=0, return_counts=True)
    pairs, place = np.unique(each[:, :2], axis=0, return_inverse=True)
    place = place.reshape(-1)
    of_kind = np.bincount(place, weights=counts)
    most = np.zeros(len(pairs))
    np.maximum.at(most, place, counts)
    enough = of_kind >= LEAST_OF_KIND
    lines = np.bincount(pairs[enough, 0], weights=of_kind[enough], minlength=len(table))
    loyal = np.bincount(pairs[enough, 0], weights=most[enough], minlength=len(table))
    return np.where(lines > 0, loyal / np.maximum(lines, 1), np.nan)


def _variety(table: Interactions) -> Doubles:
    """Share of lines after the first basket whose product had not been bought before, (n_shoppers,)."""
    who = table.shopper_of_entry
    _, first = np.unique(who.astype(np.int64) * table.n_items + table.items, return_index=True)
    new = np.zeros(len(who), np.float64)
    new[first] = 1.0
    later = table.baskets > 0
    return _mean(who[later], new[later], len(table))


def _breadth(who: Rows, category: Rows, n: int) -> Doubles:
    known = category >= 0
    pairs, counts = np.unique(np.stack([who[known], category[known]], axis=1), axis=0, return_counts=True)
    if len(pairs) == 0:
        return np.full(n, np.nan)
    total = np.bincount(pairs[:, 0], weights=counts, minlength=n)
    share = counts / total[pairs[:, 0]]
    entropy = np.bincount(pairs[:, 0], weights=-share * np.log(share), minlength=n)
    return np.where(total > 0, np.exp(entropy), np.nan)


def standing(values: Doubles, shopper: int) -> float:
    """The share of other shoppers with a known figure whose figure is lower, equal ones counting half; NaN alone."""
    known = ~np.isnan(values)
    mine = values[shopper]
    others = int(known.sum()) - 1
    if np.isnan(mine) or others < 1:
        return float("nan")
    lower, equal = float((values[known] < mine).sum()), float((values[known] == mine).sum()) - 1
    return (lower + equal / 2) / others
