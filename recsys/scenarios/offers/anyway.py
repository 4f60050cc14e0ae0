"""Who would have bought a coupon's products without it, as far as purchases before the campaign can tell.

Nobody was left out at random here, so nothing proves what a coupon caused. What can be said: how often somebody bought
the products before, and from that how likely they were to buy them in the same days with no coupon at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recsys.scenarios.offers.describing import Days, Described, Doubles
from recsys.scenarios.offers.tables import OfferTables

LEAST_SHAPE = 1e-3  # of the gamma: nobody ever bought the products


def bought_anyway(described: Described) -> Doubles:
    """The chance of buying a product of each coupon within the campaign's days, coupon or not, (n_shoppers, n_coupons).

    The negative binomial model of Ehrenberg: everybody buys at a rate of their own (Poisson), rates differ as a gamma
    does, which is fitted per coupon by its mean and variance. Given n purchases in the days before, the chance of none
    in the next L is ((b + T) / (b + T + L)) ** (a + n) (Goodhardt and Ehrenberg, "Conditional trend analysis", 1967).
    """
    counts, window, length = described.lately, float(described.window), float(described.days)
    mean = np.maximum(counts.mean(axis=0), 1e-6)  # (c,)
    spread = np.maximum(counts.var(axis=0) - mean, 1e-6)
    shape = np.maximum(mean**2 / spread, LEAST_SHAPE)
    rate = shape * window / mean
    none = ((rate + window) / (rate + window + length)) ** (shape + counts)
    told: Doubles = 1 - none
    return told


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `of` with its 95 % interval, people drawn anew; NaN where there is nobody."""

    value: float
    low: float
    high: float
    of: int


def share(hits: Doubles, people: np.ndarray, draws: int = 1_000) -> Share:
    """The mean of hits (n,), with a bootstrap over the people (n,) they belong to."""
    if not len(hits):
        return Share(float("nan"), float("nan"), float("nan"), 0)
    _, row = np.unique(people, return_inverse=True)
    sums, sizes = np.bincount(row, weights=hits), np.bincount(row)
    weights = np.random.default_rng(0).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), draws)
    means = (weights @ sums) / np.maximum(weights @ sizes, 1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Share(float(hits.mean()), float(low), float(high), len(hits))


def redeemers_who_bought(tables: OfferTables, described: Described) -> Share:
    """The share of a campaign's redemptions whose shopper had bought a product of that coupon in the weeks before."""
    coupons = tables.coupons_of(described.campaign)
    rows = tables.redemptions[
        (tables.redemptions["campaign"] == described.campaign) & (tables.redemptions["coupon"] >= 0)
    ]
    who = rows["shopper"].to_numpy(np.int64)
    place = np.searchsorted(coupons, rows["coupon"].to_numpy(np.int64))
    return share((described.lately[who, place] > 0).astype(np.float64), who)


@dataclass(frozen=True, slots=True)
class Change:
    """Days a week on which somebody bought what the coupons are good for: before, during, of those addressed and not.

    `difference` is how much more the addressed changed than the others, with its 95 % interval. Those addressed were
    chosen by what they had bought, and who was at a peak falls back by itself: it is a comparison and no effect.
    """

    addressed_before: float
    addressed_during: float
    others_before: float
    others_during: float
    difference: float
    low: float
    high: float


def change(tables: OfferTables, days: Days, described: Described) -> Change | None:
    """Before against during, addressed against not addressed; None where one of both is nobody."""
    campaign, n = described.campaign, tables.n_shoppers
    sent = np.zeros(n, bool)
    sent[tables.addressed_by(campaign)] = True
    known = described.ever.sum(axis=1) > 0
    if min((sent & known).sum(), (~sent & known).sum()) < 2:
        return None
    goods = tables.good_for[:, tables.coupons_of(campaign)].sum(axis=1) > 0
    column = _one_column(goods)
    start, end = described.start, min(described.start + described.days, tables.last_day + 1)
    before = days.bought(column, start - described.window, start, n)[:, 0] * 7 / described.window
    during = days.bought(column, start, end, n)[:, 0] * 7 / max(end - start, 1)
    moved = during - before
    a, b = moved[sent & known], moved[~sent & known]
    gap = float(a.mean() - b.mean())
    error = 1.96 * float(np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))
    a0, a1, b0, b1 = (float(each[who & known].mean()) for who in (sent, ~sent) for each in (before, during))
    return Change(a0, a1, b0, b1, gap, gap - error, gap + error)


def _one_column(goods: np.ndarray):  # type: ignore[no-untyped-def]  # scipy's generic arrays have no short name
    from scipy.sparse import csr_array

    return csr_array(goods.astype(np.float32)[:, None])
