"""Who is shown, and who is served well: exposure of groups of products against their merit, nDCG by cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.evaluation import beyond_accuracy as beyond
from recsys.evaluation.diversity.judging import plain
from recsys.evaluation.problems import Problem
from recsys.evaluation.significance import Sampling
from recsys.evaluation.slices import by_slice, slices
from recsys.evaluation.splits import Task
from recsys.reranking.measures import discounts
from recsys.schema import Rows

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """A way to sort products: a code for each item, -1 for none, and the codes in words."""

    codes: Rows  # (n_items,)
    names: tuple[str, ...]


def exposure(lists: Mapping[str, Rows], task: Task, groups: Mapping[str, Grouping]) -> list[dict[str, Any]]:
    """What each group of products gets of all places shown, against what it deserves, for each set of lists (b, k).

    `exposure`: a place is worth 1 / log2(place + 1), and what all lists together give is amortised over the visits
    (Biega, Gummadi & Weikum, "Equity of Attention", SIGIR 2018). `merit`: the group's share of what the visits really
    took. `ratio` of 1 is exposure in proportion to merit (Singh & Joachims, "Fairness of Exposure in Rankings", KDD
    2018). `catalogue`: its share of the items. The row "all items" has the Gini index of exposure over single items.
    """
    n_items = task.relevant.shape[1]
    taken = np.asarray(task.relevant.sum(axis=0), np.float64).ravel()  # (n_items,)
    rows: list[dict[str, Any]] = []
    for name, top in lists.items():
        places = np.broadcast_to(discounts(top.shape[1]), top.shape)
        shown = np.bincount(top[top >= 0], places[top >= 0], minlength=n_items).astype(np.float64)  # (n_items,)
        over_all = {
            "gini": plain(beyond.gini(beyond.exposure(top, n_items))),
            "coverage": plain(beyond.catalogue_coverage(top, n_items)),
        }
        rows.append({"lists": name, "by": "all items", "group": "all"} | over_all)
        for by, grouping in groups.items():
            rows += [{"lists": name, "by": by} | line for line in _groups(grouping, shown, taken)]
    return rows


def _groups(grouping: Grouping, shown: Doubles, taken: Doubles) -> list[dict[str, Any]]:
    known = grouping.codes >= 0
    codes, n = grouping.codes[known], len(grouping.names)
    seen, merit, there = (_shares(values[known], codes, n) for values in (shown, taken, np.ones(len(taken))))
    return [
        {
            "group": group,
            "exposure": plain(seen[at]),
            "merit": plain(merit[at]),
            "ratio": plain(seen[at] / merit[at]) if merit[at] > 0 else None,
            "catalogue": plain(there[at]),
        }
        for at, group in enumerate(grouping.names)
    ]


def _shares(values: Doubles, codes: Rows, n: int) -> list[float]:
    total = np.bincount(codes, values, minlength=n)
    return [float(value) for value in (total / total.sum() if total.sum() > 0 else np.full(n, np.nan))]


def served(values: Mapping[str, pd.Series], task: Task, problem: Problem, sampling: Sampling) -> list[dict[str, Any]]:
    """nDCG by cohort with intervals, for each set of lists: who is served well, and for whom diversity is dear."""
    taken_by = beyond.popularity(problem.split.for_testing)
    people = None if problem.people is None else problem.people.iloc[task.visits.shoppers]
    labels = slices(task, taken_by, problem.departments, people)
    table = by_slice(pd.DataFrame(dict(values)), labels, sampling=sampling)
    return [{str(key): _own_type(value) for key, value in line.items()} for line in table.to_dict("records")]


def _own_type(value: Any) -> Any:
    """Plain data for JSON."""
    if isinstance(value, float):
        return plain(value)
    return value.item() if isinstance(value, np.generic) else value
