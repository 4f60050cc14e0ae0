"""What people do with what they are shown: examined, viewed, marked, put into the basket, bought.

A sequence of choices, each a logit of the utility u at the time (McFadden 1974), on a page of products at places j:

    examined   with chance j ** -attention[s], whatever stands there          (the position-based model: Richardson,
                                                                               Dominowska & Ragno 2007; compared by
                                                                               Craswell, Zoeter, Taylor & Ramsey 2008)
    viewed     if examined, with chance logistic(view_base + view * u)
    favourite  if viewed, with chance logistic(favourite_base + favourite * u)
    basket     at most one of those viewed on a page: exp(basket * u) / (exp(basket_base) + sum exp(basket * u)),
               a multinomial logit with buying nothing as the other choice, drawn by the largest of u + Gumbel noise
    purchase   of each in the basket when the visit ends, with chance logistic(buy_base + buy * u + mood of the visit),
               at most one of a type on a day

So position changes what is examined and nothing else; what was not bought stays an abandoned basket.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recsys.shops.demo_store.behaviour.model import Model


@dataclass(frozen=True)
class Shown:
    """Products shown, one a row: all (k,), ordered by page, then position."""

    page: np.ndarray
    visit: np.ndarray
    shopper: np.ndarray
    item: np.ndarray
    type: np.ndarray
    position: np.ndarray  # from 1
    attention: np.ndarray  # of the shopper
    utility: np.ndarray  # at the time


@dataclass(frozen=True)
class Chosen:
    """Which rows of `Shown` were viewed, marked, put into the basket, bought: bool (k,), each within the one before
    (but a favourite need not go into the basket)."""  # fmt: skip

    viewed: np.ndarray
    favourite: np.ndarray
    basket: np.ndarray
    bought: np.ndarray


def logistic(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x))."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -50, 50))))


def choose(shown: Shown, model: Model, rng: np.random.Generator) -> Chosen:
    """What was done with each product shown on one day."""
    k, u = len(shown.item), shown.utility
    examined = rng.random(k) < shown.position.astype(float) ** -shown.attention
    viewed = examined & (rng.random(k) < logistic(model.view_base + model.view * u))
    favourite = viewed & (rng.random(k) < logistic(model.favourite_base + model.favourite * u))
    basket = _best_of_page(shown, viewed, model, rng)
    mood = rng.normal(size=int(shown.visit.max(initial=-1)) + 1)[shown.visit]
    bought = basket & (rng.random(k) < logistic(model.buy_base + model.buy * u + mood))
    return Chosen(viewed, favourite, basket, bought & _first_of_day(shown, bought))


def _best_of_page(shown: Shown, viewed: np.ndarray, model: Model, rng: np.random.Generator) -> np.ndarray:
    pages = int(shown.page.max(initial=-1)) + 1
    value = np.where(viewed, model.basket * shown.utility + rng.gumbel(size=len(viewed)), -np.inf)
    best = model.basket_base + rng.gumbel(size=pages)
    np.maximum.at(best, shown.page, value)
    return np.asarray(viewed & (value == best[shown.page]))


def _first_of_day(shown: Shown, bought: np.ndarray) -> np.ndarray:
    """The first row of each type by each shopper: who has bought a kettle does not buy another on the same day."""
    rows = np.flatnonzero(bought)
    pairs = np.stack([shown.shopper[rows], shown.type[rows]], axis=1)
    first = np.zeros(len(bought), bool)
    if len(rows):
        first[rows[np.unique(pairs, axis=0, return_index=True)[1]]] = True
    return first
