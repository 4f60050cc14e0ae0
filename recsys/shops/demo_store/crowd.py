"""The people of the demo store as they would answer other pages than those they were shown."""

from __future__ import annotations

from functools import partial

import numpy as np

from recsys import schema as s
from recsys.shops.contract import Acts, Crowd
from recsys.shops.demo_store.behaviour import Truth
from recsys.shops.demo_store.behaviour.choices import Shown, choose
from recsys.shops.demo_store.loader import Size, simulated


def crowd(size: Size) -> Crowd:
    """The people of a store of this size, made again from its seed.

    On a page they act as in the log (`behaviour.choices`), by the static utilities of the last day: without season,
    offers, and what they bought before. What is not launched by then nobody acts on.
    """
    products, behaviour, _ = simulated(size)
    truth = behaviour.truth
    attention = truth.latent["attention"].to_numpy(np.float64)
    return Crowd(
        tuple(behaviour.shoppers[s.SHOPPER_ID]), tuple(products[s.ITEM_ID]), partial(_respond, truth, attention)
    )


def _respond(truth: Truth, attention: np.ndarray, who: int, items: np.ndarray, rng: np.random.Generator) -> Acts:
    model, kinds = truth.model, truth.products["type"].to_numpy()
    day, k = int(model.days) - 1, len(items)
    launched = truth.products["launch_day"].to_numpy()[items] <= day
    utility = np.where(launched, truth.utility_on(who, day)[items], -np.inf)
    one, places = np.zeros(k, np.int64), np.arange(1, k + 1)
    shown = Shown(one, one, np.full(k, who), items, kinds[items], places, np.full(k, attention[who]), utility)
    chosen = choose(shown, model, rng)
    done = {"click": chosen.viewed, "like": chosen.favourite, "basket": chosen.basket, "buy": chosen.bought}
    return tuple(tuple(act for act, which in done.items() if which[place]) for place in range(k))
