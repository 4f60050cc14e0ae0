"""What is like the things the shopper took, by what is known of the items: reaches items nobody took yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.personal_frequency import fading_history
from recsys.schema import Floats


@dataclass(frozen=True, eq=False)
class ContentByText(ArrayRecommender):
    """Cosine between the text vector of each item and the faded mean of the shopper's.

    profile = sum over the history of history_fading ** (baskets ago) * vector; score[j] = cosine(profile, vector of j).
    All zero without a history. Source: Lops, de Gemmis & Semeraro, "Content-based recommender systems", 2011.
    """

    name = "content-text"
    label = "Alike by description"
    parts: ClassVar[Mapping[str, Part]] = {"vectors": Part((ITEMS, "vector"))}

    history_fading: float = setting(0.6, 0.0, 1.0)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        return {"vectors": _one_per_item(side.vectors, "text vectors", training.n_items).astype(np.float32)}

    def _scores(self, visits: Visits) -> Floats:
        vectors = self.learned["vectors"]
        profile = fading_history(visits.histories, self.history_fading) @ vectors  # (b, n) @ (n, d) -> (b, d)
        length = np.linalg.norm(profile, axis=1, keepdims=True)
        profile = np.divide(profile, length, out=np.zeros_like(profile), where=length > 0)
        scores: Floats = profile @ vectors.T  # (b, d) @ (d, n) -> (b, n)
        return scores


@dataclass(frozen=True, eq=False)
class ContentByAttributes(ArrayRecommender):
    """Cosine between the attributes of each item and the faded mean of the shopper's, rare attributes weighing more.

    As `ContentByText`, over attributes weighted by log(n_items / items that have it) and rows of length 1: an attribute
    that every item has says nothing. An item without attributes scores 0.
    """

    name = "content-attributes"
    label = "Alike by attributes"
    parts: ClassVar[Mapping[str, Part]] = {"weights": Part((ITEMS, "attributes"), sparse=True)}

    # nDCG@10 on the validation items of Beauty / Sports: .6 .0259 / .0148, .8 .0236 / .0139, 1 .0186 / .0094
    history_fading: float = setting(0.6, 0.0, 1.0)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        return {"weights": rarity_weighted(_one_per_item(side.attributes, "attributes", training.n_items))}

    def _scores(self, visits: Visits) -> Floats:
        weights = self.learned["weights"]
        profile = unit_rows(fading_history(visits.histories, self.history_fading) @ weights)  # (b, attributes)
        scores: Floats = (weights @ profile.T.toarray()).T  # ((n, a) @ (a, b)).T -> (b, n)
        return scores


def rarity_weighted(attributes: sparse.csr_array) -> sparse.csr_array:
    """(n_items, n_attributes) of unit rows, each attribute weighing log(n_items / items that have it)."""
    having = np.bincount(attributes.indices, minlength=attributes.shape[1])
    rarity = np.log(attributes.shape[0] / np.maximum(having, 1)).astype(np.float32)  # (n_attributes,)
    weights = (rarity[attributes.indices], attributes.indices, attributes.indptr)
    return unit_rows(sparse.csr_array(weights, shape=attributes.shape))


def unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """The same rows at length 1; empty rows stay empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1, length, out=np.zeros_like(length), where=length > 0)
    return sparse.csr_array(
        (matrix.data * np.repeat(scale, np.diff(matrix.indptr)), matrix.indices, matrix.indptr), shape=matrix.shape
    )


def _one_per_item(known: Floats | sparse.csr_array | None, what: str, n_items: int) -> Floats | sparse.csr_array:
    rows = 0 if known is None else known.shape[0]
    if known is None or rows != n_items:
        raise DataError(
            f"there are {what} of {rows:,} items",
            allowed=f"one row for each of the {n_items:,} items",
            remedy=f"use a data set with {what}, or another recommender",
        )
    return known
