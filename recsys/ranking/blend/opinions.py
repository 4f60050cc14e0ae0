"""Features of what the base recommenders say of each candidate, and the candidates they propose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from recsys.ranking.blend.table import (
    ALIKE,
    BOUGHT_BEFORE,
    GOES_WITH,
    POPULAR_NOW,
    SEQUENCE_MODEL,
    SIMILAR_SHOPPERS,
    Choices,
    Column,
    choices_of,
)
from recsys.recommenders.contract import Recommender, Visits
from recsys.schema import Floats

PART_OF: Final = {
    "most-popular": POPULAR_NOW, "recently-popular": POPULAR_NOW, "cohort-popular": SIMILAR_SHOPPERS,
    "personal-frequency": BOUGHT_BEFORE, "tifu-knn": SIMILAR_SHOPPERS, "als": SIMILAR_SHOPPERS,
    "bpr": SIMILAR_SHOPPERS, "ease": GOES_WITH, "item-knn": GOES_WITH, "seq-rules": GOES_WITH, "pctm": GOES_WITH,
    "content-text": ALIKE, "content-attributes": ALIKE, "transformer": SEQUENCE_MODEL,
}  # fmt: skip
"""To which part of the score each recommender's opinion counts; one that is not listed is a part by its own label."""


GROUP: Final = 16  # items


def columns_of(bases: Mapping[str, Recommender]) -> tuple[Column, ...]:
    """Three features per recommender: its score, that on the scale of the visit, the place among candidates."""
    return tuple(
        Column(f"{name}: {what}", PART_OF.get(base.name, base.label))
        for name, base in bases.items()
        for what in ("score", "against the visit's best", "rank")
    )


def proposed(scores: Floats, k: int) -> Choices:
    """The k best items of each visit, ties by item; none that stand at the visit's lowest score: that is no opinion.

    The k-th best of the maxima of groups of items bounds the k-th best item from below, so that only what reaches it
    is sorted: twice as fast as partitioning all items of a catalogue of 12,101.
    """
    b, n_items = scores.shape
    in_groups = scores[:, : n_items // GROUP * GROUP].reshape(b, -1, GROUP).max(axis=2)  # (b, n_items // GROUP)
    bound = scores.min(axis=1)
    reach = scores > bound[:, None]
    if in_groups.shape[1] > k:
        reach &= scores >= np.partition(in_groups, -k, axis=1)[:, -k, None]
    able = choices_of(reach)
    best = ranks(able, scores[able.visit, able.items]) < k
    sizes = np.bincount(able.visit[best], minlength=b)
    return Choices(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), able.items[best])


def propose(scores: Mapping[str, Floats], per_base: Mapping[str, int], visits: Visits, seen: bool) -> Choices:
    """The best of each recommender, and with `seen` all that the shopper took before; without it, none of that."""
    histories = visits.histories
    chosen = np.zeros((len(visits), histories.n_items), np.bool_)
    for name, opinion in scores.items():
        if per_base[name] > 0:
            best = proposed(opinion, per_base[name])
            chosen[best.visit, best.items] = True
    chosen[histories.shopper_of_entry, histories.items] = seen
    return choices_of(chosen)


def ranks(choices: Choices, values: Floats) -> Floats:
    """(m,) the place of each candidate within its visit by falling value: 0 is the best, ties by item."""
    order = np.argsort(-choices.in_rows(values), axis=1, kind="stable")  # (b, w)
    place = np.empty(order.shape, np.float32)
    np.put_along_axis(place, order, np.arange(order.shape[1], dtype=np.float32)[None, :], axis=1)
    return place[choices.visit, choices.place]


def opinions(scores: Mapping[str, Floats], choices: Choices) -> Floats:
    """(m, 3 * bases) in the order of `columns_of`, from the scores (b, n_items) of each base."""
    columns: list[Floats] = []
    visit = choices.visit
    for opinion in scores.values():
        values = opinion[visit, choices.items]
        best, mean = opinion.max(axis=1), opinion.mean(axis=1)
        reach = np.maximum(best - mean, np.float32(1e-6))
        columns += [values, ((values - mean[visit]) / reach[visit]).astype(np.float32), ranks(choices, values)]
    return np.stack(columns, axis=1).astype(np.float32)
