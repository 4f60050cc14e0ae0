"""What a shopper takes again and again: personal counts that fade, and the popular things behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.schema import Floats, Rows

FORGOTTEN: Final = 1e-3  # a weight below this moves no place in a list, and a year of baskets gets short


def baskets_ago(histories: Interactions) -> Rows:
    """How many baskets of the same shopper came after each entry's own, (m,): 0 in the latest basket."""
    return (histories.n_baskets[histories.shopper_of_entry] - 1 - histories.baskets).astype(np.int32)


def fading_history(histories: Interactions, fading: float) -> sparse.csr_array:
    """(b, n_items): what each item in each history weighs, `fading ** baskets_ago` summed over its entries.

    A fading of 1 forgets nothing: plain counts.
    """
    weights = np.float32(fading) ** baskets_ago(histories).astype(np.float32)  # (m,)
    kept = weights >= FORGOTTEN
    return histories.where(kept).matrix(weights[kept])


def days_faded_history(visits: Visits, half_life_days: float) -> sparse.csr_array:
    """(b, n_items): what each item weighs when an entry `age` days before the visit weighs 0.5 ** (age / half life)."""
    histories = visits.histories
    age = visits.days[histories.shopper_of_entry] - histories.days  # (m,)
    return histories.matrix(np.float32(0.5) ** (np.maximum(age, 0) / np.float32(half_life_days)).astype(np.float32))


def popularity_share(training: Interactions) -> Floats:
    """(n_items,) each item's share of all entries."""
    return (np.bincount(training.items, minlength=training.n_items) / len(training.items)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class PersonalFrequency(ArrayRecommender):
    """The shopper's own faded purchase counts, plus a little popularity where there are none.

    score[j] = popularity * share[j] / max share + sum over the own purchases of j of 0.5 ** (age / half_life_days),
    age in days before the visit. Without dates a day is a step of the sequence. As the personal part of UP-CF (Faggioli
    et al., UMAP 2020), with exponential fading in place of a window.
    """

    name = "personal-frequency"
    label = "Own favourites (faded personal counts)"
    parts: ClassVar[Mapping[str, Part]] = {"popularity_share": Part((ITEMS,))}

    # nDCG@10 on a third of the validation baskets of basket data: 30 days .169, 80 .179, 160 .173; popularity
    # .01 to 1 alike
    half_life_days: float = setting(80.0, 0.1, 10_000.0)
    popularity: float = setting(1.0, 0.0, 100.0)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        return {"popularity_share": popularity_share(training)}

    def _scores(self, visits: Visits) -> Floats:
        share = self.learned["popularity_share"]
        own: Floats = days_faded_history(visits, self.half_life_days).toarray()  # (b, n_items)
        own += np.float32(self.popularity) * share / share.max()
        return own
