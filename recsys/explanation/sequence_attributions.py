"""What each visit of a history does to a Transformer's opinion of a product: three answers, of which one is exact.

- Left out: the model is asked again without the visit. That is what would be otherwise, and no estimate.
- Integrated gradients (Sundararajan, Taly & Yan, "Axiomatic Attribution for Deep Networks", ICML 2017), by captum: the
  gradient along the way from visits of which nothing is known to those that were. They add up to the difference.
- Attention: how much the last layer looks at a visit, its heads averaged. It says where the model looks and not what
  follows from it (Jain & Wallace, "Attention is not Explanation", NAACL 2019).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress, silent
from recsys.recommenders.contract import Visits
from recsys.recommenders.transformer import serving
from recsys.recommenders.transformer.batches import visit_batches
from recsys.recommenders.transformer.settings import TransformerSettings
from recsys.schema import Mask, Rows

FEWEST: Final = 4  # visits of which an order can be compared
COMPLETE: Final = 0.01  # of a cosine: what the parts may miss of the difference that they add up to

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Attributions:
    """What each of L visits does for one product, oldest visit first. Scores are cosines, -1 to 1."""

    days: Rows  # (L,)
    items: tuple[Rows, ...]  # of each visit
    score: float  # of the product, by the whole history
    rank: int  # among all products, 1 is the best
    left_out: Doubles  # (L,) how much lower the score is without the visit; below 0 where it is higher
    ranks: npt.NDArray[np.int64]  # (L,) the product's rank without the visit; 0 where no visit is left
    integrated: Doubles  # (L,)
    baseline: float  # the score where nothing is known of any visit
    attention: Doubles  # (L,) sums to 1

    @property
    def missed(self) -> float:
        """What integrated gradients should add up to, and do not."""
        return self.score - self.baseline - float(self.integrated.sum())

    @property
    def integrated_agrees(self) -> float | None:
        """Kendall's tau of integrated gradients with what leaving out does, -1 to 1; None of too few visits."""
        return _tau(self.integrated, self.left_out)

    @property
    def attention_agrees(self) -> float | None:
        """The same of attention, which has no sign: with how much leaving out moves the score, up or down."""
        return _tau(self.attention, np.abs(self.left_out))


def _tau(one: Doubles, other: Doubles) -> float | None:
    """Kendall's tau-b; None of fewer than FEWEST values, or where all of one are the same."""
    from scipy.stats import kendalltau

    if len(one) < FEWEST:
        return None
    found = float(kendalltau(one, other).statistic)
    return None if np.isnan(found) else found


def attributions(
    learned: Mapping[str, Any],
    settings: TransformerSettings,
    history: Interactions,
    today: int,
    row: int,
    progress: Progress = silent,
) -> Attributions | None:
    """What the visits of one shopper do for a product; None without any visit.

    `learned` are the arrays that `serving` answers from, `history` has this one shopper, `today` is the day of the
    visit that is foreseen. Imports torch, which takes seconds the first time.
    """
    visits = _visits(history, today)
    batches = list(visit_batches(visits, settings.max_length))
    if not batches:
        return None
    (_, batch) = batches[0]
    length = batch.shape[1]
    progress(0, length + 2, "opening the model")
    from recsys.recommenders.transformer import attributing

    network = attributing.network_of(learned, settings)
    vectors = np.asarray(learned["vectors"], np.float32)
    score, rank = _score(learned, settings, visits, row)
    progress(1, length + 2, "following the gradients")
    integrated, baseline = attributing.integrated_gradients(network, batch, vectors, row)
    left_out, ranks = np.zeros(length), np.zeros(length, np.int64)
    number = _visit_numbers(history)
    first = int(number[-1]) + 1 - length
    for place in range(length):
        progress(place + 2, length + 2, "leaving visits out")
        fewer = _visits(_kept(history, number != first + place), today)
        if len(fewer.histories.items):
            without, ranks[place] = _score(learned, settings, fewer, row)
            left_out[place] = score - without
        else:
            left_out[place] = score  # of nobody nothing is foreseen: a cosine of 0
    items = tuple(history.items[number == first + place] for place in range(length))
    days = np.array([int(history.days[number == first + place][0]) for place in range(length)], np.int32)
    looked = attributing.attention(network, batch, vectors)
    progress(length + 2, length + 2, "done")
    return Attributions(days, items, score, rank, left_out, ranks, integrated, baseline, looked)


def _visits(history: Interactions, today: int) -> Visits:
    return Visits(history, np.zeros(1, np.int32), np.full(1, today, np.int32))


def _visit_numbers(history: Interactions) -> npt.NDArray[np.int64]:
    """Which visit each entry is of, 0, 1, 2 ... without a gap, (m,)."""
    return np.unique(history.baskets, return_inverse=True)[1].astype(np.int64)


def _kept(history: Interactions, keep: Mask) -> Interactions:
    """One shopper's history without some entries."""
    indptr = np.array([0, int(keep.sum())], np.int64)
    return replace(
        history, indptr=indptr, items=history.items[keep], baskets=history.baskets[keep], days=history.days[keep]
    )


def _score(learned: Mapping[str, Any], settings: TransformerSettings, visits: Visits, row: int) -> tuple[float, int]:
    """(the cosine of a product with the interest, its rank among all products)."""
    interest = serving.interest_vectors(learned, settings.heads, visits)[0]
    cosines = np.asarray(learned["vectors"] @ interest)
    return float(cosines[row]), int((cosines > cosines[row]).sum()) + 1
