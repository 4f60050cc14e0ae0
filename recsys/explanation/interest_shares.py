"""What each purchase and each piece of feedback adds to how near a product is to a shopper's interest, exactly.

The interest vector is a weighted mean of what was bought, less most of what everybody buys, brought to length 1 and
then moved by feedback (`recsys.interest.interest_vector`). Once its lengths are known, its cosine with a product is a
plain sum over the purchases: nothing is estimated, and nothing is left over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recsys.interest.history import Affinity
from recsys.interest.interest_vector import COMMON_REMOVED, FEEDBACK_STRENGTH, purchase_weights
from recsys.schema import Floats, Rows

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class InterestShares:
    """The sum that makes a cosine with an interest vector."""

    rows: Rows  # (u,) of the distinct products that were bought
    bought: Doubles  # (u,) what each of them adds
    common: float  # what everybody buys, taken off
    feedback: Doubles  # (m,) what each piece of feedback adds

    @property
    def total(self) -> float:
        """The cosine."""
        return float(self.bought.sum() + self.common + self.feedback.sum())


def interest_shares(
    faded: Affinity | None,
    vectors: Floats,
    popularity: Floats,
    common: Floats,
    product: Floats,
    kinds: Sequence[str] = (),
    picked: Floats | None = None,
) -> InterestShares | None:
    """The cosine of a product (d,) with an interest vector, as a sum; None where there is no such vector.

    `faded`, `vectors` (u, d), `popularity` (n_items,) and `common` (d,) as for `history_vector`, `kinds` (m,) and
    `picked` (m, d) as for `moved_by_feedback`. The product is of length 1.
    """
    shares = _of_history(faded, vectors, popularity, common, product)
    if not len(kinds) or picked is None:
        return None if shares is None else InterestShares(*shares[:3], np.zeros(0))
    strengths = np.array([FEEDBACK_STRENGTH[kind] for kind in kinds], np.float64)
    if shares is None and not (strengths > 0).any():
        return None
    rows, bought, taken, start = (np.zeros(0, np.int32), np.zeros(0), 0.0, None) if shares is None else shares
    pull = strengths @ picked.astype(np.float64)
    length = float(np.linalg.norm(pull if start is None else start + pull))
    if length <= 1e-9:
        return None
    said = strengths * (picked.astype(np.float64) @ product.astype(np.float64))
    return InterestShares(rows, bought / length, taken / length, said / length)


def _of_history(
    faded: Affinity | None, vectors: Floats, popularity: Floats, common: Floats, product: Floats
) -> tuple[Rows, Doubles, float, Doubles] | None:
    """(rows (u,), what each adds (u,), what everybody's purchases take off, the vector of length 1 (d,))."""
    if faded is None or len(faded) == 0:
        return None
    weights = purchase_weights(faded, popularity).astype(np.float64)
    weights /= max(float(weights.sum()), 1e-9)
    wide, everybody, of = vectors.astype(np.float64), common.astype(np.float64), product.astype(np.float64)
    mean = weights @ wide - COMMON_REMOVED * everybody
    length = float(np.linalg.norm(mean))
    if length <= 1e-9:
        return None
    added = weights * (wide @ of) / length
    return faded.items, added, -COMMON_REMOVED * float(everybody @ of) / length, mean / length
