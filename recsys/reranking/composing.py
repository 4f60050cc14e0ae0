"""Several re-rankers one after the other, in the order in which a person sets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recsys.reranking.contract import Pool, Reranker
from recsys.schema import Rows


@dataclass(frozen=True, slots=True)
class Step:
    """What one re-ranker did to the slate."""

    name: str
    label: str
    entered: int  # products that came onto the slate, and as many left it


@dataclass(frozen=True, slots=True, eq=False)
class Reranked:
    """A pool re-ranked: `slate` and `before` are positions in the pool, k of them or all that there are."""

    slate: Rows  # (k,) in the order in which they are shown
    before: Rows  # (k,) the slate by relevance alone
    order: Rows  # (n,) all positions, the slate first
    steps: tuple[Step, ...]
    given_up: tuple[str, ...]  # what could not be done or had nothing to do, in plain words


def rerank(pool: Pool, k: int, rerankers: Sequence[Reranker], *, by_relevance: bool = True) -> Reranked:
    """The slate of k that these make of a pool, one after the other.

    Each takes the order of the one before for its relevance: whoever stands at a place has what the one who stood there
    first had, so that none undoes what was done before it. What an earlier one set as a rule, the later ones keep; what
    of all rules the slate does not keep in the end is in `given_up`. With `by_relevance` the chosen ones are shown in
    the order of their own relevance, else as they were picked. Raises ValueError for k < 1.
    """
    if k < 1:
        raise ValueError(f"a slate of k={k} cannot be filled; ask for 1 or more")
    order = np.argsort(-pool.relevance, kind="stable").astype(np.int32)
    by_place, now = pool.relevance[order], pool.take(order)
    before, steps, said = order[:k], list[Step](), list(_too_few(pool, k) if rerankers else ())
    for reranker in rerankers:
        made = reranker.order(now, k)
        entered = int((made.positions[:k] >= min(k, len(pool))).sum())
        steps.append(Step(reranker.name, reranker.label, entered))
        said += made.given_up
        now = now.with_rules(made.rules).take(made.positions)
        order = order[made.positions]
        now = now.with_relevance(by_place)
    slate = np.arange(min(k, len(pool)), dtype=np.int32)
    said += filter(None, (rule.missed(slate) for rule in now.rules))
    if by_relevance and rerankers:
        first = order[:k]
        order = np.concatenate([first[np.lexsort((first, -pool.relevance[first]))], order[k:]])
    return Reranked(order[:k], before, order, tuple(steps), tuple(dict.fromkeys(said)))


def _too_few(pool: Pool, k: int) -> tuple[str, ...]:
    """What to say where there is nothing to choose from."""
    n = len(pool)
    if n > k:
        return ()
    if n == 1:
        return ("There is one candidate: nothing can be re-ranked.",)
    return (f"There are {n} candidates for {k} places: all of them are shown, and no other can take a place.",)
