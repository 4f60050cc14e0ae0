"""How many pieces of a product are usually taken at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recsys.schema import Rows


def usual_pieces(items: Rows, pieces: npt.NDArray[np.int64], n_items: int) -> Rows:
    """(n_items,) the lower median of the pieces (m,) with which each of the items (m,) was taken; at least 1."""
    order = np.lexsort((pieces, items))
    counts = np.bincount(items, minlength=n_items)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    taken = counts > 0
    found = np.ones(n_items, np.int32)
    found[taken] = pieces[order[(starts + (counts - 1) // 2)[taken]]]
    return np.maximum(found, 1)
