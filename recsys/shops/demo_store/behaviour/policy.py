"""What the store shows: slates drawn so that the chance of each place is known (the logging policy).

Each page has candidates: all products of the store, of a department, of a type, or made for somebody, that have been
launched. Candidate c has the weight

    w(c) = (1 - explore) * exp(score(c) / temperature) / sum exp(score / temperature) + explore / n_candidates
    score = popular * popularity + fresh * newness + relevant * wishes of the query that it meets
            + own * share of the shopper's views that its department has (home list) + again * bought before (of a type)

and a slate is drawn without replacement, place after place, in proportion to the weights (Plackett 1975, Luce 1959).
The propensity of the product shown at place j is w / (sum of the weights not yet shown): its chance at that place,
given the page, what the shop knew then, and what stands above it. At place 1 that is its chance alone, so inverse
propensity weights (Horvitz & Thompson 1952) are unbiased there as they are; further down they are so place by place,
for policies that draw their next product given what stands above. Scores know nothing of the truth.
"""

from __future__ import annotations

import numpy as np

from recsys.shops.demo_store.behaviour.catalogue import DEPARTMENT, GIFT, HOME, SEARCH, TYPE, Catalogue
from recsys.shops.demo_store.behaviour.model import Model
from recsys.shops.demo_store.behaviour.moment import Memory
from recsys.shops.demo_store.behaviour.pages import Pages
from recsys.shops.demo_store.behaviour.queries import Wishes


def draw(weights: np.ndarray, k: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """k columns of each row of `weights` (b, c), one after another without replacement, and the chance of each.

    Returns columns (b, k), -1 where a row has fewer than k weights above 0, and propensities (b, k), 0 there.
    Each column gets an exponential clock of its weight as rate; the order in which they ring is the draw wanted
    (Efraimidis & Spirakis 2006).
    """
    b, c = weights.shape
    k = min(k, c)
    clocks = np.full((b, c), np.inf, np.float32)
    rings = rng.standard_exponential((b, c), dtype=np.float32)
    np.divide(rings, weights.astype(np.float32), out=clocks, where=weights > 0)
    first = np.argpartition(clocks, k - 1, axis=1)[:, :k] if k < c else np.broadcast_to(np.arange(c), (b, c))
    order = np.argsort(np.take_along_axis(clocks, first, axis=1), axis=1, kind="stable")
    chosen = np.take_along_axis(first, order, axis=1)  # (b, k)
    taken = np.take_along_axis(weights, chosen, axis=1).astype(np.float64)
    rest = weights.sum(axis=1, dtype=np.float64) - taken.sum(axis=1)
    # summed from the last place upwards, so that little is lost where nearly all candidates are shown
    left = np.maximum(rest, 0.0)[:, None] + np.cumsum(taken[:, ::-1], axis=1)[:, ::-1]
    there = taken > 0
    propensity = np.divide(taken, left, out=np.zeros_like(taken), where=there)
    return np.where(there, chosen, -1), propensity


def mixed(scores: np.ndarray, live: np.ndarray, explore: float) -> np.ndarray:
    """Weights (b, c) that sum to 1: `scores` are exp(score / temperature), of which `explore` goes to all alike."""
    scores = np.where(live, scores, np.float32(0))
    total = scores.sum(axis=1, keepdims=True, dtype=np.float64)
    many = np.maximum(live.sum(axis=1, keepdims=True), 1)
    share = ((1 - explore) / np.maximum(total, 1e-30)).astype(np.float32)
    return np.where(live, scores * share + (explore / many).astype(np.float32), np.float32(0))


class Policy:
    """The store's pages on one day."""

    def __init__(self, goods: Catalogue, memory: Memory, model: Model, day: int, wished: np.ndarray) -> None:
        """`wished` (n_fields, m) are the codes that a wish may name, as `queries.wishable` makes them."""
        self._goods, self._memory, self._model, self._wished = goods, memory, model, wished
        popular = np.log1p(memory.popularity) / max(np.log1p(memory.popularity.max(initial=0.0)), 1e-9)
        new = np.exp(-np.maximum(day - goods.launch, 0) / model.novelty_days)
        score = model.popular * popular + model.fresh * new
        self._base = np.exp(score / model.temperature).astype(np.float32)  # (m,)
        self._live = goods.launch <= day

    def slates(self, pages: Pages, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Products (n_pages, positions), -1 where a page has fewer, and their propensities, 0 there."""
        places = self._model.positions
        items = np.full((len(pages.shopper), places), -1, np.int64)
        propensities = np.zeros((len(pages.shopper), places))
        for kind in (HOME, DEPARTMENT, TYPE, SEARCH, GIFT):
            rows = np.flatnonzero(pages.kind == kind)
            table = self._goods.shelves[kind].rows
            if not len(rows) or not table.shape[1]:
                continue
            candidates = table[pages.group[rows]]  # (b, c), -1 pads
            scores = self._scores(kind, candidates, pages.shopper[rows], pages.wishes.of(rows))
            live = (candidates >= 0) & self._live[candidates]
            columns, chances = draw(mixed(scores, live, self._model.explore), places, rng)
            shown = np.where(columns >= 0, np.take_along_axis(candidates, columns, axis=1), -1)
            items[rows, : shown.shape[1]], propensities[rows, : shown.shape[1]] = shown, chances
        return items, propensities

    def _scores(self, kind: int, candidates: np.ndarray, shopper: np.ndarray, wishes: Wishes) -> np.ndarray:
        """exp(score / temperature), float32 (b, c)."""
        model = self._model
        scores: np.ndarray = self._base[candidates]
        if kind == HOME:
            looked = self._memory.looked[shopper]
            share = np.exp(model.own / model.temperature * looked / looked.sum(axis=1, keepdims=True))
            scores = scores * np.take_along_axis(share, self._goods.codes["department"][candidates], axis=1)
        if kind == SEARCH:
            met = np.float32(np.exp(model.relevant / model.temperature))
            for field, code in zip(wishes.fields.T, wishes.codes.T, strict=True):  # (b,) each
                same = self._wished[field[:, None], candidates] == code[:, None]
                scores = np.where(same, scores * met, scores)
        if kind in (TYPE, SEARCH):
            before = self._memory.bought[shopper[:, None], candidates] >= 0
            scores = np.where(before, scores * np.float32(np.exp(model.again / model.temperature)), scores)
        return scores
