"""The last month of a shop once more, visit by visit: what going on learning is worth beside standing still.

Where nobody answers another page than the one they saw, a log can still say how soon their next visits would have been
foretold. At the start of the month a ranker stands still; beside it the shopper's own counts go on, a taste is learned
from each visit (`learning.pairwise`), or both. Nobody's visits reach another's lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError
from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.full_ranking import best_of_each
from recsys.evaluation.learning.comparing import compared
from recsys.evaluation.learning.visits import Doubles
from recsys.learning.learners import STRENGTH
from recsys.learning.pairwise import Pace, Taste, fits, moved
from recsys.learning.space import DIMS, centred, reduced
from recsys.progress import Progress, silent
from recsys.recommenders.contract import Recommender, SideInformation, Visits
from recsys.recommenders.personal_frequency import PersonalFrequency
from recsys.recommenders.registry import RECOMMENDERS
from recsys.schema import Floats, Rows

DAYS: Final = 30  # of the test, and of the validation before it
K: Final = 10
GOAL: Final = 0.03  # change of nDCG@10 against what stands still
BASE: Final = "frozen"
LABELS: Final = {
    BASE: "Own favourites, standing still for the month",
    "counts": "Own favourites, counted on",
    "taste": "Standing still, with a taste learned from each visit",
    "both": "Counted on, with a taste learned from each visit",
}
WEIGHTS: Final = (0.02, 0.05, 0.1, 0.2, 0.5)  # of the taste, in purchases of today
STEPS: Final = (0.05, 0.1, 0.2)  # of Adagrad
OTHER: Final = "open another shop: `--shop NAME`"
AT_ONCE: Final = 128  # visits scored together
Settings = Mapping[str, Any]


class Way(NamedTuple):
    """A way of ranking through the month; a weight of 0 learns no taste."""

    name: str  # of LABELS
    step: float = 0.0
    weight: float = 0.0

    @property
    def counted_on(self) -> bool:
        """Whether the shopper's own counts go on."""
        return self.name in ("counts", "both")


STILL: Final = Way(BASE)


@dataclass(frozen=True, eq=False)
class ReplayData:
    """Dated visits, and what is known of the products."""

    name: str
    source: dict[str, Any]
    table: Interactions
    vectors: Floats  # (n_items, d) of the products' texts


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """Visits of shoppers who were known when it began, each shopper's in order of time."""

    known: Interactions  # everybody's purchases before it
    still: Visits  # with the histories as they were at its start
    going: Visits  # with the histories as they were at the visit
    relevant: sparse.csr_array  # (b, n_items) 1 for what the visit took
    shoppers: Rows  # (b,) rows of the table


def replayed(
    data: ReplayData, progress_of: Callable[[str], Progress] = lambda label: silent, days: int = DAYS
) -> dict[str, Any]:
    """The report, as plain data. Raises DataError without dates, or where two windows of `days` do not fit."""
    _check(data.table, days)
    end = int(data.table.days.max(initial=0)) + 1
    before, test = month(data.table, end - 2 * days, end - days), month(data.table, end - days, end)
    vectors = reduced(centred(data.vectors), DIMS)
    settings, ways = _chosen(before, vectors, progress_of)
    found = ndcg_of(_fitted(settings, test.known), test, vectors, ways, progress_of("The last month once more"))
    if not found[STILL].any():
        raise DataError(
            "the list at the month's start foretells nothing of what was bought, so that nothing compares",
            allowed="a shop in which something is bought again, or its bestsellers are",
            remedy=OTHER,
        )
    by_visit = pd.DataFrame({way.name: values for way, values in found.items()})
    lines = list(_lines(by_visit, test.shoppers))
    asked = {"visits": len(test.shoppers), "people": len(np.unique(test.shoppers))}
    return {
        "dataset": data.name,
        "source": data.source | {"items": data.table.n_items} | asked,
        "replay": lines,
        "settings": {"base": {"recommender": PersonalFrequency.name, **settings}}
        | {way.name: {"step": way.step, "weight": way.weight} for way in ways if way.weight},
        "goals": [
            {"way": line["way"], "goal": GOAL, "met": line["change"] >= GOAL and line["change_ci95"][0] > 0}
            for line in lines
            if line["way"] != BASE
        ],
        "protocol": _rules(days),
    }


def _check(table: Interactions, days: int) -> None:
    if not table.dated:
        raise DataError("the purchases have no dates", allowed="a shop whose purchases are dated", remedy=OTHER)
    end = int(table.days.max(initial=0)) + 1
    if days < 1 or end - 2 * days < 1:
        raise DataError(
            f"two windows of {days} days do not fit into {end} days",
            allowed=f"1 to {(end - 1) // 2} days",
            remedy=OTHER,
        )


def month(table: Interactions, start: int, end: int) -> Month:
    """The visits from day `start` up to `end` of those who bought anything before; a visit is a basket."""
    known = table.where(table.days < start)
    owner = table.shopper_of_entry
    within = (table.days >= start) & (table.days < end) & (known.lengths > 0)[owner]
    if not within.any():
        raise DataError(
            f"nobody who was known bought anything from day {start} to {end}", allowed="one visit or more", remedy=OTHER
        )
    pairs = np.unique(np.stack([owner[within], table.baskets[within]], axis=1), axis=0)  # by shopper, then in time
    shoppers, baskets = pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32)
    whole = table.take(shoppers)
    mark = baskets[whole.shopper_of_entry]
    taken = whole.where(whole.baskets == mark)
    relevant = taken.matrix()
    relevant.data[:] = 1.0
    days = taken.days[taken.indptr[:-1]]
    going = whole.where(whole.baskets < mark)
    return Month(known, Visits(known.take(shoppers), shoppers, days), Visits(going, shoppers, days), relevant, shoppers)


def _fitted(settings: Mapping[str, Any], known: Interactions) -> Recommender:
    return PersonalFrequency(**settings).fit(known, SideInformation())


def _chosen(before: Month, vectors: Floats, progress_of: Callable[[str], Progress]) -> tuple[Settings, list[Way]]:
    """The base's settings by how it does standing still, and each way's by how it does with them: nDCG@10."""
    ranked = list[tuple[float, Settings]]()
    for settings in RECOMMENDERS[PersonalFrequency.name].grid:
        found = ndcg_of(_fitted(settings, before.known), before, vectors, [STILL], silent)
        ranked.append((float(found[STILL].mean()), settings))
    settings = max(ranked, key=lambda each: each[0])[1]
    tried = [Way(name, *pair) for name in ("taste", "both") for pair in product(STEPS, WEIGHTS)]
    progress = progress_of("Choosing on the month before")
    reached = ndcg_of(_fitted(settings, before.known), before, vectors, tried, progress)
    best = [
        max((way for way in tried if way.name == name), key=lambda way: float(reached[way].mean()))
        for name in ("taste", "both")
    ]
    return settings, [STILL, Way("counts"), *best]


def ndcg_of(
    base: Recommender, months: Month, vectors: Floats, ways: Sequence[Way], progress: Progress
) -> dict[Way, Doubles]:
    """nDCG@10 of each way at each visit, (b,)."""
    found: dict[Way, list[Doubles]] = {way: [] for way in ways}
    tastes = {step: Tastes(months, vectors, step) for step in {way.step for way in ways if way.weight}}
    for rows in _chunks(n := len(months.still)):
        progress(int(rows[0]), n, "ranking all products")
        scores = {False: base.score(months.still.take(rows)), True: base.score(months.going.take(rows))}
        fitting = {step: each.of(rows) for step, each in tastes.items()}
        for way in ways:
            its = scores[way.counted_on]
            its = its + np.float32(way.weight) * fitting[way.step] if way.weight else its
            found[way].append(_ndcg(its, months.relevant[rows]))
    progress(n, n, "")
    return {way: np.concatenate(parts) for way, parts in found.items()}


class Tastes:
    """The taste of each visit's shopper as their earlier visits of the month left it; asked in order of the visits."""

    def __init__(self, months: Month, vectors: Floats, step: float) -> None:
        """`vectors` (n_items, d) of the space in which is learned."""
        self._months, self._vectors, self._pace = months, vectors, Pace(step)
        self._taste, self._who = Taste.begun(vectors.shape[1]), -1

    def of(self, rows: Rows) -> Floats:
        """How well each product fits, (len(rows), n_items); 0 at a shopper's first visit."""
        found = np.zeros((len(rows), len(self._vectors)), np.float32)
        relevant, nothing = self._months.relevant, np.empty(0, np.int32)
        for place, row in enumerate(rows.tolist()):
            if self._months.shoppers[row] != self._who:
                self._taste, self._who = Taste.begun(self._vectors.shape[1]), int(self._months.shoppers[row])
            if self._taste.acts:
                found[place] = fits(self._taste, self._vectors)
            for item in relevant.indices[relevant.indptr[row] : relevant.indptr[row + 1]].tolist():
                self._taste = moved(self._taste, item, nothing, STRENGTH["buy"], self._vectors, self._pace)
        return found


def _chunks(n: int) -> Iterator[Rows]:
    for start in range(0, n, AT_ONCE):
        yield np.arange(start, min(start + AT_ONCE, n), dtype=np.int32)


def _ndcg(scores: Floats, relevant: sparse.csr_array) -> Doubles:
    return accuracy(best_of_each(scores, K), relevant, [K])[f"ndcg@{K}"].to_numpy(np.float64)


def _lines(by_visit: pd.DataFrame, shoppers: Rows) -> Iterator[dict[str, Any]]:
    """A line for each way: each visit counts once; and each shopper, by the mean of their visits."""
    grouped = by_visit.groupby(shoppers)
    shares = grouped.sum() * (grouped.ngroups / len(by_visit))  # whose mean over shoppers is that over visits
    for name, label in LABELS.items():
        line = compared("ndcg", shares[name].to_numpy(np.float64), shares[BASE].to_numpy(np.float64))
        means = grouped.mean()
        each = compared("ndcg", means[name].to_numpy(np.float64), means[BASE].to_numpy(np.float64))
        yield {"way": name, "label": label} | line | {"of_shoppers": each}


def _rules(days: int) -> dict[str, str]:
    return {
        "split": f"the last {days} days, visit by visit; shoppers who bought anything before them",
        "ranking": "all products, what was bought before included; nDCG@10 against what the visit took, binary gains",
        "still": "own purchases faded by their age, and popularity, both counted at the start of the month; the day of "
        "the visit is known",
        "taste": "pairwise Adagrad steps from each visit's products, begun with nothing at the start of the month",
        "chosen": f"settings of the ranker, step and weight on the {days} days before, never on the last",
        "interval": "each visit counts once; 95 %: percentile bootstrap over shoppers with all their visits; p: paired "
        "randomisation test over shoppers; of_shoppers: the mean of each shopper's visits, each shopper once",
    }
