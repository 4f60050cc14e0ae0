"""What somebody buys, as a tree of departments and categories with shares and how these move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recsys.datasets.interactions import Interactions
from recsys.schema import Rows


@dataclass(frozen=True, slots=True)
class Interest:
    """One category of one department."""

    department: int  # codes; -1 where the shop has none
    category: int
    lines: int
    share: float  # of all lines, 0..1
    earlier: float  # of the lines of the first half of the baskets; NaN with a single basket
    lately: float  # of the second half

    @property
    def trend(self) -> float:
        """How much its share grew from the first half of the baskets to the second."""
        return self.lately - self.earlier


def interests(lines: Interactions, departments: Rows, categories: Rows) -> tuple[Interest, ...]:
    """Every category that one shopper bought from, the largest first; the codes are (n_items,) each."""
    if len(lines.items) == 0:
        return ()
    half = (int(lines.baskets.max()) + 1) / 2
    late = lines.baskets >= half
    pairs, place = np.unique(
        np.stack([departments[lines.items], categories[lines.items]], axis=1), axis=0, return_inverse=True
    )
    place = place.reshape(-1)
    counted = np.bincount(place)
    lately = np.bincount(place[late], minlength=len(pairs)) / max(int(late.sum()), 1)
    one_basket = not late.any() or late.all()
    earlier = np.bincount(place[~late], minlength=len(pairs)) / max(int((~late).sum()), 1)
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -counted))
    return tuple(
        Interest(
            int(pairs[at, 0]),
            int(pairs[at, 1]),
            int(counted[at]),
            float(counted[at] / len(lines.items)),
            float("nan") if one_basket else float(earlier[at]),
            float("nan") if one_basket else float(lately[at]),
        )
        for at in order
    )
