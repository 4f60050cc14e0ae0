"""What brands come to bid when they learn what pays: first prices invite lower bids, second prices hardly do."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from recsys.scenarios.ads.auction import Cents, Doubles
from recsys.scenarios.ads.day import Selling, Standing, drawn_visits, simulated

SHARES: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of what a click is worth
ROUNDS: Final = 2
DAYS: Final = 40  # of a round
TRYING: Final = 0.3  # share of advertisers who try another share on a day of a later round


def settled(standing: Standing, selling: Selling, daily: Cents, visits: int, seed: int) -> Doubles:
    """(a,) the share of a click's worth that each advertiser bids in the end.

    On each day of the first round everybody draws a share; who left most on average (worth less payments) is what each
    bids in the next round, but for TRYING of them who draw again. An approximation of a best response to all others,
    and no proof of an equilibrium.
    """
    market = standing.market
    n, rng = len(market.names), np.random.default_rng([seed, 31])
    bid = np.ones(n)
    for turn in range(ROUNDS):
        left, tried = np.zeros((n, len(SHARES))), np.zeros((n, len(SHARES)))
        for day in range(DAYS):
            drawn = rng.integers(len(SHARES), size=n)
            trying = np.ones(n, np.bool_) if turn == 0 else rng.random(n) < TRYING
            shares = np.where(trying, np.array(SHARES)[drawn], bid)
            at = np.where(trying, drawn, np.abs(np.array(SHARES) - bid[:, None]).argmin(axis=1))
            tomorrow = Standing(standing.shelves, market, standing.clicks, market.lowered_by(shares))
            luck = 10_000 + seed * 1_000 + turn * DAYS + day
            found = simulated(
                tomorrow, drawn_visits(standing.shelves.activity, visits, luck), replace(selling), daily, luck
            )
            left[np.arange(n), at] += found.worth - found.spent.sum(axis=1)
            tried[np.arange(n), at] += 1
        mean = np.where(tried > 0, left / np.maximum(tried, 1), -np.inf)
        bid = np.array(SHARES)[mean.argmax(axis=1)]
    return bid
