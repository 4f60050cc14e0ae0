"""The chance that somebody redeems: a ridge logistic regression, calibrated on campaigns it had not seen.

A campaign is foretold by what had ended before it began (forward chaining), so that a page may show the chances of a
past campaign beside what happened then. scikit-learn fits; what is kept are the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.scenarios.offers.describing import Described, Doubles, on_coupons
from recsys.scenarios.offers.tables import OfferTables

LEAST_REDEEMERS: Final = 30  # below so many pairs with a redemption nothing is learned
LEAST_TO_CALIBRATE: Final = 60
NEVER: Final = -12.0  # logit of a coupon where nothing was learned: six in a million
ONE_IN: Final = 8  # of the pairs of shopper and coupon without a redemption, each weighing as much as so many
CALIBRATIONS: Final = ("none", "platt", "isotonic")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is chosen on the validation campaigns (benchmarks/results/offers_*.json)."""

    ridge: float = 0.01  # inverse strength, scikit-learn's C
    calibration: str = "platt"


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A logistic regression over standardised features."""

    mean: Doubles  # (f,)
    scale: Doubles  # (f,)
    weights: Doubles  # (f,)
    bias: float

    def logits(self, features: Doubles) -> Doubles:
        """(n, f) -> (n,)"""
        told: Doubles = ((features - self.mean) / self.scale) @ self.weights + self.bias
        return told


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """From a logit to a chance: by a line (Platt 1999), by steps (isotonic), or as it is."""

    slope: float = 1.0
    shift: float = 0.0
    logits: Doubles | None = None  # knots of the isotonic steps
    chances: Doubles | None = None

    def chance(self, logits: Doubles) -> Doubles:
        """(n,) -> (n,), within 0 and 1."""
        if self.logits is not None and self.chances is not None:
            return np.interp(logits, self.logits, self.chances)
        return sigmoid(self.slope * logits + self.shift)


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """A campaign as it was foretold on its eve."""

    campaign: int
    learned_from: int  # pairs of shopper and campaign
    redeemers: int  # those of them with a redemption
    logits: Doubles  # (n_shoppers,) as the regression says, not calibrated
    chance: Doubles  # (n_shoppers,) of redeeming anything
    coupons: Doubles  # (n_shoppers, n_coupons) chance of redeeming each
    coupon_logits: Doubles  # (n_shoppers, n_coupons) not calibrated
    weights: Doubles  # (f,) of the standardised features


def sigmoid(logits: Doubles) -> Doubles:
    """1 / (1 + exp(-x)), without overflow."""
    told: Doubles = 0.5 * (1 + np.tanh(np.asarray(logits, np.float64) / 2))
    return told


def fitted(features: Doubles, redeemed: Doubles, ridge: float, weights: Doubles | None = None) -> Linear:
    """The regression of 0 and 1 on features, (n, f)."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    found = LogisticRegression(C=ridge, max_iter=1_000).fit((features - mean) / scale, redeemed, sample_weight=weights)
    return Linear(mean, scale, found.coef_[0].astype(np.float64), float(found.intercept_[0]))


def calibrated(logits: Doubles, redeemed: Doubles, kind: str, weights: Doubles | None = None) -> Calibration:
    """What brings foretold logits of campaigns that were not learned from to the shares that really redeemed.

    Platt's line is fitted with his targets, (n+ + 1) / (n+ + 2) and 1 / (n- + 2) in place of 1 and 0.
    Too few redemptions calibrate nothing.
    """
    if kind == "none" or redeemed.sum() < LEAST_TO_CALIBRATE:
        return Calibration()
    if kind == "isotonic":
        from sklearn.isotonic import IsotonicRegression

        steps = IsotonicRegression(y_min=1e-4, y_max=1 - 1e-4, out_of_bounds="clip")
        steps.fit(logits, redeemed, sample_weight=weights)
        return Calibration(logits=np.asarray(steps.X_thresholds_), chances=np.asarray(steps.y_thresholds_))
    return _platt(logits, redeemed, weights)


def _platt(logits: Doubles, redeemed: Doubles, weights: Doubles | None) -> Calibration:
    """Newton's method on two numbers; a slope below 0 would turn the order around and is not taken."""
    w = np.ones(len(logits)) if weights is None else weights
    positive, negative = float((w * redeemed).sum()), float((w * (1 - redeemed)).sum())
    target = np.where(redeemed > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    x = np.column_stack([logits, np.ones(len(logits))])
    told = np.array([1.0, 0.0])
    for _ in range(50):
        chance = sigmoid(x @ told)
        gradient = x.T @ (w * (target - chance))
        bend = (x * (w * chance * (1 - chance))[:, None]).T @ x + 1e-9 * np.eye(2)
        step = np.linalg.solve(bend, gradient)
        told = told + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-8:
            break
    slope, shift = (float(each) for each in told)
    return Calibration(slope, shift) if slope > 0 else Calibration()


def foretell(
    tables: OfferTables,
    described: Mapping[int, Described],
    settings: Settings,
    *,
    only: Sequence[int] = (),
    on_coupons_too: bool = True,
) -> dict[int, Foretold]:
    """Each campaign as it is foretold by those that had ended before it began; those before which too little had.

    `only`: these campaigns and what they rest on. Without `on_coupons_too` the chances of single coupons are all 0.
    """
    wanted = set(only) if only else set(described)
    last = max((described[each].start for each in wanted), default=0)
    found: dict[int, Foretold] = {}
    for campaign in sorted(described, key=lambda each: (described[each].start, each)):
        if described[campaign].start <= last:
            told = _foretold(tables, described, campaign, found, settings, coupons=on_coupons_too)
            if told is not None:
                found[campaign] = told
    return {campaign: told for campaign, told in found.items() if campaign in wanted}


def _foretold(
    tables: OfferTables,
    described: Mapping[int, Described],
    campaign: int,
    earlier: Mapping[int, Foretold],
    settings: Settings,
    *,
    coupons: bool,
) -> Foretold | None:
    here = described[campaign]
    ends = tables.campaigns["end"].to_numpy()
    known = [each for each in described if ends[each] < here.start]
    features, redeemed = _pairs(tables, described, known)
    if redeemed.sum() < LEAST_REDEEMERS:
        return None
    model = fitted(features, redeemed, settings.ridge)
    logits = model.logits(here.features)
    seen = [each for each in known if each in earlier]
    chance = _calibration(tables, earlier, seen, settings).chance(logits)
    each = each_chance = np.zeros(here.lately.shape)
    if coupons:
        each = _on_coupons(tables, described, campaign, known, settings)
        each_chance = _coupon_calibration(tables, earlier, seen, settings).chance(each)
    return Foretold(campaign, len(redeemed), int(redeemed.sum()), logits, chance, each_chance, each, model.weights)


def _pairs(
    tables: OfferTables, described: Mapping[int, Described], campaigns: Sequence[int]
) -> tuple[Doubles, Doubles]:
    """The features (n, f) of who was addressed by these campaigns, and whether they redeemed anything (n,)."""
    features, redeemed = [np.empty((0, 0))], [np.empty(0)]
    for each in campaigns:
        who = tables.addressed_by(each)
        features.append(described[each].features[who])
        redeemed.append((tables.redeemed_in(each)[who] > 0).astype(np.float64))
    some = [part for part in features if len(part)]
    return (np.concatenate(some) if some else np.empty((0, 0))), np.concatenate(redeemed)


def _calibration(
    tables: OfferTables, earlier: Mapping[int, Foretold], campaigns: Sequence[int], settings: Settings
) -> Calibration:
    logits, redeemed = [np.empty(0)], [np.empty(0)]
    for each in campaigns:
        who = tables.addressed_by(each)
        logits.append(earlier[each].logits[who])
        redeemed.append((tables.redeemed_in(each)[who] > 0).astype(np.float64))
    return calibrated(np.concatenate(logits), np.concatenate(redeemed), settings.calibration)


def _coupon_calibration(
    tables: OfferTables, earlier: Mapping[int, Foretold], campaigns: Sequence[int], settings: Settings
) -> Calibration:
    logits, redeemed = [np.empty(0)], [np.empty(0)]
    for each in campaigns:
        who = tables.addressed_by(each)
        logits.append(earlier[each].coupon_logits[who].ravel())
        redeemed.append(redeemed_coupons(tables, each)[who].ravel())
    return calibrated(np.concatenate(logits), np.concatenate(redeemed), settings.calibration)


def _on_coupons(
    tables: OfferTables,
    described: Mapping[int, Described],
    campaign: int,
    known: Sequence[int],
    settings: Settings,
) -> Doubles:
    """The logit of redeeming each coupon, (n_shoppers, n_coupons).

    All pairs with a redemption are learned from, and one in ONE_IN of the others, weighing ONE_IN.
    """
    draw = np.random.default_rng(campaign)
    features, redeemed, weights = [], [], []
    for each in known:
        who = tables.addressed_by(each)
        if not len(who):
            continue
        came = redeemed_coupons(tables, each)[who].ravel()
        taken = np.flatnonzero((came > 0) | (draw.random(len(came)) < 1 / ONE_IN))
        features.append(on_coupons(described[each], who)[taken])
        redeemed.append(came[taken])
        weights.append(np.where(came[taken] > 0, 1.0, float(ONE_IN)))
    everybody = np.arange(tables.n_shoppers)
    if not features or sum(each.sum() for each in redeemed) < LEAST_REDEEMERS:
        return np.full((tables.n_shoppers, len(described[campaign].size)), NEVER)
    model = fitted(np.concatenate(features), np.concatenate(redeemed), settings.ridge, np.concatenate(weights))
    return model.logits(on_coupons(described[campaign], everybody)).reshape(len(everybody), -1)


def redeemed_coupons(tables: OfferTables, campaign: int) -> Doubles:
    """1 where a shopper redeemed a coupon of the campaign, (n_shoppers, n_coupons)."""
    coupons = tables.coupons_of(campaign)
    rows = tables.redemptions[(tables.redemptions["campaign"] == campaign) & (tables.redemptions["coupon"] >= 0)]
    came = np.zeros((tables.n_shoppers, len(coupons)))
    came[rows["shopper"].to_numpy(np.int64), np.searchsorted(coupons, rows["coupon"].to_numpy(np.int64))] = 1
    return came
