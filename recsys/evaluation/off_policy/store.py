"""A simulated shop as a laboratory: policies whose chances are exact, logs of them, and what each truly earns.

Logs are drawn here and not taken from the shop's own table of impressions. That one has the chance of each product
given what stands above it, but not the candidates it was drawn from, which change with the day, the query and what the
person looked at: what another policy would have shown in its place cannot be told from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.off_policy.data import Chances, Doubles, Log, Rows
from recsys.evaluation.off_policy.plackett_luce import chances_of, drawn, place_chances, softmax
from recsys.learning.learners import Page
from recsys.learning.pairwise import Pairwise
from recsys.learning.space import DIMS, centred, reduced, standardised
from recsys.schema import Floats
from recsys.shops.contract import Crowd

PLACES: Final = 5  # products on a page: chances of whole pages of 20 would tell nothing of any other policy
CANDIDATES: Final = 60  # products that a person's pages are drawn from, so that every chance is exact
LEARNED_FROM: Final = 20  # pages of each person before the log, from which their taste was learned
TASTE: Final = 8.0  # weight of the taste beside popularity: what the folds of people chose in `evaluate learning`
LOGGED: Final = "popular"  # the policy that draws the logs


@dataclass(frozen=True, slots=True)
class Order:
    """A policy in words and numbers: pages drawn by softmax over a score."""

    label: str
    score: str  # "popular" or "taste"
    temperature: float
    explore: float  # share of the chances that goes to all candidates alike


ORDERS: Final[dict[str, Order]] = {
    "popular": Order("Popular first, mixed", "popular", 1.0, 0.1),
    "sharper": Order("Popular first, less mixed", "popular", 0.5, 0.02),
    "taste": Order("By learned taste, mixed", "taste", 1.0, 0.02),
    "sharp_taste": Order("By learned taste, hardly mixed", "taste", 0.4, 0.02),
}


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """How pages are drawn for each person."""

    label: str
    weights: Doubles  # (p, c), rows sum to 1
    places: Doubles  # (p, c, k) chance of each candidate at each place


@dataclass(frozen=True, slots=True, eq=False)
class Laboratory:
    """People, the products their pages are drawn from, and what is known of both before any log."""

    crowd: Crowd
    people: Rows  # (p,) rows of the crowd
    candidates: Rows  # (p, c) rows of products
    features: Doubles  # (p, c, f)
    policies: dict[str, Policy]


@dataclass(frozen=True, slots=True, eq=False)
class Pages:
    """What was drawn for whom, and what they did with it."""

    who: Rows  # (n,) of the laboratory's people
    shown: Rows  # (n, k) of each person's candidates
    rewards: Doubles  # (n, k) 1 where something was done with a product

    def first(self, n: int) -> Pages:
        """The first n."""
        return Pages(self.who[:n], self.shown[:n], self.rewards[:n])


def laboratory(data: LearningData, people: int, seed: int) -> Laboratory:
    """Some people of a simulated shop with their candidates: half the most popular, half nearest to what they took."""
    rng = np.random.default_rng([seed, 1])
    rows = np.sort(rng.permutation(len(data.counts))[:people]).astype(np.int64)
    vectors = reduced(centred(data.vectors), DIMS)
    popular = standardised(data.counts.sum(axis=0))
    near = _nearness(data.counts[rows], vectors)
    candidates = _candidates(popular, near)
    taste = _learned(data.crowd, rows, candidates, vectors, popular, rng)
    at = np.arange(len(rows))[:, None]
    scores = {"popular": _in_rows(popular[candidates]), "taste": _in_rows(taste[at, candidates])}
    bought = data.counts[rows][at, candidates]
    features = np.stack([scores["popular"], scores["taste"], near[at, candidates], np.minimum(bought, 3.0)], axis=2)
    return Laboratory(
        data.crowd, rows, candidates, features, {name: _policy(order, scores) for name, order in ORDERS.items()}
    )


def _policy(order: Order, scores: dict[str, Doubles]) -> Policy:
    weights = softmax(scores[order.score], order.temperature, order.explore)
    return Policy(order.label, weights, place_chances(weights, PLACES))


def _nearness(counts: Floats, vectors: Floats) -> Doubles:
    """(p, n_items) cosine of each product with the mean of what a person took; 0 of who took nothing."""
    mean = np.minimum(counts, 1.0) @ vectors
    length = np.linalg.norm(mean, axis=1, keepdims=True)
    return np.asarray(np.divide(mean, length, out=np.zeros_like(mean), where=length > 0) @ vectors.T, np.float64)


def _candidates(popular: Floats, near: Doubles) -> Rows:
    """(p, CANDIDATES) rows of products, none twice in a row."""
    first = np.argsort(-popular, kind="stable")[: CANDIDATES // 2]
    rest = near.copy()
    rest[:, first] = -np.inf
    nearest = np.argsort(-rest, axis=1, kind="stable")[:, : CANDIDATES - len(first)]
    return np.concatenate([np.broadcast_to(first, (len(near), len(first))), nearest], axis=1).astype(np.int64)


def _learned(
    crowd: Crowd, rows: Rows, candidates: Rows, vectors: Floats, popular: Floats, rng: np.random.Generator
) -> Doubles:
    """(p, n_items) scores of a learner that saw each person with pages drawn evenly from their candidates."""
    learner = Pairwise(vectors, popular, TASTE)
    for who, row in enumerate(rows.tolist()):
        for _ in range(LEARNED_FROM):
            items = rng.permutation(candidates[who])[:PLACES].astype(np.int32)
            learner.learn(who, Page(items, crowd.respond(row, items, rng)))
    return np.stack([learner.scores(who) for who in range(len(rows))]).astype(np.float64)


def _in_rows(scores: Floats | Doubles) -> Doubles:
    """Each row with mean 0 and standard deviation 1, so that one temperature means the same for everybody."""
    apart = scores.astype(np.float64) - scores.mean(axis=1, keepdims=True)
    spread = apart.std(axis=1, keepdims=True)
    return np.asarray(apart / np.maximum(spread, 1e-9))


def drawn_pages(lab: Laboratory, name: str, who: Rows, rng: np.random.Generator) -> Pages:
    """A page by that policy for each of `who`, and what they did with it."""
    shown = drawn(lab.policies[name].weights[who], PLACES, rng)
    items = lab.candidates[who[:, None], shown].astype(np.int32)
    rewards = np.zeros(shown.shape)
    for page, (row, products) in enumerate(zip(lab.people[who].tolist(), items, strict=True)):
        rewards[page] = [bool(acts) for acts in lab.crowd.respond(row, products, rng)]
    return Pages(who, shown, rewards)


def logged(lab: Laboratory, n: int, rng: np.random.Generator) -> Pages:
    """n pages by the logged policy, each for a person drawn from all."""
    return drawn_pages(lab, LOGGED, rng.integers(0, len(lab.people), n), rng)


def as_log(lab: Laboratory, pages: Pages) -> Log:
    """The pages with the chances of the policy that drew them."""
    items = lab.candidates[pages.who[:, None], pages.shown]
    return Log(items, pages.rewards, chances(lab, LOGGED, pages))


def chances(lab: Laboratory, name: str, pages: Pages) -> Chances:
    """The chances that a policy would have given to what was shown."""
    policy = lab.policies[name]
    return chances_of(policy.weights, policy.places, pages.who, pages.shown)


def true_value(lab: Laboratory, name: str, pages: int, seed: int) -> tuple[float, float]:
    """(what the policy earns on a page, the standard error of that): everybody answers equally many pages of it."""
    each = max(pages // len(lab.people), 2)
    who = np.repeat(np.arange(len(lab.people)), each)
    earned = drawn_pages(lab, name, who, np.random.default_rng([seed, 2, sorted(ORDERS).index(name)])).rewards
    table = earned.sum(axis=1).reshape(len(lab.people), each)
    error = float(np.sqrt((table.var(axis=1, ddof=1) / each).mean() / len(table)))
    return float(table.mean()), error
