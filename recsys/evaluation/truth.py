"""How well lists do by the truth of a simulated shop, beside what its log says: for evaluation alone.

A log shows what people took of what they were shown; the truth is what everything is worth to them. No recommender and
no engine may see it: lists come in finished, a figure per list goes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from recsys.errors import BadRequestError
from recsys.schema import Floats, Rows
from recsys.shops.contract import Worth

METRIC: Final = "utility"  # as a column: "utility@10"


def utility_captured(top: Rows, worth: Floats, k: int) -> Floats:
    """Of the best possible list's worth, what each list's first k have: (b,) 0..1, NaN where nothing is worth anything.

    captured = sum_j w(list_j) / log2(1 + j)  /  the same sum over the k products of highest worth, in that order. The
    discount is that of nDCG (Jaervelin & Kekaelaeinen 2002), the gain is the true worth w >= 0 in place of what was
    taken. A product named twice counts once, at its first place; places left empty (-1) add nothing. `top` is (b, >= k)
    rows of items, `worth` (b, n_items) of the person each list is for.
    """
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    captured = np.full(len(top), np.nan)
    for number, (slate, its) in enumerate(zip(top[:, :k], worth, strict=True)):
        best = np.sort(np.partition(its, -min(k, len(its)))[-k:])[::-1]
        most = float(best.astype(np.float64) @ discount[: len(best)])
        if most <= 0:
            continue
        gains = np.where(slate >= 0, its[slate], 0.0).astype(np.float64)
        _, first = np.unique(slate, return_index=True)
        again = np.ones(len(slate), dtype=bool)
        again[first] = False
        captured[number] = float(np.where(again, 0.0, gains) @ discount[: len(slate)]) / most
    return captured


def aligned(truth: Worth, shopper_ids: Sequence[str], item_ids: Sequence[str]) -> Floats:
    """(len(shopper_ids), len(item_ids)) the worth in the order of a shop's tables.

    Raises BadRequestError when the truth is that of another shop, as after a change of its size or seed.
    """
    rows, columns = _places(truth.shopper_ids, shopper_ids), _places(truth.item_ids, item_ids)
    return np.asarray(truth.values[np.ix_(rows, columns)], dtype=np.float32)


def _places(known: Sequence[str], asked: Sequence[str]) -> list[int]:
    places = {name: place for place, name in enumerate(known)}
    if strange := [name for name in asked if name not in places]:
        raise BadRequestError(
            f"the truth of this shop knows nothing of {strange[0][:40]!r}",
            allowed="the shop as it was prepared",
            remedy="run `python -m recsys prepare` with the settings in force",
        )
    return [places[name] for name in asked]
