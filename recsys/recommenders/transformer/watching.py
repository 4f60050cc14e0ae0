"""Which baskets are kept back from training, and how well they are predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.recommenders.contract import Visits
from recsys.recommenders.transformer.batches import taken_before
from recsys.recommenders.transformer.serving import Learned, interest_vectors, scores
from recsys.schema import Floats, Rows

BASKETS_NEEDED: Final = 3  # one to look at, one to learn from, one to keep back
TOO_FEW: Final = 20  # shoppers: below, the figure would be noise
CUT_OFF: Final = 10
AT_ONCE: Final = 256  # visits; their scores for 67,599 items take 69 MB
REPEATS: Final = 0.01  # share of entries from which on a catalogue counts as one whose items are taken again


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Shoppers whose last training basket is kept back: what they did before, and what was in it."""

    visits: Visits
    relevant: sparse.csr_array  # (b, n_items)
    keep_seen: bool  # whether what was taken before may be in the list

    def ndcg(self, learned: Learned, heads: int) -> float:
        """Mean nDCG@10 over all items, binary gains. NaN when nobody is watched."""
        parts = [self._gains(learned, heads, rows) for rows in _chunks(len(self.visits))]
        return float(np.mean(np.concatenate(parts))) if parts else float("nan")

    def _gains(self, learned: Learned, heads: int, rows: Rows) -> Floats:
        visits = self.visits.take(rows)
        found = scores(learned, interest_vectors(learned, heads, visits))
        if not self.keep_seen:
            found[visits.histories.shopper_of_entry, visits.histories.items] = -np.inf
        k = min(CUT_OFF, found.shape[1])
        top = np.argpartition(found, -k, axis=1)[:, -k:]
        top = np.take_along_axis(top, np.argsort(-np.take_along_axis(found, top, 1), axis=1, kind="stable"), 1)
        hits = np.take_along_axis(self.relevant[rows].toarray() > 0, top, 1)  # (c, k)
        discounts = 1 / np.log2(np.arange(2, k + 2))
        ideal = np.cumsum(discounts)[np.minimum(np.diff(self.relevant[rows].indptr), k) - 1]
        gains: Floats = ((hits @ discounts) / ideal).astype(np.float32)
        return gains


def keep_back(training: Interactions, most: int, random: np.random.Generator) -> tuple[Interactions, Watched]:
    """(the training data without the baskets kept back, who is watched): at most half of those who can be asked."""
    able = np.flatnonzero(training.n_baskets >= BASKETS_NEEDED)
    count = min(most, len(able) // 2)
    chosen = np.sort(random.permutation(able)[: count if count >= TOO_FEW else 0]).astype(np.int32)
    is_last = training.baskets == training.n_baskets[training.shopper_of_entry] - 1
    held = is_last & np.isin(training.shopper_of_entry, chosen)
    rest, last = training.where(~held), training.where(held).take(chosen)
    visits = Visits(rest.take(chosen), chosen, last.days[last.indptr[:-1]])
    return rest, Watched(visits, last.matrix(), bool(taken_before(training).mean() > REPEATS))


def _chunks(n: int) -> list[Rows]:
    return [np.arange(start, min(start + AT_ONCE, n), dtype=np.int32) for start in range(0, n, AT_ONCE)]
