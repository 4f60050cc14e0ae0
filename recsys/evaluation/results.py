"""What a run found: figures with intervals, differences that are more than luck, and who is served well."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys.evaluation import beyond_accuracy as beyond
from recsys.evaluation import truth
from recsys.evaluation.accuracy import accuracy, of_items, repeat_and_first_time
from recsys.evaluation.problems import Problem
from recsys.evaluation.protocol import CHOSEN_BY
from recsys.evaluation.running import Entrant
from recsys.evaluation.significance import SAMPLING, Sampling, compare, intervals
from recsys.evaluation.slices import by_slice
from recsys.recommenders.most_popular import MostPopular
from recsys.schema import Floats, Rows

BEYOND_AT: Final = 10  # items shown: where accuracy is looked at first
COMPARED: Final = CHOSEN_BY
SHOPPER: Final = "shopper_id"  # "shopper" is a way of slicing: known or new
TAKEN: Final = "taken"


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The outcome of a run: `report` is plain data for JSON; the rest is per shopper asked, for digging."""

    report: dict[str, Any]
    shoppers: pd.DataFrame  # (b, ...) slices, shopper id, and the rows of the items that were taken
    values: dict[str, pd.DataFrame]  # model -> (b, metrics)
    top: dict[str, Rows]  # model -> (b, k) rows of items
    item_ids: tuple[str, ...] = ()  # by row, where the items have no other names


def summed_up(problem: Problem, entrants: Sequence[Entrant], worth: Floats | None = None) -> Evaluation:
    """The figures of a run. `worth` (n_shoppers, n_items) is the truth of a simulated shop: what the lists capture."""
    sampling = replace(SAMPLING, seed=SAMPLING.seed + problem.protocol.seed)
    judge = _Judge(problem, worth)
    values = {entrant.model.name: judge.values(entrant.top) for entrant in entrants}
    compared = pd.DataFrame({name: table[COMPARED] for name, table in values.items()})
    labels = problem.slices()
    ids = [problem.shopper_ids[row] for row in problem.split.test.visits.shoppers.tolist()]
    report = {
        "dataset": problem.name,
        "source": problem.source,
        "protocol": problem.rules(),
        "models": [_model(entrant, values[entrant.model.name], judge, sampling) for entrant in entrants],
        "comparisons": _plain(compare(compared, sampling=sampling)) if len(entrants) > 1 else [],
        "slices": _plain(by_slice(compared, labels, sampling=sampling)),
        "compared_by": COMPARED,
    }
    relevant = problem.split.test.relevant
    taken = np.split(relevant.indices, relevant.indptr[1:-1])
    shoppers = labels.assign(**{SHOPPER: ids, TAKEN: taken})
    return Evaluation(report, shoppers, values, {e.model.name: e.top for e in entrants}, problem.item_ids)


class _Judge:
    """Measures lists against what the test visits really took."""

    def __init__(self, problem: Problem, worth: Floats | None = None) -> None:
        self.problem, self.task = problem, problem.split.test
        self._worth = None if worth is None else worth[self.task.visits.shoppers]
        training = problem.split.for_testing
        self._taken_by = beyond.popularity(training)
        self._n_shoppers = len(training)
        history = self.task.visits.histories.matrix()
        self._parts: dict[str, Any] = {}
        if training.dated:  # in a sequence without baskets, what was taken before is left out of the lists
            repeat, first = repeat_and_first_time(self.task.relevant, history)
            self._parts = {"repeat": repeat, "first-time": first}
        if problem.protocol.name == "temporal":
            self._parts["new-product"] = of_items(self.task.relevant, self._taken_by == 0)
        popular = MostPopular().fit(training, problem.side)
        self._expected = np.argsort(-popular.score(self.task.visits.take(np.zeros(1, np.int32)))[0], kind="stable")[
            :BEYOND_AT
        ]

    def values(self, top: Rows) -> pd.DataFrame:
        """(b, metrics): accuracy, its split by what was known of the products, and what lies beyond it."""
        cutoffs = self.problem.protocol.cutoffs
        table = accuracy(top, self.task.relevant, cutoffs)
        for part, relevant in self._parts.items():
            table = table.join(accuracy(top, relevant, [BEYOND_AT]).add_prefix(f"{part} "))
        shown = top[:, :BEYOND_AT]
        table[f"novelty@{BEYOND_AT}"] = beyond.novelty(shown, self._taken_by, self._n_shoppers)
        table[f"popularity@{BEYOND_AT}"] = beyond.popularity_percentile(shown, self._taken_by)
        expected = np.broadcast_to(self._expected.astype(np.int32), shown.shape)
        table[f"serendipity@{BEYOND_AT}"] = beyond.serendipity(shown, self.task.relevant, expected)
        if (diversity := beyond.intra_list_diversity(shown, self.problem.side)) is not None:
            table[f"diversity@{BEYOND_AT}"] = diversity
        if self._worth is not None:
            for k in cutoffs:
                table[f"{truth.METRIC}@{k}"] = truth.utility_captured(top, self._worth, k)
        return table

    def over_all_lists(self, top: Rows) -> dict[str, float]:
        """Coverage and Gini index: figures of all lists together, without a value per shopper."""
        shown, n_items = top[:, :BEYOND_AT], self.problem.split.for_testing.n_items
        return {
            f"coverage@{BEYOND_AT}": beyond.catalogue_coverage(shown, n_items),
            f"gini@{BEYOND_AT}": beyond.gini(beyond.exposure(shown, n_items)),
        }


def _model(entrant: Entrant, values: pd.DataFrame, judge: _Judge, sampling: Sampling) -> dict[str, Any]:
    found = intervals(values, sampling)
    cost = entrant.cost
    return {
        "name": entrant.model.name,
        "label": entrant.model.label,
        "settings": entrant.settings,
        "validation": {CHOSEN_BY: _number(entrant.validation)},
        "metrics": {str(m): _number(v) for m, v in found["mean"].items()} | judge.over_all_lists(entrant.top),
        "ci95": {str(m): [_number(row.low), _number(row.high)] for m, row in found.iterrows()},
        "shoppers": {str(m): int(n) for m, n in found["count"].items()},
        "choose_s": round(cost.choose_s, 3),
        "fit_s": round(cost.fit_s, 3),
        "score_s": round(cost.score_s, 3),
        "peak_mb": round(cost.peak_mb, 1),
        "seed": judge.problem.protocol.seed,
    }


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain data; what is no number becomes None."""
    return [
        {str(key): _number(value) if isinstance(value, float) else _own_type(value) for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def _own_type(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _number(value: float) -> float | None:
    """The value with six significant digits; None for NaN, which JSON does not know."""
    return None if math.isnan(value) else float(f"{value:.6g}")
