"""Baskets whose right answers are known: pasta goes with sauce, soap with sponge, and two sauces never meet."""

from __future__ import annotations

import numpy as np

from recsys.datasets.interactions import Interactions

PASTA, SAUCE, SOAP, SPONGE, OTHER_SAUCE, MILK = range(6)
N = 40  # products; those from MILK on are taken by chance
GROUPS = np.array([0, 1, 2, 3, 1, 4, *([5] * (N - 6))], np.int32)
SHOPPERS, VISITS = 60, 12


def table(seed: int = 0) -> Interactions:
    """Every shopper takes a pair on each visit, pasta with one of the sauces or soap with sponge, and two by chance."""
    rng = np.random.default_rng(seed)
    items, baskets, days, sizes = [], [], [], []
    for shopper in range(SHOPPERS):
        before = len(items)
        sauce = SAUCE if shopper % 2 else OTHER_SAUCE
        for visit in range(VISITS):
            pair = [PASTA, sauce] if rng.random() < 0.5 else [SOAP, SPONGE]
            held = sorted({*pair, *rng.integers(MILK, N, 2).tolist()})
            items += held
            baskets += [visit] * len(held)
            days += [7 * visit] * len(held)
        sizes.append(len(items) - before)
    ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Interactions(ends, *(np.array(each, np.int32) for each in (items, baskets, days)), N)
