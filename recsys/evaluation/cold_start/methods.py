"""What ranks where little is known: popularity in several forms, content, a walk over a graph, a cohort, all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.evaluation.cold_start.data import ColdData
from recsys.interest.choosing import PRIOR, Tasted
from recsys.recommenders.contract import Recommender, Visits
from recsys.recommenders.item_content import ContentByAttributes, ContentByText
from recsys.recommenders.most_popular import MostPopular, RecentlyPopular
from recsys.recommenders.personalized_pagerank import PersonalizedPageRank
from recsys.schema import Floats, Mask

FADING: Final = 0.9  # per basket: of the few events of a newcomer all count
NEIGHBOURS: Final = 100  # shoppers who make a cohort
SMOOTHED: Final = 10.0  # items of average popularity that are added to those of a category, brand or attribute
CONSTANT: Final = 60.0  # of reciprocal ranks (Cormack, Clarke & Buettcher, SIGIR 2009)
SHRUNK: Final = 0.25  # of the way from the chosen weights to equal ones: a validation is small, and luck chooses too
HALF_LIVES: Final = (14.0, 60.0)  # days
COMBINED: Final = "combination"
MEMBERS: Final = ("content", "graph", "cohort", "popularity")
LABELS: Final = {
    "content": "Alike by description",
    "graph": "Walk over purchases and attributes",
    "cohort": "What similar shoppers take",
    COMBINED: "All of them together",
    "popular-kind": "Popularity of category, brand and attributes",
    "newest": "Newest first",
    "random": "By chance",
    "most-popular": "Bestsellers",
    "recently-popular-14": "Bestsellers of late (14 days)",
    "recently-popular-60": "Bestsellers of late (60 days)",
}

Method = Callable[[Visits], Floats]  # visits -> (b, n_items)


@dataclass(frozen=True, eq=False)
class Fitted:
    """Every method, fitted on what is known."""

    methods: Mapping[str, Method]
    baselines: tuple[str, ...]  # of them, those that know nothing of who asks


def for_items(data: ColdData, known: Interactions, seed: int) -> Fitted:
    """The methods that can rank items nobody took."""
    cohort = Cohort(data, known)
    kind = popular_kind(data, known)
    chance = np.random.default_rng(seed).random(known.n_items).astype(np.float32)
    baselines: dict[str, Method] = {"popular-kind": _same(kind), "random": _same(chance)}
    if data.launched is not None:
        baselines["newest"] = _same(data.launched.astype(np.float32))
    ours: dict[str, Method] = {"content": _content(data, known), "graph": _graph(data, known), "cohort": cohort.alike}
    return Fitted(ours | baselines, tuple(baselines))


def for_shoppers(data: ColdData, known: Interactions) -> Fitted:
    """The methods that can rank for shoppers of whom little is known."""
    baselines: dict[str, Method] = {"most-popular": MostPopular().fit(known, data.side).score}
    if known.dated:
        for days in HALF_LIVES:
            fitted = RecentlyPopular(half_life_days=days).fit(known, data.side)
            baselines[f"recently-popular-{days:.0f}"] = fitted.score
    cohort = Cohort(data, known)
    ours: dict[str, Method] = {
        "content": _content(data, known),
        "graph": _graph(data, known),
        "cohort": _tempered(cohort.taken),
    }
    return Fitted(ours | baselines, tuple(baselines))


def _same(scores: Floats) -> Method:
    """The same scores (n_items,) for everybody."""
    return lambda visits: np.broadcast_to(scores, (len(visits), len(scores)))


def _content(data: ColdData, known: Interactions) -> Method:
    kind = ContentByText if data.side.vectors is not None else ContentByAttributes
    fitted: Recommender = kind(history_fading=FADING).fit(known, data.side)
    return fitted.score


def _graph(data: ColdData, known: Interactions) -> Method:
    """Personalised PageRank over shoppers, items and attributes: an attribute takes every item that has it."""
    assert data.side.attributes is not None
    having = sparse.csr_array(data.side.attributes.T)  # (attributes, n_items)
    none = np.zeros(having.nnz, np.int32)
    everything = Interactions(
        np.concatenate([known.indptr, known.indptr[-1] + having.indptr[1:].astype(np.int64)]),
        np.concatenate([known.items, having.indices.astype(np.int32)]),
        np.concatenate([known.baskets, none]),
        np.concatenate([known.days, none]),
        known.n_items,
        known.dated,
    )
    return _tempered(PersonalizedPageRank(history_fading=FADING).fit(everything, data.side).score)


def popular_kind(data: ColdData, known: Interactions) -> Floats:
    """(n_items,) how popular known items with the same attributes are: the popularity of an item that has none yet.

    The mean over an item's attributes of the mean log(1 + purchases) of the known items that have each, smoothed by
    SMOOTHED items of the average.
    """
    assert data.side.attributes is not None
    attributes = data.side.attributes
    counts = np.bincount(known.items, minlength=known.n_items)
    there = (counts > 0).astype(np.float64)
    logs = np.log1p(counts) * there
    average = logs.sum() / max(there.sum(), 1)
    of_attribute = (attributes.T @ logs + SMOOTHED * average) / (attributes.T @ there + SMOOTHED)  # (attributes,)
    number = np.asarray(attributes.sum(axis=1)).ravel()
    found = np.where(number > 0, (attributes @ of_attribute) / np.maximum(number, 1), average)
    return np.asarray(found, np.float32)


class Cohort:
    """The known shoppers who are like one: by taste, and by traits where these are known.

    By taste: the NEIGHBOURS whose mean vector is nearest, weighing as much as their cosine. By traits: all of the same
    group, each weighing 1 / (their number) of NEIGHBOURS. PRIOR purchases of everybody are added to theirs.
    """

    def __init__(self, data: ColdData, known: Interactions) -> None:
        self._vectors, self._took = data.vectors, known.matrix()
        self._took.data[:] = 1.0
        self._tasted = Tasted.of(self._took, self._vectors)
        self._profiles = self._tasted.profiles
        self._there: Mask = np.asarray(self._profiles.any(axis=1))
        share = np.asarray(self._took.sum(axis=0)).ravel()
        self._share = (share / max(share.sum(), 1)).astype(np.float32)
        self._common = (self._share @ self._vectors).astype(np.float32)
        self._groups = data.side.cohorts
        self._by_group: dict[int, Floats] = {}

    def taken(self, visits: Visits) -> Floats:
        """(b, n_items) what they took."""
        return np.asarray(self._counts(visits) + np.float32(PRIOR) * self._share, np.float32)

    def alike(self, visits: Visits) -> Floats:
        """(b, n_items) how near each item is to what they took, that of everybody taken off; 0 where nobody is like."""
        counts = self._counts(visits)
        total = counts.sum(axis=1, keepdims=True)
        means = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0) @ self._vectors
        means = np.where(total > 0, means - 0.8 * self._common, 0)
        length = np.linalg.norm(means, axis=1, keepdims=True)
        unit = np.divide(means, length, out=np.zeros_like(means), where=length > 1e-9)
        return np.asarray(unit @ self._vectors.T, np.float32)

    def _counts(self, visits: Visits) -> Floats:
        near = self._tasted.like(visits.histories.matrix(), self._vectors) @ self._profiles.T  # (b, u)
        near[:, ~self._there] = 0
        inside = (visits.shoppers >= 0) & (visits.shoppers < near.shape[1])
        near[np.flatnonzero(inside), visits.shoppers[inside]] = 0  # nobody is their own cohort
        k = min(NEIGHBOURS, near.shape[1])
        border = np.partition(near, near.shape[1] - k, axis=1)[:, [near.shape[1] - k]]
        near[(near < border) | (near <= 0)] = 0
        counts: Floats = (sparse.csr_array(near) @ self._took).toarray().astype(np.float32)
        if self._groups is not None:
            for row, shopper in enumerate(visits.shoppers.tolist()):
                counts[row] += self._of_group(shopper)
        return counts

    def _of_group(self, shopper: int) -> Floats:
        """(n_items,) how often an average NEIGHBOURS of the shopper's group took each item; zeros of no group."""
        assert self._groups is not None
        code = int(self._groups[shopper]) if 0 <= shopper < len(self._groups) else -1
        if code not in self._by_group:
            members = np.asarray(self._there & (self._groups == code) & (code >= 0))
            weight = np.float32(NEIGHBOURS / members.sum()) if members.any() else np.float32(0)
            self._by_group[code] = np.asarray(members.astype(np.float32) @ self._took, np.float32) * weight
        return self._by_group[code]


def reciprocal(scores: Floats) -> Floats:
    """(b, n) 1 / (CONSTANT + place) of each item, ties by column; 0 for those at the lowest score: they have none."""
    order = np.argsort(-scores, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(1, scores.shape[1] + 1)[None, :], 1)
    worth = (1.0 / (CONSTANT + place)).astype(np.float32)
    worth[scores <= scores.min(axis=1, keepdims=True)] = 0
    return worth


def standard(scores: Floats) -> Floats:
    """(b, n) the scores of each visit with mean 0 and deviation 1; 0 where they are all equal."""
    apart = scores - scores.mean(axis=1, keepdims=True)
    spread = apart.std(axis=1, keepdims=True)
    return np.asarray(np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 1e-9), np.float32)


FUSIONS: Final[Mapping[str, Callable[[Floats], Floats]]] = {"places": reciprocal, "scores": standard}
"""How scores of several methods are made comparable before they are added up."""


def _tempered(method: Method) -> Method:
    """The logarithm of scores that are 0 or above, the average added: a few very large ones do not hide the rest."""

    def scores(visits: Visits) -> Floats:
        found = method(visits)
        return np.asarray(np.log(found + np.maximum(found.mean(axis=1, keepdims=True), 1e-12)), np.float32)

    return scores


def weightings(members: int, steps: int = 4) -> Floats:
    """(w, members) every division of 1 among the members in `steps` parts, each a quarter of the way back to equal."""
    found: list[tuple[int, ...]] = [()]
    for _ in range(members - 1):
        found = [(*each, part) for each in found for part in range(steps - sum(each) + 1)]
    whole = np.array([(*each, steps - sum(each)) for each in found], np.float32) / steps
    return np.asarray(whole * (1 - SHRUNK) + SHRUNK / members, np.float32)
