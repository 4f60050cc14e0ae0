"""Search systems against judgments: how good the first page is, over the whole catalogue and among what was judged."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from recsys.errors import DataError
from recsys.evaluation.search.judgments import HIGHEST, Judgments
from recsys.evaluation.significance import SAMPLING, compare, intervals
from recsys.progress import Progress, silent
from recsys.schema import Floats, Rows

DEPTH: Final = 100  # products ranked per query: what recall@100 asks
METRICS: Final = ("ndcg@10", "pooled_ndcg@10", "mrr", "recall@100")
COMPARED: Final = ("pooled_ndcg@10", "ndcg@10")  # the first is the main one: judgments were pooled from word matching
RELEVANT: Final = 1  # the grade from which a product counts for mrr and recall
NOT_FOUND: Final = -np.inf  # the score of a product that a query does not find
WARM_UP: Final = 3  # queries asked before the clock runs

RULES: Final = {
    "ndcg@10": "all products ranked; gain 2^rating - 1, unjudged 0, ideal from the judged",
    "pooled_ndcg@10": "only the judged products of the query ranked, those that were found; the main figure where few "
    "were judged",
    "found": "systems that go by words find what has a word of the query; the rest has no place in their lists",
    "ties": "the smaller id comes first, whatever the order of the file",
    "mrr": f"1 / rank of the first product rated {RELEVANT} or more among the first {DEPTH}",
    "recall@100": f"share of the products rated {RELEVANT} or more among the first {DEPTH}",
    "queries": "those without a relevant product are left out",
    "reading": "queries are read as the storefront reads them, as English; look-alikes are not folded",
    "interval": "percentile bootstrap over queries, 95 %",
    "time": "one query at a time: reading the text to the ordered list",
}


class SearchSystem(Protocol):
    """A system that can be judged: it names its best products, and scores any."""

    name: str
    label: str

    def top(self, query: str, k: int) -> Rows:
        """The k best rows of the catalogue, best first."""

    def score(self, query: str, rows: Rows) -> Floats:
        """The score of each of these rows, higher is better; NOT_FOUND for what the query does not find."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What one system did: figures per query, the lists, and the milliseconds."""

    system: SearchSystem
    values: pd.DataFrame  # a row per query, METRICS
    lists: dict[str, list[str]]  # query -> ids, best first
    milliseconds: list[float]


def gains() -> dict[int, int]:
    """2^rating - 1 for each grade (Burges et al., "Learning to rank using gradient descent", ICML 2005)."""
    return {rating: 2**rating - 1 for rating in range(HIGHEST + 1)}


def measured(ranked: Mapping[str, Sequence[str]], judgments: Judgments, pooled: Mapping[str, Sequence[str]]) -> pd.DataFrame:  # fmt: skip  # noqa: E501
    """METRICS of ranked ids, one row per query that has a relevant product, in the order of the judgments.

    `ranked` is over the whole catalogue, `pooled` orders the judged alone. nDCG is that of ir-measures with gains in
    place of ratings: sum of gain / log2(rank + 1) over the first ten, divided by that of the best order of the judged.
    """
    from ir_measures import RR, R, nDCG, pytrec_eval

    queries = judgments.answerable()
    gain = gains()
    # The provider counts whole numbers as gains, so that ratings are given as their gains; 1 stays 1 and counts as hit.
    judged = {q: {d: gain[r] for d, r in judgments.ratings[q].items()} for q in queries}
    table = pd.DataFrame(0.0, index=pd.Index(queries, name="query"), columns=list(METRICS))
    names = {str(nDCG @ 10): "ndcg@10", str(RR): "mrr", str(R @ 100): "recall@100"}
    full = pytrec_eval.evaluator([nDCG @ 10, RR, R @ 100], judged)
    for query, measure, value in full.iter_calc(_run(ranked, queries)):
        table.loc[query, names[str(measure)]] = value
    for query, _, value in pytrec_eval.evaluator([nDCG @ 10], judged).iter_calc(_run(pooled, queries)):
        table.loc[query, "pooled_ndcg@10"] = value
    return table


def _run(ranked: Mapping[str, Sequence[str]], queries: Sequence[str]) -> dict[str, dict[str, float]]:
    """Lists in the library's shape: it sorts by score, so that scores that fall strictly keep the order."""
    return {q: {docid: -float(place) for place, docid in enumerate(ranked[q])} for q in queries if ranked.get(q)}


def judge(system: SearchSystem, ids: Sequence[str], judgments: Judgments, progress: Progress = silent) -> Judged:
    """Ask a system every query that has a relevant product. `ids` (n,) are the products' ids by row."""
    row_of = {docid: row for row, docid in enumerate(ids)}
    queries = judgments.answerable()
    if not queries:
        raise DataError(
            f"{judgments.name} has no query with a product rated {RELEVANT} or more",
            allowed="at least one",
            remedy="give judgments in which something is relevant",
        )
    for query in queries[:WARM_UP]:
        system.top(query, DEPTH)
    ranked: dict[str, list[str]] = {}
    pooled: dict[str, list[str]] = {}
    milliseconds = []
    for number, query in enumerate(queries, start=1):
        started = time.perf_counter()
        top = system.top(query, DEPTH)
        milliseconds.append(1000 * (time.perf_counter() - started))
        ranked[query] = [ids[row] for row in top]
        rows = np.array([row_of[docid] for docid in sorted(judgments.ratings[query])], np.int32)
        scores = system.score(query, rows)
        order = np.argsort(-scores, kind="stable")  # of equal ones the smaller id first
        pooled[query] = [ids[row] for row in rows[order[scores[order] > NOT_FOUND]]]
        progress(number, len(queries))
    return Judged(system, measured(ranked, judgments, pooled), ranked, milliseconds)


def summed_up(found: Sequence[Judged], judgments: Judgments, seed: int = 0) -> dict[str, Any]:
    """Figures of all systems with intervals, differences that are more than luck, and each system's worst queries."""
    sampling = replace(SAMPLING, seed=SAMPLING.seed + seed)
    report: dict[str, Any] = {
        "queries": len(judgments.answerable()),
        "queries_without_relevant": len(judgments.ratings) - len(judgments.answerable()),
        "judgments": len(judgments),
        "protocol": RULES,
        "systems": [],
        "comparisons": [],
    }
    for one in found:
        table = intervals(one.values, sampling)
        report["systems"].append(
            {"name": one.system.name, "label": one.system.label}
            | {metric: _number(table.loc[metric, "mean"]) for metric in METRICS}
            | {
                "ci95": {m: [_number(table.loc[m, "low"]), _number(table.loc[m, "high"])] for m in METRICS},
                "p50_ms": _number(float(np.percentile(one.milliseconds, 50))),
                "p95_ms": _number(float(np.percentile(one.milliseconds, 95))),
                "worst": [[str(q), _number(v)] for q, v in one.values[COMPARED[0]].nsmallest(5).items()],
            }
        )
    for metric in COMPARED if len(found) > 1 else ():
        values = pd.DataFrame({one.system.name: one.values[metric] for one in found})
        report["comparisons"] += [
            {"metric": metric} | {str(k): _number(v) if isinstance(v, float) else v for k, v in row.items()}
            for row in compare(values, sampling=sampling).to_dict("records")
        ]
    return report


def _number(value: Any) -> float | None:
    return None if math.isnan(value) else float(f"{float(value):.6g}")
