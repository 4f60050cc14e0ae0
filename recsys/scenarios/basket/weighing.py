"""How much each part of a score counts: learned from baskets of which one product is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress, silent
from recsys.scenarios.basket.baskets import Baskets
from recsys.scenarios.basket.completing import PARTS, POPULAR, Content, Counted, Parts, Setting, parts
from recsys.scenarios.basket.usual import HALF_LIFE, usual
from recsys.schema import Floats, Mask, Rows

HARD: Final = 40  # best products of each part that the hidden one is told apart from
AT_RANDOM: Final = 200  # further ones
RIDGE: Final = 0.02  # of the squared weights, in standard deviations of each part: correlated parts share
FEWEST: Final = 20  # baskets to learn weights from: with fewer all parts count alike


@dataclass(frozen=True, slots=True)
class Hidden:
    """A basket of which one product is hidden."""

    shopper: int
    day: int
    number: int  # of the shopper's baskets
    rows: tuple[int, ...]  # what is still to be seen
    hidden: int


def hidden_of(table: Interactions, start: int, end: int, most: int, seed: int) -> list[Hidden]:
    """Of baskets with 2 products and more on the days [start, end), one product each hidden by seed, at most so many.

    Without dates a day is the number of a basket. At most one basket of each shopper, so that intervals over baskets
    are intervals over people.
    """
    rng = np.random.default_rng(seed)
    baskets = Baskets.of(table)
    fit = np.flatnonzero((baskets.days >= start) & (baskets.days < end) & (baskets.sizes >= 2))
    order = rng.permutation(fit)
    _, first = np.unique(baskets.shoppers[order], return_index=True)
    chosen = np.sort(order[np.sort(first)[:most]])
    found = []
    for row in chosen.tolist():
        held = baskets.holds.indices[baskets.holds.indptr[row] : baskets.holds.indptr[row + 1]]
        place = int(rng.integers(len(held)))
        rest = tuple(int(each) for at, each in enumerate(held) if at != place)
        where = int(baskets.shoppers[row]), int(baskets.days[row]), int(baskets.numbers[row])
        found.append(Hidden(*where, rest, int(held[place])))
    return found


def asked(
    table: Interactions, known: Counted, content: Content | None, questions: list[Hidden], half_life: float = HALF_LIFE
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
) -> dict[str, float]:
    """Weights of PARTS, none below 0: a conditional logit over the hidden product and others.

    The chance of the hidden product is exp(score) over the sum of exp of the others' (McFadden 1974); the others are
    the best of each part and some at random. Its mean logarithm is maximised under a ridge that draws the weights
    of standardised parts to 0. With fewer than FEWEST questions all parts count alike, after standardising by 1.
    """
    if len(questions) < FEWEST:
        return dict.fromkeys(PARTS, 1.0)
    rng = np.random.default_rng(seed)
    tables = []
    for place, (each, setting, found) in enumerate(asked(table, known, content, questions, half_life)):
        progress(place, len(questions), "learning what completes baskets")
        tables.append(_told(each, setting, found, rng))
    weights = fitted(tables)
    return {name: float(f"{weight:.4g}") for name, weight in zip(PARTS, weights, strict=True)}


def fitted(tables: list[Floats]) -> npt.NDArray[np.float64]:
    """(parts,) the weights under which the first row of each table (c, parts) is most likely the one chosen of it.

    As in `learned_weights`; none is below 0. Raises ValueError for no table.
    """
    if not tables:
        raise ValueError("no question was asked, so that no weight can be learned; give one table at least")
    scale = np.maximum(np.concatenate(tables).std(axis=0), 1e-6)
    width = tables[0].shape[1]
    scaled = ([np.asarray(each / scale, np.float64) for each in tables],)
    best = minimize(_loss, np.full(width, 0.1), scaled, jac=True, method="L-BFGS-B", bounds=[(0, None)] * width)
    return np.asarray(best.x / scale, np.float64)


def _told(each: Hidden, setting: Setting, found: Parts, rng: np.random.Generator) -> Floats:
    """(c, parts) of the hidden product, which comes first, and of those that it is told apart from."""
    n = len(found[POPULAR])
    hard = [np.argpartition(-found[name], HARD)[:HARD] for name in PARTS if n > HARD and found[name].any()]
    some = np.unique(np.concatenate([*hard, rng.integers(0, n, AT_RANDOM)]))
    some = some[~np.isin(some, [*setting.rows.tolist(), each.hidden])]
    rows = np.concatenate([[each.hidden], some])
    return np.stack([found[name][rows] for name in PARTS], axis=1)


def _loss(weights: np.ndarray, tables: list[np.ndarray]) -> tuple[float, np.ndarray]:
    loss, slope = 0.0, np.zeros_like(weights)
    for each in tables:
        score = each @ weights
        top = score.max()
        odds = np.exp(score - top)
        chances = odds / odds.sum()
        loss += float(np.log(odds.sum()) + top - score[0])
        slope += chances @ each - each[0]
    count = len(tables)
    return loss / count + RIDGE * float(weights @ weights), slope / count + 2 * RIDGE * weights


def place_of(scores: Floats, hidden: int, out: Rows | Mask) -> int:
    """The place of a product among all, from 1, ties by row; what is `out` of reach is not counted."""
    mine = scores[hidden]
    before = (scores > mine) | ((scores == mine) & (np.arange(len(scores)) < hidden))
    before[out] = False
    return int(before.sum()) + 1
