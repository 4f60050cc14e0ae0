"""How well a product's reviews speak of an aspect, as far as that can be known, and a ranking that lets it count.

A mean of few reviews says little: each product is drawn towards its category, by how much products of a category
differ and how far reviews of one product do (empirical Bayes, normal and normal; Efron and Morris, "Stein's estimation
rule and its competitors", 1973; variances by moments, Searle, "Variance Components", 1992). What is left is how far a
product lies from its category. None without reviews moves, and none at all where products do not differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.scenarios.reviews.analysing import Read

ALL: Final = -1  # the number of all aspects together
WITHIN_FROM: Final = 30  # reviews beyond the first of a product, from which on their spread is known

Doubles = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Satisfaction:
    """What reviews say of every product about one aspect, all arrays (n_items,).

    `lift`: how far above its category a product is taken to lie, in moods from -1 to 1, 0 without reviews; `spread`:
    its standard error; `mean` of its own reviews and `category` of its category's, NaN of none; `reviews` counted.
    """

    lift: Doubles
    spread: Doubles
    mean: Doubles
    category: Doubles
    reviews: Whole
    between: float  # variance of products within categories
    within: float  # variance of reviews of a product

    @property
    def fit(self) -> Doubles:
        """The lift from -1 to 1: 1 is the product that lies furthest from its category, on either side."""
        most = float(np.abs(self.lift).max(initial=0.0))
        return self.lift / most if most > 0 else np.zeros(len(self.lift))


def told(
    read: Read, aspect: int, before: np.datetime64 | None = None, since: np.datetime64 | None = None
) -> tuple[Whole, Doubles]:
    """(product (r,), mood (r,)) of each review that speaks of the aspect, `ALL` of any; of those days alone."""
    said = np.flatnonzero(np.isfinite(read.sentence_mood) & ((read.aspect == aspect) if aspect != ALL else True))
    if before is not None:
        said = said[read.times[read.owner[said]] < before]
    if since is not None:
        said = said[read.times[read.owner[said]] >= since]
    reviews, place = np.unique(read.owner[said], return_inverse=True)
    mood = np.bincount(place, read.sentence_mood[said]) / np.maximum(np.bincount(place), 1)
    return np.asarray(read.items)[reviews].astype(np.int64), mood


def satisfied(items: Whole, mood: Doubles, categories: Sequence[object]) -> Satisfaction:
    """What these reviews, of products `items` (r,) with moods (r,), say of every product; `categories` (n_items,)."""
    n, category = (
        len(categories),
        pd.factorize(pd.Series(list(map(str, categories)), dtype=object), use_na_sentinel=False)[0],
    )
    count, total = np.bincount(items, minlength=n), np.bincount(items, mood, minlength=n)
    mean = _ratio(total, count)
    of_category = _ratio(np.bincount(category, total), np.bincount(category, count))[category]
    within, between = _variances(items, mood, mean, count, of_category, category)
    with np.errstate(invalid="ignore", divide="ignore"):
        kept = np.where(count > 0, count * between / (count * between + within), 0.0) if between > 0 else np.zeros(n)
    lift = np.where(count > 0, kept * np.nan_to_num(mean - of_category), 0.0)
    return Satisfaction(lift, np.sqrt(between * (1 - kept)), mean, of_category, count, between, within)


def _ratio(total: npt.NDArray[Any], count: npt.NDArray[Any]) -> Doubles:
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _variances(
    items: Whole, mood: Doubles, mean: Doubles, count: Whole, of_category: Doubles, category: Whole
) -> tuple[float, float]:
    """(within products, between the products of a category): an analysis of variance with uneven groups."""
    known = count > 0
    freedom = len(items) - int(known.sum())
    if freedom < WITHIN_FROM:
        return 1.0, 0.0
    within = float(((mood - mean[items]) ** 2).sum()) / freedom
    groups = len(np.unique(category[known]))
    apart = float((count[known] * (mean[known] - of_category[known]) ** 2).sum())
    per_category = np.bincount(category, count)
    uneven = np.bincount(category, count.astype(np.float64) ** 2)
    size = len(items) - float((uneven[per_category > 0] / per_category[per_category > 0]).sum())
    between = (apart - (int(known.sum()) - groups) * within) / size if size > 0 else 0.0
    return max(within, 1e-9), max(between, 0.0)


def with_reviews(scores: Doubles, fit: Doubles, weight: float) -> Doubles:
    """Scores from 0 to 1 of which reviews get a share: (1 - weight) of the score and weight times the fit."""
    return (1 - weight) * scores + weight * fit
