"""Calibrated recommendations: a slate whose mix is that of what the shopper takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from recsys.reranking.contract import Doubles, Ordered, Pool, unit_range
from recsys.reranking.filling import Filling, in_order
from recsys.schema import Rows

SMOOTHING: Final = 0.01  # Steck's alpha: so much of the shopper's own mix is lent to the slate, so that no share is 0


def calibration_error(taste: Doubles, labels: Rows) -> float:
    """KL(p || q~) in nats: how far the mix q of these labels (m,) is from the shopper's shares p by code, (g,).

    q~ = (1 - 0.01) q + 0.01 p (Steck, "Calibrated Recommendations", RecSys 2018, equations 6 and 7, each product of the
    slate counting alike). 0 where they are equal, 4.6 where they share nothing. Labels of -1 belong to no code; NaN for
    an empty slate.
    """
    if len(labels) == 0:
        return float("nan")
    shares = np.bincount(labels[(labels >= 0) & (labels < len(taste))], minlength=len(taste)) / len(labels)
    return float(_terms(taste, shares).sum())


def _terms(taste: Doubles, shares: Doubles) -> Doubles:
    """p log(p / q~) for each code; 0 where p is 0."""
    lent = (1.0 - SMOOTHING) * shares + SMOOTHING * taste
    return np.where(taste > 0, taste * np.log(np.maximum(taste, 1e-300) / np.maximum(lent, 1e-300)), 0.0)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Each place goes to what makes (1 - strength) * sum of relevance - strength * KL(p || q~) largest.

    Steck 2018, equation 5, and its greedy way: KL is submodular in the slate, so that it comes within 1 - 1/e of the
    best. A candidate matters by its label alone, so that a step looks at each code once: O(k (n + g)).
    """

    strength: float  # 0: relevance alone, 1: the mix alone
    by: str = "category"  # which labels
    name: ClassVar[str] = "calibration"
    label: ClassVar[str] = "Calibrated to the shopper's mix"

    def order(self, pool: Pool, k: int) -> Ordered:
        """The slate and the others behind it; as it was, and said, where the shopper's mix is not known."""
        taste, labels = pool.tastes.get(self.by), pool.labels.get(self.by)
        if taste is None or labels is None or not taste.any():
            return Ordered(in_order(pool, k), given_up=(self._unknown(labels is None),))
        relevance = (1.0 - self.strength) * unit_range(pool.relevance)
        code = np.where((labels >= 0) & (labels < len(taste)), labels, len(taste))  # the last: adds to no share
        counts, filling, placed = np.zeros(len(taste) + 1), Filling(pool, k), 0
        while filling.places_left:
            errors = self._errors(taste, counts[:-1], placed)  # (g + 1,)
            place = filling.take_best(relevance - self.strength * errors[code])
            counts[code[place]] += 1
            placed += 1
        none = not np.isin(labels, np.flatnonzero(taste > 0)).any()
        return filling.ordered((self._nothing_of_it(),) if none else ())

    @staticmethod
    def _errors(taste: Doubles, counts: Doubles, placed: int) -> Doubles:
        """KL after one more product of each code, (g + 1,); the last is one without a code."""
        without = _terms(taste, counts / (placed + 1))
        with_it = _terms(taste, (counts + 1) / (placed + 1))
        total = without.sum()
        return np.append(total - without + with_it, total)

    def _unknown(self, no_labels: bool) -> str:
        if no_labels:
            return f"Calibration was left out: the {self.by} of these products is not known."
        return "Calibration was left out: nothing is known of what this shopper takes, so there is no mix to keep to."

    def _nothing_of_it(self) -> str:
        return f"No candidate is of a {self.by} that this shopper takes, so that calibration changes nothing."
