"""Estimators of what another policy earns on a page, from a log alone. Pure functions over arrays.

A page has k places; w is how much likelier the policy to be judged shows what was shown than the one that was logged,
r what was earned, q(x, a, j) what a model expects of product a at place j. Three views of a page, from the mildest:

    independent   r of a place depends on its product alone: w_j = chance at the place / chance at the place
                  (IIPS: Li et al., KDD 2018)
    cascade       r depends on what stands above too: w_1:j, the product of the ratios of all steps down to j
                  (RIPS: McInerney et al., KDD 2020)
    page          r depends on the whole page: w_1:k for every place (standard IPS: Horvitz & Thompson 1952)

Each is unbiased under its own view where every product that the other policy may show has a chance in the log; each
needs more data than the one before. Doubly robust ones correct a model by weighted residuals: unbiased if the weights
or the model are right (Dudik, Langford & Li, ICML 2011; cascade-DR: Kiyohara et al., WSDM 2022; switch-DR: Wang,
Agarwal & Dudik, ICML 2017; shrunk weights: Su et al., ICML 2020).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.evaluation.off_policy.data import Chances, Doubles, Log, checked_target

NO_VIEW, INDEPENDENT, CASCADE, PAGE = "none", "independent", "cascade", "page"
WIDTHS: Final = 2.0  # standard errors to either side by which SLOPE tells estimates apart (Su et al., section 4)
SHRUNK_FROM: Final = (0.999, 0.1)  # (a quantile of the weights, the share of its square that is lambda), see `shrunk`
QUANTILES: Final = (1.0, 0.995, 0.99, 0.97, 0.95, 0.9, 0.8, 0.7, 0.5)  # of the weights, as thresholds to choose of


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What a reward model that has not seen a page expects of it. All (n, k)."""

    shown: Doubles  # q of what was shown
    places: Doubles  # mean of q over the products that the policy to be judged would show at the place
    steps: Doubles  # the same, given what stands above


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What an estimate is made of: sum over places of mean(values) / mean(weights). Both (n, m)."""

    values: Doubles
    weights: Doubles | None = None  # None: 1

    @property
    def estimate(self) -> float:
        """The estimate; a place to which every weight is 0 adds nothing."""
        means = self.values.mean(axis=0)
        return float((means if self.weights is None else _ratio(means, self.weights.mean(axis=0))).sum())

    @property
    def influence(self) -> Doubles:
        """(n,) what each page adds, with the estimate as mean: for a ratio its linearisation (delta method)."""
        if self.weights is None:
            return np.asarray(self.values.sum(axis=1))
        means = self.weights.mean(axis=0)
        ratio = _ratio(self.values.mean(axis=0), means)
        return np.asarray((ratio + _ratio(self.values - self.weights * ratio, means)).sum(axis=1))


def _ratio(values: Doubles, by: Doubles) -> Doubles:
    return np.divide(values, by, out=np.zeros(np.broadcast_shapes(values.shape, by.shape)), where=by > 0)


def place_weights(logged: Chances, target: Chances) -> Doubles:
    """(n, k) of the independent view."""
    return target.places / logged.places


def cascade_weights(logged: Chances, target: Chances) -> Doubles:
    """(n, k) of the cascade view: products of the ratios from the top down to each place."""
    return np.asarray(np.cumprod(target.steps / logged.steps, axis=1))


def page_weights(logged: Chances, target: Chances) -> Doubles:
    """(n, k) of the view of whole pages: one weight for all places."""
    whole = cascade_weights(logged, target)[:, -1:]
    return np.broadcast_to(whole, logged.steps.shape)


WEIGHTS: Final[dict[str, Callable[[Chances, Chances], Doubles]]] = {
    INDEPENDENT: place_weights,
    CASCADE: cascade_weights,
    PAGE: page_weights,
}


def ips(weights: Doubles, rewards: Doubles) -> Parts:
    """Inverse propensity scores: mean of sum_j w_j r_j."""
    return Parts((weights * rewards).sum(axis=1, keepdims=True))


def snips(weights: Doubles, rewards: Doubles) -> Parts:
    """Self-normalised: of each place, sum w r / sum w (Swaminathan & Joachims, NIPS 2015). Slightly biased."""
    return Parts(weights * rewards, weights)


def direct(model: Model) -> Parts:
    """The direct method: what the model expects, no reward of the log beside."""
    return Parts(model.places.sum(axis=1, keepdims=True))


def doubly_robust(weights: Doubles, rewards: Doubles, model: Model) -> Parts:
    """mean of sum_j [ q_j(target) + w_j (r_j - q_j(shown)) ]."""
    return Parts((model.places + weights * (rewards - model.shown)).sum(axis=1, keepdims=True))


def switch(weights: Doubles, rewards: Doubles, model: Model, threshold: float) -> Parts:
    """Doubly robust where w <= threshold, else the model alone; at infinity it is DR, below all weights DM."""
    return doubly_robust(np.where(weights <= threshold, weights, 0.0), rewards, model)


def shrunk(weights: Doubles) -> Doubles:
    """lambda w / (w^2 + lambda): small weights stay, large ones are drawn in (DRos: Su et al., ICML 2020, section 3.1).

    Lambda is a tenth of the square of the weights' 99.9 % quantile. Of 1, .3, .1, .03 and .01 of it that was chosen on
    people and logs of other seeds; SLOPE and the paper's rule took the model alone or hardly shrank.
    """
    quantile, share = SHRUNK_FROM
    strength = share * float(np.quantile(weights, quantile)) ** 2
    return np.divide(strength * weights, weights**2 + strength, out=np.zeros(weights.shape), where=weights > 0)


def cascade_doubly_robust(weights: Doubles, rewards: Doubles, model: Model) -> Parts:
    """mean of sum_j [ w_1:j (r_j - Q_j) + w_1:j-1 E Q_j ], Q_j = q_j + what the model expects below j.

    E is over the product that the policy to be judged draws given what stands above. What is expected below is taken
    over all pages (`model.places`), whatever stands above: any such number leaves the estimate unbiased.
    """
    total = np.cumsum(model.places[:, ::-1], axis=1)[:, ::-1]
    below = total - model.places  # expected at the places below j
    before = np.concatenate([np.ones((len(weights), 1)), weights[:, :-1]], axis=1)
    each = weights * (rewards - model.shown - below) + before * (model.steps + below)
    return Parts(each.sum(axis=1, keepdims=True))


def slope(estimates: Sequence[float], errors: Sequence[float]) -> int:
    """Which estimate to take, of some ordered from the least biased to the least varying (SLOPE: Su et al., ICML 2020).

    The last one whose interval (`errors` are standard errors) still meets those of all before it.
    """
    low, high, chosen = -np.inf, np.inf, 0
    for place, (estimate, error) in enumerate(zip(estimates, errors, strict=True)):
        low, high = max(low, estimate - WIDTHS * error), min(high, estimate + WIDTHS * error)
        if low > high:
            break
        chosen = place
    return chosen


def _thresholds(weights: Doubles) -> list[float]:
    """Thresholds to choose of, from all weights within to none: the model alone."""
    return [*(float(np.quantile(weights, share)) for share in QUANTILES), -1.0]


def threshold_by_bound(
    weights: Doubles, rewards: Doubles, model: Model, target: Callable[[float], float], most: float = 1.0
) -> float:
    """The threshold with the least variance + bound of the bias squared, from the log alone (Wang et al., section 3.2).

    `target(threshold)` is the share of what the policy shows whose weight is above it, summed over the places; the
    bias is at most that times the largest reward, `most`.
    """

    def bound(threshold: float) -> float:
        made = switch(weights, rewards, model, threshold).influence
        return float(made.var(ddof=1)) / len(made) + (most * target(threshold)) ** 2

    return min(_thresholds(weights), key=bound)


def threshold_by_slope(weights: Doubles, rewards: Doubles, model: Model) -> float:
    """The threshold by SLOPE: the lowest whose estimate agrees with those of all above it, from the log alone."""
    thresholds = _thresholds(weights)
    made = [switch(weights, rewards, model, threshold).influence for threshold in thresholds]
    errors = [float(each.std(ddof=1)) / len(each) ** 0.5 for each in made]
    return thresholds[slope([float(each.mean()) for each in made], errors)]


def above(weights: Doubles, threshold: float) -> float:
    """The share of what the policy shows whose weight is above a threshold, summed over the places.

    By the log: the mean of w over what was shown is a sum over the policy's own pages.
    """
    return float(np.where(weights > threshold, weights, 0.0).mean(axis=0).sum())


@dataclass(frozen=True, slots=True)
class Estimator:
    """One way to estimate, with what is said of it."""

    name: str
    label: str
    view: str
    about: str
    by: Callable[[Log, Chances, Model], Parts]

    def make(self, log: Log, target: Chances, model: Model) -> Parts:
        """The parts of the estimate. Raises DataError for a policy whose chances are none, or not those of the log."""
        return self.by(log, checked_target(log, target), model)


def _weighted(view: str, by: Callable[[Doubles, Doubles], Parts]) -> Callable[[Log, Chances, Model], Parts]:
    return lambda log, target, model: by(WEIGHTS[view](log.chances, target), log.rewards)


def _corrected(view: str, by: Callable[[Doubles, Doubles, Model], Parts]) -> Callable[[Log, Chances, Model], Parts]:
    return lambda log, target, model: by(WEIGHTS[view](log.chances, target), log.rewards, model)


def _switched(log: Log, target: Chances, model: Model) -> Parts:
    weights = place_weights(log.chances, target)
    most = float(np.abs(log.rewards).max())
    threshold = threshold_by_bound(weights, log.rewards, model, lambda each: above(weights, each), most)
    return switch(weights, log.rewards, model, threshold)


def _switched_by_slope(log: Log, target: Chances, model: Model) -> Parts:
    weights = place_weights(log.chances, target)
    return switch(weights, log.rewards, model, threshold_by_slope(weights, log.rewards, model))


_ALL: Final = (
    Estimator("logged", "As logged", NO_VIEW, "the mean of what was logged, as if the order did not matter",
              lambda log, target, model: Parts(log.rewards.sum(axis=1, keepdims=True))),
    Estimator("dm", "Direct method", NO_VIEW, "a model of rewards alone", lambda log, target, model: direct(model)),
    Estimator("iips", "IPS by place", INDEPENDENT, "each place weighted on its own", _weighted(INDEPENDENT, ips)),
    Estimator("sniips", "SNIPS by place", INDEPENDENT, "the same, divided by the sum of weights",
              _weighted(INDEPENDENT, snips)),
    Estimator("dr", "Doubly robust by place", INDEPENDENT, "the model, corrected by weighted residuals",
              _corrected(INDEPENDENT, doubly_robust)),
    Estimator("switch", "Switch-DR by place", INDEPENDENT,
              "the same, with the model alone where weights are large (threshold by the paper's bound)", _switched),
    Estimator("switch_slope", "Switch-DR by place, SLOPE", INDEPENDENT, "the same, with the threshold by SLOPE",
              _switched_by_slope),
    Estimator("dros", "Shrunk DR by place", INDEPENDENT, "doubly robust with large weights drawn in",
              _corrected(INDEPENDENT, lambda weights, rewards, model: doubly_robust(shrunk(weights), rewards, model))),
    Estimator("rips", "IPS by cascade", CASCADE, "weighted by all that stands above too", _weighted(CASCADE, ips)),
    Estimator("snrips", "SNIPS by cascade", CASCADE, "the same, divided by the sum of weights",
              _weighted(CASCADE, snips)),
    Estimator("cascade_dr", "Doubly robust by cascade", CASCADE, "the model, corrected step by step",
              _corrected(CASCADE, cascade_doubly_robust)),
    Estimator("ips", "IPS of pages", PAGE, "whole pages weighted", _weighted(PAGE, ips)),
    Estimator("snips", "SNIPS of pages", PAGE, "the same, divided by the sum of weights", _weighted(PAGE, snips)),
    Estimator("page_dr", "Doubly robust of pages", PAGE, "the model, corrected by weighted pages",
              _corrected(PAGE, doubly_robust)),
)  # fmt: skip
ESTIMATORS: Final[dict[str, Estimator]] = {each.name: each for each in _ALL}
PLAIN: Final = {
    "dr": "iips",
    "switch": "iips",
    "switch_slope": "iips",
    "dros": "iips",
    "cascade_dr": "rips",
    "page_dr": "ips",
}  # -> IPS of the same view
