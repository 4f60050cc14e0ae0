"""Learning the storefront's order: from every shopper's last baskets, with recommenders that have not seen them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import storage_errors, write_array
from recsys.datasets.interactions import Interactions
from recsys.progress import Progress, silent
from recsys.ranking.blend import Blend, BlendSettings, table
from recsys.ranking.blend.choosing import Choosing
from recsys.ranking.blend.earlier import earlier_visits, joined_visits
from recsys.ranking.blend.trees import TreeSettings
from recsys.ranking.shortlists import BLEND, LOWEST
from recsys.ranking.weighted_parts import Parts
from recsys.recommenders.contract import Recommender, SideInformation, Visits
from recsys.schema import Floats, Rows

SIZE: Final = 150  # products of each shopper: a shelf of 12 folds about 30 of them; explaining more doubles the time
ROUNDS_BACK: Final = 2
"""Baskets of each shopper to learn from: cross-validated nDCG@10 on basket data .177 with two, .173 with one."""
MOST_SHOPPERS: Final = 1_200
"""To learn from, drawn by seed; all are ranked for. Cross-validation over 2,469 of them, which learns from half each
time, reached .1755: more add little, and each costs 20 ms of preparation."""

PART_OF: Final[Mapping[str, str]] = {
    table.BOUGHT_BEFORE: "repeat", table.RHYTHM: "due", table.SIMILAR_SHOPPERS: "others",
    table.GOES_WITH: "together", table.SEQUENCE_MODEL: "together", table.ALIKE: "taste",
    table.POPULAR_NOW: "popular", table.PRICE: "price", table.THE_VISIT: "shortlist", table.START: "shortlist",
}  # fmt: skip
"""The part of a shown score (`ranking.parts`) to which each part of the learned one counts."""


def quick_blend(
    bases: Mapping[str, Recommender], seed: int = 0, *, earlier_baskets: int | None = 0, refit_bases: bool = True
) -> Blend:
    """The blend that the storefront uses: trees alone, of one size, few and learning fast.

    On basket data, cross-validated nDCG@10: 100 rounds at a rate of .2 reach .176 as 200 at .1 reach .177, in half
    of the time to learn and to explain.
    """
    trees = TreeSettings(rounds=(100,), learning_rate=0.2)
    choosing = Choosing(kinds=("trees",), seed=seed, trees=trees)
    return Blend(bases, BlendSettings(earlier_baskets=earlier_baskets, choosing=choosing), refit_bases=refit_bases)


def learn(
    bases: Mapping[str, Recommender],
    interactions: Interactions,
    side: SideInformation,
    folder: Path,
    progress: Progress = silent,
    seed: int = 0,
) -> dict[str, Any]:
    """Learn to rank from every shopper's last baskets, rank for each what comes next, and write the shortlists.

    The ranker learns with recommenders that have not seen those baskets; for the shortlists they are fitted on all.
    Returns what was done and how well it ranked. Raises DataError when the histories are too short to learn from.
    """
    rows = np.arange(len(interactions), dtype=np.int32)
    some = np.sort(np.random.default_rng(seed).permutation(rows)[:MOST_SHOPPERS])
    known = interactions.before_last(ROUNDS_BACK)
    visits, taken = joined_visits(list(earlier_visits(interactions, some, ROUNDS_BACK)))
    with ThreadPoolExecutor(1) as beside:  # counting is one thread's work, and there are two times to count
        on_all = beside.submit(_fitted, deepcopy(dict(bases)), interactions, side)
        blend = quick_blend(bases, seed).fit(known, side, _phase(progress, 0.0, 0.15))
        blend.learn(visits, taken, _phase(progress, 0.15, 0.65))
        blend = blend.with_bases(on_all.result()).fit(interactions, side)
    today = int(interactions.days.max(initial=0)) + 1
    there = np.flatnonzero(interactions.lengths > 0).astype(np.int32)
    everybody = Visits(interactions.take(there), there, np.full(len(there), today, np.int32))
    facts = _write(blend, everybody, len(rows), folder, _phase(progress, 0.65, 1.0))
    blend.save(folder / BLEND)  # for those who ask what the order would be had somebody bought less
    return facts | {
        "learned": True,
        "label": blend.label,
        "learned_from": len(visits),
        "report": blend.report,
        "bases": {name: base.settings() for name, base in blend.bases.items()},
        "shoppers": len(there),
    }


def _fitted(bases: dict[str, Recommender], training: Interactions, side: SideInformation) -> dict[str, Recommender]:
    for base in bases.values():
        base.fit(training, side)
    return bases


def nothing(n_shoppers: int, folder: Path, why: str) -> dict[str, Any]:
    """Write empty shortlists: what is served where nothing could be learned."""
    _save(folder, np.zeros(n_shoppers + 1, np.int64), np.empty(0, np.int32), np.empty((0, 0), np.float32))
    return {"learned": False, "why": why, "parts": []}


def _write(blend: Blend, visits: Visits, n_shoppers: int, folder: Path, progress: Progress) -> dict[str, Any]:
    """Rank for everybody and write the arrays. Visits come shopper after shopper, in ascending rows."""
    sizes, items, parts = np.zeros(n_shoppers, np.int64), [], []
    names: tuple[str, ...] = ()
    for rows, best in blend.best(visits, SIZE):
        progress(int(rows[0]), len(visits), "ranking for every shopper")
        sizes[visits.shoppers[rows]] = np.diff(best.indptr)
        names, shown = on_the_scale(best.parts, best.scores, best.indptr)
        items.append(best.items)
        parts.append(shown)
    progress(1, 1, "ranking for every shopper")
    _save(folder, np.concatenate([[0], np.cumsum(sizes)]), np.concatenate(items), np.concatenate(parts))
    return {"parts": list(names), "products": int(sizes.sum())}


def on_the_scale(
    parts: Parts, scores: npt.NDArray[np.float64], indptr: npt.NDArray[np.int64]
) -> tuple[tuple[str, ...], Floats]:
    """(names of the shown parts, their values (m, p)) on the scale of each shopper's shortlist, LOWEST to 1.

    Best first within each shopper, so that its first and last entry are the ends of the scale.
    """
    sizes = np.diff(indptr)
    filled = sizes > 0
    first, last = np.zeros(len(sizes)), np.zeros(len(sizes))
    first[filled], last[filled] = scores[indptr[:-1][filled]], scores[indptr[1:][filled] - 1]
    reach = np.where(first > last, first - last, 1.0)
    scale, offset = np.repeat((1 - LOWEST) / reach, sizes), np.repeat(last, sizes)
    shown: dict[str, npt.NDArray[np.float64]] = {}
    for name, values in parts.items():
        values = values - offset if name == table.START else values
        key = PART_OF.get(name, "others")
        shown[key] = shown.get(key, 0.0) + values * scale + (LOWEST if name == table.START else 0.0)
    return tuple(shown), np.stack(list(shown.values()), axis=1).astype(np.float32)


def _save(folder: Path, indptr: npt.NDArray[np.int64], items: Rows, parts: Floats) -> None:
    with storage_errors(folder):
        write_array(folder / "shortlist_indptr.npy", indptr.astype(np.int64))
        write_array(folder / "shortlist_items.npy", items)
        write_array(folder / "shortlist_parts.npy", parts)


def _phase(progress: Progress, start: float, end: float) -> Progress:
    """The progress of one phase as a stretch of the whole; it never goes back, though it is told of several loops."""
    furthest = start

    def within(done: int, total: int, note: str = "") -> None:
        nonlocal furthest
        share = start + (end - start) * min(done / max(total, 1), 1.0)
        furthest = max(furthest, share)
        progress(int(1000 * furthest), 1000, note)

    return within
