"""The chance that somebody redeems: ridge logistic regressions, calibrated on campaigns they had not seen.

A campaign is foretold by what had ended before it began (forward chaining), so that a page may show the chances of a
past campaign beside what happened then. scikit-learn fits; what is kept are the numbers.

Calibration is learned from how earlier campaigns were foretold. It carries over to the next one only where the
regressions shrink alike: so the ridge is set by pair, and does not fade as the records grow.
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
RIDGES: Final = (0.01, 0.03, 0.1)  # scikit-learn's C at PAIRS pairs; the mean of the three logits is taken
PAIRS: Final = 1_500
MOST: Final = 0.95  # chance of redeeming one coupon
ONE_IN: Final = 8  # of the pairs of shopper and coupon without a redemption, each weighing as much as so many
CALIBRATIONS: Final = ("none", "platt", "isotonic", "drawn")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is chosen on the validation campaigns (benchmarks/results/offers_*.json)."""

    calibration: str = "drawn"
    slope: float = 0.8  # of a line that is drawn to what is foretold: how far from 1 its slope is thought to lie
    shift: float = 0.2  # and how far from 0 its shift, standard deviations of a normal law


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


def calibrated(logits: Doubles, redeemed: Doubles, settings: Settings) -> Calibration:
    """What brings foretold logits of campaigns that were not learned from to the shares that really redeemed.

    Platt's line is fitted with his targets, (n+ + 1) / (n+ + 2) and 1 / (n- + 2) in place of 1 and 0; too few
    redemptions calibrate nothing then. "drawn" is his line with a normal law on its slope around 1 and its shift around
    0: the fewer redemptions there are, the nearer it stays to what was foretold.
    """
    if settings.calibration == "drawn":
        return _line(logits, redeemed, np.array([settings.slope, settings.shift]) ** -2.0)
    if settings.calibration == "none" or redeemed.sum() < LEAST_TO_CALIBRATE:
        return Calibration()
    if settings.calibration == "isotonic":
        from sklearn.isotonic import IsotonicRegression

        steps = IsotonicRegression(y_min=1e-4, y_max=1 - 1e-4, out_of_bounds="clip").fit(logits, redeemed)
        return Calibration(logits=np.asarray(steps.X_thresholds_), chances=np.asarray(steps.y_thresholds_))
    positive, negative = float(redeemed.sum()), float((1 - redeemed).sum())
    target = np.where(redeemed > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    return _line(logits, target, np.full(2, 1e-9))


def _line(logits: Doubles, target: Doubles, drawn: Doubles) -> Calibration:
    """Newton's method on slope and shift, drawn to (1, 0) with these precisions.

    A slope below 0 would turn the order around and is not taken.
    """
    x = np.column_stack([logits, np.ones(len(logits))])
    told = first = np.array([1.0, 0.0])
    for _ in range(50):
        chance = sigmoid(x @ told)
        gradient = x.T @ (target - chance) - drawn * (told - first)
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(drawn)
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
    logits: dict[int, Doubles] = {}
    found: dict[int, Foretold] = {}
    for campaign in sorted(described, key=lambda each: (described[each].start, each)):
        if described[campaign].start > last:
            break
        coupons = on_coupons_too and campaign in wanted
        told = _foretold(tables, described, campaign, logits, settings, coupons=coupons)
        if told is not None:
            logits[campaign] = told.logits
            found[campaign] = told
    return {campaign: told for campaign, told in found.items() if campaign in wanted}


def _foretold(
    tables: OfferTables,
    described: Mapping[int, Described],
    campaign: int,
    earlier: Mapping[int, Doubles],
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
    logits = _logits(features, redeemed, here.features)
    chance = _calibration(tables, earlier, [each for each in known if each in earlier], settings).chance(logits)
    each = np.zeros(here.lately.shape)
    if coupons:
        many = per_redeemer(tables, str(tables.campaigns["kind"].iloc[campaign]), here.start)
        each = shared(chance * many, _on_coupons(tables, described, campaign, known))
    return Foretold(campaign, len(redeemed), int(redeemed.sum()), logits, chance, each)


def _logits(features: Doubles, redeemed: Doubles, asked: Doubles) -> Doubles:
    """(m,) of the rows asked (m, f): the mean over RIDGES, each as strong by pair whatever the number of pairs."""
    models = [fitted(features, redeemed, ridge * PAIRS / len(redeemed)) for ridge in RIDGES]
    told: Doubles = np.mean([model.logits(asked) for model in models], axis=0)
    return told


def shared(redemptions: Doubles, logits: Doubles) -> Doubles:
    """The chance of each coupon (n, c) of people expected to redeem so many (n,), split by the chance of each alone.

    So coupons add up to what is expected of the campaign, which is calibrated; which of them is told by the logits.
    """
    alone = sigmoid(logits)
    told: Doubles = np.minimum(redemptions[:, None] * alone / alone.sum(axis=1, keepdims=True), MOST)
    return told


def per_redeemer(tables: OfferTables, kind: str, start: int) -> float:
    """Coupons redeemed by each who redeems, in campaigns of that kind that ended before; of all where none did."""
    ended = tables.campaigns["end"].to_numpy() < start
    same = ended & (tables.campaigns["kind"].astype(str).to_numpy() == kind)
    for some in (same, ended):
        rows = tables.redemptions[tables.redemptions["campaign"].isin(np.flatnonzero(some))]
        if len(rows):
            return len(rows) / len(rows.drop_duplicates(["campaign", "shopper"]))
    return 1.0


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
    tables: OfferTables, earlier: Mapping[int, Doubles], campaigns: Sequence[int], settings: Settings
) -> Calibration:
    logits, redeemed = [np.empty(0)], [np.empty(0)]
    for each in campaigns:
        who = tables.addressed_by(each)
        logits.append(earlier[each][who])
        redeemed.append((tables.redeemed_in(each)[who] > 0).astype(np.float64))
    return calibrated(np.concatenate(logits), np.concatenate(redeemed), settings)


def _on_coupons(
    tables: OfferTables,
    described: Mapping[int, Described],
    campaign: int,
    known: Sequence[int],
) -> Doubles:
    """The logit of redeeming each coupon, (n_shoppers, n_coupons); alike where too few redemptions are known.

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
        return np.zeros((tables.n_shoppers, len(described[campaign].size)))
    model = fitted(np.concatenate(features), np.concatenate(redeemed), RIDGES[1], np.concatenate(weights))
    return model.logits(on_coupons(described[campaign], everybody)).reshape(len(everybody), -1)


def redeemed_coupons(tables: OfferTables, campaign: int) -> Doubles:
    """1 where a shopper redeemed a coupon of the campaign, (n_shoppers, n_coupons)."""
    coupons = tables.coupons_of(campaign)
    rows = tables.redemptions[(tables.redemptions["campaign"] == campaign) & (tables.redemptions["coupon"] >= 0)]
    came = np.zeros((tables.n_shoppers, len(coupons)))
    came[rows["shopper"].to_numpy(np.int64), np.searchsorted(coupons, rows["coupon"].to_numpy(np.int64))] = 1
    return came
