"""Who is whose friend: those alike find each other (homophily, McPherson, Smith-Lovin & Cook 2001)."""

from __future__ import annotations

import numpy as np

from recsys.shops.demo_store.behaviour.model import Model
from recsys.shops.demo_store.behaviour.tastes import Tastes


def draw_friends(tastes: Tastes, model: Model, rng: np.random.Generator) -> np.ndarray:
    """(n_pairs, 2) rows of shopper and friend, each friendship in both directions, sorted.

    Each shopper meets `friends_met` others by chance and asks `friends_asked` of them, drawn without replacement by
    exp(likeness * alike), alike = cosine of the hidden factors + (1 if of one life stage) + (0.5 if of one region).
    Linear in the shoppers: nobody is compared with everybody.
    """
    n = len(tastes.stage)
    asked = min(model.friends_asked, n - 1)
    if asked <= 0:
        return np.zeros((0, 2), np.int64)
    me = np.arange(n)[:, None]
    met = (me + rng.integers(1, n, (n, min(model.friends_met, 4 * n)))) % n  # never oneself
    unit = tastes.factors / np.linalg.norm(tastes.factors, axis=1, keepdims=True)
    alike = np.einsum("nk,nmk->nm", unit, unit[met])
    alike += (tastes.stage[me] == tastes.stage[met]) + 0.5 * (tastes.region[me] == tastes.region[met])
    order = np.argsort(-(model.likeness * alike + rng.gumbel(size=met.shape)), axis=1)[:, :asked]
    pairs = np.stack([np.repeat(me[:, 0], asked), np.take_along_axis(met, order, axis=1).ravel()], axis=1)
    return np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
