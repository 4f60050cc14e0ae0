"""What two judges of one review say, weighed together: a logistic regression over both scores of each threshold.

Stacking (Wolpert, "Stacked Generalization", 1992): the weights come from reviews that neither judge has learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recsys.errors import DataError

Doubles = npt.NDArray[np.float64]
Above = npt.NDArray[np.bool_]
FEWEST = 10  # reviews on the smaller side from which a weight may be learned; of fewer, the first judge is believed


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """`weights` (c, j) of the judges' scores for each of c thresholds, `bias` (c,)."""

    weights: Doubles
    bias: Doubles

    def odds(self, scores: Sequence[Doubles]) -> Doubles:
        """(n, c) log-odds, from each judge's (n, c) scores."""
        return np.asarray(np.einsum("jnc,cj->nc", np.stack(scores), self.weights) + self.bias)

    def chances(self, scores: Sequence[Doubles]) -> Doubles:
        """(n, c) the chance of lying above each threshold."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.odds(scores), -40, 40))))


def joined(scores: Sequence[Doubles], above: Above, balanced: bool) -> Joined:
    """The weights by which judges, each with (n, c) scores, tell best what lies above each threshold, (n, c).

    `balanced`: both sides count the same. A judge that would count against itself counts nothing. Raises DataError
    without reviews.
    """
    from sklearn.linear_model import LogisticRegression

    if not len(above):
        raise DataError("no reviews were kept apart to weigh two judges by", remedy="give more reviews")
    weights, bias = np.zeros((above.shape[1], len(scores))), np.zeros(above.shape[1])
    weights[:, 0] = 1.0
    for column in range(above.shape[1]):
        true = above[:, column]
        if min(true.sum(), (~true).sum()) < FEWEST:
            continue
        use = list(range(len(scores)))
        while use:
            x = np.stack([scores[each][:, column] for each in use], axis=1)
            model = LogisticRegression(C=10.0, class_weight="balanced" if balanced else None).fit(x, true)
            if (model.coef_[0] >= 0).all():
                weights[column] = 0.0
                weights[column, use] = model.coef_[0]
                bias[column] = model.intercept_[0]
                break
            use.pop(int(np.argmin(model.coef_[0])))
    return Joined(weights, bias)
