"""How much each part of a score counts: learned from baskets of which one product is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize, minimize_scalar

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress, silent
from recsys.scenarios.basket.baskets import Baskets
from recsys.scenarios.basket.completing import PARTS, Content, Counted, Parts, Setting, of_nobody, parts
from recsys.scenarios.basket.usual import HALF_LIFE, usual
from recsys.schema import Floats, Mask, Rows

HARD: Final = 60  # best products of each part that the hidden one is surely told apart from
AT_RANDOM: Final = 300  # further ones, which stand for all the rest
RIDGE: Final = 0.002  # of the squared weights, in standard deviations of each part: correlated parts share
STEPS: Final = (0.0, 0.5, 0.8, 1.25, 2.0)  # of one weight
ROUNDS: Final = 6  # over all parts
GAIN: Final = 2e-4  # of mean reciprocal rank, below which a further round is luck
ROUNDING: Final = 1e-9
FEWEST: Final = 20  # baskets to learn weights from: with fewer all parts count alike

Doubles = npt.NDArray[np.float64]


class Case(StrEnum):
    """What is asked of a basket; each case has weights of its own."""

    SOMEBODY = "weights"  # what completes the basket of a known shopper
    NOBODY = "weights_of_nobody"  # where it is not known whose basket it is
    NEW = "weights_of_new"  # of a known shopper, among what they never took


@dataclass(frozen=True, slots=True)
class Hidden:
    """A basket of which one product is hidden."""

    shopper: int
    day: int
    number: int  # of the shopper's baskets
    rows: tuple[int, ...]  # what is still to be seen
    hidden: int


def hidden_of(table: Interactions, start: int, end: int, most: int, seed: int, of_one: int = 1) -> list[Hidden]:
    """Of baskets with 2 products and more on the days [start, end), one product each hidden by seed, at most so many.

    Without dates a day is the number of a basket. At most `of_one` baskets of a shopper: with one, intervals over
    baskets are intervals over people.
    """
    rng = np.random.default_rng(seed)
    baskets = Baskets.of(table)
    fit = np.flatnonzero((baskets.days >= start) & (baskets.days < end) & (baskets.sizes >= 2))
    order = rng.permutation(fit)
    turn = pd.Series(baskets.shoppers[order]).groupby(baskets.shoppers[order]).cumcount().to_numpy()
    chosen = np.sort(order[turn < of_one][:most])
    found = []
    for row in chosen.tolist():
        held = baskets.holds.indices[baskets.holds.indptr[row] : baskets.holds.indptr[row + 1]]
        place = int(rng.integers(len(held)))
        rest = tuple(int(each) for at, each in enumerate(held) if at != place)
        where = int(baskets.shoppers[row]), int(baskets.days[row]), int(baskets.numbers[row])
        found.append(Hidden(*where, rest, int(held[place])))
    return found


def asked(
    table: Interactions,
    known: Counted,
    content: Content | None,
    questions: list[Hidden],
    half_life: float = HALF_LIFE,
) -> Iterator[tuple[Hidden, Setting, Parts]]:
    """Each question with the parts of every product's score; of the shopper only what lies before the basket."""
    for each in questions:
        lines = table.take(np.array([each.shopper], np.int32))
        earlier = lines.where(lines.baskets < each.number)
        setting = Setting(np.array(each.rows, np.int32), usual(earlier, each.day, half_life), earlier)
        yield each, setting, parts(known, setting, content)


def learned_weights(
    table: Interactions,
    known: Counted,
    content: Content | None,
    questions: list[Hidden],
    seed: int = 0,
    progress: Progress = silent,
    half_life: float = HALF_LIFE,
) -> dict[Case, dict[str, float]]:
    """Weights of PARTS for each case, none below 0: a conditional logit over all products, then the best for a list.

    The chance of the hidden product is exp(score) over the sum of exp(score) of all that are open
    (McFadden 1974); its mean logarithm is maximised under a ridge that draws the weights of standardised parts to 0,
    and from there the list is made better (`ranking_best`). With fewer than FEWEST questions all parts count alike;
    of what is new to a shopper too few are asked sooner: the weights of somebody's baskets stand for them then.
    """
    rngs = {case: np.random.default_rng(seed) for case in Case}
    told: dict[Case, list[Choice]] = {case: [] for case in Case}
    for place, (each, setting, found) in enumerate(asked(table, known, content, questions, half_life)):
        progress(place, len(questions), "learning what completes baskets")
        cases = {Case.SOMEBODY: found, Case.NOBODY: of_nobody(known, setting, found)}
        if not setting.took(each.hidden):
            cases[Case.NEW] = found
        for case, columns in cases.items():
            open_to = np.ones(known.n_items, np.bool_)
            open_to[out_of(setting, case)] = False
            chosen = np.array([each.hidden])
            told[case].append(choice([columns[name] for name in PARTS], chosen, open_to, rngs[case]))
    weights = {case: _weights(told[case]) for case in Case}
    if len(told[Case.NEW]) < FEWEST:
        weights[Case.NEW] = weights[Case.SOMEBODY]
    return weights


def out_of(setting: Setting, case: Case) -> Rows:
    """The rows that cannot be meant: those in the basket and, where something new is asked for, what they took."""
    if case is not Case.NEW or setting.earlier is None:
        return setting.rows
    return np.union1d(setting.rows, setting.earlier.items).astype(np.int32)


def _weights(told: Sequence[Choice]) -> dict[str, float]:
    if len(told) < FEWEST:
        return dict.fromkeys(PARTS, 1.0)
    return {name: float(f"{weight:.4g}") for name, weight in zip(PARTS, ranking_best(told), strict=True)}


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What was chosen, and what it is told apart from."""

    taken: Doubles  # (parts,) mean over what was chosen
    table: Doubles  # (c, parts) of candidates
    offsets: Doubles  # (c,) logarithm of how many products each candidate stands for


def choice(
    columns: Sequence[Floats], chosen: npt.NDArray[np.integer], open_to: Mask, rng: np.random.Generator
) -> Choice:
    """The `chosen` rows against the HARD best of each part and, of the rest, AT_RANDOM that stand for all of it.

    `columns` are the parts, (n,) each; only rows `open_to` (n,) count. The sum over all products is estimated without
    bias: what is drawn counts for as many as it was drawn from (stratified sampling).
    """
    rows = np.flatnonzero(open_to)
    best = [rows[np.argpartition(-each[rows], HARD)[:HARD]] for each in columns if len(rows) > HARD and each.any()]
    surely = np.unique(np.concatenate([*best, chosen]))
    rest = np.setdiff1d(rows, surely, assume_unique=True)
    drawn = rng.permutation(rest)[:AT_RANDOM]
    some = np.concatenate([surely, drawn])
    offsets = np.zeros(len(some))
    if len(drawn):
        offsets[len(surely) :] = np.log(len(rest) / len(drawn))
    taken = np.array([float(each[chosen].mean()) for each in columns])
    return Choice(taken, np.stack([each[some] for each in columns], axis=1).astype(np.float64), offsets)


def fitted(choices: Sequence[Choice]) -> Doubles:
    """(parts,) the weights, none below 0, under which what was chosen is most likely, as in `learned_weights`.

    Raises ValueError for no choice.
    """
    if not choices:
        raise ValueError("no question was asked, so that no weight can be learned; give one choice at least")
    scale = np.maximum(np.concatenate([each.table for each in choices]).std(axis=0), 1e-6)
    scaled = [Choice(each.taken / scale, each.table / scale, each.offsets) for each in choices]
    width = len(scale)
    best = minimize(_loss, np.full(width, 0.1), (scaled,), jac=True, method="L-BFGS-B", bounds=[(0, None)] * width)
    return np.asarray(best.x / scale, np.float64)


def ranking_best(choices: Sequence[Choice]) -> Doubles:
    """(parts,) the weights under which what was chosen stands highest: by the mean of 1 / its place.

    Likelihood asks most of what can hardly be found, a list of ten does not. So from two solutions of `fitted`, over
    all products and over the best of each part alone, one weight at a time is taken through STEPS for as long as the
    mean reciprocal rank rises. Places are estimated as `choice` draws.
    """
    hard = [Choice(each.taken, each.table[each.offsets == 0], each.offsets[each.offsets == 0]) for each in choices]
    found = [_climbed(choices, fitted(some)) for some in (choices, hard)]
    return _scaled(choices, max(found, key=lambda each: each[0])[1])


def _scaled(choices: Sequence[Choice], weights: Doubles) -> Doubles:
    """The same weights times the one number under which what was chosen is most likely: chances mean something then."""

    def loss(power: float) -> float:
        return _loss(np.exp(power) * weights, choices, 0.0)[0]

    return np.asarray(np.exp(minimize_scalar(loss, bounds=(-4, 4), method="bounded").x) * weights)


def _climbed(choices: Sequence[Choice], weights: Doubles) -> tuple[float, Doubles]:
    """(mean reciprocal rank, weights) at the top of the hill."""
    sizes = [len(each.table) for each in choices]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    table = np.concatenate([each.table for each in choices])
    stands_for = np.exp(np.concatenate([each.offsets for each in choices]))
    taken = np.stack([each.taken for each in choices])

    def reached(tried: Doubles) -> float:
        ahead = table @ tried - np.repeat(taken @ tried, sizes)
        above = np.where(np.abs(ahead) <= ROUNDING, 0.5, ahead > 0)  # of equals half stand above, itself among them
        return float(np.mean(1 / (0.5 + np.add.reduceat(above * stands_for, starts))))

    best = reached(weights)
    least = 0.1 / np.maximum(table.std(axis=0), 1e-6)  # where a weight is 0, what stands for a step up
    for _ in range(ROUNDS):
        before = best
        for part in range(len(weights)):
            for step in STEPS:
                tried = weights.copy()
                tried[part] = step * (tried[part] or least[part])
                if (mine := reached(tried)) > best + ROUNDING:
                    best, weights = mine, tried
        if best - before < GAIN:
            break
    return best, weights


def _loss(weights: Doubles, choices: Sequence[Choice], ridge: float = RIDGE) -> tuple[float, Doubles]:
    loss, slope = 0.0, np.zeros_like(weights)
    for each in choices:
        score = each.table @ weights + each.offsets
        top = score.max()
        odds = np.exp(score - top)
        loss += float(np.log(odds.sum()) + top - each.taken @ weights)
        slope += (odds / odds.sum()) @ each.table - each.taken
    count = len(choices)
    return loss / count + ridge * float(weights @ weights), slope / count + 2 * ridge * weights


def place_of(scores: Floats, hidden: int, out: Rows | Mask) -> int:
    """The place of a product among all, from 1, ties by row; what is `out` of reach is not counted."""
    mine = scores[hidden]
    before = (scores > mine) | ((scores == mine) & (np.arange(len(scores)) < hidden))
    before[out] = False
    return int(before.sum()) + 1
