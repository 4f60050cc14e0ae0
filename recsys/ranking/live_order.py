"""The learned order of one shopper made again, as if some of what they bought had never been bought.

What was learned stays as it was learned; what changes is what is known of this one shopper. So with nothing left out it
gives the shortlist that was made at preparation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recsys.datasets.interactions import Interactions
from recsys.ranking.shortlists import BLEND, Shortlist
from recsys.recommenders.contract import Visits
from recsys.schema import Rows

if TYPE_CHECKING:
    from recsys.ranking.blend import Blend


class LiveOrder:
    """Ranks for one shopper again. What it rests on is loaded with the first question and never changes."""

    def __init__(self, folder: Path, histories: Callable[[], Interactions]) -> None:
        self._folder, self._open = folder / BLEND, histories

    @cached_property
    def _histories(self) -> Interactions:
        return self._open()

    @cached_property
    def _blend(self) -> Blend:
        from recsys.ranking.blend import Blend  # with it comes the ranker's library, which no shelf needs

        return Blend.load(self._folder)

    @property
    def there(self) -> bool:
        """Whether an order was learned for this shop."""
        return self._folder.is_dir()

    def of(self, shopper: int, left_out: Rows) -> Shortlist | None:
        """The shortlist of the shopper in that row without the products `left_out` (u,) among what they bought.

        None where no order was learned, or nothing is left to know them by. Raises ArtifactError for damaged files.
        """
        from recsys.ranking.learned_order import SIZE, on_the_scale

        history = without(self._histories.take(np.array([shopper], np.int32)), left_out)
        if not self.there or not len(history.items):
            return None
        today = int(self._histories.days.max(initial=0)) + 1
        visit = Visits(history, np.array([shopper], np.int32), np.array([today], np.int32))
        _, best = next(iter(self._blend.best(visit, SIZE)))
        names, parts = on_the_scale(best.parts, best.scores, best.indptr)
        exact = parts.astype(np.float64)
        return Shortlist(best.items.astype(np.int32), {name: exact[:, place] for place, name in enumerate(names)})


def without(history: Interactions, left_out: Rows) -> Interactions:
    """The history of one shopper without these products. A basket of which nothing is left was never made."""
    kept = history.where(~np.isin(history.items, left_out))
    _, baskets = np.unique(kept.baskets, return_inverse=True)
    numbered = baskets.astype(np.int32)
    days = kept.days if kept.dated else numbered
    return Interactions(kept.indptr, kept.items, numbered, days, kept.n_items, kept.dated)
