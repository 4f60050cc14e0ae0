"""More to learn from: the visits before the one that is asked about, as the shoppers stood there then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.recommenders.contract import Visits
from recsys.schema import Rows


def earlier_visits(training: Interactions, shoppers: Rows, back: int) -> Iterator[tuple[Visits, sparse.csr_array]]:
    """For 1 .. `back` baskets back: the visits of these shoppers at that basket, and what was taken, (b, n_items).

    Shoppers with no basket before it are left out. What is fitted to describe these visits must not have seen the
    baskets: fit it on `training.before_last(back)`.
    """
    from_last = training.n_baskets[training.shopper_of_entry] - training.baskets  # 1 in the last basket
    for step in range(1, back + 1):
        known = training.where(from_last > step).take(shoppers)
        basket = training.where(from_last == step).take(shoppers)
        there = np.flatnonzero((known.lengths > 0) & (basket.lengths > 0)).astype(np.int32)
        basket = basket.take(there)
        relevant = basket.matrix()
        relevant.data[:] = 1.0
        yield Visits(known.take(there), shoppers[there], basket.days[basket.indptr[:-1]]), relevant


def joined_visits(rounds: Sequence[tuple[Visits, sparse.csr_array]]) -> tuple[Visits, sparse.csr_array]:
    """Several rounds of visits one below the other. Raises ValueError when there are none."""
    histories = [visits.histories for visits, _ in rounds]
    lengths = np.concatenate([each.lengths for each in histories])
    whole = Interactions(
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([each.items for each in histories]),
        np.concatenate([each.baskets for each in histories]),
        np.concatenate([each.days for each in histories]),
        histories[0].n_items,
        histories[0].dated,
    )
    shoppers = np.concatenate([visits.shoppers for visits, _ in rounds])
    days = np.concatenate([visits.days for visits, _ in rounds])
    return Visits(whole, shoppers, days), sparse.csr_array(sparse.vstack([taken for _, taken in rounds]))
