"""Who clicks: the position-based model. A place is looked at with a chance of its own, and what is seen attracts.

P(click at place j) = examined[j] * attracts[product] (Richardson, Dominowska & Ragno, "Predicting clicks", WWW 2007;
Craswell, Zoeter, Taylor & Ramsey 2008 compare it with others). Both factors are estimated from records of what was
shown and looked at closer, where a shop has them, by the rank-one Poisson likelihood over place and strength.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.scenarios.ads.auction import Doubles

ROUNDS: Final = 200  # of the likelihood; it stands still after some thirty


@dataclass(frozen=True, slots=True)
class ClickModel:
    """Chances of a click: `examined` falls as place ** -attention; attraction rises with relevance from low to high."""

    attention: float
    low: float  # chance of a click of a product that is seen, of no relevance
    high: float  # of the highest relevance
    said: str  # where it is from, in words

    def examined(self, k: int) -> Doubles:
        """(k,) chance that each place is looked at."""
        return np.asarray(np.arange(1, k + 1, dtype=np.float64) ** -self.attention)

    def attracts(self, relevance: Doubles) -> Doubles:
        """Chance of a click once seen, of a relevance of 0..1."""
        return np.asarray(self.low + (self.high - self.low) * np.clip(relevance, 0.0, 1.0))


def fitted(clicks: Doubles, shown: Doubles) -> tuple[Doubles, Doubles]:
    """(examined (k,), the first of them 1; attracts (b,)) of clicks and showings by place and bucket, (k, b) each.

    Maximises the Poisson likelihood of clicks = shown * examined * attracts by turns. What was never shown is NaN, and
    all of it where nothing was clicked at the first place: chances have no unit then.
    """
    if not clicks[:1].sum() > 0:
        return np.full(shown.shape[0], np.nan), np.full(shown.shape[1], np.nan)
    attracts = np.full(shown.shape[1], max(float(clicks.sum()), 1e-12) / max(float(shown.sum()), 1.0))
    examined = np.ones(shown.shape[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(ROUNDS):
            examined = clicks.sum(axis=1) / (shown @ np.nan_to_num(attracts))
            examined = examined / examined[0]
            attracts = clicks.sum(axis=0) / (shown.T @ np.nan_to_num(examined))
    return examined, attracts


def attention_of(examined: Doubles) -> float:
    """The exponent a of place ** -a that lies nearest to these chances, by least squares of logarithms."""
    place = np.arange(1, len(examined) + 1)
    there = np.isfinite(examined) & (examined > 0)
    x, y = np.log(place[there]), np.log(examined[there])
    return float(-(x @ y) / max(float(x @ x), 1e-12))


USUAL: Final = ClickModel(
    0.57,
    0.08,
    0.40,
    "places are looked at as in the records of what was shown of a simulated shop (chance of place j: 1 / j^0.57), and "
    "of what is seen 8 % to 40 % is clicked, by its relevance",
)
"""What is taken where a shop has no records of its own: estimated by `fitted` (`evaluate ads` does so anew)."""
