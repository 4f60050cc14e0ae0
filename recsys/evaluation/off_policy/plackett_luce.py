"""Pages drawn product after product in proportion to weights (Plackett 1975, Luce 1959), and their exact chances."""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.evaluation.off_policy.data import Chances, Doubles, Rows

STEP: Final = 0.25  # of the trapezoid rule in log time: the error falls as exp(-pi^2 / step), 1e-17 here
EARLIEST: Final = -32.0  # log time before which nothing rings but with a chance of 1e-14
LATEST: Final = 3.7  # log of exp(-40): after 40 mean times the rarest product has rung


def softmax(scores: Doubles, temperature: float, explore: float) -> Doubles:
    """Weights (p, c) that sum to 1: exp(score / temperature), of which a share `explore` goes to all alike."""
    top = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    share = top / top.sum(axis=-1, keepdims=True)
    return np.asarray((1.0 - explore) * share + explore / scores.shape[-1])


def drawn(weights: Doubles, k: int, rng: np.random.Generator) -> Rows:
    """`k` columns of each row of `weights` (n, c), one after another without replacement, (n, k).

    Each column gets an exponential clock of its weight as rate; the order in which they ring is the draw (Efraimidis
    & Spirakis 2006).
    """
    clocks = rng.standard_exponential(weights.shape) / weights
    first = np.argpartition(clocks, k - 1, axis=1)[:, :k]
    order = np.argsort(np.take_along_axis(clocks, first, axis=1), axis=1)
    return np.take_along_axis(first, order, axis=1).astype(np.int64)


def step_chances(weights: Doubles, shown: Rows) -> Doubles:
    """The chance of each product of a page given what stands above it, (n, k), of `weights` (n, c) that sum to 1."""
    taken = np.take_along_axis(weights, shown, axis=1)
    above = np.cumsum(taken, axis=1) - taken
    return np.asarray(np.minimum(taken / np.maximum(1.0 - above, taken), 1.0))


def place_chances(weights: Doubles, k: int) -> Doubles:
    """The chance of each product at each place, whatever stands above it, (p, c, k), of `weights` (p, c).

    A product stands at place j if j - 1 others rang before its own clock:

        integral of  w e^(-w t) * P(exactly j - 1 of the others rang by t)  over t

    where the second factor is a Poisson-binomial chance, made of products of polynomials from both ends so that
    nothing is divided. The trapezoid rule in log t is exact here to rounding. Rows of `weights` of one product only
    have it at place 1.
    """
    return np.concatenate([_of_one(row, k) for row in weights])


def _of_one(weights: Doubles, k: int) -> Doubles:
    """(1, c, k) of one row; a product of weight 0 has no chance anywhere."""
    live = np.flatnonzero(weights > 0)
    rates = weights[live] / weights[live].sum()
    log_times = np.arange(EARLIEST, LATEST - np.log(rates.min()) + STEP, STEP)
    times = np.exp(log_times)
    rung = -np.expm1(-rates[:, None] * times)  # (m, q)
    before = _counts(rung, k)  # (m, q, k): of those listed before each
    after = _counts(rung[::-1], k)[::-1]
    density = rates[:, None] * times * np.exp(-rates[:, None] * times) * STEP
    chances = np.zeros((1, len(weights), k))
    for place in range(k):
        others = sum(before[..., count] * after[..., place - count] for count in range(place + 1))
        chances[0, live, place] = (density * others).sum(axis=1)
    return chances


def _counts(rung: Doubles, k: int) -> Doubles:
    """P(exactly j of the rows before each have rung), j below k, (m, q, k)."""
    m, q = rung.shape
    counts = np.zeros((m, q, k))
    counts[0, :, 0] = 1.0
    for row in range(1, m):
        with_it, last = rung[row - 1][:, None], counts[row - 1]
        counts[row] = last * (1.0 - with_it)
        counts[row, :, 1:] += last[:, :-1] * with_it
    return counts


def chances_of(weights: Doubles, places: Doubles, who: Rows, shown: Rows) -> Chances:
    """The chances of pages drawn for people: `weights` (p, c) and `places` (p, c, k) of all people, `who` (n,)."""
    there = places[who[:, None], shown, np.arange(shown.shape[1])[None]]
    return Chances(np.minimum(there, 1.0), step_chances(weights[who], shown))
