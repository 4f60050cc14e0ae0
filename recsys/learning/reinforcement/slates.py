"""What a page is worth when each product has a long-term value of its own, and the page that is worth most.

SlateQ (Ie et al., IJCAI 2019): where a person acts on one product of a page or on none, and what comes after depends on
that product alone, the value of a page A is the mean of its products' values under the choice,

    Q(s, A) = sum_j w_j v_j Q_j + v_0 Q_0  over  sum_j w_j v_j + v_0,

with v the attractiveness of each product in a conditional logit (v_0 that of doing nothing) and w_j how much place j is
looked at.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.learning.reinforcement.seeing import Bools
from recsys.schema import Floats, Rows

ROUNDS: Final = 12  # Dinkelbach's method gains digits at the speed of Newton's: five are the rule
CLOSE: Final = 1e-6  # two values so near each other are one


def value(slates: Rows, values: Floats, attraction: Floats, nothing: Floats, places: Floats) -> Floats:
    """(b,) Q(s, A) of pages `slates` (b, k); `values`, `attraction` (b, n); `nothing` (b,) is Q_0, v_0 is 1."""
    v = np.take_along_axis(attraction, slates, axis=1) * places  # (b, k)
    q = np.take_along_axis(values, slates, axis=1)
    return np.asarray(((v * q).sum(axis=1) + nothing) / (v.sum(axis=1) + 1.0), np.float32)


def best(values: Floats, attraction: Floats, nothing: Floats, places: Floats, free: Bools) -> Rows:
    """(b, k) the pages of k free products with the highest Q(s, A), exactly; `places` (k,) must not rise.

    The linear programme of the paper by Dinkelbach's method (Management Science 1967): the ratio is at least x where
    sum_j w_j v_j (Q_j - x) + Q_0 - x >= 0, which for a given x is largest for the k products of largest v (Q - x) in
    that order; x is then the value of this page, until it grows no more.
    """
    k = len(places)
    bound = nothing.astype(np.float32)
    slates = top(np.where(free, attraction, -np.inf), k)
    for _ in range(ROUNDS):
        found = value(slates, values, attraction, nothing, places)
        if np.all(np.abs(found - bound) <= CLOSE * (1.0 + np.abs(found))):
            break
        bound = found
        slates = top(np.where(free, attraction * (values - bound[:, None]), -np.inf), k)
    return slates


def top(scores: Floats, k: int) -> Rows:
    """(b, k) the rows of the k largest scores (b, n), largest first."""
    some = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1).astype(np.int32)
